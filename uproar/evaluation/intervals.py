"""95 % intervals of figures that were counted on a sample. Deterministic: the seed is fixed."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

LEVEL = 0.95
SEED = 20_210_118
DRAWS = 2_000

_Z = 1.959963984540054
"""Of a normal distribution, the middle `LEVEL` of which lies within so many deviations."""

Counts = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Measure = Callable[[Counts], Values]
"""Takes tables of counts along the last axis, and gives one value a table; NaN where undefined."""


class Interval(NamedTuple):
    """Where the figure of all such posts lies, as far as this sample tells."""

    low: float
    high: float


def wilson(right: int, n: int) -> Interval | None:
    """Return Wilson's interval of a share; None of no posts.

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    >>> wilson(0, 0) is None
    True
    """
    if n == 0:
        return None
    share = right / n
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    reach = _Z / (1 + _Z**2 / n) * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    # Rounding would put an end just beyond a share of 0 or 1.
    low = 0.0 if right == 0 else max(0.0, middle - reach)
    high = 1.0 if right == n else min(1.0, middle + reach)
    return Interval(low, high)


def draws(counts: Sequence[int], measure: Measure, stratum: int = 0) -> Values:
    """Return a measure of `DRAWS` samples drawn, with repeats, from the posts that were counted.

    To draw posts is to draw the cells of their table. Strata of one figure are drawn apart.
    """
    table = np.asarray(counts, dtype=np.int64)
    n = int(table.sum())
    drawn = np.random.default_rng([SEED, stratum]).multinomial(n, table / n, size=DRAWS)
    return measure(drawn)


def interval_of(values: Values) -> Interval | None:
    """Return the middle `LEVEL` of drawn values; None where all are undefined."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))


def bootstrap(counts: Sequence[int], measure: Measure, n: int) -> Interval | None:
    """Return the percentile interval of a measure that is no plain share, such as F1.

    `n` posts bear on it. Where every draw is perfect, or none has anything right, the draws know
    nothing of what other posts would be like: Wilson's interval of `n` out of `n` is taken.
    """
    if not sum(counts) or not n:
        return None
    found = interval_of(draws(counts, measure))
    if found is not None and found.low == found.high and found.low in (0.0, 1.0):
        return wilson(n if found.low else 0, n)
    return found


def bootstrap_mean(tables: Sequence[Sequence[int]], measure: Measure) -> Interval | None:
    """Return the percentile interval of the mean of a measure over strata, each drawn apart."""
    strata = [draws(table, measure, stratum) for stratum, table in enumerate(tables)]
    return interval_of(np.mean(strata, axis=0))


def fisher(correlation: float, n: int) -> Interval | None:
    """Return the interval of Pearson's correlation by Fisher's transformation.

    >>> [round(end, 3) for end in fisher(0.8, 100)]
    [0.716, 0.861]
    """
    if n <= 3 or not -1 < correlation < 1:
        return None
    middle, reach = math.atanh(correlation), _Z / math.sqrt(n - 3)
    return Interval(math.tanh(middle - reach), math.tanh(middle + reach))
