"""What many measurements come to: medians, spreads, percentiles, slopes. Pure."""

import math
import statistics
from collections.abc import Sequence

import msgspec


class Spread(msgspec.Struct, frozen=True):
    """The median of some rounds, the least and the most of them."""

    median: float
    least: float
    most: float

    @property
    def noise(self) -> float:
        """How far apart least and most lie, as a share of the median; 0 where that is 0."""
        return (self.most - self.least) / self.median if self.median else 0.0


def spread(values: Sequence[float]) -> Spread:
    """Return median, least and most. Raises ValueError where there are no values.

    >>> spread([3.0, 1.0, 2.0])
    Spread(median=2.0, least=1.0, most=3.0)
    """
    if not values:
        raise ValueError("no round was measured")
    return Spread(statistics.median(values), min(values), max(values))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least value that at least this share of the values does not exceed.

    >>> percentile([10, 30, 20, 40], 0.5), percentile([10, 30, 20, 40], 0.99)
    (20, 40)
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing was measured")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the rise of the straight line that fits the points best, by least squares.

    It is 0 where all stand at one place, or there are fewer than two.

    >>> slope([(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)])
    2.0
    """
    if len(points) < 2 or len({at for at, _ in points}) < 2:
        return 0.0
    fitted = statistics.linear_regression(*zip(*points, strict=True))
    return fitted.slope


def rotated(names: Sequence[str], turn: int) -> list[str]:
    """Return the names beginning with another at each turn: none is always first, or last.

    >>> rotated(["a", "b", "c"], 1)
    ['b', 'c', 'a']
    """
    start = turn % len(names) if names else 0
    return [*names[start:], *names[:start]]
