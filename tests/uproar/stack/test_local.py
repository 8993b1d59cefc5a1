"""Where a command finds its servers when none is to be started. Nothing is connected to."""

from pathlib import Path

import pytest

from uproar.errors import SettingsError, StackError
from uproar.settings import Settings
from uproar.stack.local import attach

WRITER = "clickhouse://ada:invented@db.example:9000/uproar"
READER = "clickhouse://eve:invented@db.example:9000/uproar"


def test_servers_that_the_settings_name_are_used_as_they_are(home: Path) -> None:
    settings = Settings(
        home=home, kafka_brokers="one:9092,two", clickhouse_url=WRITER, clickhouse_reader_url=READER
    )
    endpoints = attach(settings)
    assert endpoints.kafka.brokers == ("one:9092", "two")
    assert not endpoints.kafka.is_local
    assert (endpoints.clickhouse_url, endpoints.reader_url) == (WRITER, READER)


def test_without_a_reader_of_its_own_the_writers_url_is_read_from(home: Path) -> None:
    endpoints = attach(Settings(home=home, kafka_brokers="one", clickhouse_url=WRITER))
    assert endpoints.reader_url == WRITER


@pytest.mark.parametrize("given", [{}, {"kafka_brokers": "one"}, {"clickhouse_url": WRITER}])
def test_where_a_server_is_missing_and_no_stack_runs_both_ways_out_are_told(
    home: Path, given: dict[str, str]
) -> None:
    settings = Settings(home=home, **given)  # type: ignore[arg-type]
    with pytest.raises(StackError, match="no stack runs in") as refused:
        attach(settings)
    assert "`uproar up`" in str(refused.value.hint)
    assert "`UPROAR_KAFKA_BROKERS`" in str(refused.value.hint)


def test_a_broker_that_is_no_address_is_told_before_anything_starts(home: Path) -> None:
    with pytest.raises(SettingsError, match="wanted host:port"):
        attach(Settings(home=home, kafka_brokers="http://one", clickhouse_url=WRITER))
