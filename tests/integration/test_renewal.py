"""The local broker is emptied in the midst of a replay, again and again, and nothing is lost."""

import json
import socket
import time
from pathlib import Path

import pytest

from uproar import metrics
from uproar.cli.invocation import Invocation
from uproar.cli.replaying import Request, replay_into
from uproar.cli.stages import PipelineStages
from uproar.clickhouse import connect
from uproar.config_file import read_config
from uproar.stack.local import stack
from uproar.stack.memory import resident_bytes

pytestmark = pytest.mark.integration

POSTS = 3_000
SPEED = 120.0
"""An hour in half a minute."""
FULL_AFTER_SECONDS = 3.0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def invocation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invocation:
    (tmp_path / "uproar.yaml").write_text("entities: [{id: epik, name: Epik}]\n")
    with (tmp_path / "posts.jsonl").open("w") as file:
        for number in range(POSTS):
            post = {
                "platform": "mastodon",
                "id": str(number),
                "author": f"author-{number % 90}",
                "text": f"Epik is a registrar, says number {number}",
                "created_at": f"2021-01-18T12:{number * 60 // POSTS:02}:{number % 60:02}Z",
            }
            file.write(json.dumps(post) + "\n")
    monkeypatch.setenv("UPROAR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("UPROAR_SENTIMENT", "vader")
    monkeypatch.setenv("UPROAR_PAGE_PORT", str(free_port()))
    return Invocation(tmp_path / "uproar.yaml")


class Fullness:
    """Says of a broker that it is full every few seconds, until it has been started anew."""

    def __init__(self) -> None:
        self._emptied_at: float | None = None
        self._pid: int | None = None

    def begin(self) -> None:
        self._emptied_at = time.monotonic()

    def memory(self, pid: int | None) -> int:
        """Stand in for the broker's memory: what it really holds would take minutes to grow."""
        now = time.monotonic()
        if pid != self._pid:
            self._pid = pid
            if self._emptied_at is not None:
                self._emptied_at = now
        is_full = self._emptied_at is not None and now - self._emptied_at > FULL_AFTER_SECONDS
        return 10**12 if is_full else resident_bytes(pid)


def renewals() -> float:
    return metrics.REGISTRY.get_sample_value("uproar_renewals_total") or 0.0


def test_a_replay_goes_on_through_every_emptying_and_all_of_it_is_stored_once(
    invocation: Invocation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fullness = Fullness()
    monkeypatch.setattr("uproar.stack.upkeep.resident_bytes", fullness.memory)
    settings = invocation.settings
    before = renewals()
    request = Request(files=(tmp_path / "posts.jsonl",), run="renewed", speed=SPEED)
    with stack(settings, PipelineStages(settings, invocation.config)) as running:
        port = running.note.kafka_port
        fullness.begin()
        config = read_config(invocation.config)
        report = replay_into(running, settings, config, request)
        assert report.kept == POSTS
        assert renewals() - before >= 2
        assert running.endpoints.kafka.brokers == (f"127.0.0.1:{port}",)
        client = connect(running.endpoints.clickhouse_url)
        try:
            sql = "SELECT count(), uniqExact(post_id) FROM reactions FINAL WHERE run = 'renewed'"
            assert client.execute(sql) == [(POSTS, POSTS)]
            totals = "SELECT sum(posts) FROM reactions_by_minute FINAL WHERE run = 'renewed'"
            assert client.execute(totals) == [(POSTS,)]
        finally:
            client.disconnect()
