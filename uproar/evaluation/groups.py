"""Examples by what they share."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from uproar.evaluation.report import Group

_One = TypeVar("_One")


def grouped(
    some: Sequence[_One],
    keys: Callable[[_One], Iterable[str]],
    measure: Callable[[Sequence[_One]], Group],
) -> dict[str, Group]:
    """Return the figures of each group, by name; one example may be in several or in none."""
    groups: dict[str, list[_One]] = {}
    for one in some:
        for key in keys(one):
            groups.setdefault(key, []).append(one)
    return {key: measure(groups[key]) for key in sorted(groups)}
