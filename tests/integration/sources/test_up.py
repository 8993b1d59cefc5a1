"""`uproar up` with live sources: nothing is lost to kill -9, and one that fails stops no other."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.sources.relay import Relay, relaying
from uproar.clickhouse import connect
from uproar.errors import StackError
from uproar.operations.notes import read_notes
from uproar.settings import Settings
from uproar.stack.local import attach
from uproar.stack.ports import choose_port

pytestmark = pytest.mark.integration

MOST_SECONDS = 40
CONFIG = """\
entities: [{{id: quillhost, name: Quillhost, aliases: [Quillhost]}}]
sources:
  bluesky: {{url: "{relay}"}}
  rss: {{feeds: ["{feed}", "{feed}/none"], every_seconds: 1}}
  x: {{token_env: NO_SUCH_TOKEN}}
"""


def until(holds: Callable[[], bool], what: str, seconds: float = MOST_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


class Up:
    """A running `uproar up`."""

    def __init__(self, folder: Path, relay: Relay) -> None:
        self.home = folder / "home"
        (folder / "uproar.yaml").write_text(CONFIG.format(relay=relay.url, feed=relay.feed_url))
        self._folder = folder
        self._env = {
            **os.environ,
            "UPROAR_HOME": str(self.home),
            "UPROAR_PAGE_PORT": str(choose_port(0, "a port")),
            "NO_PROXY": "*",
        }
        with (folder / "up.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "uproar", "up"],
                cwd=folder,
                env=self._env,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith(b"http"), (folder / "up.log").read_text()

    def say(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "uproar", *words],
            cwd=self._folder,
            env=self._env,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        client = connect(attach(Settings(home=self.home)).reader_url)
        try:
            return list(client.execute(sql))
        finally:
            client.disconnect()

    def count(self, platform: str) -> int:
        sql = "SELECT count() FROM reactions FINAL WHERE run = 'live' AND platform = "
        try:
            return int(self.ask(f"{sql}'{platform}'")[0][0])
        except StackError:  # its sources ask before it has said where its servers are
            return 0

    def pid(self, name: str) -> int:
        return next((note.pid for note in read_notes(self.home) if note.name == name), 0)

    def end(self, how: signal.Signals = signal.SIGINT) -> None:
        if self._process.poll() is not None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(MOST_SECONDS)
        finally:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()


@pytest.fixture
def relay() -> Iterator[Relay]:
    with relaying(rate=200) as one:
        yield one


@pytest.fixture
def up(tmp_path: Path, relay: Relay) -> Iterator[Up]:
    one = Up(tmp_path, relay)
    yield one
    one.end()


def test_kill_9_of_a_source_loses_no_post_and_a_source_without_its_token_stops_no_other(
    up: Up, relay: Relay
) -> None:
    until(lambda: bool(relay.cursors), "the relay is not asked")
    relay.is_paused = False
    until(lambda: up.count("bluesky") >= 100, "no post arrives")
    until(lambda: up.count("rss") == 3, "no item of the feed arrives")

    killed = up.pid("source-bluesky")
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(relay.cursors) > 1, "it is not started again")
    time.sleep(1)
    relay.is_paused = True
    until(lambda: up.count("bluesky") >= relay.mentions, "posts are missing")
    assert up.count("bluesky") == relay.mentions
    assert relay.cursors[-1] is not None

    def told() -> list[tuple[str, int, int]]:
        sql = "SELECT source, read, kept FROM run_sources WHERE run = 'live' ORDER BY source"
        return [(source, read, kept) for source, read, kept in up.ask(sql)]

    # What was read in the killed life behind the last cursor is read again, and counted once more
    # by nobody: each life counts on from the cursor.
    until(lambda: {s: k for s, _, k in told()}["bluesky"] >= relay.mentions, "no report")
    until(lambda: up.say("reconcile", "live").returncode == 0, up.say("reconcile", "live").stderr)
    sums = [json.loads(line) for line in up.say("reconcile", "live", "--json").stdout.splitlines()]
    repeated = sum(
        one["became"]["edits, deletions, repeats"] for one in sums if one["stage"] == "sink"
    )
    assert repeated > 0
    print(f"{relay.mentions:,} posts and a kill -9: none lost, {repeated:,} repeated")  # noqa: T201

    status = up.say("status", "--json")
    report = json.loads(status.stdout)
    assert status.returncode == 1
    [x] = [one for one in report["sources"] if one["name"] == "x"]
    assert x["state"] == "refused"
    assert "NO_SUCH_TOKEN" in x["why"]
    assert "developer.x.com" in x["hint"]
    states = {one["name"]: one["state"] for one in report["sources"]}
    assert (states["bluesky"], states["rss"]) == ("connected", "connected")
    [feeds] = [one for one in report["sources"] if one["name"] == "rss"]
    assert "404" in feeds["troubles"][0]
    assert any("NO_SUCH_TOKEN" in one for one in report["problems"])
    shown = up.say("status").stdout
    assert "refused" in shown


def test_a_stack_that_is_killed_with_its_broker_goes_on_from_what_is_stored(
    up: Up, relay: Relay, tmp_path: Path
) -> None:
    until(lambda: bool(relay.cursors), "the relay is not asked")
    relay.is_paused = False
    until(lambda: up.count("bluesky") >= 100, "no post arrives")
    up.end(signal.SIGKILL)
    time.sleep(2)
    again = Up(tmp_path, relay)
    try:
        until(lambda: len(relay.cursors) > 1, "the relay is not asked again")
        relay.is_paused = True
        until(lambda: again.count("bluesky") >= relay.mentions, "posts are missing")
        assert again.count("bluesky") == relay.mentions
        until(lambda: again.say("reconcile", "live").returncode == 0, "the sums differ")
    finally:
        again.end()
