"""Tracked names in a token list: which entity stands where."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from streams.calls.tokens import HANDLE, HASHTAG, LINK, MARK, WORD, Token, tokenize

SHORTEST_IN_ANY_CASE = 4
"""A name at least this long is known in any case where it is the object of a call."""

ONE_LETTER_NAMES = frozenset("X")
"""Companies that one letter names, where it is no word of any language we read."""

_HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/?#:]+)")


class Named(NamedTuple):
    """Tokens `first` to `last` (exclusive) name `target`; not `sure` where the case differs."""

    first: int
    last: int
    target: str
    sure: bool


class NameIndex:
    """All surface forms of the tracked entities, found by their first word."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.by_word: dict[str, list[tuple[tuple[Token, ...], str]]] = {}
        self.handles: dict[str, str] = {}
        self.hosts: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.runs: dict[str, str] = {}
        self.last_words: set[str] = set()
        for surface, entity in names.items():
            self._add(surface, entity)

    def _add(self, surface: str, entity: str) -> None:
        tokens = tokenize(surface.strip())
        if not tokens:
            return
        first = tokens[0]
        if first.kind == HASHTAG:
            self.tags[first.low[1:]] = entity
            return
        if first.kind == HANDLE:
            self.handles[first.low[1:]] = entity
            return
        if len(tokens) == 1 and "." in first.low.strip("."):
            self.hosts[first.low] = entity
        known = self.by_word.setdefault(first.low, [])
        known.append((tuple(tokens), entity))
        known.sort(key=lambda entry: -len(entry[0]))
        self.last_words.add(tokens[-1].low)
        run = "".join(token.low for token in tokens if token.low.isalnum())
        self.runs.setdefault(run, entity)

    def tag(self, body: str) -> str | None:
        """Return the entity that a hashtag's or handle's body names outright."""
        return self.tags.get(body) or self.runs.get(body)

    def find(self, tokens: Sequence[Token]) -> list[Named]:
        """Return every tracked name, in order of place, without overlap."""
        found: list[Named] = []
        by_word = self.by_word
        done = 0
        for index, (low, _, kind, _, _) in enumerate(tokens):
            if low not in by_word and (kind == MARK or (kind == WORD and low[-1] != "s")):
                continue
            named = self._at(tokens, index) if index >= done else None
            if named is not None:
                found.append(named)
                done = named.last
        return found

    def _at(self, tokens: Sequence[Token], index: int) -> Named | None:
        token = tokens[index]
        entity: str | None = None
        if token.kind == HANDLE:
            body = token.low[1:]
            entity = self.handles.get(body) or self.runs.get(body)
        elif token.kind == HASHTAG:
            entity = self.tag(token.low[1:])
        elif token.kind == LINK:
            host = _HOST.match(token.low)
            entity = self.hosts.get(host[1]) if host and "@" not in token.low else None
        else:
            return self._word_at(tokens, index)
        return None if entity is None else Named(index, index + 1, entity, True)

    def _word_at(self, tokens: Sequence[Token], index: int) -> Named | None:
        low = tokens[index].low
        known = self.by_word.get(low)
        if known is None and low.endswith("s") and len(low) > SHORTEST_IN_ANY_CASE:
            known = self.by_word.get(low[:-1].rstrip("'"))
            if known and not tokens[index].raw[:1].isupper():
                known = None
        if known is None:
            return None
        for words, entity in known:
            last = index + len(words)
            if last > len(tokens) or any(
                mine.low != theirs.low
                for mine, theirs in zip(tokens[index + 1 : last], words[1:], strict=True)
            ):
                continue
            raws = [token.raw for token in tokens[index:last]]
            sure = _is_written_so(raws, [word.raw for word in words])
            if sure or len(words) > 1 or len(low) >= SHORTEST_IN_ANY_CASE or low != words[0].raw:
                return Named(index, last, entity, sure)
        return None


def _is_written_so(found: Sequence[str], written: Sequence[str]) -> bool:
    """Whether the case allows a name: as configured, all capitals, or genitive of that."""
    return all(
        mine == theirs
        or mine.removesuffix("s").rstrip("'’") == theirs
        or (len(theirs) > 1 and mine.isupper())
        or (mine[:1].isupper() and mine.lower() == theirs.lower() and len(theirs) > 1)
        for mine, theirs in zip(found, written, strict=True)
    )


def is_name_like(token: Token) -> bool:
    """Whether a token looks like a name that we do not track."""
    if token.kind == HANDLE:
        return True
    named = len(token.raw) > 1 or token.raw in ONE_LETTER_NAMES
    return token.kind == WORD and token.raw != token.low and named


def is_shouted(token: Token) -> bool:
    """Whether a word is in capitals for emphasis, so that the capitals beside it name nothing."""
    return len(token.raw) > 1 and token.raw.isupper()
