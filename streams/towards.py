"""Which words of a post speak of which entity, where it names several. Pure.

"Love Delta, hate United" is one post and two feelings. The post is cut into clauses; an entity gets
those that name it, and those behind them that name none. Where two stand in one clause they share
its feeling, but for one that the other is measured against: "Delta is better than United".
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files

import msgspec
import yaml

_SENTENCE_END = r"[.!?;…\n]+(?=\s|\Z)|[!?\n]+"
_PAUSE = r",(?=\s)|\s[-–—|/]+\s|:(?=\s)"
_WORD = re.compile(r"\w[\w'’]*")
_COMPARING_CHARACTERS = 60
"""How far a word that compares may stand before the name that something is measured against."""

Span = tuple[int, int]


class About(msgspec.Struct, frozen=True):
    """What a post says of one entity: the words, and whether they are to be turned round.

    `is_whole`: they are all the words there are.
    """

    words: str
    is_whole: bool = False
    is_turned: bool = False


class _Contrasts(msgspec.Struct, frozen=True):
    """How one language goes over from one entity to another."""

    cut: re.Pattern[str]
    against: re.Pattern[str] | None
    empty: frozenset[str]


class _Clause(msgspec.Struct):
    start: int
    end: int
    ends_sentence: bool
    entities: tuple[str, ...] = ()


def parts_about(text: str, places: Mapping[str, Sequence[Span]], lang: str) -> dict[str, About]:
    """Return what a text says of each entity, given where each is named. Raises nothing.

    >>> parts = parts_about("love Delta, hate United", {"d": [(5, 10)], "u": [(17, 23)]}, "en")
    >>> parts["d"].words, parts["u"].words
    ('love Delta', 'hate United')
    """
    contrasts = _contrasts(lang)
    inside = {place for own in places.values() for span in own for place in range(*span)}
    clauses = _clauses(text, places, inside, contrasts)
    if len(clauses) > 1:
        clauses = _merged(text, clauses, inside, contrasts)
    found: dict[str, list[_Clause]] = {entity: [] for entity in places}
    for clause in clauses:
        for entity in clause.entities:
            found[entity].append(clause)
    return {
        entity: About(
            " ".join(text[clause.start : clause.end].strip(" ,\n\t") for clause in own),
            is_whole=len(own) == len(clauses),
            is_turned=all(
                len(places) > 1 and _is_measured_against(text, start, contrasts)
                for start, _ in places[entity]
            ),
        )
        for entity, own in found.items()
    }


def _is_measured_against(text: str, start: int, contrasts: _Contrasts) -> bool:
    """Tell whether a comparing word stands directly before the name that starts there."""
    if contrasts.against is None:
        return False
    low = max(0, start - _COMPARING_CHARACTERS)
    return contrasts.against.search(text, low, start) is not None


def _clauses(
    text: str,
    places: Mapping[str, Sequence[Span]],
    inside: AbstractSet[int],
    contrasts: _Contrasts,
) -> list[_Clause]:
    """Cut the text; no cut goes through a name."""
    clauses: list[_Clause] = []
    start = 0
    for cut in contrasts.cut.finditer(text):
        if inside.isdisjoint(range(*cut.span())):
            end = cut.start() if cut["join"] else cut.end()
            clauses.append(_Clause(start, end, bool(cut["end"])))
            start = end
    clauses.append(_Clause(start, len(text), ends_sentence=True))
    starts = [clause.start for clause in clauses]
    for first, _, name in sorted((*span, entity) for entity, own in places.items() for span in own):
        clause = clauses[bisect_right(starts, first) - 1]
        if name not in clause.entities:
            clause.entities += (name,)
    return clauses


def _merged(
    text: str, clauses: Sequence[_Clause], inside: AbstractSet[int], contrasts: _Contrasts
) -> list[_Clause]:
    """Put lists of names together, and give what names nobody to whoever was spoken of last."""
    joined: list[_Clause] = []
    for clause in clauses:
        last = joined[-1] if joined else None
        shares = last is not None and not last.ends_sentence and last.entities and clause.entities
        if (
            last is not None
            and shares
            and (
                _is_list(text, clause, inside, contrasts) or _is_list(text, last, inside, contrasts)
            )
        ):
            last.entities = tuple(dict.fromkeys((*last.entities, *clause.entities)))
            last.end, last.ends_sentence = clause.end, clause.ends_sentence
        else:
            joined.append(clause)
    spoken_of: tuple[str, ...] = ()
    for clause in joined:
        clause.entities = spoken_of = clause.entities or spoken_of
    first = next((clause.entities for clause in joined if clause.entities), ())
    for clause in joined:
        clause.entities = clause.entities or first
    return joined


def _is_list(text: str, clause: _Clause, inside: AbstractSet[int], contrasts: _Contrasts) -> bool:
    """Tell whether a clause has no word of its own beside the names."""
    return all(
        word[0].lower() in contrasts.empty or not inside.isdisjoint(range(*word.span()))
        for word in _WORD.finditer(text, clause.start, clause.end)
    )


@cache
def _contrasts(lang: str) -> _Contrasts:
    lists = _lists().get(lang, {})
    joins = [re.escape(word) for word in lists.get("joins", ())]
    cut = f"(?P<end>{_SENTENCE_END})|(?P<pause>{_PAUSE})"
    if joins:
        cut += rf"|(?<=\s)(?P<join>(?:{'|'.join(joins)})(?=\s))"
    else:
        cut += r"|(?P<join>(?!))"
    against = "|".join(re.escape(word) for word in lists.get("against", ()))
    return _Contrasts(
        cut=re.compile(cut, re.IGNORECASE),
        against=re.compile(rf"\b(?:{against})\s+(?:\w+\s+)?\Z", re.IGNORECASE) if against else None,
        empty=frozenset(
            word for key in ("empty", "joins", "against") for word in lists.get(key, ())
        ),
    )


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    text = (files("streams") / "lexicon" / "contrasts.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), dict[str, dict[str, list[str]]])
