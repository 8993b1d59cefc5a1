"""VADER (Hutto & Gilbert, ICWSM 2014), some times as fast: its lexicon, its rules, its scores.

vaderSentiment lower-cases a post's words again for every word that carries feeling, so that its
time grows with the square of the length. Here all that the rules ask of a word is looked up once
and kept. Lexicon and constants are vaderSentiment's own. Its quirks are kept as well: the scores
are equal to the last bit, and a test compares them on 100,000 texts.
"""

import math
import string
from collections.abc import Iterable
from functools import cache
from heapq import heappop, heappush
from typing import Any, NamedTuple

_MOST_WORDS = 50_000
_LONGEST_KEPT = 40
"""Bounds of the memory of words: some 10 MB."""

_SO_OR_THIS = ("so", "this")


class Polarity(NamedTuple):
    """What `polarity_scores` of vaderSentiment returns: `compound` in [-1, 1], shares in [0, 1]."""

    compound: float
    positive: float
    neutral: float
    negative: float


class _Word:
    """All that the rules ask of a word. `lower` is empty where no rule names the word."""

    __slots__ = ("booster", "is_plain", "is_upper", "lower", "matters", "negates", "valence")

    def __init__(self, word: str, rules: "_Rules") -> None:
        lower = word.lower()
        self.is_upper = word.isupper()
        self.valence: float | None = rules.lexicon.get(lower)
        self.booster: float = rules.boosters.get(lower, 0.0)
        self.negates = lower in rules.negations or "n't" in lower
        self.lower = lower if lower in rules.named else ""
        # Whether the word can change how one after it is read, and whether one before it how it is.
        self.matters = bool(self.lower or self.booster or self.negates)
        self.is_plain = not self.lower and not self.is_upper


class _Rules:
    """The lexicon, the lists and the constants of vaderSentiment, in a form to look up."""

    def __init__(self) -> None:
        from vaderSentiment.vaderSentiment import (
            BOOSTER_DICT,
            C_INCR,
            N_SCALAR,
            NEGATE,
            SPECIAL_CASES,
            SentimentIntensityAnalyzer,
        )

        analyzer: Any = SentimentIntensityAnalyzer()
        self.lexicon: dict[str, float] = analyzer.lexicon
        self.boosters: dict[str, float] = BOOSTER_DICT
        self.negations = frozenset(NEGATE)
        # A phrase is compared with words joined by a blank: "badass" alone is never found by it.
        self.idioms: dict[str, float] = SPECIAL_CASES
        phrases = [phrase.split() for phrase in (*self.idioms, *self.boosters) if " " in phrase]
        self.named = frozenset(word for phrase in phrases for word in phrase) | {
            "no", "or", "nor", "never", "so", "this", "without", "doubt", "least", "at", "very",
            "kind", "of", "but",
        }  # fmt: skip
        self.emojis = {
            emoji: f" {meaning}" for emoji, meaning in analyzer.emojis.items() if len(emoji) == 1
        }
        self.caps: float = C_INCR
        self.flip: float = N_SCALAR


class _Words(dict[str, _Word]):
    """The words seen so far, as they stand between blanks."""

    def __init__(self, rules: _Rules) -> None:
        super().__init__()
        self._rules = rules
        self.dull = _Word("", rules)

    def __missing__(self, token: str) -> _Word:
        stripped = token.strip(string.punctuation)
        word = _Word(stripped if len(stripped) > 2 else token, self._rules)
        if word.valence is None and not (word.matters or word.is_upper):
            word = self.dull
        if len(token) <= _LONGEST_KEPT:
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[token] = word
        return word


