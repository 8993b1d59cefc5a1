"""The built-in page: who may ask, how much at once, and what is refused unread."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Sequence

import pytest
from aiohttp import ClientResponse, TCPConnector
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from dashboards.gate import is_from_elsewhere
from dashboards.page import build_page
from dashboards.page_queries import MOST_WAITING
from dashboards.page_stream import MOST_FOLLOWING
from uproar.clickhouse import Result

pytestmark = pytest.mark.integration  # it opens sockets, if only to itself

Browser = TestClient[Request, Application]
Query = Callable[[str], Result]


def visit(query: Query | Sequence[Query], steps: Callable[[Browser], Awaitable[None]]) -> None:
    async def run() -> None:
        everybody = TCPConnector(limit=0)
        async with TestClient(TestServer(build_page(query)), connector=everybody) as browser:
            await steps(browser)

    asyncio.run(run())


def nothing(_: str) -> Result:
    return Result(columns=("a",), rows=[])


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
        {
            "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "iframe",
        },
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_cannot_make_its_visitors_browser_ask(headers: dict[str, str]) -> None:
    asked: list[str] = []

    def query(sql: str) -> Result:
        asked.append(sql)
        return nothing(sql)

    async def steps(browser: Browser) -> None:
        for path in ("/", "/api/variables", "/healthz", "/static/page.js"):
            assert (await browser.get(path, headers=headers)).status == 403

    visit(query, steps)
    assert asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
        {
            "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "document",
        },
        {"Origin": "http://127.0.0.1:8765", "Host": "127.0.0.1:8765"},
    ],
)
def test_the_page_itself_and_a_link_that_a_person_follows_are_answered(
    headers: dict[str, str],
) -> None:
    assert not is_from_elsewhere(headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_sent_or_changed(method: str) -> None:
    async def steps(browser: Browser) -> None:
        assert (await browser.request(method, "/api/boards")).status == 405
        answer = await browser.request(method, "/api/boards", data=b"x" * 1_000_000)
        assert answer.status == 413

    visit(nothing, steps)


def test_a_request_line_without_end_is_refused() -> None:
    async def steps(browser: Browser) -> None:
        assert (await browser.get("/api/boards?" + "a" * 20_000)).status == 400

    visit(nothing, steps)


def panel(number: int) -> str:
    """Return a question that no other is like."""
    return f"/api/panel/totals?from=0&to=60&run=run-{number}"


def test_a_connection_runs_one_query_at_a_time_and_a_flood_is_refused_rather_than_queued() -> None:
    may_go_on = threading.Event()
    running = [0, 0, 0]
    most = [0, 0, 0]

    def connection(place: int) -> Query:
        def query(sql: str) -> Result:
            running[place] += 1
            most[place] = max(most[place], running[place])
            may_go_on.wait(20)
            running[place] -= 1
            return nothing(sql)

        return query

    async def steps(browser: Browser) -> None:
        deadline = time.monotonic() + 20
        asked = [browser.get(panel(number)) for number in range(MOST_WAITING + 30)]
        flood = [asyncio.create_task(one) for one in asked]
        refused: list[ClientResponse] = []
        while len(refused) < 30:
            assert time.monotonic() < deadline, "nothing is refused"
            await asyncio.sleep(0.05)
            refused = [task.result() for task in flood if task.done()]
        assert {answer.status for answer in refused} == {503}
        assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
        may_go_on.set()
        answers = [await task for task in flood]
        assert sorted({answer.status for answer in answers}) == [200, 503]
        assert sum(answer.status == 200 for answer in answers) == MOST_WAITING
        assert (await browser.get("/healthz")).status == 200  # and it goes on

    visit([connection(place) for place in range(3)], steps)
    assert most == [1, 1, 1]


def test_what_many_ask_at_once_is_asked_of_clickhouse_once() -> None:
    asked: list[str] = []

    def query(sql: str) -> Result:
        asked.append(sql)
        time.sleep(0.2)
        return nothing(sql)

    async def steps(browser: Browser) -> None:
        answers = await asyncio.gather(*(browser.get(panel(1)) for _ in range(20)))
        assert {answer.status for answer in answers} == {200}

    visit(query, steps)
    assert len(asked) == 1


def test_only_so_many_follow_a_run_at_once() -> None:
    async def steps(browser: Browser) -> None:
        streams = [await browser.get("/api/live?run=a") for _ in range(MOST_FOLLOWING)]
        assert {stream.status for stream in streams} == {200}
        assert (await browser.get("/api/live?run=a")).status == 503
        streams.pop().close()
        for _ in range(100):
            await asyncio.sleep(0.05)
            if (answer := await browser.get("/api/live?run=a")).status == 200:
                break
        assert answer.status == 200

    visit(nothing, steps)
