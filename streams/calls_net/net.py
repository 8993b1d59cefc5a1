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


class Net:
    """Weights, and what the words met so far add to a window. Not for two threads at once."""

    def __init__(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._rows, self._row_scales = arrays["rows"], arrays["row_scales"].astype(np.float32)
        self._row_of = {number: at for at, number in enumerate(arrays["keys"].tolist())}
        self._grams, self._gram_scales = arrays["grams"], arrays["gram_scales"]
        self._shape = arrays["shape"].astype(np.float32)
        window, bias = arrays["window"], arrays["window_bias"]
        places, filters = window.shape[1] // len(bias), len(bias)
        self._sizes = places, filters
        self._edge = (0,) * (places // 2)
        # From a word's vector to its part at each of the places, side by side. A window has the
        # bias from the word in its middle, by a last number of the vector that is always one.
        always = np.pad(bias, (places // 2 * filters, places // 2 * filters))
        self._parts = np.vstack((window, always)).astype(np.float32)
        self._ones = np.ones(_LONGEST, np.float32)
        self._inner = arrays["inner"].astype(np.float32)
        languages = zip(
            arrays["languages"].tolist(), arrays["language_bias"].astype(np.float32), strict=True
        )
        self._languages = dict(languages)
        self._out = arrays["out"].astype(np.float32)
        self._out_bias = arrays["out_bias"].astype(np.float32)
        self._known = np.zeros((_REMEMBERED, self._parts.shape[1]), np.float32)
        self._places: dict[str, int] = {"": 0}

    @classmethod
    def shipped(cls) -> "Net":
        """Load the weights that the package ships."""
        with files(__package__).joinpath("net.npz").open("rb") as file:
            return cls(dict(np.load(file)))

    def logits(self, words: Sequence[str], lang: str) -> Floats:
        """Return the logits of a post: of a call, of one against somebody, of each action."""
        found = words[:_LONGEST]
        places = self._places
        try:
            where = [places[word] for word in found]
        except KeyError:
            where = self._learn(found)
        windows = self._windows(where)
        count, filters = len(where), self._sizes[1]
        pooled = np.empty(2 * filters + 1, np.float32)
        np.dot(self._ones[:count], windows, out=pooled[:filters])
        pooled[:filters] *= 1 / count
        np.maximum.reduce(windows, axis=0, out=pooled[filters:-1])
        pooled[-1] = log(count) / 3
        inner: Floats = pooled @ self._inner
        inner += self._languages[lang]
        np.maximum(inner, 0, out=inner)
        logits: Floats = inner @ self._out
        logits += self._out_bias
        return logits

    def _windows(self, where: Sequence[int]) -> Floats:
        """Return the window around each word: its own part, and those of the words beside it."""
        count, (places, filters) = len(where), self._sizes
        parts = self._known.take((*self._edge, *where, *self._edge), 0)
        row, one = parts.strides[0], 4 * filters
        # Of the first of five neighbours the first part, of the second the second, and so on.
        beside = np.ndarray((count, places, filters), np.float32, parts, 0, (row, row + one, 4))
        windows: Floats = np.add.reduce(beside, axis=1)
        np.maximum(windows, 0, out=windows)
        return windows

    def _learn(self, found: Sequence[str]) -> list[int]:
        places = self._places
        if len(places) + len(found) > _REMEMBERED:
            places.clear()
            places[""] = 0
        for word in found:
            if word not in places:
                # One by one: how a product of several rows is rounded depends on their number.
                place = places[word] = len(places)
                np.dot(self._vector(word), self._parts, out=self._known[place])
        return [places[word] for word in found]

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
