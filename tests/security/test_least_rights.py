"""Each user of ClickHouse does what it is for, and nothing else: tried on a real engine."""

import sys
import threading
from collections.abc import Callable
from importlib.resources import files

import pytest
from clickhouse_driver import Client
from clickhouse_driver.errors import ServerException

from dashboards.boards import VARIABLES
from dashboards.macros import expand
from dashboards.scope import LATEST_SECONDS, read_scope
from sinks.migrate import prepare_tables
from tests.security.conftest import MARKED_SECRET, Secured
from uproar.clickhouse import connect, connect_to_read, read

pytestmark = pytest.mark.integration

Login = Callable[[str], Client]

REFUSED = {164: "read-only", 497: "rights", 446: "closed", 392: "closed", 452: "out of range"}
QUERIES = sorted(
    (path for path in (files("dashboards") / "queries").iterdir() if path.name.endswith(".sql")),
    key=lambda path: path.name,
)


def refusal(client: Client, sql: str) -> int:
    """Return the number of the error with which the server refuses."""
    with pytest.raises(ServerException) as refused:
        client.execute(sql)
    return int(refused.value.code)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO reactions (run) VALUES ('x')",
        "ALTER TABLE reactions DELETE WHERE 1",
        "DELETE FROM reactions WHERE 1",
        "TRUNCATE TABLE reactions",
        "DROP TABLE reactions",
        "DROP DATABASE uproar",
        "CREATE TABLE mine (a UInt8) ENGINE = Memory",
        "CREATE TEMPORARY TABLE mine (a UInt8)",
        "CREATE VIEW mine AS SELECT 1",
        "CREATE FUNCTION mine AS x -> x",
        "RENAME TABLE reactions TO mine",
        "OPTIMIZE TABLE reactions",
        "BACKUP TABLE reactions TO File('/tmp/mine')",
        "GRANT SELECT ON *.* TO reader",
        "CREATE USER mine",
        "KILL QUERY WHERE 1",
        "SYSTEM STOP LISTEN TCP",
        "SYSTEM SHUTDOWN",
        "SYSTEM FLUSH LOGS",
    ],
)
def test_the_reader_changes_nothing(login: Login, sql: str) -> None:
    assert refusal(login("reader"), sql) in REFUSED


@pytest.mark.parametrize("user", ["reader", "writer"])
@pytest.mark.parametrize(
    "source",
    [
        "file('/etc/passwd', 'LineAsString')",
        "filesystem('/etc')",
        "url('http://127.0.0.1/', 'LineAsString', 's String')",
        "remote('127.0.0.1', 'uproar', 'reactions')",
        "remoteSecure('127.0.0.1', 'uproar', 'reactions')",
        "s3('http://127.0.0.1/bucket/key', 'LineAsString', 's String')",
        "mysql('127.0.0.1:3306', 'a', 'b', 'c', 'd')",
        "postgresql('127.0.0.1:5432', 'a', 'b', 'c', 'd')",
        "mongodb('127.0.0.1:27017', 'a', 'b', 'c', 'd', 's String')",
        "redis('127.0.0.1:6379', 'k', 'k String')",
        "executable('ls', 'TSV', 's String')",
        "Python('x')",
    ],
)
def test_no_table_function_reaches_out_of_the_database(
    login: Login, user: str, source: str
) -> None:
    assert refusal(login(user), f"SELECT * FROM {source}") in REFUSED
    login(user).execute("SELECT 1")  # and the server lives


@pytest.mark.parametrize(
    "name",
    [
        "processes", "users", "roles", "grants", "quotas_usage", "settings_profiles",
        "server_settings", "parts", "mutations", "sessions", "user_processes", "clusters",
        "disks", "errors", "crash_log", "named_collections", "text_log",
    ],
)  # fmt: skip
def test_the_reader_sees_no_table_of_the_server_itself(login: Login, name: str) -> None:
    assert refusal(login("reader"), f"SELECT * FROM system.{name}") in (497, 60)


@pytest.mark.parametrize(
    "sql", ["SHOW PROCESSLIST", "SHOW USERS", "SHOW CREATE USER uproar", "SHOW ACCESS"]
)
def test_the_reader_sees_neither_other_users_nor_what_they_ask(login: Login, sql: str) -> None:
    assert refusal(login("reader"), sql) == 497


def test_the_reader_sees_of_databases_and_tables_those_of_uproar_alone(login: Login) -> None:
    seen = login("reader").execute("SELECT DISTINCT database FROM system.tables")
    assert seen == [("uproar",)]


@pytest.mark.parametrize("name", ["max_memory_usage", "max_result_rows", "max_threads", "readonly"])
def test_the_reader_changes_no_limit_of_its_own(login: Login, name: str) -> None:
    client = login("reader")
    assert refusal(client, f"SET {name} = 3") in REFUSED
    assert refusal(client, f"SELECT 1 SETTINGS {name} = 4") in REFUSED


def test_grafana_may_send_its_time_limit_but_none_beyond_a_minute(login: Login) -> None:
    client = login("reader")
    assert client.execute("SELECT 1", settings={"max_execution_time": 35}) == [(1,)]
    for seconds in (61, 0):
        assert refusal(client, f"SELECT 1 SETTINGS max_execution_time = {seconds}") == 452


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        (
            f"SELECT max(sipHash64(number)) FROM numbers({10**9}) SETTINGS max_execution_time = 1",
            159,
        ),
        ("SELECT number FROM numbers(3000000)", 396),
        ("SELECT count() FROM numbers(3000000000)", 158),
        ("SELECT length(groupArray(number)) FROM numbers(400000000)", 241),
    ],
)
def test_the_reader_is_stopped_at_its_time_rows_and_memory(
    login: Login, sql: str, code: int
) -> None:
    assert refusal(login("reader"), sql) == code


