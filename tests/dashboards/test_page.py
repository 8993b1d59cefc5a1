import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from dashboards.page import STATIC, build_page, start_page
from uproar.clickhouse import Result
from uproar.errors import StoreUnavailable
from uproar.records import Reaction

pytestmark = pytest.mark.integration  # it opens sockets, if only to itself

Browser = TestClient[Request, Application]
Query = Callable[[str], Result]

DAY = "run=wave&from=1610236800&to=1610366340"


def visit(query: Query, steps: Callable[[Browser], Awaitable[None]]) -> None:
    async def run() -> None:
        async with TestClient(TestServer(build_page(query, {"nimbus": "Nimbus"}))) as browser:
            await steps(browser)

    asyncio.run(run())


def no_store(_: str) -> Result:
    raise StoreUnavailable("ClickHouse does not answer", hint="start it")


def test_every_panel_answers_with_columns_rows_and_the_scope_it_is_of(
    query: Query, write: Callable[[Sequence[Any]], None], invented: list[Reaction]
) -> None:
    write(invented)

    async def steps(browser: Browser) -> None:
        offered = await (await browser.get("/api/boards")).json()
        for panel in {p["id"]: p for board in offered["boards"] for p in board["panels"]}.values():
            response = await browser.get(f"/api/panel/{panel['id']}?{DAY}")
            answer = await response.json()
            assert response.status == 200, answer
            assert answer["interval_seconds"] == 900
            assert {column["name"] for column in panel["columns"]} <= set(answer["columns"])
            if not panel["columns"]:
                assert answer["columns"] == ["time", "series", "value"]
            if panel["shape"] in ("bars", "line", "combined", "multiples"):
                assert all(row[0].endswith("Z") for row in answer["rows"]), "moments in UTC"

    visit(query, steps)


def test_variables_are_those_of_the_run_that_is_asked_for(query: Query) -> None:
    async def steps(browser: Browser) -> None:
        answer = await (await browser.get("/api/variables?run=wave")).json()
        assert set(answer["values"]["run"]) == {"wave", "other"}
        assert answer["values"]["entity"][0] == "nimbus"
        unknown = await (await browser.get("/api/variables?run=none")).json()
        assert unknown["values"]["entity"] == []

    visit(query, steps)


def test_a_filter_reaches_the_figures(query: Query) -> None:
    async def steps(browser: Browser) -> None:
        async def mentions(more: str) -> int:
            answer = await (await browser.get(f"/api/panel/totals?{DAY}{more}")).json()
            return int(answer["rows"][0][0])

        apart = [await mentions(f"&entity={name}") for name in ("nimbus", "kestrel", "oakline")]
        assert await mentions("") == sum(apart)
        assert await mentions("&entity=nimbus&entity=oakline") == apart[0] + apart[2]
        assert await mentions("&entity=%27%20OR%201%3D1%20--") == 0

    visit(query, steps)


def test_a_run_that_is_not_there_reads_as_empty(query: Query) -> None:
    async def steps(browser: Browser) -> None:
        answer = await (await browser.get("/api/trust?run=none")).json()
        assert (answer["state"], answer["watermark"]) == ("empty", None)

    visit(query, steps)


def test_health_is_that_of_clickhouse(query: Query) -> None:
    async def steps(browser: Browser) -> None:
        assert (await browser.get("/healthz")).status == 200

    visit(query, steps)


def test_without_clickhouse_the_page_says_so_with_a_hint_and_stays_up() -> None:
    async def steps(browser: Browser) -> None:
        for path in ("/healthz", "/api/variables", "/api/trust?run=live"):
            response = await browser.get(path)
            assert response.status == 503
            assert await response.json() == {
                "error": "ClickHouse does not answer",
                "hint": "start it",
            }
        assert (await browser.get("/")).status == 200

    visit(no_store, steps)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/panel/no-such-panel?from=0&to=60", 404),
        ("/api/panel/trust?from=0&to=60", 404),
        ("/api/panel/..%2f..%2fpage?from=0&to=60", 404),
        ("/api/panel/totals", 400),
        ("/api/panel/totals?from=0&to=60&colour=red", 400),
        ("/api/panel/totals?from=0&to=60&run=a&run=b", 400),
        ("/api/panel/totals/csv?from=0", 400),
        ("/api/panel/trust/csv?from=0&to=60", 404),
        ("/api/marks", 400),
        ("/api/alerts?from=120&to=1", 400),
        (f"/api/live?run={'x' * 201}", 400),
        ("/static/../page.py", 404),
        ("/nothing", 404),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(path: str, status: int) -> None:
    async def steps(browser: Browser) -> None:
        response = await browser.get(path)
        assert response.status == status
        assert (await response.json())["error"]

    visit(no_store, steps)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example"])
def test_a_foreign_name_for_this_machine_is_refused(host: str) -> None:
    async def steps(browser: Browser) -> None:
        for path in ("/", "/api/boards", "/static/page.js"):
            assert (await browser.get(path, headers={"Host": host})).status == 421

    visit(no_store, steps)


@pytest.mark.parametrize("path", ["/", "/api/boards", "/static/page.js", "/palette.css", "/none"])
def test_every_answer_forbids_foreign_code_and_framing(path: str) -> None:
    async def steps(browser: Browser) -> None:
        headers = (await browser.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"

    visit(no_store, steps)


def test_the_page_listens_on_loopback_only_and_says_where() -> None:
    async def run() -> None:
        runner, url = await start_page(build_page(no_store), port=0)
        try:
            assert {address[0] for address in runner.addresses} == {"127.0.0.1"}
            assert url == f"http://127.0.0.1:{runner.addresses[0][1]}/"
        finally:
            await runner.cleanup()

    asyncio.run(run())


def test_an_answer_of_data_is_kept_by_no_browser_and_a_file_is_asked_for_again() -> None:
    async def steps(browser: Browser) -> None:
        assert (await browser.get("/api/boards")).headers["Cache-Control"] == "no-store"
        file = await browser.get("/static/page.js")
        assert file.headers["Cache-Control"] == "no-cache"
        again = await browser.get(
            "/static/page.js", headers={"If-None-Match": file.headers["ETag"]}
        )
        assert again.status == 304

    visit(no_store, steps)


def test_every_script_is_loaded_at_once_rather_than_one_after_the_other() -> None:
    index = (STATIC / "index.html").read_text("utf-8")
    scripts = {path.name for path in STATIC.glob("*.js")} - {"login.js"}
    assert {name for name in scripts if f"/static/{name}" not in index} == set()


def test_no_static_file_builds_markup_from_strings_or_fetches_from_elsewhere() -> None:
    banned = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
    for path in Path(STATIC).iterdir():
        text = path.read_text(encoding="utf-8")
        assert not [word for word in banned if word in text], path.name
        assert "//" not in text.replace("http://www.w3.org/2000/svg", "").replace(
            "// ", ""
        ).replace("//\n", ""), f"{path.name} names another server"
