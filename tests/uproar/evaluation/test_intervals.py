"""Intervals: what they hold, and that they never change from run to run."""

import random

import pytest

from uproar.evaluation.intervals import bootstrap, bootstrap_mean, fisher, wilson
from uproar.evaluation.measures import binary_f1


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.95])
def test_wilsons_interval_holds_the_true_share_in_19_of_20_samples(share: float) -> None:
    random_ = random.Random(7)
    held = 0
    for _ in range(2_000):
        right = sum(random_.random() < share for _ in range(80))
        interval = wilson(right, 80)
        assert interval is not None
        held += interval.low <= share <= interval.high
    assert 0.92 <= held / 2_000 <= 0.985


def test_an_interval_of_none_or_all_ends_at_the_share_itself() -> None:
    nothing, all_ = wilson(0, 12), wilson(12, 12)
    assert nothing is not None
    assert all_ is not None
    assert nothing.low == 0 < nothing.high < 0.3
    assert all_.high == 1 > all_.low > 0.7


def test_the_bootstrap_gives_the_same_interval_every_time() -> None:
    assert bootstrap([8, 2, 3, 20], binary_f1, 13) == bootstrap([8, 2, 3, 20], binary_f1, 13)


def test_the_bootstrap_holds_the_figure_and_narrows_with_more_posts() -> None:
    few = bootstrap([8, 2, 3, 20], binary_f1, 13)
    many = bootstrap([800, 200, 300, 2000], binary_f1, 1300)
    assert few is not None
    assert many is not None
    assert few.low < 16 / 21 < few.high
    assert many.low < 16 / 21 < many.high
    assert many.high - many.low < (few.high - few.low) / 5


def test_a_perfect_figure_of_few_posts_is_not_taken_for_certain() -> None:
    assert bootstrap([5, 0, 0, 5], binary_f1, 5) == wilson(5, 5)
    assert bootstrap([0, 2, 3, 5], binary_f1, 5) == wilson(0, 5)


def test_no_posts_have_no_interval() -> None:
    assert bootstrap([0, 0, 0, 0], binary_f1, 0) is None
    assert bootstrap([0, 0, 0, 9], binary_f1, 0) is None
    assert fisher(0.5, 3) is None


def test_the_strata_of_a_mean_are_drawn_apart() -> None:
    one = bootstrap([30, 10, 10, 30], binary_f1, 50)
    four = bootstrap_mean([[30, 10, 10, 30]] * 4, binary_f1)
    assert one is not None
    assert four is not None
    assert four.high - four.low < 0.6 * (one.high - one.low)
