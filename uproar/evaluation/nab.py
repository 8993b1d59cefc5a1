"""The scoring rule of the Numenta Anomaly Benchmark, standard profile: alerts in, a score out.

Written from its publication (Lavin and Ahmad 2015, arXiv:1510.03336) and NAB's version 1.1:
the first 15 % of a series, and at most 750 rows, are for learning and do not count. Of the alerts
in a labelled window the earliest counts, for the more the farther it is from the window's end; a
window without any costs 1. An alert outside costs up to 0.11, less shortly after a window. The
normalised score is 0 for silence and 100 for an alert at the start of each window and no other.
"""

import bisect
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from uproar.errors import InputError

FALSE_ALERT = 0.11
MISSED = 1.0
LEARNING_SHARE, LEARNING_ROWS = 0.15, 750
FAR = 3.0
"""Widths of a window after its end, beyond which an alert has nothing to do with it."""


class Window(NamedTuple):
    """A labelled stretch: its first and its last row."""

    first: int
    last: int

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.last - self.first + 1


class Scored(NamedTuple):
    """What the alerts on some series are worth."""

    raw: float
    windows: int
    caught: int
    false_rows: int

    @property
    def normalised(self) -> float | None:
        """0 for silence, 100 at best, below 0 for noise; None where nothing is labelled."""
        if not self.windows:
            return None
        return 100 * (self.raw + MISSED * self.windows) / ((1 + MISSED) * self.windows)


def together(scores: Iterable[Scored]) -> Scored:
    """Return the sum over series."""
    some = list(scores)
    return Scored(
        sum(one.raw for one in some), sum(one.windows for one in some),
        sum(one.caught for one in some), sum(one.false_rows for one in some),
    )  # fmt: skip


def score(rows: int, windows: Sequence[Window], alerts: Iterable[int]) -> Scored:
    """Score the alerts, given as row numbers, on a series with windows in order of time.

    >>> score(2000, [Window(1000, 1099)], [1000]).normalised
    100.0
    >>> score(2000, [Window(1000, 1099)], []).normalised
    0.0
    """
    learning = math.floor(min(LEARNING_SHARE * rows, LEARNING_ROWS))
    counted = [number for number, window in enumerate(windows) if window.last >= learning]
    best: dict[int, float] = {}
    raw, false_rows = 0.0, 0
    starts = [window.first for window in windows]
    for row in alerts:
        if row < learning:
            continue
        number = bisect.bisect_right(starts, row) - 1
        if number >= 0 and row <= windows[number].last:
            best[number] = max(best.get(number, -MISSED), _worth(windows[number], row))
        else:
            raw -= FALSE_ALERT * _cost(windows[number] if number >= 0 else None, row)
            false_rows += 1
    raw += sum(best.get(number, -MISSED) for number in counted)
    return Scored(raw, len(counted), len(best), false_rows)


def _slope(position: float) -> float:
    """From 1 well before 0 to -1 well after it."""
    return 2 / (1 + math.exp(5 * position)) - 1


def _worth(window: Window, row: int) -> float:
    return _slope(-(window.last - row + 1) / window.rows) / _slope(-1)


def _cost(before: Window | None, row: int) -> float:
    """Return the share of a false alert's full cost; `before` is the last window before it."""
    if before is None or before.rows < 2:
        return 1.0
    widths = (row - before.last) / (before.rows - 1)
    return 1.0 if widths > FAR else -_slope(widths)


def read_windows(name: str, content: bytes) -> dict[str, list[tuple[str, str]]]:
    """Read NAB's file of windows: an object of series, each with its windows' ends.

    The key of a series is its file's name, with or without folders. Raises InputError.
    """
    try:
        labelled = msgspec.json.decode(content, type=dict[str, list[tuple[str, str]]])
    except msgspec.DecodeError as error:
        raise InputError(
            f"{name}: wanted an object of series with pairs of timestamps: {error}",
            hint='as {"folder/series.csv": [["2026-01-31 12:00:00", "2026-02-01 12:00:00"]]}',
        ) from error
    return {key.rpartition("/")[2]: windows for key, windows in labelled.items()}


def windows_of(
    series: str, stamps: Sequence[str], labelled: Mapping[str, Sequence[tuple[str, str]]]
) -> list[Window]:
    """Return a series' windows as rows. Raises InputError where an end is no row's stamp."""
    if series not in labelled:
        raise InputError(f"`{series}` is not in the file of windows", hint="[] means: none")
    rows: dict[datetime, int] = {}
    for number, stamp in enumerate(stamps):
        rows.setdefault(_time(series, stamp), number)
    found = []
    for ends in labelled[series]:
        times = [_time(series, end) for end in ends]
        for time, end in zip(times, ends, strict=True):
            if time not in rows:
                raise InputError(f"{series}: the window's end `{end}` is the time of no row")
        if rows[times[1]] < rows[times[0]]:
            raise InputError(f"{series}: the window from `{ends[0]}` ends before it starts")
        found.append(Window(rows[times[0]], rows[times[1]]))
    return sorted(found)


def _time(series: str, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"{series}: wanted a timestamp, found `{text[:60]}`") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
