"""Sums and peaks over stretches of rows: the words of a post, among those of other posts.

A stretch is added up row by row, from its first to its last, in whichever way it is done. So its
figures are the same alone and among others, to the last bit; in tables of two columns or more, for
numpy adds a single one up in pairs.
"""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_WORTH_A_ROUND = 3
"""A stretch alone costs about as much as this many rounds, of a row of every stretch."""


class Stretches:
    """Where in a table of rows each stretch lies: one after the other, `apart` rows between.

    The table has these rows and no others.
    """

    def __init__(self, counts: Sequence[int], apart: int = 0) -> None:
        self.counts = counts
        ends = accumulate(counts, lambda end, count: end + apart + count)
        self.spans = [(end - count, end) for end, count in zip(ends, counts, strict=True)]
        self._lengths = np.array([[count or 1] for count in counts], np.float32)
        self._rounds = _Rounds(self) if len(counts) * _WORTH_A_ROUND > max(counts) else None

    def sums(self, rows: Floats) -> Floats:
        """Return the sum of the rows of each stretch; of an empty one zeros.

        >>> Stretches([2, 0, 1]).sums(np.array([[1.0], [2.0], [4.0]], np.float32)).tolist()
        [[3.0], [0.0], [4.0]]
        """
        return self._over(np.add, rows)

    def means(self, rows: Floats) -> Floats:
        """Return the mean of the rows of each stretch; of an empty one zeros."""
        return self.sums(rows) / self._lengths

    def peaks(self, rows: Floats) -> Floats:
        """Return the highest of each column in each stretch, and nothing below zero."""
        return self._over(np.maximum, rows)

    def _over(self, ufunc: np.ufunc, rows: Floats) -> Floats:
        if self._rounds:
            return self._rounds.over(ufunc, rows)
        if len(self.spans) == 1 and len(rows):
            alone: Floats = ufunc.reduce(rows, 0)[None]
            return alone
        found = np.zeros((len(self.spans), rows.shape[1]), np.float32)
        for (start, end), own in zip(self.spans, found, strict=True):
            if end > start:
                ufunc.reduce(rows[start:end], 0, None, own)
        return found


class _Rounds:
    """The order of rounds, in each of which every stretch that has a row left adds one."""

    def __init__(self, stretches: Stretches) -> None:
        counts = np.array(stretches.counts, np.intp)
        # The longest first: those that have a row left in a round are always the first ones.
        ranked = np.argsort(-counts, kind="stable")
        counts, starts = counts[ranked], np.array([start for start, _ in stretches.spans])[ranked]
        place = np.arange(counts[0])[:, None]
        has_row = place < counts
        self._order = (starts + place)[has_row]
        self._many: list[int] = has_row.sum(1).tolist()
        self._ranks = np.argsort(ranked)

    def over(self, ufunc: np.ufunc, rows: Floats) -> Floats:
        ordered = rows.take(self._order, 0)
        found = np.zeros((len(self._ranks), rows.shape[1]), np.float32)
        start = 0
        for many in self._many:
            so_far = found[:many]
            ufunc(so_far, ordered[start : start + many], out=so_far)
            start += many
        as_given: Floats = found.take(self._ranks, 0)
        return as_given
