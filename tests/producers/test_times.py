"""Reading the times that inputs claim."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.parsed import Unreadable
from producers.times import read_time

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MOMENT = datetime(2021, 1, 18, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "claimed",
    [
        "2021-01-18T09:30:00Z",
        "2021-01-18T09:30:00z",
        "2021-01-18T09:30:00.000Z",
        "2021-01-18T10:30:00+01:00",
        "2021-01-18 01:30:00 -0800",
        "2021-01-18 09:30:00",
        "2021-01-18 09:30:00 UTC",
        " 2021-01-18T09:30:00Z ",
        "Mon Jan 18 09:30:00 +0000 2021",
        "Mon Jan 18 15:00:00 +0530 2021",
        1610962200,
        1610962200.0,
        "1610962200",
        "1610962200.0",
    ],
)
def test_one_moment_is_read_from_every_way_to_write_it(claimed: str | float) -> None:
    assert read_time(claimed, NOW) == MOMENT


@pytest.mark.parametrize(
    ("claimed", "reason"),
    [
        (None, "no-time"),
        ("", "no-time"),
        ("yesterday", "bad-time"),
        ("   ", "bad-time"),
        ("2021-02-30", "bad-time"),
        ("Mon Foo 18 09:30:00 +0000 2021", "bad-time"),
        ("Mon Jan 18 09:30:00 +9900 2021", "bad-time"),
        ("²", "bad-time"),
        (0, "time-out-of-range"),
        ("1989-12-31T23:59:59Z", "time-out-of-range"),
        ("9999-12-31T23:59:59Z", "time-out-of-range"),
        ("9999-12-31T23:59:59-05:00", "time-out-of-range"),
        ("0001-01-01T00:00:00+05:00", "time-out-of-range"),
        (1610962200000, "time-out-of-range"),
        (10**30, "time-out-of-range"),
        ("9" * 400, "time-out-of-range"),
        (float("inf"), "time-out-of-range"),
        (float("nan"), "time-out-of-range"),
    ],
)
def test_what_is_no_usable_time_has_a_reason(claimed: str | float | None, reason: str) -> None:
    found = read_time(claimed, NOW)
    assert isinstance(found, Unreadable)
    assert found.reason == reason
    assert len(found.detail) < 300


def test_two_days_ahead_is_the_last_usable_moment() -> None:
    last = NOW + timedelta(days=2)
    assert read_time(last.isoformat(), NOW) == last
    assert isinstance(read_time((last + timedelta(seconds=1)).isoformat(), NOW), Unreadable)


@given(st.text() | st.integers() | st.floats() | st.none())
def test_nothing_that_is_claimed_raises(claimed: str | float | None) -> None:
    found = read_time(claimed, NOW)
    assert isinstance(found, Unreadable) or found.tzinfo is UTC


@given(st.datetimes(datetime(1990, 1, 1), datetime(2026, 6, 1)))  # noqa: DTZ001
def test_what_iso_8601_writes_is_read_back(time: datetime) -> None:
    assert read_time(time.isoformat(), NOW) == time.replace(tzinfo=UTC)
