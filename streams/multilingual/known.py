"""What the words met so far add to a post, as words come again and again.

Kept by what stands between two blanks, so that a text read before needs no cutting into words. When
there is no room left, all is forgotten and learnt anew: that changes no figure.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from streams.multilingual.net import LONGEST, Net
from streams.multilingual.ngrams import OWN_WIDTH, Ngrams
from streams.multilingual.words import spelling, words

Floats = npt.NDArray[np.float32]

AT_ONCE = 70
"""Texts looked up at once, at most: the words of so many always find room."""

_REMEMBERED = 40_000
_LONGEST_REMEMBERED = 40
"""Longer ones are seldom met again, and many of them would fill the memory."""


class Rows(NamedTuple):
    """What the words of some texts add, in order: a row each, and zeros around each text."""

    counts: list[int]
    vectors: Floats
    own: Floats
    keys: npt.NDArray[np.int64]


class Known:
    """The words met so far, by language. Not for two threads at once."""

    def __init__(self, net: Net, ngrams: Ngrams) -> None:
        self._net, self._ngrams = net, ngrams
        self._vectors = np.zeros((_REMEMBERED, net.width), np.float32)
        self._own = np.zeros((_REMEMBERED, OWN_WIDTH), np.float32)
        self._keys = np.zeros(_REMEMBERED, np.int64)
        self._places: dict[str, dict[str, tuple[int, ...]]] = {}
        self._passing: list[tuple[dict[str, tuple[int, ...]], str]] = []
        self._count = 1  # the first row stands around each text

    def rows(self, readings: Sequence[str], langs: Sequence[str]) -> Rows:
        """Return what the words of at most `AT_ONCE` texts add, the first `LONGEST` of each."""
        languages = [lang if lang in self._ngrams.languages else "" for lang in langs]
        chunks = [_chunks(reading) for reading in readings]
        if not self._learn(chunks, languages):
            self._places.clear()
            self._count = 1
            self._learn(chunks, languages)
        found, counts = [0], []
        for own, lang in zip(chunks, languages, strict=True):
            before = len(found)
            found += chain.from_iterable(map(self._places[lang].__getitem__, own))
            counts.append(len(found) - before)
            found.append(0)
        for places, chunk in self._passing:
            places.pop(chunk, None)
        self._passing.clear()
        where = np.array(found, np.intp)
        return Rows(
            counts, self._vectors.take(where, 0), self._own.take(where, 0), self._keys.take(where)
        )

    def _learn(self, chunks: Iterable[Sequence[str]], languages: Iterable[str]) -> bool:
        """Learn what is new; False where there is no room for it."""
        new: dict[str, set[str]] = {}
        for own, lang in zip(chunks, languages, strict=True):
            places = self._places.setdefault(lang, {})
            unknown = set(own).difference(places)
            if unknown:
                new.setdefault(lang, set()).update(unknown)
        return all(self._has_learnt(unknown, lang) for lang, unknown in new.items())

    def _has_learnt(self, chunks: Iterable[str], lang: str) -> bool:
        places = self._places[lang]
        parts = {chunk: words(chunk) for chunk in chunks}
        new = set(chain(*parts.values())).difference(places)
        end = self._count + len(new)
        entries = new | parts.keys()
        if max(end, len(entries) + sum(map(len, self._places.values()))) > _REMEMBERED:
            return False
        spellings = [spelling(word) for word in new]
        if new:
            here = slice(self._count, end)
            self._keys[here] = [one.number for one in spellings]
            self._vectors[here] = self._net.vectors(spellings)
            self._own[here] = self._ngrams.own(spellings, lang) if lang else 0
        places.update((word, (at,)) for at, word in enumerate(new, self._count))
        places.update(
            (chunk, tuple(chain.from_iterable(map(places.__getitem__, own))))
            for chunk, own in parts.items()
        )
        self._passing += [(places, one) for one in entries if len(one) > _LONGEST_REMEMBERED]
        self._count = end
        return True


def _chunks(reading: str) -> list[str]:
    """Cut a text at its blanks, or a long one, of which not all may count, into its words."""
    return reading.split() if len(reading) <= LONGEST else words(reading)[:LONGEST]
