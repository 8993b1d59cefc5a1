"""Which hashtags and words of calls are usual for an entity, so that new ones stand out. Pure.

The use of a term is remembered with a weight that decays (e-folding time `MEMORY`), so that what
was once usual becomes new again. Nothing counts as new before `LEARNING` is over: at first
everything would be.
"""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

MEMORY = timedelta(days=7)
LEARNING = timedelta(hours=6)
RISE = 4.0
"""How many times as often as usual a term must be used."""
MOST_TERMS = 2_000
"""Terms that are remembered of an entity; the least used go first."""
LARGEST_GROWTH = 1e6
"""From which on weights are reckoned anew, so that they stay numbers."""


class TermHistory(msgspec.Struct, kw_only=True):
    """How often each term was used.

    Instead of letting all weights decay with every minute, later uses weigh more; `base` is the
    time at which a use weighs 1.
    """

    began: datetime | None = None
    base: datetime | None = None
    weights: dict[str, float] = msgspec.field(default_factory=dict)

    def learn(self, at: datetime, terms: Iterable[str]) -> None:
        """Remember the uses of a minute. Minutes are given in order."""
        self.began = self.began or at
        self.base = self.base or at
        growth = math.exp((at - self.base) / MEMORY)
        if growth > LARGEST_GROWTH:
            self.weights = {term: weight / growth for term, weight in self.weights.items()}
            self.base, growth = at, 1.0
        for term in terms:
            self.weights[term] = self.weights.get(term, 0.0) + growth
        if len(self.weights) > 2 * MOST_TERMS:
            ranked = sorted(self.weights.items(), key=lambda item: (-item[1], item[0]))
            self.weights = dict(ranked[:MOST_TERMS])

    def expected(self, term: str, at: datetime, minutes: int) -> float | None:
        """Return the uses that a stretch of `minutes` usually has; None while still learning."""
        if self.began is None or self.base is None or at - self.began < LEARNING:
            return None
        weight = self.weights.get(term, 0.0) * math.exp(-((at - self.base) / MEMORY))
        # What a steady use of one a minute would have left by now.
        steady = (MEMORY / timedelta(minutes=1)) * (1 - math.exp(-((at - self.began) / MEMORY)))
        return weight / steady * minutes
