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
from streams.calls.hashtags import read_campaign
from streams.calls.lexicon import LANGUAGES, lexicon
from streams.calls.names import NameIndex
from streams.calls.reading import Reading, Span
from streams.calls.screen import screen
from streams.calls.tokens import MARK, Token, lows_of, parts_of, split_sentences, tokenize
from streams.calls.weighing import unruled, weigh
from streams.calls_net import THRESHOLD, Glance, glance, glance_all, is_call_alone, judge
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
    return detect_all([(text, lang)], names)[0]


def detect_all(
    posts: Sequence[tuple[str, str]], names: Mapping[str, str]
) -> list[tuple[CallToAction, ...]]:
    """Return the calls in each post, a text and its language: exactly those it has alone.

    A pack of posts takes less time than its posts one by one.
    """
    index = _compiled(names)
    return [
        _by_nets_too(_Heard(text, lang, index), glanced)
        for (text, lang), glanced in zip(posts, glance_all(posts), strict=True)
    ]


def detect_all_by_grammar(
    posts: Sequence[tuple[str, str]], names: Mapping[str, str]
) -> list[tuple[CallToAction, ...]]:
    """Return the calls in each post that the grammar alone finds: in a fraction of the time.

    No net is loaded or asked. What no rule knows is missed, and what a net would doubt is reported;
    confidence is the grammar's. docs/models/calls.md tells how much is lost.

    >>> [[call], none] = detect_all_by_grammar(
    ...     [("Boycott Epik", "en"), ("I left Epik", "en")], {"Epik": "epik"}
    ... )
    >>> call.action, call.target, none
    ('boycott', 'epik', ())
    """
    index = _compiled(names)
    return [_by_grammar(_Heard(text, lang, index)) for text, lang in posts]


class _Heard:
    """A post as far as it had to be read: most say no more than that they are no call."""

    def __init__(self, text: str, lang: str, index: NameIndex) -> None:
        self.cleaned = clean(text)
        self.lang, self.index = lang, index
        low = self.cleaned.text.lower()
        if self.is_long:
            low = f"{low[:LONGEST_BEGINNING]}\n{low[-LONGEST_END:]}"
        words = _WORDS.findall(low)
        self.hides = is_suspect(low, words)
        self.others = [] if self.hides else _other_languages(lang, words)
        self.is_tagged = "#" in low
        self._tokens: list[Token] | None = None
        self._parts: list[str] = []

    @property
    def is_long(self) -> bool:
        return len(self.cleaned.text) > LONGEST_BEGINNING + LONGEST_END

    @property
    def tokens(self) -> list[Token]:
        if self._tokens is None:
            self._tokens = _tokens(self.cleaned.text, self._parts)
        return self._tokens

    def undisguise(self) -> bool:
        """Write out what is hidden, if the post hides any; tell whether something was."""
        written = self.tokens
        known = self.lang if self.lang in LANGUAGES else MOST_BORROWED
        self._tokens = undisguised(written, known, self.index)
        self.others = _other_languages(self.lang, [token.low for token in self._tokens])
        return self._tokens != written

    def may_be_found(self) -> bool:
        """Whether the grammar may find anything; leaves out the languages in which it cannot."""
        text = self.cleaned.text
        if self._tokens is None and self.is_long:
            self._tokens = _tokens(text)
        if self._tokens is None:
            self._parts = parts = parts_of(text)
            lows = lows_of(text, parts)
        else:
            parts = [token.raw for token in self._tokens]
            lows = [token.low for token in self._tokens]
        ends = self.index.last_words
        self.others = [other for other in self.others if screen(other).may_urge(lows, ends)]
        if self.others:
            return True
        if self.is_tagged and any(
            part[0] == "#" and read_campaign(part[1:], self.index) for part in parts
        ):
            return True
        return self.lang in LANGUAGES and screen(self.lang).may_urge(lows, ends)

    def reading(self, lang: str) -> Reading:
        return _reading(self.tokens, self.index, lang)

    def quoted(self, found: Sequence[Found]) -> tuple[CallToAction, ...]:
        return _quoted(found, self.cleaned, self.tokens)


def _by_nets_too(heard: _Heard, glanced: Glance | None) -> tuple[CallToAction, ...]:
    is_quiet = glanced is None or glanced.is_no_call
    if is_quiet and not (heard.others or heard.hides or heard.is_tagged):
        return ()
    if heard.hides and heard.undisguise():
        glanced = glance(" ".join(token.raw for token in heard.tokens), heard.lang)
    if not heard.may_be_found() and (glanced is None or not is_call_alone(glanced)):
        return ()
    if glanced is None:
        return heard.quoted(_found(heard, None)[0])
    reading = heard.reading(heard.lang)
    found, is_refused = _found(heard, reading)
    return heard.quoted(_judged(glanced, reading, found, heard.lang, is_refused=is_refused))


def _by_grammar(heard: _Heard) -> tuple[CallToAction, ...]:
    if heard.hides:
        heard.undisguise()
    if not heard.may_be_found():
        return ()
    reading = heard.reading(heard.lang) if heard.lang in LANGUAGES else None
    return heard.quoted(_found(heard, reading)[0])


def _found(heard: _Heard, reading: Reading | None) -> tuple[list[Found], bool]:
    """Return what the grammar finds, and whether there is what it refuses.

    Where no lexicon reads the post's language, `reading` is None.
    """
    if reading is None:
        calls = [*in_hashtags(heard.tokens, heard.index, None)]
    else:
        calls = find_calls(reading, heard.index)
    found = surest(calls) or _in_other_languages(heard.tokens, heard.index, heard.others)
    return found, bool(calls)


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


def _tokens(text: str, parts: Sequence[str] = ()) -> list[Token]:
    """Return the tokens of a text; of a very long one, those of its beginning and its end."""
    if len(text) <= LONGEST_BEGINNING + LONGEST_END:
        return tokenize(text, parts or None)
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
