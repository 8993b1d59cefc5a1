"""How a verb stands in its sentence: imperative, after "let's" or "should", in a request."""

from streams.calls.clauses import CHAINED, Construction, Left, imperative, skip_left
from streams.calls.conjugation import Mood
from streams.calls.leads import SUBJECT_WORDS, find_lead, name_alone
from streams.calls.reading import Reading, Span
from streams.calls.tokens import Sentence

NOMINAL = 0.7
SUMMONED = 0.95
VERB_LAST_INFINITIVE = 0.7
BARE_INFINITIVE = 0.7
BARE_WORDS = 24
"""How far behind a bare infinitive another verb is looked for."""
BEHIND_A_CLAUSE = ("filler", "linker", "masses", "subordinator")
POSTPOSED_WEIGHT = 0.8

IMPERATIVE, INFINITIVE = Mood.IMPERATIVE.value, Mood.INFINITIVE.value
SUBJUNCTIVE, PARTICIPLE = Mood.SUBJUNCTIVE.value, Mood.PARTICIPLE.value
NOUN, POSTPOSED = Mood.NOUN.value, Mood.POSTPOSED.value
PROHIBITIVE = Mood.PROHIBITIVE.value
"""Plain numbers: an enumeration's are slow to compare, and every phrase is."""


def find_construction(
    reading: Reading,
    sentence: Sentence,
    phrase: Span,
    mood: int,
    before: Construction | None,
) -> Construction | None:
    """Return the construction a phrase stands in, or None if it urges nobody.

    `before` is the one of the verb before it in the sentence, if that urges.
    """
    chained = before is not None
    verb = phrase[0]
    left = skip_left(reading, sentence, verb)
    left = left._replace(
        may_be_past=bool(mood & PARTICIPLE),
        has_clitic=left.has_clitic or reading.lows[verb] in reading.lexicon.with_clitics,
    )
    found = find_lead(reading, sentence, left, mood) or _joined(reading, left, mood, before)
    if found is not None:
        return found
    if mood & IMPERATIVE or (mood & PROHIBITIVE and left.negated):
        return imperative(reading, sentence, left, chained)
    if mood & NOUN:
        return _nominal(reading, sentence, left)
    if mood & POSTPOSED:
        return _postposed(reading, sentence, phrase)
    if mood & INFINITIVE and reading.lexicon.verb_last:
        return _verb_last(reading, sentence, phrase)
    if mood & INFINITIVE and reading.lexicon.bare_infinitive:
        return _bare_infinitive(reading, sentence, left, chained)
    return None


def _joined(
    reading: Reading, left: Left, mood: int, before: Construction | None
) -> Construction | None:
    """Read on in "we have to sign and boycott Acme": the lead also governs what "and" joins."""
    if before is None or not mood & (INFINITIVE | SUBJUNCTIVE):
        return None
    if left.at < before.urged or not reading.is_word("linker", left.at):
        return None
    return before._replace(weight=min(before.weight, CHAINED), negated=left.negated, sufferer=None)


def _nominal(reading: Reading, sentence: Sentence, left: Left) -> Construction | None:
    """Read "Strike at Acme on Friday": surer where the sentence also bids to come."""
    if left.verb > sentence.first and reading.is_word("determiner", left.verb - 1):
        return None  # "the boycott"
    begun = imperative(reading, sentence, left, False)
    if begun is None or begun.negated or begun.to_company:
        return None
    summoned = reading.cue("summons", sentence.first, sentence.last)
    return begun._replace(weight=begun.weight * (SUMMONED if summoned else NOMINAL))


def _postposed(reading: Reading, sentence: Sentence, phrase: Span) -> Construction | None:
    """Read "Acme raus!", "Acme, dehors": a name alone before words that say what it deserves."""
    if not _ends_clause(reading, sentence, phrase[1]):
        return None
    last = phrase[0]
    while last > sentence.first and (
        reading.is_pause(last - 1) or reading.is_word("filler", last - 1)
    ):
        last -= 1
    first = name_alone(reading, sentence, last)
    if first is None:
        return None
    return Construction(first, phrase[0], POSTPOSED_WEIGHT, sufferer=(first, last))


def _ends_clause(reading: Reading, sentence: Sentence, last: int) -> bool:
    ends = last >= sentence.last or reading.is_pause(last) or reading.is_aside(last)
    return ends or any(reading.is_word(cue, last) for cue in BEHIND_A_CLAUSE)


def _bare_infinitive(
    reading: Reading, sentence: Sentence, left: Left, chained: bool
) -> Construction | None:
    """Read "Boycotter Acme !": an infinitive that opens a sentence without any other verb."""
    begun = imperative(reading, sentence, left, chained)
    if begun is None or begun.to_company:
        return None
    others = range(left.verb + 1, min(sentence.last, left.verb + BARE_WORDS))
    if any(reading.is_word("finite", at) or reading.is_word("self", at) for at in others):
        return None
    return begun._replace(weight=min(begun.weight, BARE_INFINITIVE))


def _verb_last(reading: Reading, sentence: Sentence, phrase: Span) -> Construction | None:
    """Read "Amazon boykottieren!": an infinitive that ends a clause without any other verb."""
    if not _ends_clause(reading, sentence, phrase[1]):
        return None
    first = phrase[0]
    while first > sentence.first and phrase[0] - first < SUBJECT_WORDS:
        if reading.is_pause(first - 1):
            break
        first -= 1
    if first == phrase[0] and reading.is_word("whoever", sentence.first):
        first = sentence.first  # "wer noch bei Acme ist: kündigen"
    negated = False
    for index in range(first, phrase[0]):
        if reading.is_word("whoever", first) or index in reading.named_from:
            continue
        if reading.is_word("finite", index) or reading.is_word("self", index):
            return None
        negated = negated or reading.is_word("not_after", index)
    sufferer = (first, phrase[0])
    return Construction(first, phrase[0], VERB_LAST_INFINITIVE, negated, sufferer=sufferer)
