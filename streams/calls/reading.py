"""One post made ready for reading in one language: tokens, sentences, names and cues."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from operator import itemgetter

from streams.calls.lexicon import Group, Lexicon
from streams.calls.names import Named
from streams.calls.phrases import GAP, without_accents
from streams.calls.tokens import (
    HANDLE,
    HASHTAG,
    LINK,
    MARK,
    PAUSES,
    QUOTES,
    WORD,
    Sentence,
    Token,
)
from streams.calls.tree import Node

MOST_FILLERS = 3
FILLERS = ("filler", "not_after", "masses")

NOTHING: frozenset[str] = frozenset()

Span = tuple[int, int]
"""Token positions: first, and one past the last."""


def known_lows(lows: list[str], lexicon: Lexicon) -> list[str]:
    """Spell out "q"; drop the accent that a pronoun gives the verb it ends: "ciérrenlo"."""
    if lexicon.spellings:
        lows = [lexicon.spellings.get(low, low) for low in lows]
    if lexicon.with_clitics:
        lows = [low if low.isascii() else _without_clitic_accent(low, lexicon) for low in lows]
    return lows


def _without_clitic_accent(low: str, lexicon: Lexicon) -> str:
    if low in lexicon.phrases:
        return low
    plain = without_accents(low)
    return plain if plain in lexicon.with_clitics else low


class Reading:
    """A post under one lexicon. Everything is found once, by token position."""

    def __init__(
        self,
        tokens: Sequence[Token],
        sentences: Sequence[Sentence],
        names: Sequence[Named],
        lexicon: Lexicon,
    ) -> None:
        self.tokens = tokens
        self.lows = known_lows([token.low for token in tokens], lexicon)
        self.sentences = sentences
        self.names = names
        self.named_from = {named.first: named for named in names}
        self.lexicon = lexicon
        self._cues, self._cue_words = lexicon.cues, lexicon.cue_words
        self._name_starts = [named.first for named in names]
        self._first_words: dict[int, int | None] = {}
        self._trailing: dict[int, int] = {}

    def cue(self, name: str, first: int, last: int) -> Span | None:
        """Return the first place of a cue that lies within tokens `first` to `last`."""
        if self.lexicon.cue_starts.get(name, NOTHING).isdisjoint(self.lows[first:last]):
            return None
        spans = self._spans.get(name, [])
        at = bisect_left(spans, (first, 0))
        return spans[at] if at < len(spans) and spans[at][1] <= last else None

    def cue_of_words(self, name: str) -> bool:
        """Whether a cue of several words stands anywhere in the post."""
        return bool(self._inside.get(name))

    def is_word(self, cue: str, index: int) -> bool:
        """Whether the token is a cue of that name, or stands in one of several words."""
        low = self.lows[index]
        if low in self._cues.get(cue, NOTHING):
            return True
        if low not in self._cue_words.get(cue, NOTHING):
            return False
        return index in self._inside.get(cue, ())

    def names_between(self, first: int, last: int) -> Sequence[Named]:
        """Return the tracked names that begin within tokens `first` to `last`, in order."""
        starts = self._name_starts
        return self.names[bisect_left(starts, first) : bisect_left(starts, last)]

    @cached_property
    def is_shouted(self) -> bool:
        """Whether capitals say nothing here, since all the post is in them."""
        return not any(t.kind == WORD and any(map(str.islower, t.raw)) for t in self.tokens)

    @cached_property
    def sentence_starts(self) -> frozenset[int]:
        """The first token of each sentence."""
        return frozenset(sentence.first for sentence in self.sentences)

    @cached_property
    def quotations(self) -> Sequence[Span]:
        """The marks that open and close a quotation, in pairs."""
        marks = [index for index, low in enumerate(self.lows) if low in QUOTES]
        return list(zip(marks[::2], marks[1::2], strict=False))

    @cached_property
    def is_ironic(self) -> bool:
        """Whether a phrase or sign of irony stands anywhere in the post."""
        if self.cue("sarcasm", 0, len(self.lows)) or "🙄" in self.lows:
            return True
        return self.lows[-2:] == ["/", "s"]

    @cached_property
    def _inside(self) -> dict[str, set[int]]:
        """The tokens that stand in a cue of several words, by the cue's name."""
        return {
            name: {at for first, last in spans if last - first > 1 for at in range(first, last)}
            for name, spans in self._spans.items()
        }

    @cached_property
    def _spans(self) -> dict[str, list[Span]]:
        joined = f" {' '.join(self.lows)} "
        starts = [1, *(1 + end for end in accumulate(len(low) + 1 for low in self.lows))]
        spans: dict[str, list[Span]] = {}
        names = self.lexicon.cue_names
        matches = self.lexicon.cue_finder.find_matches_as_indexes(joined, overlapping=True)
        for which, start, end in matches:
            first = bisect_left(starts, start + 1)
            spans.setdefault(names[which], []).append((first, bisect_left(starts, end)))
        for found in spans.values():
            found.sort()
        return spans

    def sentence_of(self, index: int) -> Sentence:
        """Return the sentence that a token, which is no end mark, stands in."""
        return self.sentences[bisect_right(self.sentences, index, key=itemgetter(0)) - 1]

    def is_question(self, sentence: Sentence) -> bool:
        """Whether a sentence asks; "we should all leave, right?" does not."""
        return sentence.ending == "?" and not self.is_word("tag", sentence.last - 1)

    def first_word(self, sentence: Sentence) -> int | None:
        """Return the first token of a sentence that is neither aside nor pause."""
        if sentence.first not in self._first_words:
            tokens = range(sentence.first, sentence.last)
            own = (at for at in tokens if not (self.is_aside(at) or self.is_pause(at)))
            self._first_words[sentence.first] = next(own, None)
        return self._first_words[sentence.first]

    def trailing_from(self, sentence: Sentence) -> int:
        """Return where the tags, handles and links begin that a sentence ends in."""
        if sentence.first not in self._trailing:
            at = sentence.last
            while at > sentence.first and self.is_aside(at - 1):
                at -= 1
            self._trailing[sentence.first] = at
        return self._trailing[sentence.first]

    def is_pause(self, index: int) -> bool:
        """Whether a clause may begin behind this token: comma, colon, bracket, quote, emoji."""
        token = self.tokens[index]
        if token.kind != MARK:
            return False
        return token.low in PAUSES or token.low in QUOTES or not token.low.isascii()

    def is_aside(self, index: int) -> bool:
        """Whether the token is no part of the sentence: a handle, hashtag, link or symbol."""
        token = self.tokens[index]
        return token.kind in (HANDLE, HASHTAG, LINK) or (
            token.kind == MARK and token.low not in PAUSES
        )

    def phrases_at(self, index: int, last: int) -> Iterator[tuple[Span, Span, int, Group]]:
        """Yield each phrase that begins at a token, longest first: its span, gap and meaning."""
        node = self.lexicon.phrases.get(self.lows[index])
        if node is None:
            return
        found = list(self._walk(node, index, index + 1, last, (index, index)))
        found.sort(key=lambda match: match[1][1] - match[1][0] - match[0][1])
        yield from found

    def _walk(
        self, node: Node, begun: int, at: int, last: int, gap: Span
    ) -> Iterator[tuple[Span, Span, int, Group]]:
        for mood, group in node.meanings:
            yield (begun, at), gap, mood, group
        for following, end in self._steps(node, at, last):
            yield from self._walk(following, begun, end, last, gap)
        if at == begun + 1:
            yield from self._behind_fillers(node, begun, at, last)
        if node.gap is not None and gap[0] == gap[1]:
            for resumed in range(at + 1, min(at + GAP, last - 1) + 1):
                if self.is_pause(resumed - 1):
                    break
                for following, end in self._steps(node.gap, resumed, last):
                    yield from self._walk(following, begun, end, last, (at, resumed))

    def _behind_fillers(
        self, node: Node, begun: int, at: int, last: int
    ) -> Iterator[tuple[Span, Span, int, Group]]:
        """Go on behind words that may stand after any verb: "fliegt bitte nicht mit Acme"."""
        if not (node.words or node.groups):
            return
        for resumed in range(at + 1, min(at + MOST_FILLERS, last - 1) + 1):
            if not any(self.is_word(cue, resumed - 1) for cue in FILLERS):
                return
            for following, end in self._steps(node, resumed, last):
                yield from self._walk(following, begun, end, last, (at, resumed))

    def _steps(self, node: Node, at: int, last: int) -> Iterator[tuple[Node, int]]:
        """Yield where a token's word, and a group's words from it on, lead to."""
        if at >= last:
            return
        if (following := node.words.get(self.lows[at])) is not None:
            yield following, at + 1
        for name, following in node.groups.items():
            for words in self.lexicon.groups[name].get(self.lows[at], ()):
                end = at + len(words)
                if end <= last and tuple(self.lows[at:end]) == words:
                    yield following, end
