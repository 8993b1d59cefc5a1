"""What stands before a verb: nothing, openers or the ones who are spoken to, or a subject.

Everything is read leftwards from the verb, over a bounded number of words.
"""

from typing import NamedTuple

from streams.calls.names import is_name_like
from streams.calls.reading import Reading, Span
from streams.calls.tokens import HANDLE, OPENING_MARKS, WORD, Sentence

VOCATIVE_WORDS = 4
ADVERBS = 12
OPENING_WORDS = 64
"""How far back a sentence is read for its beginning; a reply may name fifty people first."""

BARE_IMPERATIVE = 0.85
AFTER_PAUSE = 0.65
AFTER_NAME = 0.65
CHAINED = 0.75


class Construction(NamedTuple):
    """What makes a phrase a call.

    The words that urge begin at `urged`, the whole with its subject at `start`. `addressee` is who
    is asked, `sufferer` the words that stand for the target where it comes before the verb;
    `to_company` says that somebody other than everybody is asked.
    """

    start: int
    urged: int
    weight: float
    negated: bool = False
    addressee: Span | None = None
    sufferer: Span | None = None
    to_company: bool = False
    question: bool = False
    has_clitic: bool = False


class Left(NamedTuple):
    """What stands before a verb: the last token `at` that is no adverb, negator or pronoun of it.

    `may_be_past` says that the verb's form is also one of the past: "shut".
    """

    verb: int
    at: int
    negated: bool
    has_clitic: bool
    may_be_past: bool = False


def skip_left(reading: Reading, sentence: Sentence, verb: int) -> Left:
    """Step over adverbs, negators and object pronouns before the verb."""
    at = verb - 1
    lowest = max(sentence.first, verb - ADVERBS)
    negated = has_clitic = False
    while at >= lowest:
        if reading.is_word("negator", at):
            negated = True
        elif reading.is_word("clitic", at) and negated_before(reading, sentence, at):
            has_clitic = True
        elif not reading.is_word("filler", at):
            break
        at -= 1
    return Left(verb, at, negated, has_clitic)


def negated_before(reading: Reading, sentence: Sentence, index: int) -> bool:
    """Whether a negator stands right before the token."""
    return index > sentence.first and reading.is_word("negator", index - 1)


def imperative(
    reading: Reading, sentence: Sentence, left: Left, chained: bool
) -> Construction | None:
    """Whether only openers, vocatives or nothing stand before."""
    at = left.at
    lowest = max(sentence.first, at - OPENING_WORDS)
    made = Construction(at + 1, at + 1, BARE_IMPERATIVE, left.negated, has_clitic=left.has_clitic)
    while at >= lowest:
        token = reading.tokens[at]
        if chained and reading.is_word("linker", at):
            return made._replace(weight=CHAINED)
        if reading.is_pause(at) and token.low not in OPENING_MARKS:
            return _after_pause(reading, sentence, at, made)
        if token.kind == HANDLE:
            made = made._replace(addressee=(at, at + 1))
        elif not _is_opening(reading, at):
            if chained and _is_joined(reading, at, left.verb):
                return made._replace(start=left.verb, urged=left.verb, weight=CHAINED)
            return None if left.may_be_past else _after_name(reading, sentence, at, left.verb, made)
        at -= 1
    if lowest > sentence.first:
        return None
    if made.addressee:
        return made._replace(to_company=_is_tracked(reading, made.addressee))
    return made


def _is_opening(reading: Reading, at: int) -> bool:
    """Whether a token may stand before an imperative: an aside, an opener, a date or an hour."""
    return (
        reading.is_aside(at)
        or reading.is_word("opener", at)
        or reading.tokens[at].low.rstrip("h").isdigit()
    )


def _is_joined(reading: Reading, at: int, verb: int) -> bool:
    """Whether only "and" stands between two verbs: "unfollow and report Acme"."""
    skipped = range(at + 1, verb)
    return reading.lows[at] in reading.lexicon.phrases and any(
        reading.is_word("linker", index) for index in skipped
    )


def _after_pause(
    reading: Reading, sentence: Sentence, pause: int, made: Construction
) -> Construction:
    """Tell "Congress, regulate" and "so, boycott" from a comma in mid-sentence."""
    opening = range(max(sentence.first, pause - OPENING_WORDS), pause)
    before = [
        index
        for index in opening
        if not (reading.is_aside(index) or reading.is_pause(index))
        and not reading.is_word("opener", index)
        and not reading.is_word("determiner", index)
    ]
    if before and reading.is_word("conditional", before[0]):
        return made  # "if you care, boycott"; what it may not be is vetoed
    symbol = reading.tokens[pause].low
    if before and symbol == ":" and reading.is_word("whoever", before[0]):
        return made._replace(addressee=(before[0], pause))
    if not before:
        handles = [i for i in opening if reading.tokens[i].kind == HANDLE]
        if handles:
            span = (handles[0], handles[0] + 1)
            return made._replace(addressee=span, to_company=_is_tracked(reading, span))
        return made
    if symbol in ",:-—–" and len(before) <= VOCATIVE_WORDS:
        span = (before[0], before[-1] + 1)
        names = [i for i in before if is_name_like(reading.tokens[i]) or i in reading.named_from]
        if reading.is_word("masses", before[-1]):
            return made._replace(addressee=span)
        if names and len(before) <= len(names) + 1 and symbol == ",":
            return made._replace(addressee=span, to_company=True)
    weight = made.weight if symbol == ":" or not symbol.isascii() else AFTER_PAUSE
    return made._replace(weight=weight)


def _after_name(
    reading: Reading, sentence: Sentence, at: int, verb: int, made: Construction
) -> Construction | None:
    """Accept "Google remove Parler now": a name alone before a form that cannot be its verb."""
    named = reading.names_between(max(sentence.first, at - VOCATIVE_WORDS), at + 1)
    if not reading.lexicon.bare_vocative or not named:
        return None
    if any(reading.is_word("infinitive_mark", index) for index in range(at + 1, verb)):
        return None  # a headline: "Globex to drop Acme"
    first = named[-1].first
    fits = named[-1].sure and named[-1].last == at + 1 and reading.tokens[first].kind == WORD
    if not fits or not all(map(reading.is_aside, range(sentence.first, first))):
        return None
    return made._replace(weight=AFTER_NAME, addressee=(first, at + 1), to_company=True)


def _is_tracked(reading: Reading, span: Span) -> bool:
    return span[0] in reading.named_from
