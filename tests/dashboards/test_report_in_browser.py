"""A report in a real browser: it asks for nothing, runs nothing, and fits a phone."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from dashboards.reports.as_html import write_html
from dashboards.reports.compose import compose
from dashboards.reports.draw import draw
from tests.dashboards.invented_facts import candidate, invented_facts

pytestmark = pytest.mark.browser

BROWSERS = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
HOSTILE = "<script>document.title = 'taken'</script><img src=https://elsewhere.example/x.png> " + (
    "W" * 10_000
)


def test_a_hostile_report_shows_text_asks_for_nothing_and_is_no_wider_than_a_phone(
    tmp_path: Path,
) -> None:
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        missing = "no Chromium in the path: apt-get install chromium, or name one in CHROMIUM"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    document = compose(invented_facts(candidates=[candidate(HOSTILE, evidence=["<script>"])]))
    path = tmp_path / "report.html"
    drawings = {one.id: draw(one.spec) for one in document.charts()}
    path.write_text(write_html(document, drawings), "utf-8")
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 380, "height": 800})
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url))
        page.goto(path.as_uri())
        assert wrong == [path.as_uri()]
        assert page.title() == document.title
        assert "<script>document.title" in page.inner_text("blockquote")
        assert page.locator("figure svg").count() == len(document.charts())
        assert page.evaluate("document.documentElement.scrollWidth") <= 380
        browser.close()
