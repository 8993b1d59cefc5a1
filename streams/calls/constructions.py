"""How a verb stands in its sentence: imperative, after "let's" or "should", in a request.

Everything is read leftwards from the verb, over a bounded number of words.
"""

from typing import NamedTuple

from streams.calls.conjugation import Mood
from streams.calls.lexicon import LeadPhrase
from streams.calls.names import is_name_like
from streams.calls.reading import Reading, Span
from streams.calls.tokens import HANDLE, OPENING_MARKS, WORD, Sentence

SUBJECT_WORDS = 8
VOCATIVE_WORDS = 4
ADVERBS = 12
SELF_WORDS = 3
OPENING_WORDS = 64
"""How far back a sentence is read for its beginning; a reply may name fifty people first."""

BARE_IMPERATIVE = 0.85
AFTER_PAUSE = 0.65
AFTER_NAME = 0.65
CHAINED = 0.75
NOMINAL = 0.7
SUMMONED = 0.95
VERB_LAST_INFINITIVE = 0.7


class Construction(NamedTuple):
    """What makes a phrase a call.

    `addressee` is who is asked, `sufferer` the words that stand for the target where it comes
    before the verb; `to_company` says that somebody other than everybody is asked.
    """

    start: int
    weight: float
    negated: bool = False
    addressee: Span | None = None
    sufferer: Span | None = None
    to_company: bool = False
    question: bool = False
    has_clitic: bool = False


class _Left(NamedTuple):
    at: int
    negated: bool
    has_clitic: bool
    may_be_past: bool = False


def find_construction(
    reading: Reading, sentence: Sentence, phrase: Span, mood: Mood, chained: bool
) -> Construction | None:
    """Return the construction a phrase stands in, or None if it urges nobody."""
    verb = phrase[0]
    left = _skip_left(reading, sentence, verb)
    left = left._replace(may_be_past=bool(mood & Mood.PARTICIPLE))
    found = _by_lead(reading, sentence, left, mood)
    if found is not None:
        return found
    if mood & Mood.IMPERATIVE:
        return _imperative(reading, sentence, left, chained)
    if mood & Mood.NOUN:
        return _nominal(reading, sentence, left)
    if mood & Mood.INFINITIVE and reading.lexicon.verb_last:
        return _verb_last(reading, sentence, phrase)
    return None


def _nominal(reading: Reading, sentence: Sentence, left: _Left) -> Construction | None:
    """Read "Strike at Acme on Friday": surer where the sentence also bids to come."""
    begun = _imperative(reading, sentence, left, False)
    if begun is None or begun.negated or begun.to_company:
        return None
    summoned = reading.cue("summons", sentence.first, sentence.last)
    return begun._replace(weight=begun.weight * (SUMMONED if summoned else NOMINAL))


def _skip_left(reading: Reading, sentence: Sentence, verb: int) -> _Left:
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
    return _Left(at, negated, has_clitic)


def negated_before(reading: Reading, sentence: Sentence, index: int) -> bool:
    """Whether a negator stands right before the token."""
    return index > sentence.first and reading.is_word("negator", index - 1)


def _by_lead(reading: Reading, sentence: Sentence, left: _Left, mood: Mood) -> Construction | None:
    lowest = max(sentence.first, left.at - SUBJECT_WORDS)
    for at in range(left.at, lowest - 1, -1):
        for lead in reading.lexicon.leads.get(reading.lows[at], ()):
            if not lead.mood & mood:
                continue
            first = at - len(lead.words) + 1
            if first < sentence.first or tuple(reading.lows[first : at + 1]) != lead.words:
                continue
            found = _fit_lead(reading, sentence, lead, (first, at + 1), left)
            if found is not None:
                return found
        if reading.lows[at] in ':"':
            break
    return None


def _fit_lead(
    reading: Reading, sentence: Sentence, lead: LeadPhrase, place: Span, left: _Left
) -> Construction | None:
    """Check what stands between lead and verb, and before the lead."""
    first, last = place
    between = (last, left.at + 1)
    rule = lead.lead
    if rule.at_start and not _is_clause_start(reading, sentence, first):
        return None
    negated = rule.negated != left.negated
    made = Construction(
        first, rule.weight, negated, question=rule.question, has_clitic=left.has_clitic
    )
    if rule.who in ("object", "wanted"):
        return _fit_object(reading, lead, between, made)
    if between[0] < between[1] and not reading.lexicon.verb_last:
        return None
    if rule.who == "all":
        return made if not _is_self_before(reading, sentence, first) else None
    subject = _subject(reading, sentence, first)
    if reading.lexicon.verb_last and subject is None and between[0] < between[1]:
        subject = (between[0], min(between[1], between[0] + 2))
    if subject is None or _is_no_subject(reading, subject):
        return None
    if rule.who == "passive":
        return made._replace(start=subject[0], sufferer=subject)
    if between[0] < between[1]:  # "Google muss Parler löschen"
        made = made._replace(sufferer=between)
    masses = reading.is_word("masses", subject[1] - 1)
    return made._replace(start=subject[0], addressee=subject, to_company=not masses)


