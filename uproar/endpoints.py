"""Where Kafka and ClickHouse are: what every stage is handed to connect with."""

import re
from typing import Literal

from uproar.errors import SettingsError
from uproar.guarded import Guarded
from uproar.settings import Settings

_ADDRESS = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?")


class KafkaEndpoint(Guarded, frozen=True, kw_only=True):
    """A Kafka cluster and how to log in; `is_local` marks the broker of the local stack."""

    brokers: tuple[str, ...]
    is_local: bool = False
    security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: str = "PLAIN"
    username: str = ""
    password: str = ""
    ca_file: str = ""


class Endpoints(Guarded, frozen=True, kw_only=True):
    """Both servers, and ClickHouse by what its user may do.

    `migrator_url` makes and changes tables, `clickhouse_url` writes rows, `reader_url` only reads.
    """

    kafka: KafkaEndpoint
    clickhouse_url: str
    reader_url: str
    migrator_url: str
    clickhouse_http_port: int = 0
    """Of the local ClickHouse, for a Grafana; 0 for a server that is not ours."""


def external_kafka(settings: Settings) -> KafkaEndpoint | None:
    """Return the cluster that the settings name; None where they name none.

    Raises SettingsError for a broker that is no address, and for a login that would not be used
    or is missing.
    """
    if not settings.kafka_brokers:
        return None
    brokers = tuple(broker.strip() for broker in settings.kafka_brokers.split(","))
    for broker in brokers:
        if not _ADDRESS.fullmatch(broker):
            raise SettingsError(
                f"cannot use `UPROAR_KAFKA_BROKERS`: wanted host:port, found `{broker}`",
                hint="several are separated by commas: `one.example:9092,two.example:9092`",
            )
    is_login_used = settings.kafka_security.startswith("SASL")
    is_login_given = bool(settings.kafka_username or settings.kafka_password)
    if is_login_given != is_login_used:
        raise SettingsError(
            f"`UPROAR_KAFKA_SECURITY` is `{settings.kafka_security}`, but `UPROAR_KAFKA_USERNAME` "
            f"and its password are {'set' if is_login_given else 'not set'}",
            hint="a login goes with `SASL_SSL` or `SASL_PLAINTEXT`, and only with these",
        )
    return KafkaEndpoint(
        brokers=brokers,
        security=settings.kafka_security,
        sasl_mechanism=settings.kafka_sasl_mechanism,
        username=settings.kafka_username,
        password=settings.kafka_password,
        ca_file=settings.kafka_ca_file,
    )
