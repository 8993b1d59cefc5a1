"""Plain detectors to compare with: each a score for every row, from what came before it alone."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Detector = Callable[[Scores, int], Scores]
"""Values and how many steps a day has, to scores."""


def windowed_gaussian(values: Scores, day: int) -> Scores:
    """Deviations from the mean of 6,400 rows, renewed every 100: NAB's detector of that name."""
    del day
    found = np.zeros(len(values))
    for first in range(100, len(values), 100):
        window = values[max(0, first - 6400) : first]
        part = values[first : first + 100]
        found[first : first + 100] = np.abs(part - window.mean()) / max(window.std(), 1e-3)
    return found


def moving_z(values: Scores, day: int) -> Scores:
    """Deviations above the mean of the day before."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    squares = np.concatenate([[0.0], np.cumsum(values**2)])
    last = np.arange(len(values))
    first = np.maximum(0, last - day)
    rows = np.maximum(1, last - first)
    mean = (sums[last] - sums[first]) / rows
    spread = np.sqrt(np.maximum((squares[last] - squares[first]) / rows - mean**2, 0.25))
    found: Scores = (values - mean) / spread
    found[: day // 12] = 0
    return found


def seasonal_median(values: Scores, day: int) -> Scores:
    """The residual against the median of this time of day in a week, in median deviations.

    That is the residual of Twitter's S-H-ESD, told row by row instead of over the whole series.
    """
    found = np.zeros(len(values))
    if len(values) <= day:
        return found
    usual = np.empty(len(values) - day)
    for first in range(day, len(values), day):  # as many days as there are before, seven at most
        days = range(1, 1 + min(7, first // day))
        part = values[first : first + day]
        earlier = [values[first - ago * day :][: len(part)] for ago in days]
        usual[first - day : first - day + len(part)] = np.median(np.array(earlier), axis=0)
    residual = values[day:] - usual
    hour = max(1, day // 24)
    for first in range(hour, len(residual), hour):
        window = residual[max(0, first - 7 * day) : first]
        middle = np.median(window)
        spread = max(1.4826 * float(np.median(np.abs(window - middle))), 0.5)
        part = residual[first : first + hour]
        found[day + first : day + first + len(part)] = (part - middle) / spread
    return found


BASELINES: dict[str, Detector] = {
    "windowed Gaussian": windowed_gaussian,
    "z-score over a day": moving_z,
    "seasonal median": seasonal_median,
}


def rows_above(scores: Scores, cut: float, apart: int) -> list[int]:
    """Return the rows at or above a cut; with `apart`, none within so many rows of the last."""
    rows = [int(row) for row in np.flatnonzero(scores >= cut)]
    if not apart:
        return rows
    kept: list[int] = []
    for row in rows:
        if not kept or row - kept[-1] > apart:
            kept.append(row)
    return kept
