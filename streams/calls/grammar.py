"""The grammar of calls: an action word of the lexicon in a construction that urges. Pure.

An imperative, "let's", "should" with somebody else, a request, a campaign hashtag. Reports,
questions, conditions, irony, adverts and technical advice are refused.
"""

from collections.abc import Iterator, Sequence

from streams.calls.campaigns import (
    REASON_WORDS,
    as_campaign,
    find_campaign,
    is_about_campaign,
    is_to_help,
    meaning_of,
)
from streams.calls.clauses import Construction
from streams.calls.constructions import find_construction
from streams.calls.found import Found
from streams.calls.hashtags import read_campaign
from streams.calls.lexicon import Group
from streams.calls.meanings import find_denial, meaning
from streams.calls.names import NameIndex
from streams.calls.reading import Reading, Span
from streams.calls.targets import addressee_of, find_target, is_enough
from streams.calls.tokens import HASHTAG, Sentence, Token
from streams.calls.vetoes import is_misdirected, is_talked_about, is_unwanted_kind, is_vetoed
from uproar.records import Action, Direction

LEAST = 0.5
"""What is found with less confidence counts for nothing."""

REFUSED = 0.0
"""The confidence of what has the form of a call, but is reported, joked, an advert or the like."""

MOST_PHRASES = 100
"""How many places in a post are tried: more than any writing has, so that no input takes long."""


def find_calls(reading: Reading, names: NameIndex) -> list[Found]:
    """Return what has the form of a call, in order of place, the refused too; see `surest`."""
    return [*in_hashtags(reading.tokens, names, reading), *in_sentences(reading)]


def in_hashtags(
    tokens: Sequence[Token], names: NameIndex, reading: Reading | None
) -> Iterator[Found]:
    """Yield the calls of campaign hashtags; `reading` is None where no lexicon reads the rest."""
    for place, token in enumerate(tokens):
        if token.kind != HASHTAG:
            continue
        campaign = read_campaign(token.raw[1:], names)
        if campaign and not (reading and is_talked_about(reading, place)):
            yield Found(
                campaign.action,
                campaign.direction,
                campaign.target,
                campaign.confidence,
                (place, place + 1),
            )


def in_sentences(reading: Reading) -> Iterator[Found]:
    """Yield the calls of the sentences."""
    tried = 0
    for sentence in reading.sentences:
        before: Construction | None = None
        done = sentence.first
        for index in range(sentence.first, sentence.last):
            if index < done or reading.lows[index] not in reading.lexicon.phrases:
                continue
            for phrase, gap, mood, group in reading.phrases_at(index, sentence.last):
                tried += 1
                if tried > MOST_PHRASES:
                    return
                made = find_construction(reading, sentence, phrase, mood, before)
                if made is None:
                    continue
                before = made
                found = _judge(reading, sentence, phrase, gap, group, made)
                if found is not None:
                    yield found
                    if found.confidence > REFUSED:
                        done = phrase[1]
                        break


def _judge(
    reading: Reading,
    sentence: Sentence,
    phrase: Span,
    gap: Span,
    group: Group,
    made: Construction,
) -> Found | None:
    made = made._replace(question=made.question or group.asks)
    denial = find_denial(reading, sentence, phrase, gap)
    negated = made.negated or denial is not None
    campaign = find_campaign(reading, sentence, phrase[1])
    if campaign is not None and is_about_campaign(campaign, group):
        means = meaning_of(campaign, group, negated, made.to_company)
        object_begins, phrase = phrase[1], (phrase[0], campaign.noun[1])
        gap = campaign.noun if campaign.is_owned else (object_begins, campaign.noun[0])
        group = as_campaign(campaign, group)
        is_refused = is_vetoed(reading, sentence, phrase, (phrase[1], phrase[1]), made)
    else:
        means = meaning(group, negated, made.to_company)
        is_refused = is_vetoed(reading, sentence, phrase, gap, made)
    if means is None:
        return None
    refused = Found(*means, None, REFUSED, phrase)
    if is_refused:
        return refused
    if group.kind == "sign" and is_to_help(reading, sentence, phrase[1], REASON_WORDS):
        means = (means[0], "for")
    target = find_target(reading, sentence, phrase, gap, made, group)
    if not is_enough(target, group.needs):
        return None
    if is_unwanted_kind(reading, sentence, phrase, group, made, target.name is None):
        return refused
    if is_misdirected(reading, sentence, phrase, group, made, target.last):
        return refused
    confidence = min(1.0, made.weight * group.strength * target.trust)
    place = (made.start, max(target.last, phrase[1], denial or 0))
    return Found(*means, target.name, confidence, place, addressee_of(reading, made))


def surest(found: Sequence[Found]) -> list[Found]:
    """Keep the surest of each kind, and what is sure enough.

    Who is asked to act is not hit by that: in "ask Globex to drop Acme" no call is at Globex.
    """
    asked = {call.addressee for call in found if call.target != call.addressee} - {None}
    best: dict[tuple[Action, Direction, str | None], Found] = {}
    for call in found:
        key = (call.action, call.direction, call.target)
        if call.action == "contact" and call.target in asked:
            continue
        if call.confidence >= LEAST and (key not in best or best[key].confidence < call.confidence):
            best[key] = call
    return sorted(best.values(), key=lambda call: -call.confidence)
