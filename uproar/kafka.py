"""Settings of kafka-python's clients for each of our uses, and the topics.

The local broker differs from Apache Kafka in ways that show here and nowhere else: it has no
idempotent producers, answers a fetch only at half its longest wait, and lets a member join a
group after half its session timeout (docs/decisions/0002-local-stack.md).
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from uproar.endpoints import KafkaEndpoint
from uproar.errors import BrokerUnavailable, SettingsError

MAX_REQUEST_BYTES = 1_000_000
COMPRESSION = "zstd"
"""Of packs: smaller than by lz4, which aiokafka packs at its dearest level, five times as long."""
BATCH_BYTES = 256_000
"""Before compression, of messages for a partition that wait for the one on its way: a broker pays
by the batch. With the usual 16 kB each pack of a dozen live posts was one."""
LOCAL_SESSION_SECONDS = 4.0
SESSION_SECONDS = 15.0
"""How long a group waits for a member that was killed; who is sent away wrongly only repeats."""
POLL_INTERVAL_SECONDS = 60.0
LOCAL_FETCH_WAIT_MILLISECONDS = 50
_ANSWER_MILLISECONDS = 10_000
_PATIENCE = {
    "bootstrap_timeout_ms": _ANSWER_MILLISECONDS,
    # Between two looks at a broker that went away: less at first, at most this.
    "reconnect_backoff_max_ms": 5_000,
}
_PROBE_SECONDS = 3.0
_USUAL_PORT = 9092


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
    settings = connection(kafka) | {
        **_PATIENCE,
        "metrics_enabled": False,
        "allow_auto_create_topics": False,
        "acks": "all",
        "enable_idempotence": not kafka.is_local,
        # Without idempotence a retry could overtake its successor; one at a time keeps the order.
        "max_in_flight_requests_per_connection": 1 if kafka.is_local else 5,
        "compression_type": COMPRESSION,
        "batch_size": BATCH_BYTES,
        "linger_ms": 5,
        "max_request_size": MAX_REQUEST_BYTES,
        "retries": 20,
    }
    if kafka.is_local:  # it answers at once or is gone for good
        settings |= {"request_timeout_ms": 10_000, "delivery_timeout_ms": 20_000}
    return settings


def consumer_settings(kafka: KafkaEndpoint, group: str) -> dict[str, Any]:
    """Return a consumer's settings: from the earliest record, commits by hand only."""
    settings = connection(kafka) | {
        **_PATIENCE,
        "metrics_enabled": False,
        "allow_auto_create_topics": False,
        "group_id": group,
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        # What waits in memory: one answer to a fetch, and of each partition what was not polled.
        "fetch_max_bytes": 16 * MAX_REQUEST_BYTES,
        "max_partition_fetch_bytes": 2 * MAX_REQUEST_BYTES,
        "session_timeout_ms": int(SESSION_SECONDS * 1000),
        # The sink polls also while it waits for ClickHouse: who has not polled for so long hangs,
        # and others that want to join need not wait for it any longer.
        "max_poll_interval_ms": int(POLL_INTERVAL_SECONDS * 1000),
    }
    if kafka.is_local:
        settings |= {
            "session_timeout_ms": int(LOCAL_SESSION_SECONDS * 1000),
            "heartbeat_interval_ms": 1000,
            "fetch_max_wait_ms": LOCAL_FETCH_WAIT_MILLISECONDS,
        }
    return settings


def tls_context(kafka: KafkaEndpoint) -> ssl.SSLContext | None:
    """Return whom to trust, or None where TLS is not spoken.

    Raises SettingsError when the file of the authority cannot be read.
    """
    if not kafka.security.endswith("SSL"):
        return None
    try:
        return ssl.create_default_context(cafile=kafka.ca_file or None)
    except OSError as error:  # SSLError is one
        raise SettingsError(
            f"cannot use `UPROAR_KAFKA_CA_FILE` `{kafka.ca_file}`: {error.strerror or error}",
            hint="it wants a PEM file with the authority's certificate",
        ) from error


@contextmanager
def administration(kafka: KafkaEndpoint) -> Iterator[KafkaAdminClient]:
    """Lend a client that has reached the cluster and logged in.

    Raises BrokerUnavailable, or SettingsError, where that fails.
    """
    tls_context(kafka)
    settings = connection(kafka)
    settings["bootstrap_timeout_ms"] = settings["request_timeout_ms"] = _ANSWER_MILLISECONDS
    try:
        admin = KafkaAdminClient(**settings)
    except (KafkaError, OSError) as error:
        raise unreachable(kafka) from error
    try:
        yield admin
    finally:
        admin.close()


