"""What `uproar top` shows of invented minutes."""

import os
import sys
import termios
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from dashboards.top import Pulse, heading, ordered, pulses, window
from dashboards.trust import State, Trust
from uproar.cli.keys import keys
from uproar.cli.top import Reading, drawn

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def trust(**changes: Any) -> Trust:
    given: dict[str, Any] = {
        "run": "live", "state": "current", "sentence": "", "watermark": NOON,
        "first_at": NOON - 90 * MINUTE, "last_at": NOON, "behind_seconds": 3.0,
        "silent_seconds": 3.0, "dead_letters": 0, "read_records": 9, "kept_posts": 9, "stamp": "",
    }  # fmt: skip
    return Trust(**{**given, **changes})


def minute(entity: str, ago: int, mentions: int, **changes: int) -> dict[str, Any]:
    return {
        "entity": entity, "minute": NOON - ago * MINUTE, "mentions": mentions,
        "negative_posts": 0, "sure_posts": 0, "posts_against": 0, **changes,
    }  # fmt: skip


def reading(**changes: Any) -> Reading:
    rows = [minute("nimbus", ago, 30 - ago, posts_against=1) for ago in range(20)]
    found = pulses(rows, [{"entity": "nimbus", "expected": 2.0}], [], NOON)
    given: dict[str, Any] = {"trust": trust(), "last": NOON, "pulses": found}
    return Reading(**{**given, **changes})


def printed(shown: Reading, width: int) -> str:
    console = Console(width=width, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(drawn(shown, "posts", width))
    return capture.get()


def test_the_newest_minute_is_the_last_whole_one_before_the_watermark() -> None:
    clock = NOON + timedelta(seconds=40)
    assert window(trust(watermark=NOON + timedelta(seconds=30)), clock) == (
        NOON - 60 * MINUTE,
        NOON - MINUTE,
    )


def test_what_the_watermark_has_not_reached_is_not_shown_as_calm() -> None:
    late = trust(watermark=NOON - 10 * MINUTE, state="late", behind_seconds=600.0)
    span = window(late, NOON)
    assert span
    assert span[1] == NOON - 11 * MINUTE
    assert heading(late, span[1]) == (
        "live at 2021-01-18 11:50 UTC: LATE by 10 min, this is not calm",
        True,
    )


def test_a_finished_replay_shows_its_last_hour() -> None:
    span = window(trust(run="january", state="finished"), NOON + timedelta(days=900))
    assert span
    assert span[1] == NOON


def test_a_run_without_rows_has_no_window() -> None:
    assert window(trust(last_at=None, watermark=None), NOON) is None
    assert heading(trust(), None) == ("live: nothing is stored yet", False)


def test_silent_minutes_count_as_none_and_shares_are_those_of_a_quarter_of_an_hour() -> None:
    rows = [
        minute("nimbus", 0, 4, negative_posts=3, sure_posts=4, posts_against=2),
        minute("nimbus", 14, 1, negative_posts=0, sure_posts=1, posts_against=1),
        minute("nimbus", 15, 9, negative_posts=9, sure_posts=9, posts_against=9),
    ]
    (one,) = pulses(rows, [], [], NOON)
    assert (one.now, one.mentions, one.calls, one.negative_share) == (4, 14, 3, 0.6)
    assert len(one.course) == 60
    assert one.expected is None


def test_an_entity_with_an_open_alert_is_shown_even_if_nothing_is_said() -> None:
    (one,) = pulses([], [], [{"entity": "nimbus", "signals": ["volume"]}], NOON)
    assert (one.entity, one.now, one.alerts) == ("nimbus", 0, ("volume",))


def test_entities_are_sorted_as_asked() -> None:
    def pulse(name: str, **given: Any) -> Pulse:
        values: dict[str, Any] = {
            "entity": name, "now": 0, "expected": None, "course": [0] * 60, "mentions": 0,
            "negative_share": None, "calls": 0, "alerts": (),
        }  # fmt: skip
        return Pulse(**{**values, **given})

    one = pulse("a", course=[*[0] * 59, 9])
    found = [one, pulse("b", calls=3), pulse("c", negative_share=0.5)]
    assert [ordered(found, by)[0].entity for by in ("posts", "calls", "negative", "name")] == [
        "a", "b", "c", "a",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [30, 45, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = printed(reading(about_run=["late"]), width).splitlines()
    assert max(map(len, lines)) <= width
    assert "nimbus" in "".join(lines)


def test_a_name_from_outside_moves_no_cursor() -> None:
    shown = reading(pulses=pulses([minute("a\x1b[2Jb", 0, 1)], [], [], NOON))
    assert "\x1b[2J" not in printed(shown, 120)


@pytest.mark.parametrize("state", ["late", "interrupted"])
def test_what_is_not_current_is_said_first(state: State) -> None:
    first = printed(reading(trust=trust(state=state, behind_seconds=300.0)), 120).splitlines()[0]
    assert "LATE by 5 min" in first or "newer posts are missing" in first


def test_an_hour_without_posts_says_so() -> None:
    assert "No posts in the last hour" in printed(reading(pulses=[]), 80)


def test_keys_come_one_by_one_and_the_terminal_is_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leader, follower = os.openpty()
    before = termios.tcgetattr(follower)
    with open(follower, closefd=False) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        with keys() as next_key:
            assert next_key(0.0) == ""
            os.write(leader, b"sq")
            assert [next_key(5.0), next_key(5.0)] == ["s", "q"]
    assert termios.tcgetattr(follower) == before
    os.close(leader)
    os.close(follower)
