"""Whether memory is flat, also of a process that begins anew."""

from collections.abc import Sequence

import pytest

from benchmarks.soak import lives, rise
from benchmarks.watching import Look


def looks(*seen: tuple[int, float]) -> list[Look]:
    """Return looks at megabytes and seconds of processor time, one every six minutes."""
    return [Look(360.0 * n, mb * 10**6, mb * 10**6, cpu) for n, (mb, cpu) in enumerate(seen)]


def sizes(seen: Sequence[Look]) -> list[int]:
    return [look.rss // 10**6 for look in seen]


def test_a_life_begins_where_less_time_is_counted_than_before() -> None:
    seen = looks((10, 1.0), (40, 2.0), (11, 0.5), (41, 1.5), (12, 0.1), (20, 0.2))
    assert [sizes(life) for life in lives(seen)] == [[10, 40], [11, 41], [12, 20]]


def test_of_one_life_the_last_half_counts() -> None:
    seen = looks((10, 1.0), (20, 2.0), (30, 3.0), (31, 4.0))
    assert rise(lives(seen)) == pytest.approx(10.0)


def test_what_grows_to_the_same_bound_in_each_life_is_flat() -> None:
    seen = looks((10, 1.0), (40, 2.0), (11, 0.5), (40, 1.5), (12, 0.1), (20, 0.2))
    assert rise(lives(seen)) == 0.0


def test_what_stays_within_a_life_is_flat_whatever_another_life_held() -> None:
    seen = looks((10, 1.0), (30, 2.0), (40, 0.5), (40, 0.6), (40, 0.7), (40, 0.8))
    assert rise(lives(seen)) == 0.0


def test_what_grows_within_lives_and_from_life_to_life_is_not_flat() -> None:
    seen = looks((10, 1.0), (30, 2.0), (40, 3.0), (20, 0.5), (40, 1.5), (50, 2.5))
    assert rise(lives(seen)) == pytest.approx(10 / 0.3)
