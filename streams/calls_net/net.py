"""The arithmetic of the net: words to vectors, a window over them, a few logits.

    word      its row in a table, or the mean of its letter groups
    window    a word with two neighbours to each side
    post      mean and peak of the windows, through one layer of its language

What a word adds to the windows it stands in is the same in every post, at each of the five places.
So it is computed once for each written form and kept, for up to `_REMEMBERED` of them: reading
another post takes sums alone.
"""

from collections.abc import Sequence
from importlib.resources import files
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

from streams.multilingual.words import folded, grams, is_shouted, key

Floats = npt.NDArray[np.float32]

_REMEMBERED = 16_000
_LONGEST = 160
_AT_ONCE = 320
"""How many words are read at once, about: so many that their parts stay near the processor."""


class Net:
    """Weights, and what the words met so far add to a window. Not for two threads at once."""

    def __init__(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._rows, self._row_scales = arrays["rows"], arrays["row_scales"].astype(np.float32)
        self._row_of = {number: at for at, number in enumerate(arrays["keys"].tolist())}
        self._grams, self._gram_scales = arrays["grams"], arrays["gram_scales"]
        self._shape = arrays["shape"].astype(np.float32)
        window, bias = arrays["window"], arrays["window_bias"]
        self._filters = filters = len(bias)
        self._width = window.shape[1] // filters
        self._edge = self._width // 2
        # From a word's vector to its part at each of the places, side by side. A window has the
        # bias from the word in its middle, by a last number of the vector that is always one.
        always = np.pad(bias, (self._edge * filters, self._edge * filters))
        self._parts = np.vstack((window, always)).astype(np.float32)
        self._ones = np.ones(_LONGEST, np.float32)
        self._inner = arrays["inner"].astype(np.float32)
        languages = zip(
            arrays["languages"].tolist(), arrays["language_bias"].astype(np.float32), strict=True
        )
        self._languages = dict(languages)
        self._out = arrays["out"].astype(np.float32)
        self._out_bias = arrays["out_bias"].astype(np.float32)
        self._known = np.zeros((_REMEMBERED * self._width, filters), np.float32)
        self._rooms = np.empty((2, _AT_ONCE + _LONGEST + 2 * self._edge, filters), np.float32)
        self._places: dict[str, int] = {"": 0}

    @classmethod
    def shipped(cls) -> "Net":
        """Load the weights that the package ships."""
        with files(__package__).joinpath("net.npz").open("rb") as file:
            return cls(dict(np.load(file)))

    def logits_of(self, posts: Sequence[tuple[Sequence[str], str]]) -> Floats:
        """Return the logits of posts, each its words and its language, a row for each.

        They are of a call, of one against somebody, and of each action; to the last bit those that
        the post has alone: only what is done number by number is done for many posts at once.
        """
        logits = np.empty((len(posts), len(self._out_bias)), np.float32)
        cut = [(words[:_LONGEST], lang) for words, lang in posts]
        begun = 0
        while begun < len(cut):
            end, rows = begun, 0
            while end < len(cut) and rows < _AT_ONCE:
                rows += len(cut[end][0]) + self._edge
                end += 1
            self._read(cut[begun:end], logits[begun:end])
            begun = end
        return logits

    def _read(self, posts: Sequence[tuple[Sequence[str], str]], logits: Floats) -> None:
        filters = self._filters
        where, spans = self._places_of(posts)
        windows = self._windows(where)
        pooled = np.empty((len(posts), 2 * filters + 1), np.float32)
        inner = np.empty((len(posts), self._inner.shape[1]), np.float32)
        # One by one: how a product of several rows is rounded depends on their number.
        for (first, last), row, into in zip(spans, pooled, inner, strict=True):
            own, count = windows[first:last], last - first
            np.dot(self._ones[:count], own, out=row[:filters])
            row[:filters] *= 1 / count
            np.maximum.reduce(own, axis=0, out=row[filters:-1])
            row[-1] = log(count) / 3
            np.dot(row, self._inner, out=into)
        inner += np.array([self._languages[lang] for _, lang in posts])
        np.maximum(inner, 0, out=inner)
        for row, into in zip(inner, logits, strict=True):
            np.dot(row, self._out, out=into)
        logits += self._out_bias

    def _places_of(
        self, posts: Sequence[tuple[Sequence[str], str]]
    ) -> tuple[list[int], list[tuple[int, int]]]:
        """Return the rows of all words, nothing between the posts, and which are each post's."""
        nothing = [""] * self._edge
        found, spans = [*nothing], []
        for words, _ in posts:
            spans.append((len(found) - self._edge, len(found) - self._edge + len(words)))
            found += words
            found += nothing
        try:
            return [self._places[word] for word in found], spans
        except KeyError:
            self._learn(found)
        return [self._places[word] for word in found], spans

    def _windows(self, where: Sequence[int]) -> Floats:
        """Return the window around each word: its own part, and those of the words beside it.

        It is overwritten by the next one.
        """
        count = len(where) - 2 * self._edge
        windows, part = self._rooms[0, :count], self._rooms[1, :count]
        parts = np.array(where) * self._width
        # Of the first of five neighbours the first part, of the second the second, and so on.
        self._known.take(parts[:count], 0, out=windows, mode="clip")
        for at in range(1, self._width):
            self._known.take(parts[at : at + count] + at, 0, out=part, mode="clip")
            windows += part
        np.maximum(windows, 0, out=windows)
        return windows

    def _learn(self, found: Sequence[str]) -> None:
        places = self._places
        if len(places) + len(found) > _REMEMBERED:
            places.clear()
            places[""] = 0
        for word in found:
            if word not in places:
                # One by one: how a product of several rows is rounded depends on their number.
                begun = len(places) * self._width
                row = self._known[begun : begun + self._width].reshape(-1)
                np.dot(self._vector(word), self._parts, out=row)
                places[word] = len(places)

    def _vector(self, word: str) -> Floats:
        plain = folded(word)
        place = self._row_of.get(key(plain))
        vector = np.ones(len(self._parts), np.float32)
        if place is None:
            groups = np.array(grams(plain, len(self._grams)))
            scales = self._gram_scales.take(groups).astype(np.float32) / len(groups)
            np.dot(scales, self._grams.take(groups, 0).astype(np.float32), out=vector[:-1])
        else:
            np.multiply(self._rows[place], self._row_scales[place], out=vector[:-1])
        if is_shouted(word):
            vector[:-1] += self._shape[0]
        elif word[0].isupper():
            vector[:-1] += self._shape[1]
        return vector
