"""Spikes: what the judgements of a detector come to, with a start, a peak and an end.

Pure. What a caller needs stands here: a `SpikeDetector` judges the steps of a series, and a
`SpikeTracker` turns its judgements into spikes, at one sensitivity.
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from dashboards.alerts.detector import DetectorState, Judgement, SpikeDetector

__all__ = [
    "CUTS", "SENSITIVITIES", "DetectorState", "Judgement", "Sensitivity", "Spike", "SpikeChange",
    "SpikeDetector", "SpikeTracker", "TrackerState",
]  # fmt: skip

Sensitivity = Literal["low", "medium", "high"]
SENSITIVITIES: tuple[Sensitivity, ...] = ("low", "medium", "high")
CUTS: dict[Sensitivity, float] = {"low": 1.7, "medium": 1.2, "high": 0.9}
"""The score from which a step is a spike."""

GROWN = 1.5
"""How far a score must be beyond the last spike's to be a new one within the cool-down."""

CALM = timedelta(hours=1)
"""How long it must be calm until a spike is over."""


class Spike(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch in which an entity's volume is far above what was expected."""

    started_at: datetime
    """The first step of the rise; not later than the announcement."""
    announced_at: datetime
    peak_at: datetime
    peak: float
    """The highest count of a step so far."""
    expected: float
    """What was expected of the step that announced it."""
    score: float
    """The highest so far."""
    ratio: float
    """The highest so far of a quarter of an hour over what was expected."""
    ended_at: datetime | None = None
    """The first calm step; None while the spike lasts."""


class SpikeChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a step changed: a spike was announced, which happens once an event, or one is over."""

    kind: Literal["started", "ended"]
    spike: Spike


class TrackerState(msgspec.Struct, kw_only=True):
    """What a tracker keeps."""

    rising_since: datetime | None = None
    spike: Spike | None = None
    """The last spike, also when it is over."""
    is_open: bool = False
    is_announced: bool = False
    """False in an aftershock: the last spike again, within its cool-down and no higher."""
    calm_since: datetime | None = None


class SpikeTracker:
    """Turns the judgements of one series into spikes, at one sensitivity.

    A spike is over after an hour of scores below half the cut. Within the cool-down after an
    announcement only a spike that is clearly higher is a new one.
    """

    def __init__(
        self, sensitivity: Sensitivity = "medium", cool_down: timedelta = timedelta(days=1)
    ) -> None:
        self._cut = CUTS[sensitivity]
        self._cool_down = cool_down
        self._state = TrackerState()

    @classmethod
    def restored(
        cls,
        sensitivity: Sensitivity,
        state: TrackerState,
        cool_down: timedelta = timedelta(days=1),
    ) -> "SpikeTracker":
        """Return a tracker that goes on where the one of this state was."""
        tracker = cls(sensitivity, cool_down)
        tracker._state = msgspec.structs.replace(state)
        return tracker

    @classmethod
    def at_cut(cls, cut: float) -> "SpikeTracker":
        """Return a tracker for a score of one's own instead of a word, to compare cuts."""
        tracker = cls()
        tracker._cut = cut
        return tracker

    def state(self) -> TrackerState:
        """Return a copy of what is kept."""
        return msgspec.structs.replace(self._state)

    @property
    def spike(self) -> Spike | None:
        """The spike that lasts, if one does."""
        return self._state.spike if self._state.is_open and self._state.is_announced else None

    def update(self, judgement: Judgement) -> SpikeChange | None:
        """Take the next judgement; return what it changed, if anything."""
        state = self._state
        if judgement.score <= 0:
            state.rising_since = None
        elif state.rising_since is None:
            state.rising_since = judgement.at
        if state.is_open and state.spike:
            return self._go_on(state.spike, judgement)
        if judgement.score < self._cut:
            return None
        state.is_open, state.is_announced, state.calm_since = True, False, None
        last = state.spike
        if last and not self._is_new(last, judgement):
            return None
        return self._announce(judgement)

    def _is_new(self, last: Spike, judgement: Judgement) -> bool:
        """Tell whether a rise is a spike of its own, and no aftershock of the last one."""
        return (
            judgement.at - last.announced_at > self._cool_down
            or judgement.score > last.score + GROWN
        )

    def _announce(self, judgement: Judgement) -> SpikeChange:
        state = self._state
        state.is_announced = True
        state.spike = Spike(
            started_at=state.rising_since or judgement.at, announced_at=judgement.at,
            peak_at=judgement.at, peak=judgement.value, expected=judgement.expected,
            score=judgement.score, ratio=judgement.ratio,
        )  # fmt: skip
        return SpikeChange(kind="started", spike=state.spike)

    def _go_on(self, spike: Spike, judgement: Judgement) -> SpikeChange | None:
        state = self._state
        if state.is_announced:
            spike = state.spike = _higher(spike, judgement)
        elif judgement.score >= self._cut and self._is_new(spike, judgement):
            state.calm_since = None
            return self._announce(judgement)
        if judgement.score >= self._cut / 2:
            state.calm_since = None
            return None
        state.calm_since = state.calm_since or judgement.at
        if judgement.at - state.calm_since < CALM:
            return None
        state.is_open = False
        if not state.is_announced:
            return None
        state.spike = msgspec.structs.replace(spike, ended_at=state.calm_since)
        return SpikeChange(kind="ended", spike=state.spike)


def _higher(spike: Spike, judgement: Judgement) -> Spike:
    """Return the spike with what a step adds to it."""
    changes: dict[str, object] = {}
    if judgement.value > spike.peak:
        changes = {"peak": judgement.value, "peak_at": judgement.at}
    if judgement.score > spike.score:
        changes["score"] = judgement.score
    if judgement.ratio > spike.ratio:
        changes["ratio"] = judgement.ratio
    return msgspec.structs.replace(spike, **changes) if changes else spike
