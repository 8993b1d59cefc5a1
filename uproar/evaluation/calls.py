"""Calls to action: labelled posts in, precision, recall, F1, targets and actions out."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from uproar.evaluation.groups import grouped
from uproar.evaluation.lines import Source, first_object, lines_of, row_of, rows_of, shown, wrong
from uproar.evaluation.measures import aimed_f1, binary_f1
from uproar.evaluation.report import (
    Figure,
    Group,
    Miss,
    Outcome,
    confusion_of,
    measured,
    share,
)
from uproar.evaluation.tsv import is_csv, texts_of_csv
from uproar.records import Action, Direction

NO_CALL = "no call"
LABEL = "is_call_to_action"


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """One of the calls of a post that makes several."""

    target: str | None = None
    action: Action | None = None
    direction: Direction | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a labelled file; other keys are ignored."""

    text: str
    is_call_to_action: bool
    lang: str = "und"
    id: str | int = ""
    target: str | None = None
    action: Action | None = None
    direction: Direction | None = None
    also_accept: tuple[Action, ...] = ()
    targets: tuple[Other, ...] = ()
    traps: tuple[str, ...] = ()


class Example(NamedTuple):
    """One post; `row` is None where nobody has labelled it, and calls are only counted."""

    where: str
    text: str
    lang: str
    row: Row | None


class Found(NamedTuple):
    """The surest call that was found in a post; `names` are all that its target goes by."""

    action: str
    direction: str
    names: frozenset[str]


def is_calls(source: Source) -> bool:
    """Tell whether a file holds labelled posts of this part, or posts in a CSV."""
    return LABEL in first_object(source) or is_csv(source)


def read_calls(source: Source) -> Iterator[Example]:
    """Yield the examples of a file. Raises InputError."""
    if is_csv(source):
        yield from (Example(where, text, "und", None) for where, text in texts_of_csv(source))
        return
    if (first := next(lines_of(source), None)) and LABEL not in first_object(source):
        row_of(*first, Row)  # says what is missing
    for where, row in rows_of(source, Row):
        if row.is_call_to_action and not (row.action and row.direction):
            raise wrong(where, "`action` and `direction` of a call", shown(row.text))
        yield Example(where, row.text, row.lang, row)


def same_name(name: str) -> str:
    """Return what two spellings of a target have in common: letters and digits, in one case.

    >>> same_name("@Co-op App") == same_name("#coopapp")
    True
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if char.isalnum())


def evaluate_calls(examples: Sequence[Example], found: Sequence[Found | None]) -> Outcome:
    """Compare the labels with the surest call found in each post; None where there is none."""
    judged = [_Judged(*pair) for pair in zip(examples, found, strict=True)]
    labelled = [one for one in judged if one.row is not None]
    by: dict[str, dict[str, Group]] = {}
    if labelled:
        by["language"] = grouped(labelled, lambda one: [one.example.lang], _group)
        by["trap"] = grouped(labelled, lambda one: one.row.traps if one.row else (), _right)
    by["found action"] = grouped(
        judged,
        lambda one: [one.call.action if one.call else NO_CALL],
        lambda some: Group(
            n=len(some), figures={"per_1000": share(len(some), len(judged), of=1000)}
        ),
    )
    pairs = Counter((one.wanted, one.action) for one in labelled)
    return Outcome(
        overall=_group(judged),
        by=by,
        confusion=confusion_of(pairs) if labelled else None,
        misses=tuple(_miss(one) for one in labelled if not one.is_all_right),
    )


class _Judged(NamedTuple):
    example: Example
    call: Found | None

    @property
    def row(self) -> Row | None:
        return self.example.row

    @property
    def is_call(self) -> bool:
        return self.row is not None and self.row.is_call_to_action

    @property
    def is_hit(self) -> bool:
        return self.is_call and self.call is not None

    @property
    def is_target_right(self) -> bool:
        """Whether target and direction are those of one of the post's calls."""
        return self.call is not None and any(
            direction == self.call.direction and _is_named(target, self.call.names)
            for target, direction in _wanted(self.row)
        )

    @property
    def is_action_right(self) -> bool:
        return self.is_hit and self.call is not None and self.call.action in _actions(self.row)

    @property
    def is_all_right(self) -> bool:
        if self.is_call:
            return self.is_target_right and self.is_action_right
        return self.call is None

    @property
    def wanted(self) -> str:
        return str(self.row.action) if self.row and self.is_call else NO_CALL

    @property
    def action(self) -> str:
        """The action found; an accepted one counts as the one wanted."""
        if self.call is None:
            return NO_CALL
        return self.wanted if self.is_action_right else self.call.action


def _wanted(row: Row | None) -> Iterator[tuple[str | None, str | None]]:
    if row is not None and row.is_call_to_action:
        yield row.target, row.direction
        yield from ((other.target, other.direction or row.direction) for other in row.targets)


def _actions(row: Row | None) -> set[str]:
    if row is None:
        return set()
    given = (row.action, *row.also_accept, *(other.action for other in row.targets))
    return {action for action in given if action is not None}


def _is_named(target: str | None, names: frozenset[str]) -> bool:
    """Tell whether a target is the one found; one that is not named must not be found either."""
    if target is None:
        return not names
    return same_name(target) in {same_name(name) for name in names}


def _group(some: Sequence[_Judged]) -> Group:
    n = len(some)
    called = sum(one.call is not None for one in some)
    figures: dict[str, Figure] = {}
    if labelled := [one for one in some if one.row is not None]:
        figures |= _labelled(labelled)
    return Group(n=n, figures={**figures, "calls_per_1000": share(called, n, of=1000)})


def _labelled(some: Sequence[_Judged]) -> Mapping[str, Figure]:
    n = len(some)
    wanted = sum(one.is_call for one in some)
    found = sum(one.call is not None for one in some)
    hits = sum(one.is_hit for one in some)
    aimed = sum(one.is_target_right for one in some)
    acted = sum(one.is_action_right for one in some)
    cells = [hits, found - hits, wanted - hits, n - wanted - found + hits]
    bearing = n - cells[3]
    return {
        "precision": share(hits, found),
        "recall": share(hits, wanted),
        "f1": measured(cells, binary_f1, bearing),
        "target_direction_f1": measured([aimed, hits - aimed, *cells[1:]], aimed_f1, bearing),
        "action_of_found": share(acted, hits),
        "action_of_all": share(acted, wanted),
    }


def _right(some: Iterable[_Judged]) -> Group:
    judged = list(some)
    right = sum(one.is_call == (one.call is not None) for one in judged)
    return Group(n=len(judged), figures={"accuracy": share(right, len(judged))})


def _miss(one: _Judged) -> Miss:
    row, call = one.row, one.call
    wanted = NO_CALL
    if row and row.is_call_to_action:
        wanted = f"{row.action} {row.direction} {row.target or 'nobody named'}"
    found = NO_CALL
    if call:
        names = sorted(call.names)
        found = f"{call.action} {call.direction} {names[0] if names else 'nobody named'}"
    return Miss(
        where=one.example.where,
        id=str(row.id) if row else "",
        lang=one.example.lang,
        wanted=wanted,
        found=found,
        text=one.example.text,
    )
