"""Whether memory is flat, also of a process that begins anew."""

from collections.abc import Sequence

from benchmarks.soak import lives, what_counts
from benchmarks.watching import Look


def looks(*seen: tuple[int, float]) -> list[Look]:
    return [Look(10.0 * number, rss, rss, cpu) for number, (rss, cpu) in enumerate(seen)]


def sizes(seen: Sequence[Look]) -> list[int]:
    return [look.rss for look in seen]


def test_of_one_life_the_last_half_counts() -> None:
    seen = looks((10, 1.0), (20, 2.0), (30, 3.0), (31, 4.0))
    assert lives(seen) == [seen]
    assert sizes(what_counts(lives(seen))) == [30, 31]


def test_a_life_begins_where_less_time_is_counted_than_before() -> None:
    seen = looks((10, 1.0), (40, 2.0), (11, 0.5), (41, 1.5), (12, 0.1), (20, 0.2))
    assert [sizes(life) for life in lives(seen)] == [[10, 40], [11, 41], [12, 20]]


def test_of_several_lives_the_largest_of_each_counts_and_an_unfinished_one_if_it_is_larger() -> (
    None
):
    ended = looks((10, 1.0), (40, 2.0), (11, 0.5), (41, 1.5), (12, 0.1), (20, 0.2))
    assert sizes(what_counts(lives(ended))) == [40, 41]
    risen = looks((10, 1.0), (40, 2.0), (11, 0.5), (60, 1.5))
    assert sizes(what_counts(lives(risen))) == [40, 60]
