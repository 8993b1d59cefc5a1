"""What is usual, where it peaked and when that began, from a series of counts. Pure.

Usual is the median of all steps of the range, silent ones included: an hour of a wave does not
move it. A wave is the stretch around the highest step that stays above three times the usual;
two steps below do not end it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from dashboards.reports.figures import EntityTotals, Step

TIMES_USUAL = 3.0
LEAST_POSTS = 10
"""A step with fewer begins no wave, however quiet it usually is."""
PAUSE_STEPS = 2
LEAST_CALLS = 10
"""Fewer calls against do not put an entity first."""


class Wave(msgspec.Struct, frozen=True, kw_only=True):
    """The course of one entity. `started_at` and `ended_at` are None where nothing stands out."""

    entity: str
    usual: float
    peak: int
    peak_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    mentions: int
    """Within the wave; of the whole range where there is none."""

    @property
    def times_usual(self) -> float | None:
        """How many times the usual the peak is; None where usually nothing is said."""
        return self.peak / self.usual if self.usual else None


def find_wave(
    steps: Iterable[Step], entity: str, from_at: datetime, to_at: datetime, unit_seconds: int
) -> Wave | None:
    """Return the course of an entity; None where nothing was said of it."""
    by_time = {step.time: step.mentions for step in steps if step.entity == entity}
    if not by_time:
        return None
    times = step_times(from_at, to_at, unit_seconds)
    values = [by_time.get(at, 0) for at in times]
    usual = median(values)
    top = max(range(len(values)), key=lambda place: (values[place], -place))
    bound = max(TIMES_USUAL * usual, LEAST_POSTS)
    is_wave = values[top] >= LEAST_POSTS and values[top] > TIMES_USUAL * usual and len(values) > 2
    first, last = _stretch(values, top, bound) if is_wave else (0, len(values) - 1)
    return Wave(
        entity=entity,
        usual=usual,
        peak=values[top],
        peak_at=times[top],
        started_at=times[first] if is_wave else None,
        ended_at=times[last] + timedelta(seconds=unit_seconds) if is_wave else None,
        mentions=sum(values[first : last + 1]),
    )


def step_times(from_at: datetime, to_at: datetime, unit_seconds: int) -> list[datetime]:
    """Return the start of every step of a range, as ClickHouse cuts it: counted from 1970."""
    first = int(from_at.timestamp()) // unit_seconds * unit_seconds
    return [
        datetime.fromtimestamp(at, from_at.tzinfo)
        for at in range(first, int(to_at.timestamp()) + 1, unit_seconds)
    ]


def median(values: Sequence[int]) -> float:
    """Return the middle value.

    >>> median([1, 9, 2]), median([1, 2, 3, 9]), median([])
    (2.0, 2.5, 0.0)
    """
    if not values:
        return 0.0
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    return (ordered[middle - 1] + ordered[middle]) / 2


def leading(entities: Sequence[EntityTotals]) -> str:
    """Name the entity to begin with: most called to act against, else most talked about."""
    called = max(entities, key=lambda one: (one.posts_against, one.mentions))
    if called.posts_against >= LEAST_CALLS:
        return called.entity
    return max(entities, key=lambda one: one.mentions).entity


def _stretch(values: Sequence[int], top: int, bound: float) -> tuple[int, int]:
    first = last = top
    for place in range(top, -1, -1):
        if values[place] >= bound:
            first = place
        elif first - place > PAUSE_STEPS:
            break
    for place in range(top, len(values)):
        if values[place] >= bound:
            last = place
        elif place - last > PAUSE_STEPS:
            break
    return first, last
