"""What `uproar status` calls wrong, and what it does not."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from uproar.operations.report import (
    Letters,
    ProcessState,
    Report,
    RunState,
    ServerState,
    problems_of,
)
from uproar.operations.sources import SourceNote
from uproar.operations.waits import On, Wait

NOW = datetime(2026, 1, 18, 12, 0, tzinfo=UTC)
SINK = ProcessState(name="sink", stage="sink", pid=7, runs=True, up_seconds=60, restarts=0)
RUN = RunState(
    run="january",
    state="running",
    read=10,
    kept=5,
    dead_letters=0,
    observed_before=datetime(2021, 1, 18, tzinfo=UTC),
    stored_at=NOW - timedelta(seconds=2),
    is_finished=False,
)


def problems(**parts: object) -> list[str]:
    return list(problems_of(msgspec.structs.replace(Report(at=NOW), **parts)))


def test_nothing_is_wrong_with_a_replay_of_the_past_that_goes_on() -> None:
    server = ServerState(name="Kafka", address="127.0.0.1:9092")
    assert problems(servers=(server,), processes=(SINK,), runs=(RUN,)) == []


def test_a_server_that_does_not_answer_comes_first() -> None:
    server = ServerState(name="Kafka", address="127.0.0.1:9092", problem="does not answer")
    gone = msgspec.structs.replace(SINK, runs=False)
    first, second = problems(servers=(server,), processes=(gone,))
    assert first == "Kafka at 127.0.0.1:9092: does not answer"
    assert second == "sink is gone: process 7 does not run any more"


@pytest.mark.parametrize(
    ("on", "seconds", "is_wrong"),
    [("clickhouse", 35, True), ("clickhouse", 2, False), ("pipeline", 35, False)],
)
def test_a_long_wait_is_wrong_but_for_that_of_a_producer_for_the_pipeline(
    on: On, seconds: int, *, is_wrong: bool
) -> None:
    wait = Wait(on=on, what="ClickHouse is away", since=NOW - timedelta(seconds=seconds))
    found = problems(processes=(msgspec.structs.replace(SINK, waits=(wait,)),))
    assert found == (["sink has been waiting for 35 s: ClickHouse is away"] if is_wrong else [])


def test_a_run_of_which_nothing_is_stored_any_more_is_late_unless_it_ended() -> None:
    silent = msgspec.structs.replace(RUN, stored_at=NOW - timedelta(seconds=45))
    (found,) = problems(runs=(silent,))
    assert found.startswith("run january is late: nothing of it was stored for 45 s")
    assert problems(runs=(msgspec.structs.replace(silent, state="interrupted"),)) == []
    assert problems(runs=(msgspec.structs.replace(silent, is_finished=True),)) == []


def test_what_is_live_must_keep_up_with_the_clock() -> None:
    late = msgspec.structs.replace(RUN, run="live", observed_before=NOW - timedelta(seconds=90))
    assert problems(runs=(late,)) == ["run live is 90 s behind: its watermark does not keep up"]


def test_dead_letters_are_wrong_where_they_tell_of_a_bug_of_ours() -> None:
    def letters(reason: str) -> tuple[Letters, ...]:
        return (Letters(stage="streams", reason=reason, letters=3, last_at=NOW),)

    assert problems(dead_letters=letters("no-text")) == []
    assert len(problems(dead_letters=letters("reading-failed"))) == 1


SOURCE = SourceNote(
    name="mastodon:town.example",
    platform="mastodon",
    pid=7,
    state="connected",
    since=NOW,
    told_at=NOW,
    heard_at=NOW,
)


def test_a_source_that_is_refused_is_wrong_at_once_and_says_what_to_do() -> None:
    source = msgspec.structs.replace(
        SOURCE, state="refused", why="HTTP 401", hint="make another token"
    )
    assert problems(sources=(SOURCE,)) == []
    assert problems(sources=(source,)) == [
        "the source mastodon:town.example is refused, HTTP 401: make another token"
    ]


@pytest.mark.parametrize(("seconds", "is_wrong"), [(5, False), (90, True)])
def test_a_source_that_reconnects_is_wrong_only_when_it_brings_nothing_for_long(
    seconds: int, *, is_wrong: bool
) -> None:
    heard_at = NOW - timedelta(seconds=seconds)
    source = msgspec.structs.replace(SOURCE, state="waiting", why="HTTP 503", heard_at=heard_at)
    assert bool(problems(sources=(source,))) == is_wrong


def test_a_feed_that_cannot_be_read_is_named_though_the_others_can() -> None:
    source = msgspec.structs.replace(SOURCE, troubles=("https://news.example/: HTTP 404",))
    [problem] = problems(sources=(source,))
    assert "https://news.example/: HTTP 404" in problem


def test_a_full_disk_is_foretold() -> None:
    assert len(problems(disk_free_share=0.02)) == 1
    assert problems(disk_free_share=0.5) == []
