"""Mentions: posts labelled with what they are about, or not; precision, recall and F1."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from uproar.evaluation.groups import grouped
from uproar.evaluation.lines import Source, first_object, rows_of
from uproar.evaluation.measures import binary_f1
from uproar.evaluation.report import Group, Miss, Outcome, confusion_of, measured, share


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a labelled file: is this post about this entity? Other keys are ignored."""

    entity: str
    about: bool
    text: str
    lang: str = "und"
    kind: str = ""
    id: str | int = ""
    run: str = ""


class Example(NamedTuple):
    """One question to answer."""

    where: str
    row: Row


def is_mentions(source: Source) -> bool:
    """Tell whether a file holds labelled posts of this part."""
    return {"entity", "about"} <= first_object(source).keys()


def read_mentions(source: Source) -> Iterator[Example]:
    """Yield the examples of a file. Raises InputError."""
    return (Example(where, row) for where, row in rows_of(source, Row))


class _Judged(NamedTuple):
    example: Example
    found: bool


def evaluate_mentions(examples: Sequence[Example], found: Sequence[bool]) -> Outcome:
    """Compare the labels with whether each post was taken to mention its entity."""
    judged = [_Judged(*pair) for pair in zip(examples, found, strict=True)]
    words = {True: "about it", False: "not about it"}
    pairs = Counter((words[one.example.row.about], words[one.found]) for one in judged)
    return Outcome(
        overall=_group(judged),
        by={
            "entity": grouped(judged, lambda one: [one.example.row.entity], _group),
            "kind": grouped(judged, lambda one: [one.example.row.kind or "(none)"], _group),
            "language": grouped(judged, lambda one: [one.example.row.lang], _group),
        },
        confusion=confusion_of(pairs),
        misses=tuple(
            Miss(
                where=one.example.where,
                id=str(one.example.row.id),
                lang=one.example.row.lang,
                wanted=f"{one.example.row.entity}: {words[one.example.row.about]}",
                found=words[one.found],
                text=one.example.row.text,
            )
            for one in judged
            if one.found != one.example.row.about
        ),
    )


def _group(some: Sequence[_Judged]) -> Group:
    n = len(some)
    wanted = sum(one.example.row.about for one in some)
    found = sum(one.found for one in some)
    hits = sum(one.found and one.example.row.about for one in some)
    cells = [hits, found - hits, wanted - hits, n - wanted - found + hits]
    return Group(
        n=n,
        figures={
            "precision": share(hits, found),
            "recall": share(hits, wanted),
            "f1": measured(cells, binary_f1, n - cells[3]),
            "accuracy": share(hits + cells[3], n),
        },
    )
