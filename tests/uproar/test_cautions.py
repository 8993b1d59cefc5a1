"""What is unsafe about the servers named is refused or told; what stays on this machine is not."""

from pathlib import Path

import pytest

from uproar.cautions import cautions
from uproar.errors import SettingsError
from uproar.settings import Settings

URLS = ("clickhouse_url", "clickhouse_reader_url", "clickhouse_migrator_url")


def told(**settings: str) -> tuple[str, ...]:
    return cautions(Settings(home=Path("/home"), **settings))  # type: ignore[arg-type]


def test_the_local_stack_and_servers_of_this_machine_need_no_caution() -> None:
    assert told() == ()
    for place in ("127.0.0.1:9000", "localhost:9000", "[::1]:9000", "127.8.8.8"):
        assert told(clickhouse_url=f"clickhouse://default@{place}/uproar") == ()
    assert told(kafka_brokers="127.0.0.1:9092, localhost:9093,[::1]:9094") == ()


@pytest.mark.parametrize("name", URLS)
@pytest.mark.parametrize(
    "url",
    [
        "clickhouse://db.example:9000/uproar",
        "clickhouse://ada@db.example/uproar",
        "clickhouses://ada:@db.example:9440/uproar",
        "clickhouses://ada:@10.0.0.7:9440/uproar",
        "clickhouse://ada@127.0.0.1.example/uproar",
    ],
)
def test_no_password_for_another_machine_is_refused(name: str, url: str) -> None:
    with pytest.raises(SettingsError, match="has no password") as refused:
        told(**{name: url})
    assert f"UPROAR_{name.upper()}" in str(refused.value)
    assert "deploy/clickhouse/users.sql" in str(refused.value.hint)


def test_a_certificate_is_as_good_as_a_password() -> None:
    url = "clickhouses://ada@db.example:9440/uproar?certfile=/c.pem&keyfile=/c.key"
    assert told(clickhouse_url=url) == ()


@pytest.mark.parametrize("name", URLS)
def test_plain_text_to_clickhouse_on_another_machine_is_told_without_the_password(
    name: str,
) -> None:
    (caution,) = told(**{name: "clickhouse://ada:invented@db.example:9000/uproar"})
    assert "`db.example:9000`" in caution
    assert "clickhouses://" in caution
    assert "invented" not in caution


@pytest.mark.parametrize("option", ["verify=false", "check_hostname=0", "verify=no"])
def test_a_certificate_that_is_not_checked_is_told(option: str) -> None:
    (caution,) = told(clickhouse_url=f"clickhouses://ada:invented@db.example/uproar?{option}")
    assert "is not checked" in caution


@pytest.mark.parametrize("query", ["", "?ca_certs=/ca.pem", "?verify=true"])
def test_tls_that_is_checked_needs_no_caution(query: str) -> None:
    assert told(clickhouse_url=f"clickhouses://ada:invented@db.example/uproar{query}") == ()
    assert told(clickhouse_url="clickhouse://ada:invented@db.example/uproar?secure=1") == ()


def test_plain_text_to_kafka_on_another_machine_is_told() -> None:
    (caution,) = told(kafka_brokers="127.0.0.1:9092,kafka.example:9092")
    assert "Kafka" in caution
    assert "passwords" not in caution
    (caution,) = told(
        kafka_brokers="kafka.example:9092",
        kafka_security="SASL_PLAINTEXT",
        kafka_username="ada",
        kafka_password="invented",
    )
    assert "passwords too" in caution
    for security in ("SSL", "SASL_SSL"):
        assert told(kafka_brokers="kafka.example:9092", kafka_security=security) == ()


def test_what_several_urls_have_in_common_is_told_once() -> None:
    assert len(told(**dict.fromkeys(URLS, "clickhouse://ada:invented@db.example/uproar"))) == 1


def test_a_url_that_cannot_be_read_is_left_to_who_connects() -> None:
    assert told(clickhouse_url="db.example") == ()
