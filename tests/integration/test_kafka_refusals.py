"""What a person is told of a Kafka that cannot be used, each by a real socket."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from uproar.endpoints import Endpoints, KafkaEndpoint
from uproar.errors import BrokerUnavailable, SettingsError
from uproar.kafka import create_topics, unreachable

pytestmark = pytest.mark.integration


@pytest.fixture
def free_port() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield free.getsockname()[1]


def told(endpoint: KafkaEndpoint) -> str:
    error = unreachable(endpoint)
    assert error.hint
    return f"{error} {error.hint}"


def test_a_port_where_nothing_listens_cannot_be_reached(free_port: int) -> None:
    words = told(KafkaEndpoint(brokers=(f"127.0.0.1:{free_port}",)))
    assert "cannot be reached: Connection refused" in words
    assert "UPROAR_KAFKA_BROKERS" in words


def test_a_port_that_does_not_speak_tls_is_told_from_a_wrong_password(servers: Endpoints) -> None:
    brokers = servers.kafka.brokers
    words = told(
        KafkaEndpoint(
            brokers=brokers, security="SASL_SSL", sasl_mechanism="PLAIN", username="me",
            password="hush-hush",
        )
    )  # fmt: skip
    assert "does not take up TLS" in words
    words = told(
        KafkaEndpoint(
            brokers=brokers, security="SASL_PLAINTEXT", sasl_mechanism="PLAIN", username="me",
            password="hush-hush",
        )
    )  # fmt: skip
    assert "refuses the login of `me` by PLAIN" in words
    assert "hush-hush" not in words


def test_an_authority_file_that_is_none_is_named_before_anything_connects(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    endpoint = KafkaEndpoint(brokers=("127.0.0.1:1",), security="SSL", ca_file=str(path))
    with pytest.raises(SettingsError, match="UPROAR_KAFKA_CA_FILE"):
        create_topics(endpoint, ("a",), 1, 1)
    path.write_text("no certificate")
    with pytest.raises(SettingsError, match="UPROAR_KAFKA_CA_FILE"):
        create_topics(endpoint, ("a",), 1, 1)


def test_topics_with_another_number_of_partitions_are_refused(
    servers: Endpoints, run_name: str
) -> None:
    create_topics(servers.kafka, (run_name,), 3, 1)
    create_topics(servers.kafka, (run_name,), 3, 1)
    with pytest.raises(BrokerUnavailable, match="has 3 partitions") as refused:
        create_topics(servers.kafka, (run_name,), 4, 1)
    assert "UPROAR_KAFKA_PARTITIONS=3" in str(refused.value.hint)
