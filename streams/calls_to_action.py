"""Calls to action: who is urged to do what to whom. Pure; linear in the length of the post.

A call is an action word of the lexicon (`streams/lexicon/calls`) in a construction that urges:
an imperative, "let's", "should" with somebody else, a request, a campaign hashtag. Reports,
questions, conditions, irony, adverts and technical advice are refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from streams.calls.campaigns import as_campaign, find_campaign, is_about_campaign, meaning_of
from streams.calls.clauses import Construction
from streams.calls.constructions import find_construction
from streams.calls.hashtags import read_campaign
from streams.calls.lexicon import LANGUAGES, Group, lexicon
from streams.calls.meanings import find_denial, meaning
from streams.calls.names import NameIndex
from streams.calls.reading import Reading, Span
from streams.calls.targets import addressee_of, find_target, is_enough
from streams.calls.tokens import HASHTAG, Sentence, Token, split_sentences, tokenize
from streams.calls.vetoes import is_misdirected, is_talked_about, is_unwanted_kind, is_vetoed
from uproar.records import Action, CallToAction, Direction
from uproar.text import Cleaned, clean

THRESHOLD = 0.5
"""A call below this confidence is not reported."""

LONGEST_EVIDENCE = 280

SHORT_POST_WORDS = 6
"""The language of a post with no more words may be another than the detector says."""

UNSURE = frozenset({"und", "other"})

SURE = 0.7
"""How sure a call must be in a language that the post is not said to be in."""

_WORDS = re.compile(r"\w+")

_index: list[tuple[Mapping[str, str], int, NameIndex]] = []


def detect_calls_to_action(
    text: str, lang: str, names: Mapping[str, str]
) -> tuple[CallToAction, ...]:
    """Return the calls to action in a post, surest first.

    `text` is the original; `lang` its language (ISO 639-1); `names` the surface forms of all
    tracked entities with their ids, the same mapping from call to call (it is compiled once).
    In a language without a lexicon only campaign hashtags are read. Where the language is unknown,
    or the post short, calls at somebody named are looked for in every language that has one.
    Confidence is in (0, 1].

    >>> names = {"Epik": "epik", "Apple": "apple"}
    >>> [call] = detect_calls_to_action("Apple should drop Epik now", "en", names)
    >>> call.action, call.target, call.direction, call.addressee
    ('shutdown', 'epik', 'against', 'apple')
    """
    cleaned = clean(text)
    low = cleaned.text.lower()
    words = _WORDS.findall(low)
    langs = [lang] if lang in LANGUAGES and lexicon(lang).may_urge(words) else []
    others = _other_languages(lang, words)
    if not langs and not others and "#" not in low:
        return ()
    index = _compiled(names)
    tokens = tokenize(cleaned.text)
    found: list[_Found] = []
    reading = _reading(tokens, index, lang) if lang in LANGUAGES else None
    found += _from_hashtags(tokens, index, reading)
    if reading and langs:
        found += _from_sentences(reading)
    merged = _merged(found)
    if not merged and others:
        merged = _in_other_languages(tokens, index, others)
    return _quoted(merged, cleaned, tokens)


class _Found(NamedTuple):
    action: Action
    direction: Direction
    target: str | None
    confidence: float
    place: Span
    addressee: str | None = None


def _other_languages(lang: str, words: Sequence[str]) -> list[str]:
    """Return the languages that a post may be in whose own is not sure: unknown, or too short.

    A word that urges in the post's own language has been read there, so it counts in no other.
    """
    if lang not in UNSURE and len(words) > SHORT_POST_WORDS:
        return []
    if lang in LANGUAGES:
        known = lexicon(lang).phrases
        words = [word for word in words if word not in known]
    return [other for other in sorted(LANGUAGES - {lang}) if lexicon(other).may_urge(words)]


def _in_other_languages(
    tokens: list[Token], index: NameIndex, langs: Sequence[str]
) -> list[_Found]:
    """Return the calls of the language that has the surest one, where its target is named."""
    best: list[_Found] = []
    for lang in langs:
        found = _from_sentences(_reading(tokens, index, lang))
        named = [call for call in _merged(list(found)) if call.target and call.confidence >= SURE]
        if named and (not best or named[0].confidence > best[0].confidence):
            best = named
    return best


def _reading(tokens: list[Token], index: NameIndex, lang: str) -> Reading:
    return Reading(tokens, split_sentences(tokens), index.find(tokens), lexicon(lang))


def _compiled(names: Mapping[str, str]) -> NameIndex:
    """Return the index of a mapping, kept as long as the same mapping is used."""
    if not _index or _index[0][0] is not names or _index[0][1] != len(names):
        _index[:] = [(names, len(names), NameIndex(names))]
    return _index[0][2]


def _from_hashtags(
    tokens: Sequence[Token], names: NameIndex, reading: Reading | None
) -> Iterator[_Found]:
    for place, token in enumerate(tokens):
        if token.kind != HASHTAG:
            continue
        campaign = read_campaign(token.raw[1:], names)
        if campaign and not (reading and is_talked_about(reading, place)):
            yield _Found(
                campaign.action,
                campaign.direction,
                campaign.target,
                campaign.confidence,
                (place, place + 1),
            )


def _from_sentences(reading: Reading) -> Iterator[_Found]:
    for sentence in reading.sentences:
        chained = False
        done = sentence.first
        for index in range(sentence.first, sentence.last):
            if index < done or reading.lows[index] not in reading.lexicon.phrases:
                continue
            for phrase, gap, mood, group in reading.phrases_at(index, sentence.last):
                made = find_construction(reading, sentence, phrase, mood, chained)
                if made is None:
                    continue
                chained = True
                found = _judge(reading, sentence, phrase, gap, group, made)
                if found is not None:
                    yield found
                    done = phrase[1]
                    break


def _judge(
    reading: Reading,
    sentence: Sentence,
    phrase: Span,
    gap: Span,
    group: Group,
    made: Construction,
) -> _Found | None:
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
    if means is None or is_refused:
        return None
    target = find_target(reading, sentence, phrase, gap, made, group)
    if not is_enough(target, group.needs):
        return None
    if is_unwanted_kind(reading, sentence, phrase, group, made, target.name is None):
        return None
    if is_misdirected(reading, sentence, phrase, group, made, target.last):
        return None
    confidence = min(1.0, made.weight * group.strength * target.trust)
    place = (made.start, max(target.last, phrase[1], denial or 0))
    return _Found(*means, target.name, confidence, place, addressee_of(reading, made))


def _merged(found: Sequence[_Found]) -> list[_Found]:
    """Keep the surest of each kind, and what is above the threshold.

    Who is asked to act is not hit by that: in "ask Globex to drop Acme" no call is at Globex.
    """
    asked = {call.addressee for call in found if call.target != call.addressee} - {None}
    best: dict[tuple[Action, Direction, str | None], _Found] = {}
    for call in found:
        key = (call.action, call.direction, call.target)
        if call.action == "contact" and call.target in asked:
            continue
        if call.confidence >= THRESHOLD and (
            key not in best or best[key].confidence < call.confidence
        ):
            best[key] = call
    return sorted(best.values(), key=lambda call: -call.confidence)


def _quoted(
    calls: Sequence[_Found], cleaned: Cleaned, tokens: Sequence[Token]
) -> tuple[CallToAction, ...]:
    return tuple(
        CallToAction(
            action=call.action,
            target=call.target,
            direction=call.direction,
            evidence=cleaned.quote(tokens[call.place[0]].start, tokens[call.place[1] - 1].end)[
                :LONGEST_EVIDENCE
            ],
            confidence=round(call.confidence, 3),
            addressee=call.addressee,
        )
        for call in calls
    )
