"""Whom a call is to hit or help: the object, what is named beside it, or an earlier name."""

from collections.abc import Sequence
from typing import NamedTuple

from streams.calls.clauses import Construction
from streams.calls.lexicon import Group
from streams.calls.names import Named, is_name_like, is_shouted
from streams.calls.reading import Reading, Span
from streams.calls.tokens import HANDLE, LINK, MARK, QUOTES, WORD, Sentence

DIRECT_WORDS = 7
LOOSE_WORDS = 3
LONGEST_NAME = 3
NO_NAMES = ("anybody", "pronoun", "determiner", "opener", "masses", "self", "generic", "filler")
"""Cues whose words ask nobody in particular, however they are written."""
LONGEST_WRITTEN = 5
"""Words of an untracked name."""

JOINTS = ("of", "&")
"""Words inside names."""

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
    begins = phrase[1]
    handle_next = begins + 1 < sentence.last and reading.tokens[begins + 1].kind == HANDLE
    if handle_next and reading.lows[begins] == ":":
        begins += 1  # "alle melden: @acme"
    near_end = min(sentence.last, begins + DIRECT_WORDS)
    regions.append((begins, _clause_end(reading, begins, near_end)))
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
        if reading.lows[at] in QUOTES:
            continue  # a name may stand in them
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
    if any(reading.is_word(cue, at) for cue in ("anybody", "pronoun")):
        return None  # "It must go"
    token = reading.tokens[at]
    if token.kind == HANDLE:
        return Target(token.raw[1:], UNTRACKED, False, at + 1)
    if reading.is_shouted or (token.raw.isupper() and is_shouted(reading.tokens[verb])):
        return None
    begun, end = whole_name(reading, at, last)
    words = " ".join(token.raw for token in reading.tokens[begun:end]).replace(" 's", "'s")
    return Target(words, UNTRACKED, False, end)


def whole_name(reading: Reading, at: int, last: int) -> Span:
    """Return a name's tokens, given its first capital: "Bank of Acme", "T-Acme", "Acme & Sons"."""
    tokens = reading.tokens
    end = at + 1
    while end < last and end - at < LONGEST_WRITTEN:
        joins = tokens[end].low in JOINTS and end + 1 < last
        if not _goes_on(reading, end) and not (joins and _goes_on(reading, end + 1)):
            break
        end += 1
    if end < last and tokens[end].low == "'s" and not _owns(reading, end + 1, last):
        end += 1  # "skip Acme's this week"
    if at > 0 and tokens[at - 1].end + 1 == tokens[at].start and _is_initial(reading, at - 1):
        return at - 1, end
    return at, end


def _goes_on(reading: Reading, at: int) -> bool:
    token = reading.tokens[at]
    return token.kind == WORD and is_name_like(token) and not reading.is_word("opener", at)


def _owns(reading: Reading, after: int, last: int) -> bool:
    """Whether something is named behind a genitive: "Acme's board"."""
    if after >= last or reading.is_pause(after):
        return False
    return not reading.is_word("determiner", after) or reading.is_word("opener", after)


def _is_initial(reading: Reading, at: int) -> bool:
    """Whether a token is a capital letter: the T of "T-Acme"."""
    letter = reading.tokens[at].raw
    return len(letter) == 1 and letter.isupper() and letter not in ("I", "A")


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
    if reading.is_word("determiner", at) or reading.lows[at] in QUOTES:
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
