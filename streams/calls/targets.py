"""Whom a call is to hit or help: the object, what is named beside it, or an earlier name."""

from collections.abc import Sequence
from typing import NamedTuple

from streams.calls.clauses import Construction
from streams.calls.lexicon import Group
from streams.calls.names import Named, is_name_like, is_shouted
from streams.calls.reading import Reading, Span
from streams.calls.tokens import HANDLE, LINK, MARK, WORD, Sentence

DIRECT_WORDS = 7
LOOSE_WORDS = 3
LONGEST_NAME = 3
NO_NAMES = ("anybody", "pronoun", "determiner", "opener", "masses", "self", "generic", "filler")
"""Cues whose words ask nobody in particular, however they are written."""
LATER_WORDS = 40
ELSEWHERE_WORDS = 200

DIRECT, IN_SENTENCE, UNTRACKED, BY_PRONOUN = 1.0, 0.95, 0.85, 0.85
ELSEWHERE, ALONE, UNNAMED, NOBODY = 0.75, 0.7, 0.62, 0.55


class Target(NamedTuple):
    """A target, how sure we are of it, whether it is tracked, and one past its last token."""

    name: str | None
    trust: float
    is_tracked: bool
    last: int


def find_target(
    reading: Reading,
    sentence: Sentence,
    phrase: Span,
    gap: Span,
    construction: Construction,
    group: Group,
) -> Target:
    """Resolve the target of a call; `name` is None where none is named."""
    taken = construction.addressee if construction.to_company else None
    regions = [gap] if gap[0] < gap[1] else []
    if construction.sufferer:
        regions.append(construction.sufferer)
    near_end = min(sentence.last, phrase[1] + DIRECT_WORDS)
    regions.append((phrase[1], _clause_end(reading, phrase[1], near_end)))
    for first, last in regions:
        near = _names_in(reading, first, last, taken)
        sure = [named for named in near if named.sure or named.first < first + LOOSE_WORDS]
        if group.kind == "help":  # "join Acme's director" helps a director
            sure = [named for named in sure if not _is_owner(reading, named)]
        if sure:
            return Target(sure[0].target, DIRECT, True, max(sure[0].last, phrase[1]))
    for first, last in regions:
        name = _untracked(reading, first, last, phrase[0])
        if name is not None:
            return name
    far = min(sentence.last, phrase[1] + LATER_WORDS)
    if group.needs:
        far = _clause_end(reading, phrase[1], far)
    later = [n for n in _names_in(reading, phrase[1], far, taken) if n.sure]
    if later:
        return Target(later[0].target, IN_SENTENCE, True, later[0].last)
    target = _antecedent(reading, sentence, phrase, construction)
    if group.kind == "spread" and taken and reading.is_word("yours", phrase[1] - 1):
        asked = reading.names_between(*taken)  # "Acme, fire your CEO"
        target = Target(asked[-1].target, BY_PRONOUN, True, phrase[1]) if asked else target
    if group.alone and target.name is None:
        return _untracked_later(reading, phrase[1], far) or target._replace(trust=ALONE)
    return target._replace(trust=max(target.trust, ALONE)) if group.alone else target


def _clause_end(reading: Reading, first: int, last: int) -> int:
    """Return where the clause from `first` on ends, at `last` at the latest."""
    for at in range(first, last):
        if reading.is_pause(at) or reading.is_word("linker", at):
            return at
    return last


def _names_in(reading: Reading, first: int, last: int, taken: Span | None) -> Sequence[Named]:
    return [
        named
        for named in reading.names_between(first, last)
        if not (taken and taken[0] <= named.first < taken[1])
    ]


def _is_owner(reading: Reading, named: Named) -> bool:
    return named.last < len(reading.lows) and reading.lows[named.last] == "'s"


def _untracked(reading: Reading, first: int, last: int, verb: int) -> Target | None:
    """Find a capitalised phrase or handle that begins a region, past its articles."""
    at = first
    while at < last and _is_before_a_name(reading, at, last):
        at += 1
    if at >= last or not is_name_like(reading.tokens[at]) or reading.is_word("generic", at):
        return None
    token = reading.tokens[at]
    if token.kind == HANDLE:
        return Target(token.raw[1:], UNTRACKED, False, at + 1)
    if reading.is_shouted or (token.raw.isupper() and is_shouted(reading.tokens[verb])):
        return None
    end = at + 1
    while end < last and reading.tokens[end].kind == WORD and is_name_like(reading.tokens[end]):
        end += 1
    words = " ".join(token.raw for token in reading.tokens[at:end])
    return Target(words, UNTRACKED, False, end)


