"""A series of counts in a CSV file: its stamps as they stand, their times, values and step. Pure.

Its columns are `timestamp` (ISO 8601; UTC where no zone is given) and `value`, in any order; others
are ignored. The step is told by the rows: the median of the times between them, so that jitter and
gaps do no harm. A stamp that is no later than the one before, by no more than the hour that a
clock is set back, is read as one step later: no row is lost.
"""

import csv
import io
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from uproar.errors import InputError

COLUMNS = ("timestamp", "value")
SET_BACK = timedelta(hours=1)
"""By how much a clock may go back: the end of summer time."""
_HINT = "columns `timestamp` (as 2026-01-31T12:00:00Z, in order) and `value` (a count, 0 or more)"


class Point(NamedTuple):
    """One row: its stamp and value as written, and what they mean."""

    stamp: str
    written: str
    at: datetime
    value: float


class Series(NamedTuple):
    """A file's rows in order, at strictly rising times, and their step in seconds."""

    name: str
    points: tuple[Point, ...]
    step_seconds: int


def read_series(name: str, content: bytes) -> Series:
    """Read a file. Raises InputError, with the line."""
    points = list(_points(name, content))
    apart = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(points)]
    rising = [seconds for seconds in apart if seconds > 0]
    if not rising:
        raise InputError(
            f"{name}: wanted at least two rows at different times, found {len(points)}: "
            "there is no step to be told",
            hint=_HINT,
        )
    step = max(1, round(median(rising)))
    return Series(name, tuple(_in_order(name, points, timedelta(seconds=step))), step)


def _in_order(name: str, points: list[Point], step: timedelta) -> Iterator[Point]:
    before: Point | None = None
    last = datetime.min.replace(tzinfo=UTC)
    for point in points:
        if before and point.at < before.at - SET_BACK - step:
            raise InputError(
                f"{name}: wanted rows in order of time, found `{point.stamp}` after "
                f"`{before.stamp}`",
                hint="sort the file by its timestamp",
            )
        before = point
        last = point.at if point.at > last else last + step
        yield point._replace(at=last)


def _points(name: str, content: bytes) -> Iterator[Point]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: wanted text in UTF-8: {error}", hint=_HINT) from error
    rows = csv.reader(io.StringIO(text, newline=""))
    header = [column.strip().lower() for column in next(rows, [])]
    if missing := [column for column in COLUMNS if column not in header]:
        found = ", ".join(f"`{column}`" for column in header) or "nothing"
        wanted = " and ".join(f"`{column}`" for column in missing)
        raise InputError(f"{name}, line 1: wanted the column {wanted}, found {found}", hint=_HINT)
    stamp_column, value_column = (header.index(column) for column in COLUMNS)
    try:
        for row in rows:
            if not row:
                continue
            if len(row) <= max(stamp_column, value_column):
                raise _wrong(name, rows.line_num, f"{len(header)} columns", ",".join(row))
            stamp, written = row[stamp_column], row[value_column]
            yield Point(
                stamp,
                written,
                _time(name, rows.line_num, stamp),
                _count(name, rows.line_num, written),
            )
    except csv.Error as error:
        raise InputError(f"{name}, line {rows.line_num}: no CSV: {error}", hint=_HINT) from error


def _time(name: str, line: int, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong(name, line, "a timestamp", text) from None


def _count(name: str, line: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise _wrong(name, line, "a count", text) from None
    if not 0 <= value < math.inf:
        raise _wrong(name, line, "a count of 0 or more", text)
    return value


def _wrong(name: str, line: int, wanted: str, found: str) -> InputError:
    return InputError(f"{name}, line {line}: wanted {wanted}, found `{found[:60]}`", hint=_HINT)