def test_the_reader_runs_a_bounded_number_of_queries_at_once(login: Login) -> None:
    codes: list[int] = []

    def ask(client: Client) -> None:
        try:
            client.execute("SELECT sleep(2)")
        except ServerException as error:
            codes.append(error.code)

    askers = [threading.Thread(target=ask, args=(login("reader"),)) for _ in range(40)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert set(codes) == {202}
    assert len(codes) == 40 - 30


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: str(path.name))
def test_every_query_that_ships_runs_as_the_reader(login: Login, query: object) -> None:
    end = str(LATEST_SECONDS)
    every = {name: ["x"] for name in VARIABLES}
    for variables in ({"run": ["x"]}, every):
        scope = read_scope({**variables, "from": ["0"], "to": [end]})
        read(login("reader"), expand(query.read_text("utf-8"), scope))  # type: ignore[attr-defined]


def test_reading_with_the_writers_login_changes_nothing_either(secured: Secured) -> None:
    url = secured.running.endpoints.clickhouse_url
    client = connect_to_read(url, url)
    assert refusal(client, "ALTER TABLE reactions DELETE WHERE 1") == 164
    assert refusal(client, "SET readonly = 0") == 164
    client.disconnect()


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE mine (a UInt8) ENGINE = Memory",
        "CREATE DATABASE mine",
        "ALTER TABLE reactions ADD COLUMN mine UInt8",
        "ALTER TABLE reactions MODIFY TTL observed_at + INTERVAL 1 DAY",
        "TRUNCATE TABLE reactions",
        "DROP TABLE reactions",
        "RENAME TABLE reactions TO mine",
        "SELECT * FROM system.users",
        "SELECT * FROM system.processes",
        "INSERT INTO FUNCTION file('/tmp/mine', 'TSV', 'a UInt8') SELECT 1",
        "INSERT INTO FUNCTION remote('127.0.0.1', 'a', 'b') SELECT 1",
        "GRANT SELECT ON *.* TO reader",
        "SYSTEM STOP LISTEN TCP",
    ],
)
def test_the_writer_writes_rows_and_changes_no_table(login: Login, sql: str) -> None:
    assert refusal(login("writer"), sql) == 497


def test_the_writer_needs_no_more_once_the_tables_are_made(secured: Secured) -> None:
    prepare_tables(secured.running.endpoints.clickhouse_url, retention_days=400)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE mine.x (a UInt8) ENGINE = Memory",
        "CREATE DATABASE mine",
        "SELECT * FROM system.users",
        "CREATE USER mine",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "CREATE TABLE mine (s String) ENGINE = File(LineAsString, '/etc/passwd')",
        "CREATE TABLE mine (s String) ENGINE = URL('http://127.0.0.1/', LineAsString)",
        "SYSTEM STOP LISTEN TCP",
    ],
)
def test_the_migrator_stays_within_its_database(login: Login, sql: str) -> None:
    assert refusal(login("migrator"), sql) in REFUSED


@pytest.mark.parametrize(
    "sql",
    ["SELECT 1", "SELECT file('/etc/passwd')", "SYSTEM STOP LISTEN TCP", "SELECT * FROM Python(x)"],
)
def test_nobody_gets_in_without_a_password(secured: Secured, login: Login, sql: str) -> None:
    assert refusal(login("default"), sql) == 700
    assert "(USER_SESSION_LIMIT_EXCEEDED)" in secured.http(query=sql)
    assert "(AUTHENTICATION_FAILED)" in secured.http(query=sql, user="reader")


def test_a_crowd_of_logins_without_a_password_gets_in_neither(secured: Secured) -> None:
    place = secured.running.endpoints.reader_url.rpartition("@")[2]
    entered: list[object] = []

    def knock() -> None:
        for _ in range(20):
            client = connect(f"clickhouse://default@{place}")
            try:
                entered.extend(client.execute("SELECT 1"))
            except ServerException:
                pass
            finally:
                client.disconnect()

    crowd = [threading.Thread(target=knock) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert entered == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines a process this way")
@pytest.mark.parametrize("user", ["reader", "writer", "migrator"])
def test_no_query_reads_a_file_outside_the_folder_of_clickhouse(
    secured: Secured, login: Login, user: str
) -> None:
    folder = secured.home.folder
    log = folder / "logs" / "clickhouse.log"
    for path in ("/etc/passwd", "/etc/hosts", folder / "secrets.json", log, "/proc/1/environ"):
        assert refusal(login(user), f"SELECT file('{path}')") == 76
    for name in ("secrets.json", "stack.json"):
        assert refusal(login(user), f"SELECT file('{folder}/clickhouse/../{name}')") == 76


def test_no_secret_is_in_a_file_that_a_query_can_read(secured: Secured, login: Login) -> None:
    secrets = secured.home.secrets()
    client = login("reader")
    for path in ("config.xml", "users.xml", "/proc/self/environ", "/proc/self/cmdline"):
        ((content,),) = client.execute(f"SELECT file('{path}')")
        for secret in (
            MARKED_SECRET,
            secrets.migrator_password,
            secrets.writer_password,
            secrets.reader_password,
            secrets.author_key,
        ):
            assert secret not in content


# The last of this module, for the others would be stopped with it.
def test_the_quota_of_a_minute_stops_who_asks_for_too_much(secured: Secured) -> None:
    client = connect(secured.running.endpoints.reader_url)
    with pytest.raises(ServerException) as refused:
        for _ in range(3 * 50 + 1):  # 50 million rows a minute; one may end in between
            client.execute("SELECT toUInt8(0) FROM numbers(1000000)", columnar=True)
    client.disconnect()
    assert refused.value.code == 201
