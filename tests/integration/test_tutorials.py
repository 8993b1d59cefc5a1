"""The three tutorials, followed word for word: each command on their pages is run."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
TUTORIALS = ROOT / "docs" / "tutorials"
BLOCK = re.compile(r"(?P<stays><!-- stays up -->\n)?```console\n(?P<text>.*?)```", re.DOTALL)
MOST_SECONDS = 120


def commands(page: str) -> Iterator[tuple[str, bool]]:
    """Yield the commands of a page in order, and whether each stays up."""
    text = (TUTORIALS / f"{page}.md").read_text("utf-8")
    for block in BLOCK.finditer(text):
        for command in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
            yield command, block["stays"] is not None


def test_who_follows_the_three_tutorials_gets_what_they_promise(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "UPROAR_HOME": str(tmp_path / "home"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "COLUMNS": "200",
    }
    folder = tmp_path / "project"
    folder.mkdir()
    stays: list[subprocess.Popen[str]] = []
    said: dict[str, str] = {}
    try:
        for page in ("watch", "replay", "alert"):
            for command, stays_up in commands(page):
                if command.startswith("cat > uproar.yaml"):  # nobody is to be asked in a test
                    command = command.replace("  bluesky: {} ", "  {}\n    # ")
                if stays_up:
                    stays.append(_started(command, folder, environment))
                    continue
                done = subprocess.run(
                    ["bash", "-c", command], cwd=folder, env=environment, text=True,
                    capture_output=True, timeout=MOST_SECONDS, check=False,
                )  # fmt: skip
                assert done.returncode == 0, f"{page}: {command}\n{done.stdout}{done.stderr}"
                said[command.split("\n")[0]] = done.stdout + done.stderr
    finally:
        for process in stays:
            process.send_signal(signal.SIGINT)
        for process in stays:
            process.communicate(timeout=MOST_SECONDS)

    def answer(start: str) -> str:
        return next(text for command, text in said.items() if command.startswith(start))

    assert "400" in answer("uproar replay march.jsonl --dry-run")
    assert "live" in answer("uproar top --once")
    assert "The crowd turns" in answer("uproar alerts backtest")
    assert "above=8" in answer("uproar alerts history").replace(" ", "").replace('"', "")
    assert "calls" in answer("uproar alerts list --run march --fired")
    assert "holds" in answer("uproar alerts explain")
    assert (folder / "march.md").read_text("utf-8").count("Quillhost") > 3


def _started(command: str, folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start what stays up, and return when it is."""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command}"], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    deadline = time.monotonic() + MOST_SECONDS
    while not process.stdout.readline().startswith("http://"):
        assert process.poll() is None, f"{command} ended"
        assert time.monotonic() < deadline, f"{command} does not come up"
    return process
