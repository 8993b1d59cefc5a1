"""What the page answers besides the panels' rows: news, files, alerts and known events."""

import asyncio
import csv
import io
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from clickhouse_driver import Client

from dashboards.macros import expand
from dashboards.page import build_page
from dashboards.panels import load_query
from dashboards.scope import read_scope
from tests.dashboards.page_marks import ALERT, mark
from uproar.clickhouse import Result
from uproar.errors import StoreUnavailable
from uproar.records import Reaction, Watermark

pytestmark = pytest.mark.integration

Browser = TestClient[Request, Application]
Query = Callable[[str], Result]
Write = Callable[[Sequence[Any]], None]

DAY = "run=wave&from=1610236800&to=1610409540"
AT = datetime(2021, 1, 11, 13, tzinfo=UTC)


@pytest.fixture(scope="module")
def stored(write: Write, invented: list[Reaction], store: Client) -> Reaction:
    write(
        [
            *invented,
            Watermark(run="wave", source="t", started_at=AT, observed_before=AT, position=1),
        ]
    )
    mark(store, AT)
    return invented[0]


def watermark(before: datetime, position: int) -> Watermark:
    return Watermark(
        run="wave", source="t", started_at=AT, observed_before=before, position=position
    )


def visit(query: Query, steps: Callable[[Browser], Awaitable[None]]) -> None:
    async def run() -> None:
        async with TestClient(TestServer(build_page(query))) as browser:
            await steps(browser)

    asyncio.run(run())


async def news(stream: ClientResponse) -> tuple[str, Any]:
    """Return the next event, whatever beats come before it."""
    while True:
        async with asyncio.timeout(10):
            name = (await stream.content.readline()).decode().removeprefix("event: ").strip()
            data = (await stream.content.readline()).decode().removeprefix("data: ")
            await stream.content.readline()
        if name != "beat":
            return name, json.loads(data)


def test_what_is_stored_is_told_at_once_to_all_who_follow(
    query: Query, write: Write, stored: Reaction
) -> None:
    async def steps(browser: Browser) -> None:
        streams = [await browser.get("/api/live?run=wave") for _ in range(3)]
        assert streams[0].headers["Content-Type"] == "text/event-stream"
        first = [await news(stream) for stream in streams]
        assert {name for name, _ in first} == {"trust"}
        stamps = {told["stamp"] for _, told in first}
        assert len(stamps) == 1
        new = msgspec.structs.replace(
            stored, post=msgspec.structs.replace(stored.post, post_id="told", run="wave")
        )
        later = watermark(AT + timedelta(minutes=1), 2)
        await asyncio.to_thread(write, [new, later])
        began = time.monotonic()
        for stream in streams:
            while (await news(stream))[1]["stamp"] in stamps:
                assert time.monotonic() - began < 5, "a second, on a machine of its own"
            stream.close()

    visit(query, steps)


def test_however_many_follow_a_run_it_is_looked_at_for_all_of_them_at_once(query: Query) -> None:
    asked: list[str] = []

    def counted(sql: str) -> Result:
        asked.append(sql)
        return query(sql)

    async def steps(browser: Browser) -> None:
        streams = [await browser.get("/api/live?run=wave") for _ in range(20)]
        for stream in streams:
            await news(stream)
        asked.clear()
        await asyncio.sleep(1.6)
        assert len(asked) <= 4
        for stream in streams:
            stream.close()
        deadline = time.monotonic() + 20
        while asked and time.monotonic() < deadline:
            asked.clear()
            await asyncio.sleep(1.2)
        assert asked == [], "nobody follows, and it is looked at"

    visit(counted, steps)


def test_followers_hear_that_clickhouse_is_away_and_are_sent_home_when_the_page_ends() -> None:
    def away(_: str) -> Result:
        raise StoreUnavailable("ClickHouse does not answer", hint="start it")

    async def run() -> None:
        async with TestClient(TestServer(build_page(away))) as browser:
            stream = await browser.get("/api/live?run=wave")
            expected = {"error": "ClickHouse does not answer", "hint": "start it"}
            assert await news(stream) == ("trouble", expected)
            began = time.monotonic()
        assert time.monotonic() - began < 3

    asyncio.run(run())


@pytest.mark.parametrize("panel", ["totals", "latest_posts", "volume_by_entity", "entities"])
def test_a_panel_as_csv_is_what_its_query_answers(
    query: Query, stored: Reaction, panel: str
) -> None:
    given = {"run": ["wave"], "from": ["1610236800"], "to": ["1610409540"]}
    wanted = query(expand(load_query(panel), read_scope(given)))

    async def steps(browser: Browser) -> None:
        answer = await browser.get(f"/api/panel/{panel}/csv?{DAY}")
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert f"uproar-{panel.replace('_', '-')}-wave-" in answer.headers["Content-Disposition"]
        content = await answer.read()
        assert content.startswith(b"\xef\xbb\xbf")
        head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        assert tuple(head) == wanted.columns
        assert len(rows) == len(wanted.rows) > 0
        for found, row in zip(rows, wanted.rows, strict=True):
            for cell, value in zip(found, row, strict=True):
                if isinstance(value, int):
                    assert int(cell) == value
                elif isinstance(value, datetime):
                    assert datetime.fromisoformat(cell) == value.replace(tzinfo=UTC)
                elif isinstance(value, str):
                    assert cell == value
        plain = await (await browser.get(f"/api/panel/{panel}/csv?{DAY}&mark=no")).read()
        assert plain == content[3:]

    visit(query, steps)


def test_marks_are_the_alerts_and_events_of_the_range_and_of_the_entity(
    query: Query, stored: Reaction
) -> None:
    async def steps(browser: Browser) -> None:
        async def marks(more: str) -> tuple[list[str], list[str]]:
            told = await (await browser.get(f"/api/marks?{more}")).json()
            assert all("explanation" not in alert for alert in told["alerts"])
            return [one["id"] for one in told["alerts"]], [
                one["title"] for one in told["annotations"]
            ]

        assert await marks(DAY) == (["lasts", ALERT], ["Nimbus changes its terms"])
        assert await marks(f"{DAY}&entity=kestrel") == (["lasts"], [])
        assert await marks("run=other&from=1610236800&to=1610366340") == (
            [],
            ["Nimbus changes its terms"],
        )
        assert await marks("run=wave&from=1610236800&to=1610240000") == ([], [])

    visit(query, steps)


def test_an_alert_comes_with_its_explanation_whatever_stands_in_it(
    query: Query, stored: Reaction
) -> None:
    async def steps(browser: Browser) -> None:
        told = await (await browser.get(f"/api/alerts?{DAY}")).json()
        by_id = {alert["id"]: alert["explanation"] for alert in told["alerts"]}
        assert by_id[ALERT]["unique_authors"] == 41
        assert by_id["lasts"] == {"explanation": "no JSON"}

    visit(query, steps)