class Vader:
    """Reads the feeling of English texts. Loading takes some 20 ms; build one and share it."""

    def __init__(self) -> None:
        self._rules = _Rules()
        self._words = _Words(self._rules)

    def polarity(self, text: str) -> Polarity:
        """Return the scores that vaderSentiment gives the text, equal to the last bit.

        Takes time linear in the length of the text, but for sorting where "but" occurs.
        """
        text = self._spelled_out(text)
        words = list(map(self._words.__getitem__, text.split()))
        valences = self._valences(words)
        if not valences:
            return Polarity(0.0, 0.0, 1.0 if words else 0.0, 0.0)
        return _combined(list(valences.values()), len(words), _emphasis(text))

    def compound(self, text: str) -> float:
        """Return the compound score alone, which takes less time."""
        text = self._spelled_out(text)
        valences = self._valences(list(map(self._words.__getitem__, text.split())))
        return _compound(valences.values(), _emphasis(text)) if valences else 0.0

    def _spelled_out(self, text: str) -> str:
        """Put what it means in the place of each emoji."""
        emojis = self._rules.emojis
        if text.isascii() or emojis.keys().isdisjoint(text):
            return text
        return "".join([emojis.get(char, char) for char in text])

    def _valences(self, words: list[_Word]) -> dict[int, float]:
        """Return the places of the words that carry feeling, in order, and how much."""
        found: dict[int, float] = {}
        dull, mattered, but, loud = self._words.dull, -4, -1, None
        for place, word in enumerate(words):
            if word is dull:
                continue
            valence = word.valence
            if valence is not None and not word.booster:
                if not word.is_plain or place - mattered <= 3:
                    loud = self._loudness(words) if loud is None else loud
                    valence = self._in_place(valence, words, place, loud)
                if valence:
                    found[place] = valence
            if word.matters:
                mattered = place
                if but < 0 and word.lower == "but":
                    but = place
        if found and but >= 0:
            _weigh_around(but, found)
        return found

    def _loudness(self, words: list[_Word]) -> float:
        """Return what capitals add to a word: nothing where all words are in them."""
        loud = [word.is_upper for word in words].count(True)
        return self._rules.caps if 0 < loud < len(words) else 0.0

    def _in_place(self, valence: float, words: list[_Word], place: int, loud: float) -> float:
        """Return the valence of a word among its neighbours; `loud` is what capitals add."""
        flip = self._rules.flip
        word = words[place]
        before = words[max(place - 3, 0) : place][::-1]
        lower = [other.lower for other in before]
        given = valence
        if word.lower == "kind" and words[place + 1 : place + 2] and words[place + 1].lower == "of":
            return 0.0
        if word.lower == "no" and place + 1 < len(words) and words[place + 1].valence is not None:
            valence = 0.0
        if "no" in lower and ("no" in lower[:2] or lower[0] in ("or", "nor")):
            valence = given * flip
        if word.is_upper:
            valence += loud if valence > 0 else -loud
        for distance, other in enumerate(before):
            if other.valence is None:
                if other.booster:
                    valence += _boost(other, valence, loud) * (1.0, 0.95, 0.9)[distance]
                valence *= _negation(distance, other.negates, lower, flip)
                if distance == 2:
                    valence = self._idiom(valence, lower, words[place : place + 3])
        if before and lower[0] == "least" and lower[1:2] not in (["at"], ["very"]):
            valence *= flip
        return valence

    def _idiom(self, valence: float, lower: list[str], after: list[_Word]) -> float:
        """Look for phrases with the word; `lower` are the three before it, the nearest first."""
        one, two, three = lower
        zero = after[0].lower
        following = after[1].lower if len(after) > 1 else ""
        if not ((one and (zero or two)) or (two and three) or (zero and following)):
            return valence  # the words of all phrases are named
        idioms, boosters = self._rules.idioms, self._rules.boosters
        earlier = (f"{three} {two} {one}", f"{three} {two}", f"{two} {one}")
        for phrase in (f"{one} {zero}", f"{two} {one} {zero}", earlier[2], *earlier[:2]):
            if phrase in idioms:
                valence = idioms[phrase]
                break
        whole = " ".join([word.lower for word in after])
        for phrase in (f"{zero} {following}", whole):
            if len(after) > 1 and phrase in idioms:
                valence = idioms[phrase]
        for phrase in earlier:
            if phrase in boosters:
                valence = valence + boosters[phrase]
        return valence


@cache
def vader() -> Vader:
    """Return the one that all share, loaded when first asked for."""
    return Vader()


def compound(text: str) -> float:
    """Return the compound score of an English text, in [-1, 1]: vaderSentiment's to the last bit.

    >>> compound("Not bad at all"), compound("the worst day EVER!!!")
    (0.431, -0.7163)
    """
    return vader().compound(text)


def _boost(word: _Word, valence: float, loud: float) -> float:
    boost = -word.booster if valence < 0 else word.booster
    if word.is_upper:
        boost += loud if valence > 0 else -loud
    return boost


def _negation(distance: int, negates: bool, lower: list[str], flip: float) -> float:
    """Return the factor that a word so far before, and those between, make of a valence.

    That "so good" counts a quarter more after any third word is a slip in vaderSentiment's
    brackets, and is kept.
    """
    if distance == 1 and negates:
        if lower[1] == "never" and lower[0] in _SO_OR_THIS:
            return 1.25
        if lower[1] == "without" and lower[0] == "doubt":
            return 1.0
    if distance == 2:
        if lower[0] in _SO_OR_THIS or (lower[2] == "never" and lower[1] in _SO_OR_THIS):
            return 1.25
        if lower[2] == "without" and "doubt" in lower[:2]:
            return 1.0
    return flip if negates else 1.0


def _weigh_around(but: int, valences: dict[int, float]) -> None:
    """Halve what comes before "but", and count half as much again what comes after.

    vaderSentiment looks each value up by its first occurrence, so that of equal values the first
    takes all the weights. So does this, with a heap of places for each value.
    """
    places: dict[float, list[int]] = {}
    for place, valence in valences.items():
        places.setdefault(valence, []).append(place)
    for place in valences:
        valence = valences[place]
        first = heappop(places[valence])
        valences[first] = valence * (0.5 if first < but else 1.5)
        heappush(places.setdefault(valences[first], []), first)


def _emphasis(text: str) -> float:
    """Return what exclamation and question marks add: up to four of the one, two of the other."""
    asked = text.count("?")
    questions = 0.0 if asked < 2 else asked * 0.18 if asked <= 3 else 0.96
    return min(text.count("!"), 4) * 0.292 + questions


def _compound(valences: Iterable[float], emphasis: float) -> float:
    total = float(sum(valences))
    if total:
        total += emphasis if total > 0 else -emphasis
    return round(max(-1.0, min(1.0, total / math.sqrt(total * total + 15))), 4)


def _combined(valences: list[float], words: int, emphasis: float) -> Polarity:
    score = _compound(valences, emphasis)
    positive = sum([valence + 1 for valence in valences if valence > 0])
    negative = sum([valence - 1 for valence in valences if valence < 0])
    if positive > -negative:
        positive += emphasis
    elif positive < -negative:
        negative -= emphasis
    neutral = words - len(valences)
    whole = positive - negative + neutral
    return Polarity(
        score,
        round(positive / whole, 3),
        round(neutral / whole, 3),
        round(-negative / whole, 3),
    )
