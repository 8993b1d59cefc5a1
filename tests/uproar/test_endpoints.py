"""How to reach Kafka reaches kafka-python as the settings say. No socket is opened."""

import pytest
from kafka import KafkaConsumer, KafkaProducer

from uproar.endpoints import KafkaEndpoint, external_kafka
from uproar.errors import SettingsError
from uproar.kafka import connection, consumer_settings, producer_settings
from uproar.settings import Settings

LOCAL = KafkaEndpoint(brokers=("127.0.0.1:9092",), is_local=True)
LOGIN = {
    "UPROAR_KAFKA_BROKERS": "one.example:9092, two.example:9093",
    "UPROAR_KAFKA_SECURITY": "SASL_SSL",
    "UPROAR_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
    "UPROAR_KAFKA_USERNAME": "ada",
    "UPROAR_KAFKA_PASSWORD": "an invented password",
    "UPROAR_KAFKA_CA_FILE": "/etc/ca.pem",
}


def cluster(env: dict[str, str]) -> KafkaEndpoint:
    kafka = external_kafka(Settings.from_env({"HOME": "/home/ada", **env}))
    assert kafka is not None
    return kafka


def test_no_brokers_means_no_cluster() -> None:
    assert external_kafka(Settings.from_env({"HOME": "/home/ada"})) is None


def test_tls_and_login_reach_kafka_python() -> None:
    assert connection(cluster(LOGIN)) == {
        "bootstrap_servers": ["one.example:9092", "two.example:9093"],
        "security_protocol": "SASL_SSL",
        "client_id": "uproar",
        "ssl_cafile": "/etc/ca.pem",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "ada",
        "sasl_plain_password": "an invented password",
    }


def test_tls_without_a_login_sends_none_and_trusts_the_systems_authorities() -> None:
    kafka = cluster({"UPROAR_KAFKA_BROKERS": "one.example", "UPROAR_KAFKA_SECURITY": "SSL"})
    settings = connection(kafka)
    assert settings["security_protocol"] == "SSL"
    assert not [name for name in settings if name.startswith(("sasl", "ssl"))]


@pytest.mark.parametrize("kafka", [LOCAL, cluster(LOGIN)], ids=["local", "cluster"])
def test_kafka_python_knows_every_setting_that_it_is_given(kafka: KafkaEndpoint) -> None:
    assert producer_settings(kafka).keys() <= KafkaProducer.DEFAULT_CONFIG.keys()
    assert consumer_settings(kafka, "group").keys() <= KafkaConsumer.DEFAULT_CONFIG.keys()


@pytest.mark.parametrize("kafka", [LOCAL, cluster(LOGIN)], ids=["local", "cluster"])
def test_nothing_is_committed_by_itself_and_a_send_waits_for_every_replica(
    kafka: KafkaEndpoint,
) -> None:
    assert consumer_settings(kafka, "group")["enable_auto_commit"] is False
    assert producer_settings(kafka)["acks"] == "all"


@pytest.mark.parametrize("kafka", [LOCAL, cluster(LOGIN)], ids=["local", "cluster"])
def test_a_retry_cannot_overtake_what_was_sent_after_it(kafka: KafkaEndpoint) -> None:
    settings = producer_settings(kafka)
    assert settings["enable_idempotence"] or settings["max_in_flight_requests_per_connection"] == 1


@pytest.mark.parametrize(
    "brokers", ["one.example:", "one.example:9092,", ",", "kafka://one:9092", "one:port", "a b"]
)
def test_a_broker_that_is_no_address_is_told(brokers: str) -> None:
    with pytest.raises(SettingsError, match="`UPROAR_KAFKA_BROKERS`: wanted host:port, found `"):
        cluster({"UPROAR_KAFKA_BROKERS": brokers})


@pytest.mark.parametrize("brokers", ["one", "one:9092", "10.0.0.1:9092", "[::1]:9092", "a_b-c.d:1"])
def test_a_host_with_or_without_port_is_an_address(brokers: str) -> None:
    assert cluster({"UPROAR_KAFKA_BROKERS": brokers}).brokers == (brokers,)


@pytest.mark.parametrize("security", ["PLAINTEXT", "SSL"])
def test_a_login_that_would_not_be_used_is_an_error_that_does_not_show_it(security: str) -> None:
    with pytest.raises(SettingsError, match=f"is `{security}`, but .* set") as refused:
        cluster({**LOGIN, "UPROAR_KAFKA_SECURITY": security})
    assert "invented" not in str(refused.value) + str(refused.value.hint)


def test_a_login_that_is_missing_is_an_error() -> None:
    with pytest.raises(SettingsError, match="not set"):
        cluster({"UPROAR_KAFKA_BROKERS": "one", "UPROAR_KAFKA_SECURITY": "SASL_SSL"})
