"""`make picture`: draw docs/page.png, the README's picture, from the demo recording.

Needs Chromium and the development dependencies. Everything it starts is stopped.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "producers" / "demo"
UPROAR = [sys.executable, "-m", "uproar", "--config", str(DEMO / "uproar.yaml")]
VIEW = "?run=demo&board=entity&entity=epik"
SETTLE_MILLISECONDS = 2_000


def main() -> None:
    """Replay the recording into a stack of its own, and photograph the page."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "UPROAR_HOME": home}
        with subprocess.Popen([*UPROAR, "up"], env=env, stdout=subprocess.PIPE, text=True) as up:
            try:
                assert up.stdout is not None
                url = up.stdout.readline().strip()
                replay = ["replay", str(DEMO / "recording.jsonl.zst"), "--run", "demo"]
                subprocess.run([*UPROAR, *replay], env=env, check=True)
                photograph(url + VIEW, ROOT / "docs" / "page.png")
            finally:
                up.send_signal(signal.SIGTERM)


def photograph(url: str, out: Path) -> None:
    """Write what a browser shows at an address."""
    chromium = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    flags = ["--no-sandbox", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 1150})
        page.goto(url)
        page.wait_for_timeout(SETTLE_MILLISECONDS)
        page.screenshot(path=out)
        browser.close()


if __name__ == "__main__":
    main()
