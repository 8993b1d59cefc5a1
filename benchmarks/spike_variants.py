"""Labelled series made over, to see what a score owes to the very series that it was set on."""

from collections.abc import Iterator, Sequence
from random import Random

from dashboards.alerts.series_spikes import alert_rows, judge_series
from uproar.evaluation.nab import LEARNING_ROWS, Scored, Window, score
from uproar.evaluation.spikes import Labelled
from uproar.series import Series

SOONEST = 30
"""Rows between the end of learning and a window, in a series that starts just before it."""
FAR_APART = 1500


def thinned(series: Series, share: float) -> Series:
    """Return a series in which each post is kept by chance: the same, of a smaller company."""
    chance = Random(series.name)  # noqa: S311  # no secret: the same series every time
    points = (
        point._replace(value=float(sum(chance.random() < share for _ in range(int(point.value)))))
        for point in series.points
    )
    return series._replace(points=tuple(points))


def started_late(one: Labelled, series: Series, cut: float) -> Iterator[Scored]:
    """Score series that start so that a window comes as soon as anything counts."""
    last = -FAR_APART
    for window in one.windows:
        first = window.first - LEARNING_ROWS - SOONEST
        if first <= 0 or first - last < FAR_APART:
            continue
        last = first
        rows = series._replace(points=series.points[first:])
        shifted = [Window(each.first - first, each.last - first) for each in one.windows]
        yield _scored(rows, shifted, cut)


def _scored(series: Series, windows: Sequence[Window], cut: float) -> Scored:
    """Score it by the windows that can be told as a whole; alerts in others do not count."""
    kept = [window for window in windows if window.first >= LEARNING_ROWS]
    gone = [window for window in windows if window.first < LEARNING_ROWS]
    alerts = [
        row
        for row in alert_rows(list(judge_series(series)), cut)
        if not any(window.first <= row <= window.last for window in gone)
    ]
    return score(max(len(series.points), 5000), kept, alerts)
