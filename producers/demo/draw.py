"""Random choices that come out alike on every Python.

Only `Random.random()` is promised to give the same numbers in every version, so everything here is
made of it. Nothing here holds a generator: the caller passes its own.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def pick(rng: Random, options: Sequence[T]) -> T:
    """Return one of the options, each as likely as the others."""
    return options[int(rng.random() * len(options))]


def chance(rng: Random, probability: float) -> bool:
    """Return True in that share of the cases."""
    return rng.random() < probability


def between(rng: Random, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`, both included."""
    return low + int(rng.random() * (high - low + 1))


class Weighted(Generic[T]):
    """Options with weights; any positive scale will do."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self._options = tuple(weights)
        self._cumulative = tuple(accumulate(weights.values()))

    def draw(self, rng: Random) -> T:
        """Return one of the options, as likely as its weight says."""
        at = rng.random() * self._cumulative[-1]
        return self._options[bisect_right(self._cumulative, at)]


def exponential(rng: Random, mean: float) -> float:
    """Return a waiting time with that mean."""
    return -mean * math.log(1 - rng.random())


def normal(rng: Random) -> float:
    """Return a value of the standard normal distribution (Box and Muller)."""
    radius = math.sqrt(exponential(rng, 2.0))
    return radius * math.cos(2 * math.pi * rng.random())


def heavy_tailed(rng: Random, alpha: float, limit: float) -> float:
    """Return a Lomax value (a Pareto that starts at 0) of shape `alpha`, cut off at `limit`."""
    return min(math.pow(1 - rng.random(), -1 / alpha) - 1, limit)


def poisson(rng: Random, mean: float) -> int:
    """Return a count with that mean, by Knuth's multiplication; for means below 500 or so."""
    limit = math.exp(-mean)
    count = 0
    product = rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def rank(rng: Random, size: int, flatness: float = 30.0) -> int:
    """Return a rank below `size` by the law of Zipf and Mandelbrot with exponent 1.

    `flatness` is Mandelbrot's shift: the higher, the less the first ranks stand out.
    """
    span = math.log((size + flatness) / flatness)
    return min(int(flatness * math.exp(rng.random() * span) - flatness), size - 1)
