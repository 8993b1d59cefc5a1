"""Floors: a fall is named, and a floor that could never fall is a mistake."""

import pytest

from uproar.errors import InputError
from uproar.evaluation.floors import Bounds, falls, read_floors
from uproar.evaluation.report import Group, Outcome, share

OUTCOME = Outcome(
    overall=Group(n=100, figures={"f1": share(80, 100), "calls_per_1000": share(1, 100, of=1000)}),
    by={"language": {"fr": Group(n=40, figures={"f1": share(30, 40)})}},
)


def test_nothing_is_said_of_figures_within_their_bounds() -> None:
    bounds = Bounds(
        at_least={"overall.f1": 0.8, "overall.n": 100, "language.fr.f1": 0.7},
        at_most={"overall.calls_per_1000": 10},
    )
    assert falls(OUTCOME, bounds, "f") == []


def test_each_figure_beyond_its_bound_is_named_with_both_values() -> None:
    bounds = Bounds(
        at_least={"overall.f1": 0.81, "overall.n": 101, "language.fr.f1": 0.8},
        at_most={"overall.calls_per_1000": 5},
    )
    assert falls(OUTCOME, bounds, "f") == [
        "`overall.f1` is 0.8, wanted at least 0.81",
        "`overall.n` is 100, wanted at least 101",
        "`language.fr.f1` is 0.75, wanted at least 0.8",
        "`overall.calls_per_1000` is 10, wanted at most 5",
    ]


@pytest.mark.parametrize("path", ["overall.f2", "language.de.f1", "trap.quote.f1", "f1", "overall"])
def test_a_bound_on_a_figure_that_is_not_there_is_a_mistake(path: str) -> None:
    with pytest.raises(InputError, match=f"f: there is no figure `{path}`"):
        falls(OUTCOME, Bounds(at_least={path: 0.1}), "f")


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"calls": {"atleast": {}}}', b'{"calls": 1}'])
def test_a_file_that_holds_no_floors_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"f: wanted an object of parts"):
        read_floors("f", content)
