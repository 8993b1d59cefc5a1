"""A look at the bare words of a post: may the grammar find a call in it? A "no" is certain.

Most posts hold a verb of the lexicon that stands in no construction that urges. To see that takes
no sentences, no names and no cues in their places. What is asked here is what must hold wherever
`streams.calls.constructions` finds the first construction of a post:

    phrase       a word of the lexicon, with one of the words that its phrases go on with
    behind       a lead that governs the verb's mood, "should", before it
    in front     or nothing but openers, adverbs and negators back to a mark, a name, the beginning
"""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from streams.calls.conjugation import Mood
from streams.calls.lexicon import Lexicon, lexicon
from streams.calls.reading import known_lows
from streams.calls.tree import Node

LOOSE = ("object", "wanted")
"""Leads that need not stand right before their verb: "ask Globex to drop Acme"."""

BEFORE_A_VERB = ("filler", "negator", "clitic", "opener")
OPEN = Mood.IMPERATIVE | Mood.PROHIBITIVE | Mood.NOUN
"""The moods that need no lead."""


class _Head(NamedTuple):
    """The moods of phrases that begin with a word: of it alone, and with a word that follows."""

    alone: int
    following: Mapping[str, int]


class _Lead(NamedTuple):
    """All words of a lead, and the one it ends in.

    One that `is_loose` need not stand right before its verb.
    """

    words: frozenset[str]
    last: str
    is_loose: bool


class Screen:
    """The words of a lexicon, as far as they tell whether a post may urge."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        # Filled as words are met: a lexicon has many thousand forms, and a stream few of them.
        self._heads: dict[str, _Head] = {}
        self._leads: dict[int, dict[str, tuple[_Lead, ...]]] = {}
        self._open = int(OPEN | (Mood.INFINITIVE if lexicon.bare_infinitive else 0))
        self._anywhere = int(Mood.POSTPOSED | (Mood.INFINITIVE if lexicon.verb_last else 0))
        self._skipped = frozenset(
            word
            for cue in BEFORE_A_VERB
            for words in (lexicon.cues.get(cue, ()), lexicon.cue_words.get(cue, ()))
            for word in words
        )
        self._may_be_between = self._skipped | {"-"}  # inside words it is no token

    def may_urge(self, lows: list[str], name_ends: Container[str]) -> bool:
        """Whether the grammar may find a call among words; `name_ends` are last words of names."""
        lows = known_lows(lows, self._lexicon)
        known = frozenset(lows)
        phrases = self._lexicon.phrases
        for word in phrases.keys() & known:
            head = self._heads.get(word)
            if head is None:
                head = self._heads[word] = _head(phrases[word], self._lexicon)
            moods = head.alone
            for following in head.following.keys() & known:
                moods |= head.following[following]
            if moods & self._anywhere:
                return True
            leads = self._leads_among(known, moods) if moods else ()
            if not (leads or moods & self._open):
                continue
            for at, low in enumerate(lows):
                if low == word and (
                    (moods & self._open and self._is_open(lows, at, name_ends))
                    or (leads and self._is_led(lows, at, leads))
                ):
                    return True
        return False

    def _leads_among(self, known: frozenset[str], moods: int) -> list[_Lead]:
        """Return the leads of any of the moods whose words are all there."""
        leads = self._leads.get(moods)
        if leads is None:
            leads = self._leads[moods] = _by_rarest(self._lexicon, moods)
        return [
            lead
            for word in leads.keys() & known
            for lead in leads[word]
            if known.issuperset(lead.words)
        ]

    def _is_open(self, lows: Sequence[str], at: int, names: Container[str]) -> bool:
        """Whether nothing stands before a verb that keeps it from being an imperative."""
        skipped = self._skipped
        before = at - 1
        while before >= 0 and (lows[before] in skipped or lows[before].rstrip("h").isdigit()):
            before -= 1
        if before < 0:
            return True
        low = lows[before]
        if not _is_word(low):
            return True
        return self._lexicon.bare_vocative and (low in names or low[:-1] in names)

    def _is_led(self, lows: Sequence[str], at: int, leads: Sequence[_Lead]) -> bool:
        """Whether a lead stands before a verb: right before it, for most of them."""
        if any(lead.last in lows[:at] for lead in leads if lead.is_loose):
            return True
        near = {lead.last for lead in leads}
        before = at - 1
        while before >= 0 and lows[before] not in near and lows[before] in self._may_be_between:
            before -= 1
        return before >= 0 and lows[before] in near


def _by_rarest(lexicon: Lexicon, moods: int) -> dict[str, tuple[_Lead, ...]]:
    """Return the leads of moods by the word of each that the fewest have: there they are tried."""
    written = [lead for known in lexicon.leads.values() for lead in known if lead.moods & moods]
    often = Counter(word for lead in written for word in set(lead.words))
    found: dict[str, dict[_Lead, None]] = {}
    for lead in written:
        rarest = min(lead.words, key=lambda word: (often[word], word))
        is_loose = lexicon.verb_last or lead.lead.who in LOOSE
        made = _Lead(frozenset(lead.words), lead.words[-1], is_loose)
        found.setdefault(rarest, {})[made] = None
    return {word: tuple(leads) for word, leads in found.items()}


@cache
def screen(lang: str) -> Screen:
    """Return the screen of a language of `LANGUAGES`."""
    return Screen(lexicon(lang))


def _is_word(low: str) -> bool:
    """Whether a piece is certainly a word, and not a mark, a handle, a link."""
    return low.isalnum() or (low[0].isalpha() and low.replace("'", "").isalnum())


def _head(node: Node, lexicon: Lexicon) -> _Head:
    alone = 0
    for meaning in node.meanings:
        alone |= meaning.mood
    following: dict[str, int] = {}
    for part in filter(None, (node, node.gap)):
        for word, behind in part.words.items():
            following[word] = following.get(word, 0) | _moods(behind)
        for name, behind in part.groups.items():
            for word in lexicon.groups[name]:
                following[word] = following.get(word, 0) | _moods(behind)
    return _Head(int(alone), following)


def _moods(node: Node) -> int:
    """Return the moods of all phrases that go on from a node."""
    moods = 0
    for meaning in node.meanings:
        moods |= meaning.mood
    for part in filter(None, (node, node.gap)):
        for behind in (*part.words.values(), *part.groups.values()):
            moods |= _moods(behind)
    return int(moods)
