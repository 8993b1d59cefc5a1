"""What rounds come to, and how it is told."""

import pytest

from benchmarks.figures import percentile, rotated, slope, spread
from benchmarks.tables import amount, places, replaced, table

OLD = (("one", "old"), ("two", "x"))


def test_the_median_counts_and_its_noise_is_how_far_the_rounds_lie_apart() -> None:
    found = spread([4.0, 1.0, 2.0])
    assert (found.median, found.least, found.most) == (2.0, 1.0, 4.0)
    assert found.noise == 1.5
    with pytest.raises(ValueError, match="no round"):
        spread([])


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(value) for value in range(1, 101)]
    assert [percentile(values, share) for share in (0.5, 0.9, 0.99, 1.0)] == [50, 90, 99, 100]
    assert percentile([7.0], 0.99) == 7.0
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_a_slope_needs_two_moments() -> None:
    assert slope([(0.0, 5.0), (1.0, 7.0), (2.0, 9.0)]) == pytest.approx(2.0)
    assert slope([(1.0, 5.0)]) == slope([(1.0, 5.0), (1.0, 9.0)]) == 0.0


def test_each_way_is_first_in_a_round_before_one_is_first_again() -> None:
    names = ["a", "b", "c"]
    assert sorted(rotated(names, turn)[0] for turn in range(3)) == names
    assert all(sorted(rotated(names, turn)) == names for turn in range(4))


def test_parts_of_a_page_are_replaced_and_all_else_stays() -> None:
    one, two = (f"<!-- {name}: begin -->\n{old}\n<!-- {name}: end -->\n" for name, old in OLD)
    page = f"# A\n{one}text\n{two}"
    new = replaced(page, {"one": "| a |\n"})
    assert new == page.replace("old", "| a |")
    assert replaced(new, {"one": "| a |"}) == new
    assert list(places(page)) == ["one", "two"]
    with pytest.raises(ValueError, match="no place for `three`"):
        replaced(page, {"three": ""})


def test_a_table_has_a_cell_for_each_word_of_its_head() -> None:
    lines = table(("way", "posts/s", "MB"), [("a", "1", "2"), ("b", "", "3")]).splitlines()
    assert len(lines) == 4
    assert {line.count("|") for line in lines} == {4}


@pytest.mark.parametrize(("value", "told"), [(0.0, "0.0"), (9.96, "10.0"), (34567.0, "34,600")])
def test_figures_have_no_more_digits_than_can_be_trusted(value: float, told: str) -> None:
    assert amount(value) == told
