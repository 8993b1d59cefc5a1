"""The spike detector: a series of counts in, step by step; how far above the usual each is, out.

Pure and online: no clock, no table. One detector an entity serves every sensitivity, for these are
cuts on its judgement (`dashboards.alerts.spikes`). docs/models/spikes.md has the method, and what
it was measured to do.
"""

import math
from datetime import UTC, datetime

import msgspec

from dashboards.alerts.expectation import WARM_UP, Expectation, ExpectationState

MEMORIES = (900, 3600, 14400)
"""Seconds over which counts are summed, older ones fading: a burst, a wave, a slow swell."""
HANDICAPS = (0.3, 0.0, 0.0)
"""What each loses of its score: the short one sees the most, and the most that means nothing."""
PRIOR_POSTS = 10.0
"""Posts added to the seen and the expected: a rise from 1 to 4 then is next to nothing."""
USUAL, SPREAD, PRIOR_DAYS = 0.9, 0.55, 2.0
"""A day's highest rise (natural logarithm) and its deviation, believed before any day was seen."""
LEAST_SPREAD, SPREAD_LEARNT = 0.2, 0.7
"""The spread's square is this share of the variance learnt, and never below the least one's."""
DAYS_HALF = 7
"""Days after which an old day counts half."""
HELD_BACK = 4.0
"""Deviations beyond which a day's highest rise counts no more: one event makes no habit."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """One step: what was seen and expected, and how surprising the time up to it is."""

    at: datetime
    value: float
    expected: float
    """The count of a calm step at this hour of this weekday, as far as it is known."""
    score: float
    """0: within what the entity's busiest hours usually reach. Else how many deviations beyond."""
    ratio: float
    """The last quarter of an hour over what was expected; near 1 where few posts are."""


class Habit(msgspec.Struct, kw_only=True):
    """One memory: its fading sums, and what its highest rises a day usually are."""

    seen: float = 0.0
    expected: float = 0.0
    highest: float = 0.0
    usual: float = USUAL
    variance: float = SPREAD * SPREAD
    weight: float = PRIOR_DAYS


class DetectorState(msgspec.Struct, kw_only=True):
    """All that a detector has learnt: some 4 KB as MessagePack, whatever the sensitivity."""

    step_seconds: int
    expectation: ExpectationState
    habits: list[Habit]
    first: datetime | None = None
    last: datetime | None = None
    day: int = 0
    """Days since the first step; a longer block where the step is longer than a few hours."""


class SpikeDetector:
    """Judges the counts of one entity, one regular step after the other.

    Steps come in order of time, with their time zone. A step that is left out is *unknown*:
    nothing is learnt from it, and it does not read as calm. Who knows that there was nothing,
    gives 0. What a step is judged by is only what came before it.
    """

    def __init__(self, step_seconds: int) -> None:
        if step_seconds < 1:
            raise ValueError(f"wanted a step of at least 1 s, got {step_seconds}")
        self._step = step_seconds
        self._expectation = Expectation(step_seconds)
        scales = [
            (memory, handicap)
            for memory, handicap in zip(MEMORIES, HANDICAPS, strict=True)
            if 2 * memory >= step_seconds
        ]
        scales = scales or [(MEMORIES[-1], HANDICAPS[-1])]
        self._fades = [math.exp(-step_seconds / memory) for memory, _ in scales]
        self._handicaps = [handicap for _, handicap in scales]
        self._habits = [Habit() for _ in scales]
        self._spreads = [_spread(habit) for habit in self._habits]
        self._block = max(86400, 7 * step_seconds)
        self._warm = max(WARM_UP, 2 * step_seconds)
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._day = 0

    @classmethod
    def restored(cls, state: DetectorState) -> "SpikeDetector":
        """Return a detector that goes on, to the last digit, where the one of this state was."""
        detector = cls(state.step_seconds)
        detector._expectation = Expectation(state.step_seconds, state.expectation)
        detector._habits = [msgspec.structs.replace(habit) for habit in state.habits]
        detector._spreads = [_spread(habit) for habit in state.habits]
        detector._first, detector._last, detector._day = state.first, state.last, state.day
        return detector

    def state(self) -> DetectorState:
        """Return a copy of what was learnt."""
        return DetectorState(
            step_seconds=self._step, expectation=self._expectation.state(),
            habits=[msgspec.structs.replace(habit) for habit in self._habits],
            first=self._first, last=self._last, day=self._day,
        )  # fmt: skip

    def update(self, at: datetime, value: float) -> Judgement:
        """Judge a step by what came before it, then learn it.

        Raises ValueError for a step that is not later than the one before, or below 0.
        """
        missing = self._advance(at, value)
        expected = self._expectation.learn((at - _EPOCH).total_seconds(), value)
        is_warm = self._first is not None and (at - self._first).total_seconds() >= self._warm
        score, ratio, now = 0.0, 1.0, 0.0
        for number, habit in enumerate(self._habits):
            fade = self._fades[number]
            if missing:
                habit.seen *= fade**missing
                habit.expected *= fade**missing
            habit.seen = seen = habit.seen * fade + value
            habit.expected = usual = habit.expected * fade + expected
            if not is_warm:
                continue
            rise = (seen + PRIOR_POSTS) / (usual + PRIOR_POSTS)
            if number == 0:
                ratio, now = rise, (seen + 1) / (usual + 1)
            if rise <= 1:
                continue
            log_rise = math.log(rise)
            if log_rise > habit.highest:
                habit.highest = log_rise
            beyond = (log_rise - habit.usual) / self._spreads[number] - self._handicaps[number]
            # What a long memory remembers is over when the last minutes are back to half its rise.
            if beyond > score and now * now >= rise:
                score = beyond
        return Judgement(at=at, value=value, expected=expected, score=score, ratio=ratio)

    def _advance(self, at: datetime, value: float) -> int:
        """Go to a step: close the days that are over; return how many steps were left out."""
        if not value >= 0 or value == math.inf:
            raise ValueError(f"wanted a count of 0 or more, got {value} at {at}")
        if self._first is None or self._last is None:
            self._first = self._last = at
            return 0
        apart = (at - self._last).total_seconds()
        if apart <= 0:
            raise ValueError(f"wanted a step after {self._last}, got {at}")
        self._last = at
        day = int((at - self._first).total_seconds() // self._block)
        if day > self._day:
            self._close()
            self._day = day
        return max(0, round(apart / self._step) - 1)

    def _close(self) -> None:
        """Learn the highest rises of the day that is over. Days nobody saw teach nothing."""
        for number, habit in enumerate(self._habits):
            spread = self._spreads[number]
            weight = habit.weight * 0.5 ** (1 / DAYS_HALF) + 1
            off = min(habit.highest - habit.usual, HELD_BACK * spread)
            habit.usual += off / weight
            habit.variance = (habit.variance + off * off / weight) * (weight - 1) / weight
            habit.weight, habit.highest = weight, 0.0
            self._spreads[number] = _spread(habit)


def _spread(habit: Habit) -> float:
    return math.sqrt(SPREAD_LEARNT * habit.variance + LEAST_SPREAD * LEAST_SPREAD)
