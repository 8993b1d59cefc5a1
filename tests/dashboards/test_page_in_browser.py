"""The page as a person sees it, in a real browser, over a real ClickHouse."""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboards.page import build_page, start_page
from uproar.clickhouse import Result
from uproar.records import CallToAction, Reaction, Watermark

pytestmark = [pytest.mark.browser, pytest.mark.integration]

BROWSERS = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HOSTILE = "<img src=x onerror=\"document.title='taken over'\"> Boycott <b>nimbus</b> & co"
EVIDENCE = "Boycott <b>nimbus</b>"
AT = datetime(2021, 1, 11, 13, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        missing = "no Chromium in the path: apt-get install chromium, or name one in CHROMIUM"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def url(query: Callable[[str], Result]) -> Iterator[str]:
    """The page, served from a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def wait_for(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(30)

    runner, address = wait_for(start_page(build_page(query, {"nimbus": "Nimbus"}), port=0))
    yield address
    wait_for(runner.cleanup())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in which any error of ours, and any request elsewhere, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    requested: list[str] = []
    opened.on("request", lambda request: requested.append(request.url))
    yield opened
    context.close()
    assert errors == []
    assert [url for url in requested if not url.startswith("http://127.0.0.1:")] == []


@pytest.fixture(scope="module")
def stored(write: Callable[[Sequence[Any]], None], invented: list[Reaction]) -> Reaction:
    """Every invented reaction, and one whose text and address are hostile; it is returned."""
    base = next(one for one in invented if one.post.run == "wave" and len(one.entities) == 1)
    call = CallToAction(
        action="boycott", target="nimbus", direction="against", evidence=EVIDENCE, confidence=0.9
    )
    hostile = msgspec.structs.replace(
        base,
        lang="en",
        post=msgspec.structs.replace(
            base.post, post_id="hostile", text=HOSTILE, url="javascript:alert(1)",
            observed_at=AT, created_at=AT,
        ),
        entities=(msgspec.structs.replace(base.entities[0], calls=(call,)),),
    )  # fmt: skip
    write([*invented, hostile, watermark(AT)])
    return hostile


def watermark(at: datetime) -> Watermark:
    return Watermark(run="wave", source="test", started_at=AT, observed_before=at, position=1)


def figure(page: Page, label: str) -> Any:
    stat = page.locator(".stat").filter(has=page.get_by_text(label, exact=True))
    return stat.locator("dd")


def test_a_hostile_post_shows_as_the_text_it_is(page: Page, url: str, stored: Reaction) -> None:
    page.goto(f"{url}?run=wave&board=entity&entity=nimbus&range=run")
    post = page.locator(".post").first
    expect(post.locator("p")).to_have_text(HOSTILE)
    expect(post.locator("mark")).to_have_text(EVIDENCE)
    expect(page.locator("#board img")).to_have_count(0)
    expect(post.locator("a")).to_have_count(0)
    expect(page).to_have_title("Uproar · Entity · Nimbus · wave")


def test_charts_are_drawn_with_a_legend_and_axes(page: Page, url: str, stored: Reaction) -> None:
    page.goto(f"{url}?run=wave&range=run")
    chart = page.locator('[data-panel="volume_by_entity"]')
    expect(chart.locator("path.bar")).to_have_count(3)
    expect(chart.locator(".legend button")).to_have_count(3)
    assert chart.locator("svg .tick").count() > 6
    assert all(path.get_attribute("d") for path in chart.locator("path.bar").all())
    expect(page.locator('[data-panel="voice_by_posts"] li')).to_have_count(3)


def test_the_legend_takes_a_series_out_and_back(page: Page, url: str, stored: Reaction) -> None:
    page.goto(f"{url}?run=wave&range=run")
    chart = page.locator('[data-panel="volume_by_entity"]')
    chart.locator(".legend button").first.click()
    expect(chart.locator("path.bar")).to_have_count(2)
    chart.locator(".legend button").first.click()
    expect(chart.locator("path.bar")).to_have_count(3)


def test_choosing_an_entity_opens_its_board_and_going_back_returns(
    page: Page, url: str, stored: Reaction
) -> None:
    page.goto(f"{url}?run=wave&range=run")
    page.locator('[data-panel="entities"] button.open').filter(has_text="kestrel").click()
    expect(page.locator('nav a[aria-current="page"]')).to_have_text("Entity")
    expect(page.get_by_label("Entity", exact=True)).to_have_value("kestrel")
    assert "entity=kestrel" in page.url
    page.go_back()
    expect(page.locator('nav a[aria-current="page"]')).to_have_text("Overview")


def test_the_page_moves_by_itself_when_rows_are_added(
    page: Page, url: str, stored: Reaction, write: Callable[[Sequence[Any]], None]
) -> None:
    page.goto(f"{url}?run=wave&board=entity&entity=nimbus&range=run")
    mentions = figure(page, "Mentions")
    expect(mentions).not_to_have_text("0")
    before = int(mentions.inner_text())
    bars = page.locator('[data-panel="volume"] path.bar').first.get_attribute("d")
    later = AT + timedelta(minutes=30)
    new = [
        msgspec.structs.replace(
            stored,
            post=msgspec.structs.replace(
                stored.post, post_id=f"new-{number}", text=f"New {number}", observed_at=later
            ),
        )
        for number in range(50)
    ]
    write([*new, watermark(later + timedelta(minutes=1))])
    expect(mentions).to_have_text(str(before + 50))
    expect(page.locator(".post p").first).to_contain_text("New")
    expect(page.locator('[data-panel="volume"] path.bar').first).not_to_have_attribute(
        "d", bars or ""
    )


def test_dragging_over_a_chart_looks_closer(page: Page, url: str, stored: Reaction) -> None:
    page.goto(f"{url}?run=wave&range=run")
    chart = page.locator('[data-panel="volume_by_entity"] svg')
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 50)
    page.mouse.up()
    expect(page.get_by_label("Range", exact=True)).to_have_value("custom")
    assert "from=" in page.url


@pytest.mark.parametrize("board", ["overview", "entity", "calls-to-action", "pipeline"])
def test_a_phone_shows_every_board_without_scrolling_sideways(
    board: str, browser: Browser, url: str, stored: Reaction
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(f"{url}?run=wave&board={board}&range=run")
        expect(page.locator(".stat").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_run_without_rows_says_so_in_every_panel(page: Page, url: str, stored: Reaction) -> None:
    page.goto(f"{url}?run=nobody")
    expect(page.locator("#trust")).to_contain_text("Nothing is stored yet")
    expect(page.locator(".empty").first).to_be_visible()
