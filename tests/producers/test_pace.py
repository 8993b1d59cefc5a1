"""Speeds, bounds and waiting."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.pace import Pace, check_bounds, parse_bound, parse_speed
from uproar.errors import InputError

BEGAN = datetime(2021, 1, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "speed"), [("60x", 60.0), ("1x", 1.0), ("0.5x", 0.5), ("60", 60.0), ("MAX", None)]
)
def test_a_speed_is_read(text: str, speed: float | None) -> None:
    assert parse_speed(text) == speed


@pytest.mark.parametrize("text", ["", "x", "0x", "-1x", "fast", "1e9x", "60 x x", "infx"])
def test_what_is_no_speed_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="--speed") as refused:
        parse_speed(text)
    assert "60x" in (refused.value.hint or "")


def test_a_bound_with_a_zone_is_moved_to_utc() -> None:
    assert parse_bound("2021-01-18T10:30:00+01:00", "--to").isoformat() == (
        "2021-01-18T09:30:00+00:00"
    )


@pytest.mark.parametrize("text", ["", "monday", "2021-02-30", "0001-01-01T00:00:00+05:00"])
def test_what_is_no_bound_is_refused_by_its_option(text: str) -> None:
    with pytest.raises(InputError, match="--from"):
        parse_bound(text, "--from")


def test_bounds_that_leave_nothing_are_refused() -> None:
    check_bounds(BEGAN, None)
    check_bounds(BEGAN, BEGAN + timedelta(1))
    with pytest.raises(InputError, match="before"):
        check_bounds(BEGAN, BEGAN)


def test_an_hour_at_sixty_times_lasts_a_minute() -> None:
    pace = Pace(60.0)
    assert pace.wait_seconds(BEGAN, 100.0) == 0
    assert pace.wait_seconds(BEGAN + timedelta(hours=1), 100.0) == 60
    assert pace.wait_seconds(BEGAN + timedelta(hours=1), 130.0) == 30
    assert pace.wait_seconds(BEGAN + timedelta(hours=1), 170.0) == 0
    assert pace.reached(130.0) == BEGAN + timedelta(minutes=30)


def test_without_a_speed_nothing_waits() -> None:
    pace = Pace(None)
    assert pace.wait_seconds(BEGAN, 1.0) == 0
    assert pace.wait_seconds(BEGAN + timedelta(days=9), 1.0) == 0
    assert pace.reached(5.0) is None


@given(st.floats(0.01, 1000), st.timedeltas(-timedelta(9), timedelta(9)), st.floats(0, 1e6))
def test_a_wait_is_never_negative_and_ends_when_the_time_is_due(
    speed: float, ahead: timedelta, elapsed: float
) -> None:
    pace = Pace(speed)
    pace.wait_seconds(BEGAN, 0.0)
    wait = pace.wait_seconds(BEGAN + ahead, elapsed)
    assert wait >= 0
    assert pace.wait_seconds(BEGAN + ahead, elapsed + wait) <= 1e-6
