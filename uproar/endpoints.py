"""Where Kafka and ClickHouse are: what every stage is handed to connect with."""

from typing import Literal

import msgspec

from uproar.settings import Settings


class KafkaEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A Kafka cluster and how to log in; `is_local` marks the broker of the local stack."""

    brokers: tuple[str, ...]
    is_local: bool = False
    security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: str = "PLAIN"
    username: str = ""
    password: str = ""
    ca_file: str = ""


class Endpoints(msgspec.Struct, frozen=True, kw_only=True):
    """Both servers. `reader_url` is for reading only."""

    kafka: KafkaEndpoint
    clickhouse_url: str
    reader_url: str
    clickhouse_http_port: int = 0
    """Of the local ClickHouse, for a Grafana; 0 for a server that is not ours."""


def external_kafka(settings: Settings) -> KafkaEndpoint | None:
    """Return the cluster that the settings name; None where they name none."""
    if not settings.kafka_brokers:
        return None
    return KafkaEndpoint(
        brokers=tuple(broker.strip() for broker in settings.kafka_brokers.split(",")),
        security=settings.kafka_security,
        sasl_mechanism=settings.kafka_sasl_mechanism,
        username=settings.kafka_username,
        password=settings.kafka_password,
        ca_file=settings.kafka_ca_file,
    )
