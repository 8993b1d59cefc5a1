"""Calls to action: who is urged to do what to whom. Pure; linear in the length of the post.

The grammar takes an action word of the lexicon (`streams/lexicon/calls`) in a construction that
urges for a call: an imperative, "let's", "should" with somebody else, a request, a campaign
hashtag; it refuses reports, questions, conditions, irony, adverts and technical advice. Nets
(`streams/calls_net`) judge the post as a whole, and find calls that no rule knows.
"""

import re
from collections.abc import Mapping, Sequence

from streams.calls.disguise import is_suspect, undisguised
from streams.calls.found import Found
from streams.calls.grammar import find_calls, in_hashtags, in_sentences, surest
from streams.calls.lexicon import LANGUAGES, lexicon
from streams.calls.names import NameIndex
from streams.calls.reading import Reading, Span
from streams.calls.tokens import MARK, Token, split_sentences, tokenize
from streams.calls.weighing import unruled, weigh
from streams.calls_net import THRESHOLD, Glance, glance, judge
from uproar.records import CallToAction
from uproar.text import Cleaned, clean

LOUDEST = 50.0
"""Above every logit of the nets."""

LONGEST_EVIDENCE = 280

LONGEST_BEGINNING, LONGEST_END = 4_000, 1_000
"""How many characters are read of a longer text, from its beginning and from its end."""

SHORT_POST_WORDS = 6
"""The language of a post with no more words may be another than the detector says."""

UNSURE = frozenset({"und", "other"})

SURE = 0.7
"""How sure a call must be in a language that the post is not said to be in."""

MOST_BORROWED = "en"
"""The language that hidden words are looked for in where a post's own is not known."""

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
    if len(low) > LONGEST_BEGINNING + LONGEST_END:
        low = f"{low[:LONGEST_BEGINNING]}\n{low[-LONGEST_END:]}"
    words = _WORDS.findall(low)
    hides = is_suspect(low, words)
    glanced = glance(text, lang)
    others = [] if hides else _other_languages(lang, words)
    is_quiet = glanced is None or glanced.is_no_call
    if is_quiet and not others and not hides and "#" not in low:
        return ()
    index = _compiled(names)
    tokens = _tokens(cleaned.text)
    if hides:
        known = lang if lang in LANGUAGES else MOST_BORROWED
        plain = undisguised(tokens, known, index)
        if plain != tokens:
            glanced = glance(" ".join(token.raw for token in plain), lang)
        tokens = plain
        others = _other_languages(lang, [token.low for token in tokens])
    if glanced is None:
        found = surest([*in_hashtags(tokens, index, None)])
        found = found or _in_other_languages(tokens, index, others)
    else:
        reading = _reading(tokens, index, lang)
        calls = find_calls(reading, index)
        found = surest(calls) or _in_other_languages(tokens, index, others)
        found = _judged(glanced, reading, found, lang, is_refused=bool(calls))
    return _quoted(found, cleaned, tokens)


def _judged(
    glanced: Glance, reading: Reading, found: list[Found], lang: str, *, is_refused: bool
) -> list[Found]:
    """Return the calls that grammar and nets agree on, or that the nets alone are sure of."""
    judged = judge(
        glanced, found=found[0].confidence if found else 0.0, is_refused=is_refused and not found
    )
    if judged.probability < THRESHOLD or not reading.sentences:
        return []
    if found:
        return weigh(found, judged, reading)

    def loudness(span: Span) -> float:
        words = " ".join(token.raw for token in reading.tokens[slice(*span)])
        heard = glance(words, lang)
        return heard.logits[0] if heard else -LOUDEST

    return [unruled(reading, judged, loudness)]


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


def _in_other_languages(tokens: list[Token], index: NameIndex, langs: Sequence[str]) -> list[Found]:
    """Return the calls of the language that has the surest one, where its target is named."""
    best: list[Found] = []
    for lang in langs:
        found = in_sentences(_reading(tokens, index, lang))
        named = [call for call in surest(list(found)) if call.target and call.confidence >= SURE]
        if named and (not best or named[0].confidence > best[0].confidence):
            best = named
    return best


def read(text: str, lang: str, names: Mapping[str, str]) -> tuple[Reading, NameIndex]:
    """Return a post made ready for the grammar of a language of `LANGUAGES`, and the names."""
    cleaned = clean(text)
    index = _compiled(names)
    tokens = _tokens(cleaned.text)
    low = cleaned.text.lower()
    if is_suspect(low, _WORDS.findall(low)):
        tokens = undisguised(tokens, lang, index)
    return _reading(tokens, index, lang), index


def _reading(tokens: list[Token], index: NameIndex, lang: str) -> Reading:
    return Reading(tokens, split_sentences(tokens), index.find(tokens), lexicon(lang))


def _compiled(names: Mapping[str, str]) -> NameIndex:
    """Return the index of a mapping, kept as long as the same mapping is used."""
    if not _index or _index[0][0] is not names or _index[0][1] != len(names):
        _index[:] = [(names, len(names), NameIndex(names))]
    return _index[0][2]


def _tokens(text: str) -> list[Token]:
    """Return the tokens of a text; of a very long one, those of its beginning and its end."""
    if len(text) <= LONGEST_BEGINNING + LONGEST_END:
        return tokenize(text)
    cut = len(text) - LONGEST_END
    ending = (
        token._replace(start=token.start + cut, end=token.end + cut)
        for token in tokenize(text[cut:])
    )
    return [*tokenize(text[:LONGEST_BEGINNING]), Token("\n", "\n", MARK, cut, cut), *ending]


def _quoted(
    calls: Sequence[Found], cleaned: Cleaned, tokens: Sequence[Token]
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
