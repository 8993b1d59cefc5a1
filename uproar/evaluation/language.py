"""Language: posts labelled with the one they are in; how often it is told, and what else is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from uproar.evaluation.groups import grouped
from uproar.evaluation.lines import Source, first_object, rows_of
from uproar.evaluation.pairs import is_pair, read_pair
from uproar.evaluation.report import Group, Miss, Outcome, confusion_of, share


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a labelled file; other keys are ignored."""

    text: str
    lang: str
    id: str | int = ""


class Example(NamedTuple):
    """One post."""

    where: str
    row: Row


def is_language(source: Source) -> bool:
    """Tell whether a file says in which language its posts are."""
    return {"text", "lang"} <= first_object(source).keys() or is_pair(source)


def read_language(source: Source) -> Iterator[Example]:
    """Yield the examples of a file. Raises InputError."""
    if is_pair(source):
        for where, text, _, lang in read_pair(source):
            yield Example(where, Row(text=text, lang=lang))
    else:
        yield from (Example(where, row) for where, row in rows_of(source, Row))


class _Judged(NamedTuple):
    example: Example
    wanted: str
    found: str


def evaluate_language(
    examples: Sequence[Example], wanted: Sequence[str], found: Sequence[str]
) -> Outcome:
    """Compare labels, as the codes that the reader uses, with the codes it told."""
    judged = [_Judged(*one) for one in zip(examples, wanted, found, strict=True)]
    return Outcome(
        overall=_group(judged),
        by={"language": grouped(judged, lambda one: [one.example.row.lang], _group)},
        confusion=confusion_of(Counter((one.wanted, one.found) for one in judged)),
        misses=tuple(
            Miss(
                where=one.example.where,
                id=str(one.example.row.id),
                lang=one.example.row.lang,
                wanted=one.wanted,
                found=one.found,
                text=one.example.row.text,
            )
            for one in judged
            if one.wanted != one.found
        ),
    )


def _group(some: Sequence[_Judged]) -> Group:
    right = sum(one.wanted == one.found for one in some)
    return Group(n=len(some), figures={"accuracy": share(right, len(some))})
