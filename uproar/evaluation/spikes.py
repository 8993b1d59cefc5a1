"""Spikes: labelled series and the alerts on them in, NAB's score by series and overall out. Pure.

A part's outcome counts windows where others count posts; its figures have no interval, for there
are few windows and they are no sample.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from uproar.evaluation.nab import Scored, Window, score, together
from uproar.evaluation.report import Figure, Group, Outcome

CUTS = tuple(round(0.5 + 0.05 * number, 2) for number in range(41))
"""The cuts to choose from, from 0.5 to 2.5."""
_NEAR = 3
"""A cut counts as its mean with so many neighbours on each side: a plateau, not a peak."""


class Labelled(NamedTuple):
    """One series: how many rows, and its labelled windows."""

    name: str
    rows: int
    windows: Sequence[Window]


AlertsAt = Callable[[str, float], Sequence[int]]
"""The rows that are alerts in the series of a name at a cut."""


def evaluate_spikes(some: Sequence[Labelled], alerts: Mapping[str, Sequence[int]]) -> Outcome:
    """Score the alerts of each series, given as rows by its name."""
    found = {one.name: score(one.rows, one.windows, alerts[one.name]) for one in some}
    return Outcome(
        overall=_group(together(found.values())),
        by={"series": {name: _group(one) for name, one in found.items()}},
    )


def leave_one_out(some: Sequence[Labelled], alerts: AlertsAt) -> dict[str, float]:
    """Return for each series the cut that is best on all others."""
    at = {
        one.name: [score(one.rows, one.windows, alerts(one.name, cut)) for cut in CUTS]
        for one in some
    }
    return {
        left.name: best_cut([at[one.name] for one in some if one.name != left.name])
        for left in some
    }


def best_cut(scores: Sequence[Sequence[Scored]]) -> float:
    """Return the middle of the best stretch of `CUTS`; `scores` has each series' at all of them."""
    raw = [sum(one.raw for one in column) for column in zip(*scores, strict=True)]
    smooth = {
        number: sum(raw[number - _NEAR : number + _NEAR + 1])
        for number in range(_NEAR, len(raw) - _NEAR)
    }
    return CUTS[max(smooth, key=lambda number: smooth[number])]


def _group(found: Scored) -> Group:
    value = found.normalised
    return Group(
        n=found.windows,
        figures={
            "normalised": _figure(None if value is None else value / 100, found.windows),
            "caught": _figure(found.caught, found.windows),
            "false_rows": _figure(found.false_rows, found.windows),
        },
    )


def _figure(value: float | None, windows: int) -> Figure:
    return Figure(value=value, low=None, high=None, n=windows)
