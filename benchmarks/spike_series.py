"""Invented series of counts: a season, a slow wander, chance, and spikes where they are told to be.

Seeded: the same arguments give the same series, on any machine.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
WANDER_MINUTES = 120
"""After so long the wander has forgotten two thirds of where it was."""


class Event(NamedTuple):
    """A rise: `times` the expected at its height, reached after `rise` minutes, for `lasts`."""

    at_minute: float
    times: float
    lasts: float
    rise: float = 0
    fades: bool = False
    """Whether it falls as it goes, as news does, instead of ending at once."""

    def factor(self, minute: float) -> float:
        """Return by how much it multiplies a minute."""
        since = minute - self.at_minute
        if since < 0 or (not self.fades and since >= self.lasts):
            return 1.0
        share = min(1.0, (since + 1) / self.rise) if self.rise else 1.0
        if self.fades:
            share *= math.exp(-since / self.lasts)
        return 1 + (self.times - 1) * share


def invented(
    seed: str,
    per_minute: float,
    *,
    days: float,
    step_minutes: int = 1,
    wander: float = 0.15,
    events: Sequence[Event] = (),
) -> Iterator[tuple[datetime, int]]:
    """Yield times and counts: by day 0.3 to 1.7 of the rate, 0.6 of that at weekends."""
    chance = Random(seed)  # noqa: S311  # no secret: the same series every time
    keeps = math.exp(-step_minutes / WANDER_MINUTES)
    drift = 0.0
    for number in range(round(days * 1440 / step_minutes)):
        minute = number * step_minutes
        drift = keeps * drift + math.sqrt(1 - keeps * keeps) * chance.gauss(0, wander)
        mean = per_minute * step_minutes * math.exp(drift)
        mean *= 1 + 0.7 * math.sin(2 * math.pi * (minute / 60 - 9) / 24)
        if minute // 1440 % 7 >= 5:
            mean *= 0.6
        for event in events:
            mean *= event.factor(minute)
        yield MONDAY + timedelta(minutes=minute), poisson(chance, mean)


def poisson(chance: Random, mean: float) -> int:
    """Draw a count; above 50 by the normal law, which is near enough."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    left, product, count = math.exp(-mean), chance.random(), 0
    while product > left:
        product *= chance.random()
        count += 1
    return count
