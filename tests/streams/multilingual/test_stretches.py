"""A stretch of rows adds up to the same, to the last bit, in whatever company."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.multilingual.stretches import Stretches

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=60)


@given(COUNTS, st.integers(0, 2), st.integers(2, 130), st.integers(0, 2**32 - 1))
def test_sums_means_and_peaks_are_those_of_each_stretch_alone(
    counts: list[int], apart: int, width: int, seed: int
) -> None:
    size = sum(counts) + apart * (len(counts) - 1)
    rows = np.random.default_rng(seed).exponential(size=(size, width)).astype(np.float32)
    together = Stretches(counts, apart)
    sums, means, peaks = together.sums(rows), together.means(rows), together.peaks(rows)
    for at, (start, end) in enumerate(together.spans):
        own, alone = rows[start:end], Stretches([end - start])
        assert (alone.sums(own)[0] == sums[at]).all()
        assert (alone.means(own)[0] == means[at]).all()
        assert (alone.peaks(own)[0] == peaks[at]).all()
        assert sums[at] == pytest.approx(own.sum(0), rel=1e-5)
        assert (peaks[at] == (own.max(0) if len(own) else 0)).all()


def test_stretches_lie_one_after_the_other_with_as_many_rows_between() -> None:
    assert Stretches([2, 0, 3], apart=1).spans == [(0, 2), (3, 3), (4, 7)]
