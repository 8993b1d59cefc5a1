"""What an evaluation comes to: figures with intervals, overall and by group, and the misses."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from uproar.evaluation.intervals import (
    DRAWS,
    LEVEL,
    SEED,
    Interval,
    Measure,
    bootstrap,
    wilson,
)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure and its 95 % interval; None where it is not defined. `n` posts bear on it."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of some posts, by name."""

    n: int
    figures: dict[str, Figure]


class Confusion(msgspec.Struct, frozen=True, kw_only=True):
    """How often what was wanted (rows) was read as what (columns)."""

    wanted: tuple[str, ...]
    found: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class Miss(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One post that was read wrongly. `text` is left out unless it was asked for."""

    where: str
    id: str
    lang: str
    wanted: str
    found: str
    text: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one part's evaluation found. `by` holds groups by what they share, then by its value."""

    overall: Group
    by: dict[str, dict[str, Group]] = {}
    confusion: Confusion | None = None
    misses: tuple[Miss, ...] = ()


class Speed(msgspec.Struct, frozen=True, kw_only=True):
    """How fast the posts were read in this one run, on this machine, one process."""

    posts_per_second: float
    seconds: float
    runs: int = 1


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One evaluation, as it is written in JSON."""

    part: str
    inputs: tuple[str, ...]
    options: dict[str, str]
    versions: dict[str, str]
    outcome: Outcome
    speed: Speed
    interval_level: float = LEVEL
    bootstrap_draws: int = DRAWS
    bootstrap_seed: int = SEED


def figure(value: float | None, interval: Interval | None, n: int) -> Figure:
    """Return a figure; without a value it has no interval."""
    if value is None or interval is None:
        return Figure(value=value, low=None, high=None, n=n)
    return Figure(value=value, low=interval.low, high=interval.high, n=n)


def share(right: int, n: int, of: int = 1) -> Figure:
    """Return a share, or how many there are in every `of`, with Wilson's interval."""
    found = wilson(right, n)
    if found is None:
        return figure(None, None, n)
    return figure(of * right / n, Interval(of * found.low, of * found.high), n)


def measured(counts: Sequence[int], measure: Measure, n: int) -> Figure:
    """Return a measure of a table of counts with its bootstrap interval; `n` posts bear on it."""
    value = float(measure(np.asarray(counts, dtype=np.int64)))
    return figure(None if value != value else value, bootstrap(counts, measure, n), n)


def confusion_of(pairs: Mapping[tuple[str, str], int], order: Sequence[str] = ()) -> Confusion:
    """Return the table of pairs (wanted, found); labels of `order` first, the others by name."""

    def sorted_labels(side: int) -> tuple[str, ...]:
        there = {pair[side] for pair in pairs}
        known = [label for label in order if label in there]
        return (*known, *sorted(there - set(known)))

    wanted, found = sorted_labels(0), sorted_labels(1)
    return Confusion(
        wanted=wanted,
        found=found,
        counts=tuple(tuple(pairs.get((row, column), 0) for column in found) for row in wanted),
    )