def _fit_object(
    reading: Reading, lead: LeadPhrase, between: Span, made: Construction
) -> Construction | None:
    first, last = between
    if lead.close:
        if last - first < 2 or reading.lows[last - 1] not in lead.close:
            return None
        last -= 1
    if not 0 < last - first <= SUBJECT_WORDS or any(map(reading.is_pause, range(first, last))):
        return None
    if any(reading.is_word("self", index) for index in range(first, last)):
        return None
    if lead.lead.who == "wanted":
        return made._replace(sufferer=(first, last))
    masses = reading.is_word("masses", last - 1)
    return made._replace(addressee=(first, last), to_company=not masses)


def _is_self_before(reading: Reading, sentence: Sentence, first: int) -> bool:
    before = first - 1
    while before > max(sentence.first, first - SELF_WORDS) and reading.is_word("filler", before):
        before -= 1
    return before >= sentence.first and (
        reading.is_word("self", before) or reading.is_word("question", before)
    )


def _subject(reading: Reading, sentence: Sentence, last: int) -> Span | None:
    """Return the words before a modal verb, back to the clause's beginning."""
    first = last
    while first > sentence.first and last - first < SUBJECT_WORDS:
        if reading.is_pause(first - 1) or reading.is_word("linker", first - 1):
            break
        first -= 1
    while first < last and (reading.is_aside(first) and reading.tokens[first].kind != HANDLE):
        first += 1
    return (first, last) if first < last else None


def _is_no_subject(reading: Reading, subject: Span) -> bool:
    first, last = subject
    return (
        reading.is_word("self", last - 1)
        or reading.is_word("self", first)
        or reading.is_word("question", first)
        or reading.is_word("question", last - 1)
        or reading.is_word("conditional", first)
    )


def _is_clause_start(reading: Reading, sentence: Sentence, index: int) -> bool:
    begun = _imperative(reading, sentence, _Left(index - 1, False, False), False)
    return begun is not None


def _imperative(
    reading: Reading, sentence: Sentence, left: _Left, chained: bool
) -> Construction | None:
    """Whether only openers, vocatives or nothing stand before."""
    at = left.at
    lowest = max(sentence.first, at - OPENING_WORDS)
    made = Construction(at + 1, BARE_IMPERATIVE, left.negated, has_clitic=left.has_clitic)
    while at >= lowest:
        token = reading.tokens[at]
        if chained and reading.is_word("linker", at):
            return made._replace(weight=CHAINED)
        if reading.is_pause(at) and token.low not in OPENING_MARKS:
            return _after_pause(reading, sentence, at, made)
        if token.kind == HANDLE:
            made = made._replace(addressee=(at, at + 1))
        elif not (reading.is_aside(at) or reading.is_word("opener", at)):
            return None if left.may_be_past else _after_name(reading, sentence, at, made)
        at -= 1
    if lowest > sentence.first:
        return None
    if made.addressee:
        return made._replace(to_company=_is_tracked(reading, made.addressee))
    return made


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
    symbol = reading.tokens[pause].low
    if not before:
        handles = [i for i in opening if reading.tokens[i].kind == HANDLE]
        if handles:
            span = (handles[0], handles[0] + 1)
            return made._replace(addressee=span, to_company=_is_tracked(reading, span))
        return made
    if symbol in ",:-—–" and len(before) <= VOCATIVE_WORDS:
        span = (before[0], before[-1] + 1)
        named = any(is_name_like(reading.tokens[i]) or i in reading.named_from for i in before)
        if reading.is_word("masses", before[-1]):
            return made._replace(addressee=span)
        if named and symbol == ",":
            return made._replace(addressee=span, to_company=True)
    weight = made.weight if symbol == ":" or not symbol.isascii() else AFTER_PAUSE
    return made._replace(weight=weight)


def _after_name(
    reading: Reading, sentence: Sentence, at: int, made: Construction
) -> Construction | None:
    """Accept "Google remove Parler now": a name alone before a form that cannot be its verb."""
    named = reading.names_between(max(sentence.first, at - VOCATIVE_WORDS), at + 1)
    if not reading.lexicon.bare_vocative or not named:
        return None
    first = named[-1].first
    fits = named[-1].sure and named[-1].last == at + 1 and reading.tokens[first].kind == WORD
    if not fits or not all(map(reading.is_aside, range(sentence.first, first))):
        return None
    return made._replace(weight=AFTER_NAME, addressee=(first, at + 1), to_company=True)


def _verb_last(reading: Reading, sentence: Sentence, phrase: Span) -> Construction | None:
    """Read "Amazon boykottieren!": an infinitive that ends a clause without any other verb."""
    last = phrase[1]
    ends = last >= sentence.last or reading.is_pause(last) or reading.is_aside(last)
    ends = ends or reading.is_word("filler", last)
    if not ends:
        return None
    first = phrase[0]
    while first > sentence.first and phrase[0] - first < SUBJECT_WORDS:
        if reading.is_pause(first - 1):
            break
        first -= 1
    negated = False
    for index in range(first, phrase[0]):
        if reading.is_word("finite", index) or reading.is_word("self", index):
            return None
        negated = negated or reading.is_word("not_after", index)
    return Construction(first, VERB_LAST_INFINITIVE, negated, sufferer=(first, phrase[0]))


def _is_tracked(reading: Reading, span: Span) -> bool:
    return span[0] in reading.named_from
