"""A whole series through the detector, for `uproar spikes` and its evaluation."""

from collections.abc import Iterable, Iterator, Sequence

from dashboards.alerts.spikes import Judgement, SpikeDetector, SpikeTracker
from uproar.series import Series


def judge_series(series: Series) -> Iterator[Judgement]:
    """Yield the judgement of each row. A step without a row is unknown, not calm."""
    detector = SpikeDetector(series.step_seconds)
    for point in series.points:
        yield detector.update(point.at, point.value)


def alerts(judgements: Iterable[Judgement], tracker: SpikeTracker) -> Iterator[bool]:
    """Tell for each judgement whether it announces a spike: once an event."""
    for judgement in judgements:
        change = tracker.update(judgement)
        yield change is not None and change.kind == "started"


def alert_rows(judgements: Sequence[Judgement], cut: float) -> list[int]:
    """Return the rows that announce a spike at a cut of the score."""
    told = alerts(judgements, SpikeTracker.at_cut(cut))
    return [row for row, is_spike in enumerate(told) if is_spike]
