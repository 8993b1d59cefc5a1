"""Settings of kafka-python's clients for each of our uses, and the topics.

The local broker differs from Apache Kafka in ways that show here and nowhere else: it has no
idempotent producers, answers a fetch only at half its longest wait, and lets a member join a
group after half its session timeout (docs/decisions/0002-local-stack.md).
"""

from contextlib import suppress
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from uproar.endpoints import KafkaEndpoint
from uproar.errors import BrokerUnavailable

MAX_REQUEST_BYTES = 1_000_000
LOCAL_SESSION_SECONDS = 4.0
LOCAL_FETCH_WAIT_MILLISECONDS = 50


def connection(kafka: KafkaEndpoint) -> dict[str, Any]:
    """Return what every kafka-python client needs to connect and log in."""
    settings: dict[str, Any] = {
        "bootstrap_servers": list(kafka.brokers),
        "security_protocol": kafka.security,
        "client_id": "uproar",
    }
    if kafka.ca_file:
        settings["ssl_cafile"] = kafka.ca_file
    if kafka.security.startswith("SASL"):
        settings["sasl_mechanism"] = kafka.sasl_mechanism
        settings["sasl_plain_username"] = kafka.username
        settings["sasl_plain_password"] = kafka.password
    return settings


def producer_settings(kafka: KafkaEndpoint) -> dict[str, Any]:
    """Return a producer's settings: acknowledged by all replicas, in order, compressed."""
    return connection(kafka) | {
        "metrics_enabled": False,
        "allow_auto_create_topics": False,
        "acks": "all",
        "enable_idempotence": not kafka.is_local,
        # Without idempotence a retry could overtake its successor; one at a time keeps the order.
        "max_in_flight_requests_per_connection": 1 if kafka.is_local else 5,
        "compression_type": "lz4",
        "linger_ms": 5,
        "max_request_size": MAX_REQUEST_BYTES,
        "retries": 20,
    }


def consumer_settings(kafka: KafkaEndpoint, group: str) -> dict[str, Any]:
    """Return a consumer's settings: from the earliest record, commits by hand only."""
    settings = connection(kafka) | {
        "metrics_enabled": False,
        "allow_auto_create_topics": False,
        "group_id": group,
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "max_partition_fetch_bytes": 4 * MAX_REQUEST_BYTES,
    }
    if kafka.is_local:
        settings |= {
            "session_timeout_ms": int(LOCAL_SESSION_SECONDS * 1000),
            "heartbeat_interval_ms": 1000,
            "fetch_max_wait_ms": LOCAL_FETCH_WAIT_MILLISECONDS,
        }
    return settings


def create_topics(
    kafka: KafkaEndpoint, names: tuple[str, ...], partitions: int, replication: int
) -> None:
    """Create the topics that are missing; one that exists is left as it is.

    Raises BrokerUnavailable when the cluster does not answer, refuses, or has one of the topics
    with another number of partitions: posts would then part from their edits.
    """
    settings = connection(kafka)
    settings["bootstrap_timeout_ms"] = settings["request_timeout_ms"] = 10_000
    try:
        admin = KafkaAdminClient(**settings)
        try:
            existing = set(admin.list_topics())
            for name in names:
                if name not in existing:
                    _create(admin, NewTopic(name, partitions, replication))
            found = {
                topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics(names)
            }
        finally:
            admin.close()
    except (KafkaError, OSError) as error:
        raise BrokerUnavailable(
            f"Kafka at `{','.join(kafka.brokers)}` does not answer as a broker should: {error!r}",
            hint="check `UPROAR_KAFKA_BROKERS` and the security settings beside it",
        ) from error
    for name, count in found.items():
        if count != partitions:
            raise BrokerUnavailable(
                f"topic `{name}` has {count} partitions, but `UPROAR_KAFKA_PARTITIONS` is "
                f"{partitions}",
                hint=f"set `UPROAR_KAFKA_PARTITIONS={count}`, or choose another "
                "`UPROAR_TOPIC_PREFIX`",
            )


def _create(admin: KafkaAdminClient, topic: NewTopic) -> None:
    with suppress(TopicAlreadyExistsError):  # another command was first
        admin.create_topics([topic])
