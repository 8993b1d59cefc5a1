"""An evaluation as tables for people: titles, cells as text, nothing of a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from uproar.evaluation.report import Confusion, Figure, Group, Miss, Report


class Printed(NamedTuple):
    """One table: what stands above it, its columns and rows."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]


class _Form(NamedTuple):
    title: str
    scale: float = 100
    digits: int = 1


_FORMS = {
    "precision": _Form("precision"),
    "recall": _Form("recall"),
    "f1": _Form("F1"),
    "target_direction_f1": _Form("F1 with target"),
    "action_of_found": _Form("action, found"),
    "action_of_all": _Form("action, all"),
    "calls_per_1000": _Form("per 1,000", 1),
    "accuracy": _Form("accuracy"),
    "macro_f1": _Form("macro F1"),
    "macro_recall": _Form("macro recall"),
    "mean_macro_f1": _Form("mean macro F1"),
    "read": _Form("read"),
    "coverage": _Form("sure"),
    "accuracy_of_sure": _Form("accuracy of sure"),
    "pearson": _Form("Pearson's r", 1, 3),
    "per_1000": _Form("per 1,000", 1),
}
_ALWAYS = ("language", "entity", "kind", "file", "found action")
"""Groups that are printed in any case; the others with the details."""

_ONLY_OVERALL = ("calls_per_1000",)
"""Of a group it says how the examples were chosen, where those are labelled."""

_MOST_CONFUSED = 12

_WIDE_INTERVAL = 5
"""From so many percent, or per 1,000, the ends of an interval are shown in whole numbers."""


def tables_of(report: Report, *, details: bool) -> Iterator[Printed]:
    """Yield the tables to print; with `details` also confusions, traps and every miss."""
    outcome = report.outcome
    by = {
        name: groups
        for name, groups in outcome.by.items()
        if groups and (details or name in _ALWAYS)
    }
    title = f"{report.part}: figures in % with 95 % intervals"
    yield _table(title, "", {"all posts": outcome.overall})
    for name, groups in by.items():
        if len(groups) > 1 or name == "found action":
            yield _table(f"by {name}", name, groups, _ONLY_OVERALL)
    if outcome.confusion:
        if details or len(outcome.confusion.wanted) <= 3:
            yield _confusion(outcome.confusion)
        elif mistaken := _mistaken(outcome.confusion):
            yield Printed("most often mistaken", ("wanted", "found", "posts"), mistaken)
    if details and outcome.misses:
        yield _misses(outcome.misses)


def cell(name: str, found: Figure | None) -> str:
    """Return a figure with its interval, in the unit of its column.

    >>> cell("f1", Figure(value=0.9, low=0.85, high=0.9321, n=10))
    '90.0 [85–93]'
    >>> cell("f1", Figure(value=0.9, low=0.895, high=0.9049, n=10_000))
    '90.0 [89.5–90.5]'
    """
    if found is None or found.value is None:
        return "–"
    form = _FORMS[name]
    value = f"{form.scale * found.value:.{form.digits}f}"
    if found.low is None or found.high is None:
        return value
    is_wide = form.scale * (found.high - found.low) >= _WIDE_INTERVAL
    digits = 0 if is_wide else form.digits
    low, high = (f"{form.scale * end:.{digits}f}" for end in (found.low, found.high))
    return f"{value} [{low}–{high}]"


def _table(
    title: str, first: str, groups: Mapping[str, Group], without: Sequence[str] = ()
) -> Printed:
    there = {name for group in groups.values() for name in group.figures}
    names = [name for name in _FORMS if name in there and name not in without]
    rows = [
        (key, group.n, *(cell(name, group.figures.get(name)) for name in names))
        for key, group in groups.items()
    ]
    return Printed(title, (first, "posts", *(_FORMS[name].title for name in names)), rows)


def _confusion(confusion: Confusion) -> Printed:
    rows = [
        (wanted, *counts) for wanted, counts in zip(confusion.wanted, confusion.counts, strict=True)
    ]
    return Printed("posts by label (rows) and by what was read", ("", *confusion.found), rows)


def _mistaken(confusion: Confusion) -> list[tuple[object, ...]]:
    pairs = [
        (wanted, found, count)
        for wanted, counts in zip(confusion.wanted, confusion.counts, strict=True)
        for found, count in zip(confusion.found, counts, strict=True)
        if wanted != found and count
    ]
    return [*sorted(pairs, key=lambda pair: (-pair[2], pair))[:_MOST_CONFUSED]]


def _misses(misses: Sequence[Miss]) -> Printed:
    with_text = any(miss.text for miss in misses)
    rows = [
        (miss.where, miss.id, miss.lang, miss.wanted, miss.found)
        + ((printable(miss.text),) if with_text else ())
        for miss in misses
    ]
    columns = ("where", "id", "lang", "wanted", "found") + (("text",) if with_text else ())
    return Printed("read wrongly", columns, rows)


def printable(text: str) -> str:
    r"""Return a text of the same length that cannot steer a terminal: controls as spaces.

    Among them are the marks that turn the direction of what follows them.

    >>> printable("red\x1b[31m\nnext")
    'red [31m next'
    """
    return "".join(char if char.isprintable() or char == "\u200d" else " " for char in text)
