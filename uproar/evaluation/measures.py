"""Precision, recall, F1 and their means, of tables of counts along the last axis."""

import math
from collections.abc import Sequence

import numpy as np

from uproar.evaluation.intervals import Counts, Values


def _divide(part: Values | Counts, whole: Values | Counts) -> Values:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def f1(table: Counts) -> Values:
    """Return F1 of a table of right, wanted (right or not) and found (right or not).

    It is the harmonic mean of right/wanted and right/found.

    >>> float(f1(np.array([8, 10, 10])))
    0.8
    """
    return _divide(2 * table[..., 0], table[..., 1] + table[..., 2])


def binary_f1(table: Counts) -> Values:
    """Return F1 of hits, false alarms, misses and the rest."""
    hits, false, missed = table[..., 0], table[..., 1], table[..., 2]
    return f1(np.stack([hits, hits + missed, hits + false], axis=-1))


def aimed_f1(table: Counts) -> Values:
    """Return F1 of what is right in all, hits that are wrong in part, false alarms, and misses.

    A hit that is wrong in part counts as wanted and as found, and not as right.
    """
    right, wrong, false, missed = (table[..., cell] for cell in range(4))
    hits = right + wrong
    return f1(np.stack([right, hits + missed, hits + false], axis=-1))


def macro_recall(table: Counts) -> Values:
    """Return the mean recall of the classes that are there, of a flat square: wanted by found."""
    square = _square(table)
    return _mean(_divide(_diagonal(square), square.sum(axis=-1)))


def macro_f1(table: Counts) -> Values:
    """Return the mean F1 of the classes that are wanted somewhere, of a flat square."""
    square = _square(table)
    wanted, found = square.sum(axis=-1), square.sum(axis=-2)
    each = f1(np.stack([_diagonal(square), wanted, found], axis=-1))
    return _mean(np.where(wanted > 0, each, np.nan))


def pearson(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Return Pearson's correlation; None where one side never changes.

    >>> pearson([1, 2, 3], [2, 4, 6]), pearson([1, 1], [2, 3])
    (1.0, None)
    """
    if len(left) < 2 or len(set(left)) == 1 or len(set(right)) == 1:
        return None
    found = float(np.corrcoef(np.asarray(left), np.asarray(right))[0, 1])
    return None if math.isnan(found) else round(found, 12)


def _square(table: Counts) -> Counts:
    side = math.isqrt(table.shape[-1])
    return table.reshape(*table.shape[:-1], side, side)


def _diagonal(square: Counts) -> Counts:
    return np.diagonal(square, axis1=-2, axis2=-1)


def _mean(each: Values) -> Values:
    """Return the mean of what is defined, along the last axis."""
    return _divide(np.nansum(each, axis=-1), (~np.isnan(each)).sum(axis=-1))
