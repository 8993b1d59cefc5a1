"""The page as a person sees it, in a real browser, over a real ClickHouse."""

import csv
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from clickhouse_driver import Client
from playwright.sync_api import (
    Browser,
    Locator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from dashboards.boards import BOARDS
from dashboards.macros import expand
from dashboards.page import build_page
from dashboards.page_access import Access
from dashboards.panels import load_query
from dashboards.scope import read_scope
from tests.dashboards.page_browser import AT, EVIDENCE, HOSTILE, LONG, hostile, served, watermark
from tests.dashboards.page_marks import ALERT, mark
from uproar.clickhouse import Result, connect, read
from uproar.records import Reaction

pytestmark = [pytest.mark.browser, pytest.mark.integration]

Query = Callable[[str], Result]

OVERVIEW = "?run=wave&range=run"
ENTITY = "?run=wave&board=entity&entity=nimbus&range=run"
WHOLE = {"run": ["wave"], "from": ["0"], "to": ["4102444800"]}
BROWSERS = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


expect.set_options(timeout=20_000)  # for machines that do much else at once


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
def stored(
    write: Callable[[Sequence[Any]], None], invented: list[Reaction], store: Client
) -> Reaction:
    """Every invented reaction, and hostile ones, the first of which is returned."""
    base = next(one for one in invented if one.post.run == "wave" and len(one.entities) == 1)
    first, *others = hostile(base)
    write([*invented, first, *others, watermark(AT)])
    mark(store, AT)
    return first


@pytest.fixture(scope="module")
def queries(store: Client, server_url: str, stored: Reaction) -> Iterator[list[Query]]:
    """Connections of the pages' own, for one serves one thread."""
    ((database,),) = store.execute("SELECT currentDatabase()")
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(server_url, database=database)) for _ in range(3)]
        yield [partial(read, client) for client in clients]


@pytest.fixture(scope="module")
def url(queries: list[Query]) -> Iterator[str]:
    with served(build_page(queries[:2], {"nimbus": "Nimbus"})) as address:
        yield address


