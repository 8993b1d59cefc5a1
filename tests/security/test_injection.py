"""What a person or a post writes stays a value: tried on a real ClickHouse."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent

import pytest
from aiohttp.test_utils import TestClient, TestServer
from click.testing import CliRunner
from clickhouse_driver import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards.boards import VARIABLES
from dashboards.macros import expand, quote
from dashboards.page import build_page
from dashboards.panels import load_query
from dashboards.scope import read_scope
from tests.security.conftest import Secured
from uproar.cli import main
from uproar.clickhouse import Result, read

pytestmark = pytest.mark.integration

Login = Callable[[str], Client]

BREAKING_OUT = [
    "' OR 1=1 --",
    "\\' OR 1=1 --",
    "'; DROP TABLE reactions; --",
    "') UNION ALL SELECT file('/etc/passwd') --",
    "x' OR run != '",
    "${run:raw}",
    "$__timeFilter(observed_at)",
    "{run:String}",
    "%(run)s",
    "%s",
    "/* x",
    "`reactions`",
    '"; SELECT 1',
    "\\",
    "'",
    "''",
    "\n;\nDROP TABLE reactions;\n",
    "a\x00b",
    "\u02bc OR 1=1",
    "\uff07 OR 1=1",
    "💥'",
]

IN_A_COMMAND = [value for value in BREAKING_OUT if "OR 1=1 --" in value or "DROP" in value] + [
    "') UNION ALL SELECT file('/etc/passwd') --",
    "{run:String}",
    "%(run)s",
]
"""Fewer, for each takes the start of a command; no argument of a process holds a NUL."""


@pytest.fixture
def canary(login: Login) -> Iterator[Client]:
    """A run that must be there unchanged when the test is over."""
    writer = login("writer")
    writer.execute("ALTER TABLE runs DELETE WHERE 1 SETTINGS mutations_sync = 2")
    writer.execute("INSERT INTO runs (run, source, state) VALUES", [("canary", "s", "finished")])
    tables = writer.execute("SHOW TABLES")
    yield writer
    assert writer.execute("SELECT run, source, state FROM runs") == [("canary", "s", "finished")]
    assert writer.execute("SHOW TABLES") == tables


@settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_a_quoted_value_is_the_same_value_for_clickhouse(login: Login, value: str) -> None:
    assert _reader(login).execute(f"SELECT {quote(value)}") == [(value,)]


_kept: dict[int, Client] = {}


def _reader(login: Login) -> Client:
    """Return one client for all examples of a test."""
    return _kept.setdefault(id(login), login("reader"))


@pytest.mark.parametrize("value", BREAKING_OUT)
def test_no_variable_of_the_page_breaks_out_of_its_query(
    login: Login, canary: Client, value: str
) -> None:
    client = login("reader")
    for name in VARIABLES:
        given = {"run": ["canary"], "from": ["0"], "to": ["4102444800"], name: [value]}
        for panel in ("totals", "dead_letters_by_reason", "latest_posts"):
            sql = expand(load_query(panel), read_scope(given))
            harmless = expand(load_query(panel), read_scope({**given, name: ["no such value"]}))
            assert read(client, sql) == read(client, harmless)


@pytest.mark.parametrize("value", BREAKING_OUT)
def test_no_parameter_of_a_url_breaks_out_of_the_page(
    login: Login, canary: Client, value: str
) -> None:
    client = login("reader")

    def query(sql: str) -> Result:
        return read(client, sql)

    async def visit() -> None:
        async with TestClient(TestServer(build_page(query))) as browser:
            for name in (*VARIABLES, "from", "to", value):
                for path in ("panel/totals", "variables", "trust"):
                    url = f"/api/{path}?from=0&to=60&{percent(name)}={percent(value)}"
                    answer = await browser.get(url)
                    assert answer.status in (200, 400)
                    assert "root:" not in await answer.text()

    asyncio.run(visit())


@pytest.mark.parametrize("value", IN_A_COMMAND)
@pytest.mark.parametrize(
    "command",
    [
        ["reconcile", "{}"],
        ["rescore", "{}", "--dry-run"],
        ["rescore", "{}"],
        ["entities", "sample", "{}"],
        ["entities", "sample", "canary", "--entity", "{}"],
        ["privacy", "export", "{}"],
        ["privacy", "erase", "{}"],
        ["replay", "{posts}", "--run", "{}", "--dry-run"],
        ["replay", "{posts}", "--columns", "{}", "--dry-run"],
        ["replay", "{posts}", "--start", "{}", "--dry-run"],
    ],
    ids=lambda command: "_".join(command),
)
def test_no_argument_of_a_command_breaks_out_of_its_statement(
    secured: Secured,
    canary: Client,
    command: Sequence[str],
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("UPROAR_HOME", str(secured.home.folder))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "uproar.yaml").write_text("entities: [{id: nimbus, name: Nimbus}]\n")
    (tmp_path / "posts.jsonl").write_text(json.dumps({"id": "1"}) + "\n")
    arguments = [part.replace("{}", value).replace("{posts}", "posts.jsonl") for part in command]
    result = CliRunner().invoke(main, arguments)
    assert isinstance(result.exception, SystemExit | None), result.exc_info
    assert "root:" not in result.output
    assert "Syntax error" not in result.output


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE runs",
        "INSERT INTO runs (run) VALUES ('x')",
        "SELECT 1; DROP TABLE runs",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM system.users",
        "SELECT 1 SETTINGS readonly = 0",
    ],
)
def test_uproar_query_is_run_by_the_reader(
    secured: Secured, canary: Client, sql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPROAR_HOME", str(secured.home.folder))
    result = CliRunner().invoke(main, ["query", sql])
    assert result.exit_code == 1
    assert "refused:" in result.output


def test_names_and_texts_of_posts_are_bound(login: Login, canary: Client) -> None:
    from sinks.rows import DEAD_LETTERS_COLUMNS

    writer = login("writer")
    names = ", ".join(DEAD_LETTERS_COLUMNS)
    for value in BREAKING_OUT:
        row: dict[str, Any] = dict.fromkeys(DEAD_LETTERS_COLUMNS, value)
        whole = {"position", "part", "fingerprint", "size_bytes"}
        row |= dict.fromkeys(whole & set(DEAD_LETTERS_COLUMNS), 1)
        row["received_at"] = datetime.now(UTC)
        writer.execute(f"INSERT INTO dead_letters ({names}) VALUES", [tuple(row.values())])
        found = writer.execute(
            "SELECT detail FROM dead_letters WHERE run = %(run)s", {"run": value}
        )
        assert found == [(value,)]
