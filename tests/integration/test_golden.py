"""The golden run: the demo recording in; exact rows, totals and dead letters out.

The answers are computed here from the recording alone, in the plainest way: no Kafka, no
ClickHouse, none of our readers of formats. Only what a post says is asked of the product's own
reading, for the question is whether the pipeline stores just that, once. What is killed on the way
is the business of `tests/chaos`.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from clickhouse_driver.errors import ErrorCodes, ServerException

from streams.assess import Reader
from uproar.clickhouse import connect
from uproar.config_file import read_config
from uproar.errors import StackError
from uproar.records import Post
from uproar.settings import Settings
from uproar.stack.local import attach, stack

pytestmark = pytest.mark.integration

DEMO = Path(__file__).parents[2] / "producers" / "demo"
RECORDING = DEMO / "recording.jsonl.zst"
CONFIG = DEMO / "uproar.yaml"
RUN = "golden"

UNREADABLE = {
    "no-text": 3,
    "truncated-line": 3,
    "not-utf8": 2,
    "time-out-of-range": 2,
    "wrong-shape": 2,
}
"""What `producers.demo.blemishes` put in."""

BEGINNING_LINES = 3_000
"""Enough for edits, deletions and unreadable lines, and soon read, where something is killed."""
PACE = "15000x"
"""A day in some six seconds: time to kill something half-way."""

NOT_THERE_YET = (ErrorCodes.UNKNOWN_DATABASE, ErrorCodes.UNKNOWN_TABLE)

Answers = dict[str, Any]


def lines(recording: Path) -> list[bytes]:
    return zstandard.decompress(recording.read_bytes(), 2**28).splitlines()


def write_beginning(folder: Path, count: int) -> Path:
    """Write the first lines of the recording to a file of their own."""
    path = folder / "beginning.jsonl.zst"
    path.write_bytes(zstandard.compress(b"\n".join(lines(RECORDING)[:count]) + b"\n"))
    return path


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_beginning(tmp_path_factory.mktemp("recording"), BEGINNING_LINES)


def usable(line: bytes) -> dict[str, Any] | None:
    """Read a line; None for those that are broken on purpose."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    is_of_its_time = str(record.get("created_at")).startswith("2021-")
    return record if record.get("deleted") or (is_of_its_time and _has_text(record)) else None


def _has_text(record: dict[str, Any]) -> bool:
    return isinstance(record.get("text"), str)


