"""Mutes, as people write them."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from uproar.mutes import MUTE, covers

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def hours(mute: str, start: datetime = MONDAY, length: int = 24 * 7) -> list[int]:
    """Return which hours of a week a mute covers."""
    return [hour for hour in range(length) if covers(mute, start + timedelta(hours=hour))]


@pytest.mark.parametrize(
    ("mute", "covered"),
    [
        ("tue", list(range(24, 48))),
        ("sat-sun", list(range(120, 168))),
        ("sun-mon", [*range(24), *range(144, 168)]),
        ("sat-fri", list(range(168))),
    ],
)
def test_days_are_whole_and_may_run_over_the_week_s_end(mute: str, covered: list[int]) -> None:
    assert hours(mute) == covered


def test_times_hold_every_day_and_may_run_past_midnight() -> None:
    assert hours("09:00-11:00", length=24) == [9, 10]
    assert hours("22:00-06:00", length=24) == [0, 1, 2, 3, 4, 5, 22, 23]
    assert hours("00:00-00:00", length=24) == list(range(24))


def test_times_past_midnight_belong_to_the_day_on_which_they_begin() -> None:
    assert hours("fri 22:00-02:00") == [118, 119, 120, 121]
    assert hours("mon-tue 23:00-01:00") == [23, 24, 47, 48]
    assert hours("sun 23:00-01:00") == [0, 167]


def test_the_end_is_not_covered() -> None:
    assert covers("09:00-11:00", MONDAY.replace(hour=10, minute=59))
    assert not covers("09:00-11:00", MONDAY.replace(hour=11))


def test_dates_include_the_last_day() -> None:
    assert hours("2026-03-03/2026-03-04") == list(range(24, 72))


@pytest.mark.parametrize(
    "text",
    ["", "foo", "sat-", "25:00-26:00", "22:00", "sat 22:00", "2026-13-01/2026-13-02", "sat-sun\n",
     "2026-12-24", "mon,tue"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    assert not re.match(MUTE, text)
    with pytest.raises(ValueError, match="no such mute"):
        covers(text, MONDAY)
