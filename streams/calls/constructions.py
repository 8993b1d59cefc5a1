"""How a verb stands in its sentence: imperative, after "let's" or "should", in a request."""

from streams.calls.clauses import Construction, Left, imperative, skip_left
from streams.calls.conjugation import Mood
from streams.calls.leads import SUBJECT_WORDS, find_lead
from streams.calls.reading import Reading, Span
from streams.calls.tokens import Sentence

NOMINAL = 0.7
SUMMONED = 0.95
VERB_LAST_INFINITIVE = 0.7


def find_construction(
    reading: Reading, sentence: Sentence, phrase: Span, mood: Mood, chained: bool
) -> Construction | None:
    """Return the construction a phrase stands in, or None if it urges nobody."""
    verb = phrase[0]
    left = skip_left(reading, sentence, verb)
    left = left._replace(
        may_be_past=bool(mood & Mood.PARTICIPLE),
        has_clitic=left.has_clitic or reading.lows[verb] in reading.lexicon.with_clitics,
    )
    found = find_lead(reading, sentence, left, mood)
    if found is not None:
        return found
    if mood & Mood.IMPERATIVE:
        return imperative(reading, sentence, left, chained)
    if mood & Mood.NOUN:
        return _nominal(reading, sentence, left)
    if mood & Mood.INFINITIVE and reading.lexicon.verb_last:
        return _verb_last(reading, sentence, phrase)
    return None


def _nominal(reading: Reading, sentence: Sentence, left: Left) -> Construction | None:
    """Read "Strike at Acme on Friday": surer where the sentence also bids to come."""
    if left.verb > sentence.first and reading.is_word("determiner", left.verb - 1):
        return None  # "the boycott"
    begun = imperative(reading, sentence, left, False)
    if begun is None or begun.negated or begun.to_company:
        return None
    summoned = reading.cue("summons", sentence.first, sentence.last)
    return begun._replace(weight=begun.weight * (SUMMONED if summoned else NOMINAL))


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
    sufferer = (first, phrase[0])
    return Construction(first, phrase[0], VERB_LAST_INFINITIVE, negated, sufferer=sufferer)
