"""URLs of ClickHouse: what is wrong with one is told without its password."""

import pytest
from clickhouse_driver.errors import NetworkError, ServerException

from uproar.clickhouse import connect, first_line, host_of, read_url, reported
from uproar.errors import StoreUnavailable

GOOD = "clickhouse://ada:invented@db.example:9000/uproar"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (GOOD, "db.example:9000"),
        ("clickhouses://ada:invented@db.example/uproar?verify=false", "db.example"),
        ("clickhouse://db.example:9000", "db.example:9000"),
        ("clickhouse://ada:in@vented@db.example:9000/uproar", "db.example:9000"),
        ("clickhouse://ada:inv%2Fented@db.example:9000/uproar", "db.example:9000"),
        ("clickhouse://ada:invented@[::1]:9000/uproar", "[::1]:9000"),
        ("clickhouse://ada:invented@my_host:9000/uproar", "my_host:9000"),
    ],
)
def test_a_good_url_can_be_used_and_is_known_by_its_host(url: str, host: str) -> None:
    assert host_of(url) == host
    connect(url).disconnect()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "db.example:9000",
        "http://ada:invented@db.example:8123/uproar",
        "clickhouse://",
        "clickhouse://ada:invented@",
        "clickhouse://ada:invented",
        "clickhouse:ada:invented@db.example",
        "clickhouse://ada:invented@db.example:port/uproar",
        "clickhouse://ada:invented@db.example:99999/uproar",
        "clickhouse://ada:invented@[::1/uproar",
        "clickhouse://ada:invented@db..example/uproar",
        "clickhouse://ada:inv/ented@db.example:9000/uproar",
        "clickhouse://ada:12/invented@db.example:9000/uproar",
        "clickhouse://ada:12?invented@db.example:9000/uproar",
        "clickhouse://ada:12#invented@db.example:9000/uproar",
        "clickhouse://ada:inv#ented@db.example:9000/uproar",
        "clickhouse://ada:inv℀ented@db.example:9000/uproar",
        "clickhouse://ada:in@v/ented@db.example:9000/uproar",
    ],
)
def test_a_url_that_cannot_be_used_is_told_without_any_part_of_its_password(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="cannot use the URL of ClickHouse") as refused:
        connect(url)
    told = str(refused.value) + str(refused.value.hint)
    assert "inv" not in told
    assert "ented" not in told
    assert "wanted clickhouse://user:password@host:9000/database" in told
    assert "UPROAR_CLICKHOUSE_URL" in told


def test_an_option_that_cannot_be_read_is_told() -> None:
    with pytest.raises(StoreUnavailable, match=r"`db.example:9000`: .*perhaps") as refused:
        connect(f"{GOOD}?secure=perhaps")
    assert "invented" not in str(refused.value)


def test_another_database_of_the_same_server_can_be_asked_for() -> None:
    client = connect(GOOD, database="default", settings={"readonly": 2})
    assert client.connection.database == "default"
    assert client.connection.password == "invented"
    assert client.settings["readonly"] == 2
    assert read_url(GOOD).path == "/uproar"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NetworkError("refused"), "does not answer: refused"),
        (
            ServerException("DB::Exception: No such\n table. Stack trace:\n\n0. main", 60),
            "refused: No such table.",
        ),
        (EOFError(), "broke off: EOFError()"),
        (ConnectionResetError(104, "reset by peer"), "broke off: [Errno 104] reset by peer"),
    ],
)
def test_an_error_of_the_driver_is_told_in_one_line_without_the_password(
    error: Exception, told: str
) -> None:
    with pytest.raises(StoreUnavailable) as refused, reported(GOOD):
        raise error
    assert str(refused.value) == f"ClickHouse at `db.example:9000` {told}"


def test_an_error_of_ours_is_not_dressed_up_as_one_of_clickhouse() -> None:
    with pytest.raises(KeyError), reported(GOOD):
        raise KeyError("x")


def test_an_error_without_words_is_told_by_its_name() -> None:
    assert first_line(EOFError()) == "EOFError()"
