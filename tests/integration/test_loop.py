"""A replay that loops, and one that stands still, as somebody who shows Uproar uses them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clickhouse_driver.errors import ServerException

from tests.integration.test_golden import free_port
from uproar.clickhouse import connect
from uproar.errors import StackError
from uproar.settings import Settings
from uproar.stack.local import attach

pytestmark = pytest.mark.integration

POSTS = 40
CONFIG = "entities:\n  - {id: quillhost, name: Quillhost}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "uproar.yaml").write_text(CONFIG)
    lines = [
        json.dumps({"id": str(n), "text": f"Quillhost {n}", "created_at": 1610962200 + 10 * n})
        for n in range(POSTS)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    return tmp_path


def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ, "UPROAR_HOME": str(folder / "home"), "UPROAR_PAGE_PORT": str(free_port()),
        "UPROAR_SENTIMENT": "vader",
    }  # fmt: skip


def uproar(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "uproar", *words],
        cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def looping(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """400 s of the past in 27 s, again and again."""
    process = subprocess.Popen(
        [sys.executable, "-m", "uproar", "replay", "a.jsonl", "--loop", "--speed", "15x"],
        cwd=folder, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


def stored(folder: Path) -> int:
    try:
        client = connect(attach(Settings(home=folder / "home")).clickhouse_url)
        ((count,),) = client.execute("SELECT count() FROM reactions FINAL WHERE run = 'a'")
        client.disconnect()
    except (StackError, ServerException, OSError, EOFError):
        return 0
    return int(count)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_demonstration_stands_still_when_asked_and_begins_again_into_an_empty_run(
    folder: Path, looping: "subprocess.Popen[str]"
) -> None:
    until(lambda: stored(folder) >= 2)
    uproar(folder, "runs", "pause", "a")
    time.sleep(2)
    still = stored(folder)
    time.sleep(3)
    assert stored(folder) == still < POSTS
    uproar(folder, "runs", "resume", "a")
    until(lambda: stored(folder) == POSTS)
    until(lambda: 0 < stored(folder) < POSTS)
    looping.send_signal(signal.SIGINT)
    _, told = looping.communicate(timeout=60)
    assert looping.returncode == 130, told


def test_a_run_that_holds_what_other_files_brought_is_not_dropped_by_a_loop(folder: Path) -> None:
    (folder / "b.jsonl").write_text((folder / "a.jsonl").read_text())
    uproar(folder, "replay", "a.jsonl", "--run", "mine")
    done = subprocess.run(
        [sys.executable, "-m", "uproar", "replay", "b.jsonl", "--run", "mine", "--loop"],
        cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "holds what other files brought" in done.stderr
