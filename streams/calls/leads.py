"""Words that turn a verb behind them into a call: "let's", "should", "il faut que"."""

from streams.calls.clauses import VOCATIVE_WORDS, Construction, Left, imperative, skip_left
from streams.calls.conjugation import Mood
from streams.calls.lexicon import LeadPhrase
from streams.calls.names import is_name_like
from streams.calls.reading import Reading, Span
from streams.calls.tokens import HANDLE, Sentence

SUBJECT_WORDS = 8
SELF_WORDS = 3
MOST_SKIPPED = 2
ANY = (Mood.IMPERATIVE | Mood.INFINITIVE | Mood.SUBJUNCTIVE).value


def find_lead(
    reading: Reading, sentence: Sentence, left: Left, moods: int, is_outer: bool = False
) -> Construction | None:
    """Return what a lead before the verb makes of it; `is_outer` where the verb is itself a lead.

    A question is asked in words of its own: "can we all", "why don't we".
    """
    lowest = max(sentence.first, left.at - SUBJECT_WORDS)
    if reading.lexicon.leads.keys().isdisjoint(reading.lows[lowest : left.verb]):
        return None
    asks = reading.is_question(sentence)
    for at in range(left.verb - 1, lowest - 1, -1):
        leads = reading.lexicon.leads.get(reading.lows[at], ())
        before = reading.lows[at - 1] if at > sentence.first else ""
        is_open = bool(leads and before) and _may_stand_in(reading, at - 1)
        for lead in leads:
            if len(lead.words) > 1 and lead.words[-2] != before and not is_open:
                continue
            if not lead.moods & moods or (asks and not (lead.lead.question or lead.lead.at_start)):
                continue
            first = _lead_begins(reading, sentence, lead.words, at)
            if first is None:
                continue
            found = _fit_lead(reading, sentence, lead, (first, at + 1), left, is_outer)
            if found is not None:
                return found
        if reading.lows[at] in ':"':
            break
    return None


def _lead_begins(
    reading: Reading, sentence: Sentence, words: tuple[str, ...], last: int
) -> int | None:
    """Return where a lead that ends at `last` begins; "all" and the like may stand in it."""
    at = last
    skipped = 0
    for word in reversed(words):
        while at >= sentence.first and reading.lows[at] != word:
            if at == last or skipped == MOST_SKIPPED or not _may_stand_in(reading, at):
                return None
            skipped += 1
            at -= 1
        if at < sentence.first:
            return None
        at -= 1
    return at + 1


def _may_stand_in(reading: Reading, at: int) -> bool:
    """Whether a token may stand in a lead: "höchste Zeit, dass", "we should all"."""
    return reading.lows[at] == "," or reading.is_word("filler", at)


def _fit_lead(
    reading: Reading,
    sentence: Sentence,
    lead: LeadPhrase,
    place: Span,
    left: Left,
    is_outer: bool,
) -> Construction | None:
    """Check what stands between lead and verb, and before the lead."""
    first, last = place
    between = (last, max(last, left.at + 1))
    rule = lead.lead
    outer: Construction | None = None
    if rule.at_start and not _is_clause_start(reading, sentence, first):
        if is_outer or rule.who != "all":
            return None
        outer = find_lead(reading, sentence, skip_left(reading, sentence, first), ANY, True)
        if outer is None:
            return None
    negators = (reading.is_word("negator", at) for at in range(between[1], left.verb))
    made = Construction(
        first,
        first,
        rule.weight,
        rule.negated != any(negators),
        question=rule.question,
        has_clitic=left.has_clitic,
    )
    if rule.who in ("object", "wanted"):
        return _fit_object(reading, lead, between, left.verb, made)
    if between[0] < between[1] and not reading.lexicon.verb_last:
        return None
    if between[0] < between[1]:  # "Google muss Parler löschen"
        made = made._replace(sufferer=between)
    if outer is not None:  # "we should all stop buying"
        return outer._replace(negated=outer.negated != made.negated, sufferer=made.sufferer)
    if rule.who == "all":
        return made if not _is_self_before(reading, sentence, first) else None
    if rule.who == "clause":  # "höchste Zeit, dass Globex Acme rauswirft"
        return _with_actor(reading, between, made)
    ends = left.verb + 1 >= sentence.last
    if rule.who == "subject" and not ends and reading.is_word("becomes", left.verb + 1):
        return None  # "muss zerschlagen werden" is done to the subject
    if rule.who == "named":
        begins = name_alone(reading, sentence, first)
        return made._replace(start=begins, sufferer=(begins, first)) if begins is not None else None
    subject = _subject(reading, sentence, first)
    if reading.lexicon.verb_last and subject is None and between[0] < between[1]:
        subject = (between[0], min(between[1], between[0] + 2))
    if subject is None or _is_no_subject(reading, subject):
        return None
    if reading.is_word("nobody", subject[0]):  # "no registrar should host Acme"
        made = made._replace(negated=not made.negated)
    if rule.who == "passive":
        return made._replace(start=subject[0], sufferer=subject)
    masses = reading.is_word("masses", subject[1] - 1)
    return made._replace(start=subject[0], addressee=subject, to_company=not masses)


def _fit_object(
    reading: Reading, lead: LeadPhrase, between: Span, verb: int, made: Construction
) -> Construction | None:
    first, last = between
    if lead.close:
        close = verb - 1  # behind it only adverbs: "urge them to finally drop it"
        while close >= last and reading.lows[close] not in lead.close:
            close -= 1
        if reading.lows[close] not in lead.close:
            return None
        last = close
        if any(reading.lows[at] in lead.close for at in range(first, last)):
            return None  # "I want to talk about what to buy"
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
    return before >= sentence.first and any(
        reading.is_word(cue, before) for cue in ("self", "question", "not")
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


def _with_actor(reading: Reading, between: Span, made: Construction) -> Construction:
    """Part "Globex Acme" before a verb that comes last in who acts and whom it is done to."""
    named = reading.names_between(*between)
    if len(named) < 2:
        return made._replace(sufferer=between)
    acts = (between[0], named[0].last)
    return made._replace(addressee=acts, sufferer=(acts[1], between[1]), to_company=True)


def name_alone(reading: Reading, sentence: Sentence, last: int) -> int | None:
    """Return where a name that ends before token `last` begins, where it opens its clause."""
    named = reading.names_between(max(sentence.first, last - VOCATIVE_WORDS), last)
    if named and named[-1].last == last:
        first = named[-1].first
    else:
        first = last
        while first > sentence.first and is_name_like(reading.tokens[first - 1]):
            first -= 1
        if first == last or reading.is_word("generic", first):
            return None
    while first > sentence.first and reading.is_word("determiner", first - 1):
        first -= 1
    return first if _is_clause_start(reading, sentence, first) else None


def _is_no_subject(reading: Reading, subject: Span) -> bool:
    first, last = subject
    return (
        reading.is_word("self", last - 1)
        or reading.is_word("not", last - 1)
        or reading.is_word("self", first)
        or reading.is_word("question", first)
        or reading.is_word("question", last - 1)
        or reading.is_word("conditional", first)
    )


def _is_clause_start(reading: Reading, sentence: Sentence, index: int) -> bool:
    begun = imperative(reading, sentence, Left(index, index - 1, False, False), False)
    return begun is not None