def to_post(record: dict[str, Any]) -> Post:
    at = datetime.fromisoformat(record["created_at"]).astimezone(UTC)
    return Post(
        run=RUN, platform=record["platform"], post_id=record["id"], author=record["author"],
        text=record["text"], created_at=at, observed_at=at, received_at=at,
        revision=record.get("revision", 0), lang=record.get("lang"),
        repost_of=record.get("repost_of"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def expected(beginning: Path) -> Answers:
    return expected_answers(beginning)


def expected_answers(recording: Path) -> Answers:
    """Rows, minute totals and dead letters that a recording must come to."""
    newest: dict[tuple[str, str], Post] = {}
    first_at: dict[tuple[str, str], datetime] = {}
    deleted: set[tuple[str, str]] = set()
    reader = Reader(read_config(CONFIG).entities)
    read = {}
    unreadable = []
    for number, line in enumerate(lines(recording), start=1):
        record = usable(line)
        if record is None:
            unreadable.append(number)
            continue
        key = (record["platform"], record["id"])
        if record.get("deleted"):
            deleted.add(key)
            continue
        post = to_post(record)
        reaction = reader.read(post)
        if post.revision or reaction.entities:
            first_at[key] = min(first_at.get(key, post.observed_at), post.observed_at)
        if key not in newest or post.revision >= newest[key].revision:
            newest[key], read[key] = post, reaction
    rows = set()
    totals: defaultdict[Any, Counter[str]] = defaultdict(Counter)
    authors = defaultdict(set)
    for key, reaction in read.items():
        if key in deleted:
            continue
        post = newest[key]
        for entity in reaction.entities:
            at = first_at[key]
            mood = entity.sentiment
            rows.add((entity.entity, *key, post.revision, at, mood.label if mood else "unread"))
            place = (entity.entity, at.replace(second=0), post.platform, reaction.lang)
            authors[place].add(post.author)
            counted = (mood.label if mood.is_sure else "unsure") if mood else "unread"
            totals[place] += Counter(["posts", counted])
            totals[place]["reposts"] += post.repost_of is not None
            totals[place]["calling"] += bool(entity.calls)
            totals[place] += Counter({f"{call.action} {call.direction}" for call in entity.calls})
    return {
        "rows": rows,
        "totals": {
            place: +count | {"authors": len(authors[place])} for place, count in totals.items()
        },
        "dead letters": unreadable,
    }


def found(home: Path) -> Answers:
    """Read the same from the tables."""
    with stack(Settings(home=home)) as running:
        client = connect(running.endpoints.clickhouse_url)
        rows = client.execute(
            "SELECT entity, platform, post_id, version, observed_at, sentiment_label "
            "FROM reactions FINAL WHERE run = %(run)s",
            {"run": RUN},
        )
        totals = client.execute(
            "SELECT entity, minute, platform, lang, posts, reposts, negative, neutral, positive, "
            "unsure, unread, calling, finalizeAggregation(authors), calls "
            "FROM reactions_by_minute FINAL WHERE run = %(run)s",
            {"run": RUN},
        )
        letters = client.execute(
            "SELECT position FROM dead_letters FINAL WHERE run = %(run)s ORDER BY position",
            {"run": RUN},
        )
        client.disconnect()
    names = (
        "posts", "reposts", "negative", "neutral", "positive", "unsure", "unread", "calling",
    )  # fmt: skip
    return {
        "rows": {(*row[:4], row[4], row[5]) for row in rows},
        "totals": {
            tuple(row[:4]): +Counter(dict(zip(names, row[4:12], strict=True)))
            | Counter(row[13])
            | {"authors": row[12]}
            for row in totals
        },
        "dead letters": [position for (position,) in letters],
        "row count": len(rows),
    }


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Replay:
    """`uproar replay` as a process, in a folder of its own."""

    def __init__(self, home: Path, speed: str, recording: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "uproar", "--config", str(CONFIG), "replay", str(recording),
             "--run", RUN, "--speed", speed],
            # A port of its own: two that start at once would both take the usual one.
            env={**os.environ, "UPROAR_HOME": str(home), "UPROAR_PAGE_PORT": str(free_port())},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    def stage(self, name: str) -> int:
        """Return the id of the process that runs a stage."""
        deadline = time.monotonic() + 60
        threads = Path(f"/proc/{self.process.pid}/task")
        while time.monotonic() < deadline:
            for child in " ".join(f.read_text() for f in threads.glob("*/children")).split():
                command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                if name.encode() in command[-3:]:  # a dead one that is not collected has none
                    return int(child)
            time.sleep(0.05)
        raise AssertionError(f"no {name} was started")

    def end(self, status: int) -> str:
        """Wait until it ends with that status; return what it printed."""
        printed, told = self.process.communicate(timeout=240)
        assert self.process.returncode == status, told
        return printed


@pytest.fixture
def replay(home: Path, beginning: Path) -> Iterator[Callable[..., Replay]]:
    started: list[Replay] = []

    def start(speed: str = "max", recording: Path = beginning) -> Replay:
        started.append(Replay(home, speed, recording))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


def until_stored(home: Path, posts: int) -> None:
    """Wait until the running stack has stored some, so that what follows strikes half-way."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(StackError):  # it is not up yet
            client = connect(attach(Settings(home=home)).clickhouse_url)
            try:
                ((stored,),) = client.execute("SELECT count() FROM reactions FINAL")
            except ServerException as error:
                assert error.code in NOT_THERE_YET, error
            else:
                if stored >= posts:
                    return
            finally:
                client.disconnect()
        time.sleep(0.1)
    raise AssertionError(f"{posts} posts were never stored")


def agree(home: Path, expected: Answers) -> None:
    answers = found(home)
    assert answers["row count"] == len(expected["rows"])
    for part, wanted in expected.items():
        assert answers[part] == wanted, part


def test_the_recording_comes_to_exactly_its_posts(
    home: Path, replay: Callable[..., Replay]
) -> None:
    printed = replay(recording=RECORDING).end(0)
    expected = expected_answers(RECORDING)
    assert len(expected["dead letters"]) == sum(UNREADABLE.values())
    for reason, count in UNREADABLE.items():
        assert any(line.split() == [reason, str(count)] for line in printed.splitlines())
    agree(home, expected)


def test_the_same_replay_again_changes_nothing(
    home: Path, replay: Callable[..., Replay], expected: Answers
) -> None:
    printed = replay().end(0)
    agree(home, expected)
    assert replay().end(0) == printed
    agree(home, expected)


def test_a_replay_interrupted_half_way_goes_on_with_the_same_command(
    home: Path, replay: Callable[..., Replay], expected: Answers
) -> None:
    first = replay(PACE)
    until_stored(home, 800)
    first.process.send_signal(signal.SIGINT)
    first.end(130)
    assert 0 < found(home)["row count"] < len(expected["rows"])
    replay().end(0)
    agree(home, expected)
