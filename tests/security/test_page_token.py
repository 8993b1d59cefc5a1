"""The page where others can reach it: under which names, and with which token."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from dashboards.gate import OPEN_PATHS
from dashboards.page import build_page
from dashboards.page_access import COOKIE, Access
from uproar.clickhouse import Result
from uproar.errors import SettingsError
from uproar.page_settings import check_page_settings
from uproar.settings import Settings

pytestmark = pytest.mark.integration  # it opens sockets, if only to itself

Browser = TestClient[Request, Application]
TOKEN = "invented-token-of-this-test"
ACCESS = Access(token=TOKEN, is_open_elsewhere=True, names=frozenset({"uproar.example"}))
DATA = (
    "/api/boards",
    "/api/variables",
    "/api/trust?run=a",
    "/api/live?run=a",
    "/api/marks",
    "/api/alerts",
    "/api/panel/totals?from=0&to=60",
    "/api/panel/totals/csv?from=0&to=60",
)


def visit(steps: Callable[[Browser], Awaitable[None]], access: Access = ACCESS) -> None:
    def query(_: str) -> Result:
        return Result(columns=("a",), rows=[])

    async def run() -> None:
        async with TestClient(TestServer(build_page(query, access=access))) as browser:
            await steps(browser)

    asyncio.run(run())


def test_no_data_is_answered_before_the_token_is_shown() -> None:
    async def steps(browser: Browser) -> None:
        for path in DATA:
            assert (await browser.get(path)).status == 401, path
        index = await browser.get("/")
        assert index.status == 401
        assert "Token of this page" in await index.text()
        assert {path for path in OPEN_PATHS if path.startswith("/api/")} == {"/api/login"}

    visit(steps)


def test_the_token_opens_the_page_for_the_browser_that_has_shown_it() -> None:
    async def steps(browser: Browser) -> None:
        answer = await browser.post("/api/login", json={"token": TOKEN})
        assert answer.status == 204
        cookie = answer.cookies[COOKIE]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
        assert TOKEN not in cookie.value
        kept = {"Cookie": f"{COOKIE}={cookie.value}"}
        assert (await browser.get("/api/boards", headers=kept)).status == 200
        assert "Token of this page" not in await (await browser.get("/", headers=kept)).text()
        changed = {"Cookie": f"{COOKIE}=9{cookie.value}"}
        browser.session.cookie_jar.clear()
        assert (await browser.get("/api/boards", headers=changed)).status == 401

    visit(steps)


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "é"])
def test_a_wrong_token_opens_nothing_and_stands_in_no_log(
    token: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("dashboards.gate.WRONG_TOKEN_SECONDS", 0)

    async def steps(browser: Browser) -> None:
        answer = await browser.post("/api/login", json={"token": token})
        assert (answer.status, dict(answer.cookies)) == (403, {})
        given = {"Authorization": f"Bearer {token or 'x'}".encode().decode("latin-1")}
        assert (await browser.get("/api/boards", headers=given)).status == 401

    with caplog.at_level(logging.DEBUG):
        visit(steps)
    assert not token or f"`{token}`" not in caplog.text
    assert TOKEN not in caplog.text


def test_a_script_shows_the_token_in_a_header() -> None:
    async def steps(browser: Browser) -> None:
        given = {"Authorization": f"Bearer {TOKEN}"}
        assert (await browser.get("/api/boards", headers=given)).status == 200

    visit(steps)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"token":1}', b'{"token":"a","more":1}'])
def test_a_login_that_is_none_is_refused_in_words(body: bytes) -> None:
    async def steps(browser: Browser) -> None:
        assert (await browser.post("/api/login", data=body)).status == 400

    visit(steps)


def test_a_login_takes_no_more_than_a_token_is_long() -> None:
    async def steps(browser: Browser) -> None:
        assert (await browser.post("/api/login", data=b"x" * 2000)).status == 413

    visit(steps)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("uproar.example", 401), ("uproar.example:8765", 401), ("192.0.2.7:8765", 401),
        ("localhost", 401), ("evil.example", 421), ("uproar.example.evil.example", 421),
    ],
)  # fmt: skip
def test_a_name_that_nobody_gave_the_page_is_refused_elsewhere_too(host: str, status: int) -> None:
    async def steps(browser: Browser) -> None:
        assert (await browser.get("/api/boards", headers={"Host": host})).status == status

    visit(steps)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "uproar.example"])
def test_a_page_that_others_reach_does_not_start_without_a_token(host: str) -> None:
    with pytest.raises(SettingsError, match="there is no token"):
        check_page_settings(host, "")
    with pytest.raises(SettingsError, match="16 letters or more, found 5"):
        check_page_settings(host, "short")
    check_page_settings(host, TOKEN)


def test_the_token_may_stand_in_a_file_and_shows_in_no_print(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o600)
    settings = Settings.from_env({"HOME": "/h", "UPROAR_PAGE_TOKEN_FILE": str(file)})
    assert settings.page_token == TOKEN
    assert TOKEN not in repr(settings)
    assert TOKEN not in repr(ACCESS)
