"""One post made ready for reading in one language: tokens, sentences, names and cues."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from streams.calls.conjugation import Mood
from streams.calls.lexicon import GAP, Group, Lexicon, Node
from streams.calls.names import Named
from streams.calls.tokens import HANDLE, HASHTAG, LINK, MARK, PAUSES, QUOTES, Sentence, Token

Span = tuple[int, int]
"""Token positions: first, and one past the last."""


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
        self.lows = [token.low for token in tokens]
        self.sentences = sentences
        self.names = names
        self.named_from = {named.first: named for named in names}
        self.lexicon = lexicon
        self._spans: dict[str, list[Span]] | None = None

    def cue(self, name: str, first: int, last: int) -> Span | None:
        """Return the first place of a cue that lies within tokens `first` to `last`."""
        if self._spans is None:
            self._spans = self._find_cues()
        for span in self._spans.get(name, ()):
            if span[0] >= first:
                return span if span[1] <= last else None
        return None

    def is_word(self, cue: str, index: int) -> bool:
        """Whether the token is a one-word cue of that name."""
        return self.lows[index] in self.lexicon.cues.get(cue, ())

    def _find_cues(self) -> dict[str, list[Span]]:
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

    def phrases_at(self, index: int, last: int) -> Iterator[tuple[Span, Span, Mood, Group]]:
        """Yield each phrase that begins at a token, longest first: its span, gap and meaning."""
        node = self.lexicon.phrases.get(self.lows[index])
        if node is None:
            return
        found = list(self._walk(node, index, index + 1, last, (index, index)))
        found.sort(key=lambda match: match[1][1] - match[1][0] - match[0][1])
        yield from found

    def _walk(
        self, node: Node, begun: int, at: int, last: int, gap: Span
    ) -> Iterator[tuple[Span, Span, Mood, Group]]:
        for mood, group in node.meanings:
            yield (begun, at), gap, mood, group
        if at < last and node.words and (following := node.words.get(self.lows[at])):
            yield from self._walk(following, begun, at + 1, last, gap)
        for name, following in node.groups.items():
            for words in self.lexicon.groups[name].get(self.lows[at], ()) if at < last else ():
                end = at + len(words)
                if end <= last and tuple(self.lows[at:end]) == words:
                    yield from self._walk(following, begun, end, last, gap)
        if node.gap is not None and gap[0] == gap[1]:
            for resumed in range(at + 1, min(at + GAP, last - 1) + 1):
                if self.is_pause(resumed - 1):
                    break
                following = node.gap.words.get(self.lows[resumed])
                if following is not None:
                    yield from self._walk(following, begun, resumed + 1, last, (at, resumed))