def _untracked_later(reading: Reading, first: int, last: int) -> Target | None:
    """Find the name that a sentence comes to: "sign the petition to fine Acme"."""
    for at in range(first, last):
        if reading.tokens[at].kind != HANDLE:
            found = _untracked(reading, at, last, first - 1)
            if found is not None:
                return found._replace(trust=ALONE, last=first)
    return None


def _is_before_a_name(reading: Reading, at: int, last: int) -> bool:
    """Whether a token only leads to a name: an article, "please", the CEO in "the CEO of Acme"."""
    if reading.is_word("determiner", at):
        return True
    begins = at == 0 or reading.tokens[at - 1].kind == MARK
    if reading.is_word("opener", at) and (begins or not is_name_like(reading.tokens[at])):
        return True
    return (
        reading.is_word("generic", at) and at + 1 < last and reading.is_word("determiner", at + 1)
    )


def _antecedent(
    reading: Reading, sentence: Sentence, phrase: Span, construction: Construction
) -> Target:
    """Look for the last name before, then the next one after; pronouns make it surer."""
    first = construction.sufferer[0] if construction.sufferer else phrase[1]
    by_pronoun = construction.has_clitic or any(
        reading.is_word("pronoun", index)
        for index in range(first, min(first + LOOSE_WORDS, sentence.last))
    )
    taken = construction.addressee if construction.to_company else None
    near = max(0, phrase[0] - ELSEWHERE_WORDS), phrase[1] + ELSEWHERE_WORDS
    names = [n for n in _names_in(reading, *near, taken) if n.sure]
    before = [named for named in names if named.last <= phrase[0]]
    after = [named for named in names if named.first >= phrase[1]]
    trust = BY_PRONOUN if by_pronoun else ELSEWHERE
    if before:
        asked = construction.addressee
        if asked and asked[0] <= before[-1].first < asked[1]:  # "Acme workers: strike"
            trust = BY_PRONOUN
        return Target(before[-1].target, trust, True, phrase[1])
    if after:
        return Target(after[0].target, trust, True, phrase[1])
    points = construction.has_clitic or _is_pronoun(reading, phrase)
    return Target(None, UNNAMED if points else NOBODY, False, phrase[1])


def _is_pronoun(reading: Reading, phrase: Span) -> bool:
    """Whether a pronoun that is no article is the object, in or behind the phrase: "ban them"."""
    for at in range(phrase[0] + 1, min(phrase[1] + 1, len(reading.tokens))):
        if reading.is_word("pronoun", at):
            behind = at + 1
            ends = behind == len(reading.tokens) or reading.tokens[behind].kind == MARK
            if ends or not reading.is_word("determiner", at):
                return True
    return False


def is_enough(target: Target, needs: str) -> bool:
    """Whether the target is what a phrase needs: any, one with a name, or a tracked one.

    A name somewhere else in the post, that no pronoun points at, is no object of a verb that
    needs one: "@Acme my bag is lost, please help".
    """
    if not needs:
        return True
    found = target.is_tracked if needs == "tracked" else target.name is not None
    return found and target.trust != ELSEWHERE


def addressee_of(reading: Reading, construction: Construction) -> str | None:
    """Name who is asked: a tracked entity's id, else the name that the words end in, if any."""
    if construction.addressee is None:
        return None
    first, last = construction.addressee
    named = _names_in(reading, first, last, None)
    if named:
        return named[-1].target
    while last > first and reading.tokens[last - 1].kind in (MARK, LINK):
        last -= 1
    begins = last
    while begins > first and _may_be_asked(reading, begins - 1):
        begins -= 1
    words = [token.raw for token in reading.tokens[begins:last]]
    return " ".join(words[-LONGEST_NAME:]).lstrip("@") or None


def _may_be_asked(reading: Reading, at: int) -> bool:
    """Whether a token can be part of the name of somebody who is asked."""
    token = reading.tokens[at]
    if token.kind == HANDLE:
        return True
    if not is_name_like(token) or reading.is_shouted:
        return False
    return not any(reading.is_word(cue, at) for cue in NO_NAMES)