def create_topics(
    kafka: KafkaEndpoint,
    names: tuple[str, ...],
    partitions: int,
    replication: int,
    retention_hours: int | None = None,
) -> None:
    """Create the topics that are missing; one that exists is left as it is.

    Kafka drops what is older than `retention_hours`, at most an eighth of that later: until then
    the text of a deleted post is in its topics. Without it, the cluster's own time counts. The
    local broker keeps everything until it is emptied.

    Raises BrokerUnavailable when the cluster does not answer, refuses, or has one of the topics
    with another number of partitions: posts would then part from their edits.
    """
    keeping = _keeping(retention_hours) if retention_hours and not kafka.is_local else {}
    with administration(kafka) as admin:
        try:
            existing = set(admin.list_topics())
            for name in names:
                if name not in existing:
                    _create(admin, NewTopic(name, partitions, replication, topic_configs=keeping))
            admin.wait_for_topics(names, _ANSWER_MILLISECONDS)  # a broker hears of them later
            found = {
                topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics(names)
            }
        except (KafkaError, OSError) as error:
            raise BrokerUnavailable(
                f"Kafka at `{','.join(kafka.brokers)}` does not give us our topics: "
                f"{getattr(error, 'description', None) or error}",
                hint="create them yourself if its user may not, or check "
                "`UPROAR_KAFKA_REPLICATION` against the number of brokers",
            ) from error
    for name, count in found.items():
        if count != partitions:
            raise BrokerUnavailable(
                f"topic `{name}` has {count} partitions, but `UPROAR_KAFKA_PARTITIONS` is "
                f"{partitions}",
                hint=f"set `UPROAR_KAFKA_PARTITIONS={count}`, or choose another "
                "`UPROAR_TOPIC_PREFIX`",
            )


def _keeping(hours: int) -> dict[str, str]:
    """Return a topic's settings. Kafka drops whole segments, by their newest record, hence both.

    >>> _keeping(168)
    {'retention.ms': '604800000', 'segment.ms': '75600000'}
    """
    milliseconds = hours * 3_600_000
    return {"retention.ms": str(milliseconds), "segment.ms": str(milliseconds // 8)}


def _create(admin: KafkaAdminClient, topic: NewTopic) -> None:
    with suppress(TopicAlreadyExistsError):  # another command was first
        admin.create_topics([topic])


def is_away(kafka: KafkaEndpoint) -> bool:
    """Tell whether none of the brokers takes a connection."""
    for broker in kafka.brokers:
        address = urlsplit(f"//{broker}")
        with suppress(OSError, ValueError):
            place = (address.hostname or "", address.port or _USUAL_PORT)
            socket.create_connection(place, _PROBE_SECONDS).close()
            return False
    return True


def unreachable(kafka: KafkaEndpoint) -> BrokerUnavailable:
    """Return what stands in a client's way; the client itself says only that its time is up."""
    broker, problem, hint = "", "", ""
    for broker in kafka.brokers:
        address = urlsplit(f"//{broker}")
        host = address.hostname or ""
        try:
            place = (host, address.port or _USUAL_PORT)
            with socket.create_connection(place, _PROBE_SECONDS) as connected:
                problem, hint = _refusal(kafka, connected, host)
            break
        except (OSError, ValueError) as error:  # ValueError: there is no such port
            problem = f"cannot be reached: {getattr(error, 'strerror', None) or error}"
            hint = "check that the broker is running and that `UPROAR_KAFKA_BROKERS` names it"
    return BrokerUnavailable(f"Kafka at `{broker}` {problem}", hint=hint)


def _refusal(kafka: KafkaEndpoint, connected: socket.socket, host: str) -> tuple[str, str]:
    """Return why a broker that takes our connection goes no further, and what to try."""
    spoken = f"check that this port speaks {kafka.security}, as `UPROAR_KAFKA_SECURITY` says"
    if (context := tls_context(kafka)) is not None:
        try:
            context.wrap_socket(connected, server_hostname=host).close()
        except ssl.SSLCertVerificationError as error:
            return (
                f"shows a certificate that we cannot trust: {error.verify_message}",
                "set `UPROAR_KAFKA_CA_FILE` to the PEM file of the authority that signed it, and "
                "name the broker as its certificate does",
            )
        except OSError as error:
            return f"does not take up TLS: {error.strerror or error}", spoken
    if kafka.username:
        return (
            f"refuses the login of `{kafka.username}` by {kafka.sasl_mechanism}",
            "check `UPROAR_KAFKA_USERNAME`, `UPROAR_KAFKA_PASSWORD` and "
            f"`UPROAR_KAFKA_SASL_MECHANISM`; {spoken}",
        )
    return "takes the connection, but does not answer as a broker should", spoken
