"""What a step of a series of counts should hold: a level by the hour and the weekday.

Pure and online. Everything starts at "one level, no season" and moves away from it as hours and
weeks are seen, so that a season is never claimed which nobody has seen. Hours are those of UTC.
"""

import math

import msgspec

LEVEL_HALF_LIFE = 4 * 86400
"""Seconds after which an old step counts half in the level: days, so that growth is no spike."""
HOUR_VISITS, WEEK_VISITS = 14, 6
"""How often an hour of the day, or a day or an hour of the week, comes till it counts half."""
HOUR_PRIOR, WEEKDAY_PRIOR, WEEK_PRIOR = 3.0, 2.0, 8.0
"""How many visits the belief in no season, no weekend, and no hour of its own is worth."""
HELD_BACK_SHARE = 0.5
"""How far above the expected a step may count, beside what chance may add."""
CHANCE = 3.0
"""Deviations of a count that are believed to be chance."""
WARM_UP = 7200
"""Seconds before anything is held back: there is no knowing yet what would be too much."""


class ExpectationState(msgspec.Struct, kw_only=True):
    """What was learnt: fading sums of counts over the level, and the weights they have."""

    level: float = 0.0
    seen: int = 0
    hours: list[float] = msgspec.field(default_factory=lambda: [0.0] * 24)
    hour_weights: list[float] = msgspec.field(default_factory=lambda: [0.0] * 24)
    weekdays: list[float] = msgspec.field(default_factory=lambda: [0.0] * 7)
    weekday_weights: list[float] = msgspec.field(default_factory=lambda: [0.0] * 7)
    week: list[float] = msgspec.field(default_factory=lambda: [0.0] * 168)
    week_weights: list[float] = msgspec.field(default_factory=lambda: [0.0] * 168)


def _copy(state: ExpectationState) -> ExpectationState:
    return ExpectationState(
        level=state.level, seen=state.seen,
        hours=state.hours[:], hour_weights=state.hour_weights[:],
        weekdays=state.weekdays[:], weekday_weights=state.weekday_weights[:],
        week=state.week[:], week_weights=state.week_weights[:],
    )  # fmt: skip


class Expectation:
    """Learns the level and the season of one series, robust to its spikes."""

    def __init__(self, step_seconds: int, state: ExpectationState | None = None) -> None:
        half_life = max(LEVEL_HALF_LIFE, 8 * step_seconds)
        self._rate = 1 - 0.5 ** (step_seconds / half_life)
        self._warm = max(2, WARM_UP // step_seconds)
        self._day = 86400 // step_seconds
        self._is_fine = step_seconds < 3600
        self._visit = min(step_seconds, 3600) / 3600
        """Which part of its visit to an hour a step is. A step of a day is one visit, too."""
        self._weekday_visit = min(step_seconds, 86400) / 86400
        self._hour_fade = 0.5 ** (self._visit / HOUR_VISITS)
        self._week_fade = 0.5 ** (self._visit / WEEK_VISITS)
        self._weekday_fade = 0.5 ** (self._weekday_visit / WEEK_VISITS)
        self._state = _copy(state) if state else ExpectationState()

    def state(self) -> ExpectationState:
        """Return a copy of what was learnt."""
        return _copy(self._state)

    def expect(self, second: float) -> float:
        """Return the count that a calm step which begins `second` seconds after 1970 has."""
        return self._state.level * self._season(second)

    def learn(self, second: float, value: float) -> float:
        """Take a step; return what was expected of it before it was seen.

        What is far above the expected is held back to a bound, so that an earlier spike neither
        lifts the level nor becomes a season.
        """
        state = self._state
        season = self._season(second)
        expected = state.level * season
        if state.seen >= self._warm:
            bound = expected + HELD_BACK_SHARE * expected + CHANCE * math.sqrt(expected + 1)
            value = min(value, bound)
        state.seen += 1
        rate = max(self._rate, 1 / state.seen)
        level = state.level + rate * (value / max(season, 0.05) - state.level)
        state.level = level = max(1e-3, level)
        self._learn_season(int(second // 3600), value / level)
        return expected

    def _learn_season(self, hour: int, ratio: float) -> None:
        state, visit = self._state, self._visit
        of_day, weekday, of_week = hour % 24, hour // 24 % 7, hour % 168
        by_hour, by_weekday = self._factors(of_day, weekday)
        fade = self._hour_fade
        state.hours[of_day] = state.hours[of_day] * fade + visit * ratio / by_weekday
        state.hour_weights[of_day] = state.hour_weights[of_day] * fade + visit
        if state.seen > self._day:  # before, the level is that of the hours seen
            fade, part = self._weekday_fade, self._weekday_visit
            state.weekdays[weekday] = state.weekdays[weekday] * fade + part * ratio
            state.weekday_weights[weekday] = state.weekday_weights[weekday] * fade + part * by_hour
        fade = self._week_fade
        state.week[of_week] = state.week[of_week] * fade + visit * ratio
        state.week_weights[of_week] = state.week_weights[of_week] * fade + visit

    def _season(self, second: float) -> float:
        if not self._is_fine:
            return self._at(int(second // 3600))
        # Between the middles of two hours, so that no step is a jump of the clock's.
        hour, rest = divmod(second - 1800, 3600)
        share = rest / 3600
        return (1 - share) * self._at(int(hour)) + share * self._at(int(hour) + 1)

    def _at(self, hour: int) -> float:
        state, of_week = self._state, hour % 168
        by_hour, by_weekday = self._factors(hour % 24, hour // 24 % 7)
        return (state.week[of_week] + WEEK_PRIOR * by_hour * by_weekday) / (
            state.week_weights[of_week] + WEEK_PRIOR
        )

    def _factors(self, of_day: int, weekday: int) -> tuple[float, float]:
        state = self._state
        return (
            (state.hours[of_day] + HOUR_PRIOR) / (state.hour_weights[of_day] + HOUR_PRIOR),
            (state.weekdays[weekday] + WEEKDAY_PRIOR)
            / (state.weekday_weights[weekday] + WEEKDAY_PRIOR),
        )