@pytest.fixture(scope="module")
def guarded_url(queries: list[Query]) -> Iterator[str]:
    access = Access(token="invented-token-of-this-test")
    with served(build_page(queries[2], {"nimbus": "Nimbus"}, access)) as address:
        yield address


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """The one page of these tests, and what went wrong in it or was asked for elsewhere."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.on(
            "request",
            lambda asked: (
                None if asked.url.startswith("http://127.0.0.1:") else wrong.append(asked.url)
            ),
        )
        yield page, wrong


@pytest.fixture
def page(opened: tuple[Page, list[str]]) -> Iterator[Page]:
    """A page in which any error of ours, and any request elsewhere, fails the test."""
    page, wrong = opened
    wrong.clear()
    yield page
    assert wrong == []


def figure(page: Page, label: str) -> Locator:
    stat = page.locator(".stat").filter(has=page.get_by_text(label, exact=True))
    return stat.locator("dd")


def panel(page: Page, name: str) -> Locator:
    return page.locator(f'[data-panel="{name}"]')


def point_at(page: Page, chart: Locator, part: float) -> None:
    """Hold the mouse over a chart, at a part of its width, near its foot."""
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] - 30)


def settle(page: Page, address: str) -> None:
    """Open a board, and wait until nothing moves down any more."""
    page.goto(address)
    expect(page.locator("#marks .chip").first).to_be_visible()
    expect(page.locator("path.bar").first).to_be_visible()


def is_narrow(page: Page) -> bool:
    """Say whether nothing sticks out of a phone, once charts have taken their new width."""
    for _ in range(50):
        if page.evaluate("document.documentElement.scrollWidth") <= 390:
            return True
        page.wait_for_timeout(100)
    return False


def test_every_board_shows_all_its_panels_and_no_phone_scrolls_sideways(
    page: Page, url: str
) -> None:
    tall: ViewportSize = {
        "width": 1280,
        "height": 6000,
    }  # a panel far from what is seen does not ask
    page.set_viewport_size(tall)
    page.goto(url + OVERVIEW)
    for board in BOARDS:
        page.locator("nav a").filter(has_text=re.compile(f"^{board.title}$")).click()
        expect(page.locator("main > .card")).to_have_count(len(board.panels))
        expect(page.locator(".waiting")).to_have_count(0)
        expect(page.locator(".stale")).to_have_count(0)
        assert page.title().startswith(f"Uproar · {board.title}")
        page.set_viewport_size({"width": 390, "height": 844})
        assert is_narrow(page), board.id
        page.set_viewport_size(tall)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(url + OVERVIEW)
    expect(page.locator(".stat dd").first).to_be_visible()
    assert page.locator(".waiting").count() > 0


def test_the_figures_shown_are_those_of_the_query(page: Page, url: str, query: Query) -> None:
    found = query(expand(load_query("totals"), read_scope(WHOLE)))
    wanted = dict(zip(found.columns, found.rows[0], strict=True))
    page.goto(url + OVERVIEW)
    expect(figure(page, "Mentions")).to_have_text(f"{wanted['mentions']:,}")
    expect(figure(page, "Unique authors")).to_have_text(f"{wanted['unique_authors']:,}")
    expect(figure(page, "Negative share")).to_have_text(f"{wanted['negative_share']:.0%}")
    expect(figure(page, "Calls against")).to_have_text(f"{wanted['posts_against']:,}")
    entities = query(expand(load_query("entities"), read_scope(WHOLE)))
    panel(page, "entities").scroll_into_view_if_needed()
    row = panel(page, "entities").locator("tbody tr").first.locator("td")
    expect(row.nth(0)).to_have_text("Nimbus")
    expect(row.nth(1)).to_have_text(f"{entities.rows[0][1]:,}")


def test_a_hostile_post_shows_as_the_text_it_is(page: Page, url: str) -> None:
    page.goto(url + ENTITY)
    panel(page, "latest_posts").scroll_into_view_if_needed()
    post = panel(page, "latest_posts").locator(".post").first
    expect(post.locator("p")).to_have_text(HOSTILE)
    expect(post.locator("p")).to_have_attribute("dir", "auto")
    expect(post.locator("mark").first).to_have_text(EVIDENCE)
    expect(page.locator("#board img, #board script, #board b.evil")).to_have_count(0)
    expect(post.locator("a")).to_have_count(0)
    expect(page).to_have_title("Uproar · Entity · Nimbus · wave")


def test_a_post_of_ten_thousand_letters_is_folded_and_breaks_nothing(page: Page, url: str) -> None:
    page.goto(url + ENTITY)
    panel(page, "latest_posts").scroll_into_view_if_needed()
    post = panel(page, "latest_posts").locator(".post").nth(1)
    expect(post.locator("p")).to_have_text(LONG)
    folded = post.locator("p").bounding_box()
    post.get_by_role("button", name="Show all of it").click()
    unfolded = post.locator("p").bounding_box()
    assert folded and unfolded and unfolded["height"] > 4 * folded["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_post_links_to_its_source_and_tells_it_nothing(page: Page, url: str) -> None:
    page.goto(url + ENTITY)
    panel(page, "latest_posts").scroll_into_view_if_needed()
    link = panel(page, "latest_posts").locator(".post a").first
    expect(link).to_have_attribute("href", re.compile(r"^https://social\.example/\d+$"))
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("target", "_blank")


def test_charts_are_drawn_with_a_legend_that_takes_a_series_out_and_back(
    page: Page, url: str
) -> None:
    page.goto(url + OVERVIEW)
    chart = panel(page, "volume_by_entity")
    expect(chart.locator("path.bar")).to_have_count(3)
    assert chart.locator("svg .tick").count() > 6
    assert all(path.get_attribute("d") for path in chart.locator("path.bar").all())
    panel(page, "voice_by_posts").scroll_into_view_if_needed()
    expect(panel(page, "voice_by_posts").locator("li")).to_have_count(3)
    expect(panel(page, "volume_of_each").locator(".multiple")).to_have_count(3)
    chart.locator(".legend button").first.click()
    expect(chart.locator("path.bar")).to_have_count(2)
    chart.locator(".legend button").first.click()
    expect(chart.locator("path.bar")).to_have_count(3)


def test_a_chart_can_be_read_as_a_table(page: Page, url: str, query: Query) -> None:
    page.goto(url + ENTITY)
    chart = panel(page, "mean_score")
    chart.scroll_into_view_if_needed()
    expect(chart.locator("svg.chart")).to_have_count(1)
    chart.get_by_role("button", name="As a table").click()
    expect(chart.locator("svg.chart")).to_have_count(0)
    expect(chart.locator("thead th")).to_have_text(["From", "Mean score"])
    assert chart.locator("tbody tr").count() > 10
    chart.get_by_role("button", name="As a table").click()
    expect(chart.locator("svg.chart")).to_have_count(1)


def test_choosing_an_entity_opens_its_board_and_going_back_returns(page: Page, url: str) -> None:
    page.goto(url + OVERVIEW)
    panel(page, "entities").scroll_into_view_if_needed()
    panel(page, "entities").locator("button.open").filter(has_text="kestrel").click()
    expect(page.locator('nav a[aria-current="page"]')).to_have_text("Entity")
    expect(page.get_by_label("Entity", exact=True)).to_have_value("kestrel")
    assert "entity=kestrel" in page.url
    page.go_back()
    expect(page.locator('nav a[aria-current="page"]')).to_have_text("Overview")


def test_dragging_over_a_chart_looks_closer_and_a_button_leads_back(page: Page, url: str) -> None:
    settle(page, url + OVERVIEW)
    before = figure(page, "Mentions").inner_text()
    chart = panel(page, "volume_by_entity").locator(".plot")
    point_at(page, chart, 0.5)
    page.mouse.down()
    point_at(page, chart, 0.7)
    page.mouse.up()
    expect(figure(page, "Mentions")).not_to_have_text(before)
    assert re.search(r"from=\d+&to=\d+", page.url)
    page.get_by_role("button", name="Back to Whole run").click()
    expect(figure(page, "Mentions")).to_have_text(before)
    assert "range=run" in page.url


def test_a_range_is_chosen_by_its_length_or_its_ends_and_stands_in_the_address(
    page: Page, url: str
) -> None:
    page.goto(url + OVERVIEW)
    page.locator("#range").click()
    page.locator('[data-range="6h"]').click()
    expect(page.locator("#range")).to_have_text("Last 6 hours")
    assert "range=6h" in page.url
    page.locator("#range").click()
    page.get_by_label("From", exact=True).fill("2021-01-10T12:00")
    page.get_by_label("To", exact=True).fill("2021-01-10T09:00")
    page.locator("#range-picker section").nth(1).get_by_role("button").click()
    expect(page.locator("#range-picker .wrong")).to_have_text(re.compile("earlier one first"))
    page.get_by_label("To", exact=True).fill("2021-01-10T15:00")
    page.locator("#range-picker section").nth(1).get_by_role("button").click()
    expect(page.locator("#range")).to_have_text("10 Jan 2021 12:00 – 15:00")
    assert "from=1610280000&to=1610290800" in page.url
    page.get_by_role("button", name="Later").click()
    expect(page.locator("#range")).to_have_text("10 Jan 2021 13:30 – 16:30")


def test_a_bar_shows_its_posts_and_the_explanation_of_its_alert(page: Page, url: str) -> None:
    settle(page, url + ENTITY)
    chart = panel(page, "volume").locator(".plot")
    expect(chart.locator(".alert-bar")).to_have_count(1)
    band = chart.locator(".alert-band").bounding_box()
    assert band is not None
    page.mouse.click(band["x"] + band["width"] / 2, band["y"] + band["height"] - 4)
    detail = page.get_by_role("dialog", name="Nimbus")
    expect(detail.locator(".explanation h3")).to_have_text("Nimbus: spike")
    told = detail.locator(".told").first
    expect(told).to_contain_text("Unique authors41")
    expect(told).to_contain_text("Loudest author share13%")
    expect(told).to_contain_text("<b>boycott</b>")
    expect(told.locator("td")).to_have_text(["boycott", "against", "<i>Boycott</i> them", "7"])
    expect(detail.locator(".post").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()


def test_alerts_and_known_events_stand_on_top_and_on_the_charts(page: Page, url: str) -> None:
    page.goto(url + ENTITY)
    expect(page.locator("#marks .chip.event")).to_contain_text("Nimbus changes its terms")
    expect(panel(page, "volume").locator(".event")).to_have_count(1)
    page.locator(f'#marks [data-alert="{ALERT}"]').click()
    detail = page.get_by_role("dialog")
    expect(detail.locator(".explanation")).to_have_count(1)
    expect(detail.locator(".post").first).to_be_visible()
    detail.get_by_role("button", name="Look closer").click()
    expect(detail).to_be_hidden()
    expect(page.locator("#range")).to_have_text("11 Jan 2021 00:00 – 03:00")


def test_a_panel_is_downloaded_as_csv_with_the_figures_of_its_query(
    page: Page, url: str, query: Query
) -> None:
    page.goto(url + OVERVIEW)
    panel(page, "entities").scroll_into_view_if_needed()
    expect(panel(page, "entities").locator("tbody tr")).to_have_count(3)
    with page.expect_download() as begun:
        panel(page, "entities").get_by_role("link", name="Download as CSV").click()
    assert re.match(r"uproar-entities-wave-\w+-\w+\.csv$", begun.value.suggested_filename)
    with Path(begun.value.path()).open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    found = query(expand(load_query("entities"), read_scope(WHOLE)))
    assert tuple(head) == found.columns
    assert [row[:2] for row in rows] == [[str(cell) for cell in row[:2]] for row in found.rows]


def test_the_page_moves_by_itself_when_rows_are_added(
    page: Page, url: str, stored: Reaction, write: Callable[[Sequence[Any]], None]
) -> None:
    page.goto(url + ENTITY)
    panel(page, "latest_posts").scroll_into_view_if_needed()
    expect(panel(page, "latest_posts").locator(".post").first).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    mentions = figure(page, "Mentions")
    expect(mentions).not_to_have_text("0")
    expect(panel(page, "volume").locator("path.bar").first).to_be_visible()
    before = int(mentions.inner_text())
    bars = panel(page, "volume").locator("path.bar").first.get_attribute("d")
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
    began = time.monotonic()
    expect(mentions).to_have_text(str(before + 50))
    assert time.monotonic() - began < 10, "two seconds, on a machine of its own"
    expect(panel(page, "volume").locator("path.bar").first).not_to_have_attribute("d", bars or "")
    panel(page, "latest_posts").scroll_into_view_if_needed()
    expect(page.locator(".post p").first).to_contain_text("New")


def test_everything_is_reached_by_keyboard_and_shows_where_it_is(page: Page, url: str) -> None:
    settle(page, url + ENTITY)
    expect(panel(page, "volume").locator("path.bar").first).to_be_visible()
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "[document.activeElement.getAttribute('aria-label')"
                " ?? document.activeElement.innerText.trim(),"
                " getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
        if (reached[-1][0] or "").startswith("Posts per"):
            break
    names = [name for name, _ in reached]
    order = ["Skip to the panels", "Overview", "Entity", "Pipeline"]
    order += ["Run", "Entity", "Platform", "Language", "Earlier", "Later"]
    assert [name for name in names if name in order] == order
    assert names[-1].startswith("Posts per 15 minutes"), names
    assert {outline for name, outline in reached if name} == {"solid"} | {"auto"} & {
        outline for _, outline in reached
    }
    page.keyboard.press("ArrowRight")  # to the highest bar
    expect(page.locator("#tooltip")).to_contain_text("UTC")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").locator(".behind")).to_contain_text(re.compile("post"))
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    assert "from=" in page.url


def test_a_mistyped_run_entity_or_board_is_said_to_be_none(page: Page, url: str) -> None:
    page.goto(f"{url}?run=wvae")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("No run is called “wvae”")
    expect(page.locator(".card .empty").first).to_have_text("There is no such run")
    notice.get_by_role("button", name="wave", exact=True).click()
    expect(notice).to_be_hidden()
    assert "run=wave" in page.url
    expect(page.locator(".stat dd").first).not_to_have_text("0")
    page.goto(f"{url}?run=wave&entity=nimbsu&board=overview")
    expect(notice).to_contain_text("Entity “nimbsu” is not in this run")
    page.goto(f"{url}?run=wave&board=overveiw")
    expect(notice).to_contain_text("There is no board “overveiw”")


def test_times_are_those_of_the_readers_clock_where_asked_and_tables_are_cards_on_a_phone(
    browser: Browser, url: str
) -> None:
    look: Any = {"viewport": {"width": 390, "height": 844}, "timezone_id": "Asia/Kolkata"}
    with browser.new_context(**look) as context:
        phone = context.new_page()
        phone.goto(f"{url}?run=wave&board=overview&tz=local&from=1610280000&to=1610290800")
        expect(phone.locator("#range")).to_have_text("10 Jan 2021 17:30 – 20:30")
        expect(phone.locator("#zone")).to_have_text("GMT+5:30")
        panel(phone, "entities").scroll_into_view_if_needed()
        second = panel(phone, "entities").locator("tbody td").nth(1)
        expect(second).to_be_visible()
        before = second.evaluate("cell => getComputedStyle(cell, '::before').content")
        assert before == '"Mentions"'


def test_the_ground_is_that_of_the_system_until_it_is_chosen(page: Page, url: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(url + OVERVIEW)
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(ground)
    page.locator("#ground").click()
    page.locator("#ground").click()
    expect(page.locator("#ground")).to_have_attribute("aria-label", "Ground: light")
    assert page.evaluate(ground) != dark
    page.reload()
    expect(page.locator("#ground")).to_have_attribute("aria-label", "Ground: light")
    page.locator("#ground").click()
    page.emulate_media(color_scheme="light")


def test_a_guarded_page_asks_for_its_token_and_opens_by_it(
    browser: Browser, guarded_url: str
) -> None:
    with browser.new_context() as context:
        asked = context.new_page()
        asked.goto(f"{guarded_url}?run=wave")
        asked.get_by_label("Token of this page").fill("a-token-that-is-wrong")
        asked.get_by_role("button", name="Open").click()
        expect(asked.locator("#wrong")).to_have_text("this is not the token of this page")
        asked.get_by_label("Token of this page").fill("invented-token-of-this-test")
        asked.keyboard.press("Enter")
        expect(asked.locator(".stat dd").first).to_be_visible()
        assert asked.url == f"{guarded_url}?run=wave"
    with browser.new_context() as context:
        linked = context.new_page()
        linked.goto(f"{guarded_url}?run=wave#token=invented-token-of-this-test")
        expect(linked.locator(".stat dd").first).to_be_visible()
        assert "token" not in linked.url
