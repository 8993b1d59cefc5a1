"""`make picture`: draw docs/page.png, the README's picture, from the demo recording.

With a folder as its argument it also draws every board there: on light and on dark ground, and as a
phone shows it. Needs Chromium and the development dependencies. Everything it starts is stopped.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from dashboards.boards import BOARDS

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "producers" / "demo"
UPROAR = [sys.executable, "-m", "uproar", "--config", str(DEMO / "uproar.yaml")]
VIEW = "?run=demo&board={board}&entity={entity}"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 1150}},
    "dark": {"viewport": {"width": 1280, "height": 1150}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
}
SETTLE_MILLISECONDS = 1_000


def main(folder: Path | None) -> None:
    """Replay the recording into a stack of its own, and photograph the page."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "UPROAR_HOME": home}
        with subprocess.Popen([*UPROAR, "up"], env=env, stdout=subprocess.PIPE, text=True) as up:
            try:
                assert up.stdout is not None
                url = up.stdout.readline().strip()
                replay = ["replay", str(DEMO / "recording.jsonl.zst"), "--run", "demo"]
                subprocess.run([*UPROAR, *replay], env=env, check=True)
                photograph(url, folder)
            finally:
                up.send_signal(signal.SIGTERM)


def photograph(url: str, folder: Path | None) -> None:
    """Write what a browser shows of the page at an address."""
    chromium = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    flags = ["--no-sandbox", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        take(browser, url + view("entity"), "light", ROOT / "docs" / "page.png")
        for board in BOARDS if folder else ():
            for look in LOOKS:
                assert folder is not None
                out = folder / f"{board.id}-{look}.png"
                take(browser, url + view(board.id), look, out, is_whole=True)
        browser.close()


def view(board: str) -> str:
    """Return the query of a board's address."""
    return VIEW.format(board=board, entity="epik" if board == "entity" else "")


def take(browser: Browser, url: str, look: str, out: Path, *, is_whole: bool = False) -> None:
    """Write one picture: of what is seen first, or of the whole board."""
    with browser.new_context(**LOOKS[look]) as context:
        page = context.new_page()
        page.goto(url)
        page.locator(".stat dd, tbody tr").first.wait_for()
        if is_whole:  # panels ask when they come near
            width: int = LOOKS[look]["viewport"]["width"]
            tall = page.evaluate("document.documentElement.scrollHeight") + 4000
            page.set_viewport_size({"width": width, "height": tall})
            expect(page.locator(".waiting")).to_have_count(0, timeout=60_000)
            page.wait_for_timeout(SETTLE_MILLISECONDS)
            tall = page.evaluate(
                "document.querySelector('body > footer').getBoundingClientRect().bottom"
            )
            page.set_viewport_size({"width": width, "height": round(tall)})
        page.wait_for_timeout(SETTLE_MILLISECONDS)
        page.screenshot(path=out)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
