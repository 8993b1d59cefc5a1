"""The arithmetic of the fast model's first half: words to vectors, a window over them, logits.

    word      its row in a table, or the mean of its letter groups
    window    a word with its neighbours, so that "not good" is no "good"
    post      mean and peak of the windows and mean of the words, through one layer of its language

A word's vector is the same wherever it stands, so that `streams.multilingual.known` keeps it.
"""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from streams.multilingual.stretches import Stretches
from streams.multilingual.words import Spelling

Floats = npt.NDArray[np.float32]

LONGEST = 400
"""Words read of a post, which 2,000 characters seldom have."""

_BLOCK = 20
"""Windows multiplied at once: few enough that no BLAS puts a second core to so small a task."""


class Net:
    """Weights, and what they make of words. Immutable."""

    def __init__(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._keys = arrays["keys"]
        self._rows, self._row_scales = arrays["rows"], arrays["row_scales"].astype(np.float32)
        self._grams, self._gram_scales = arrays["grams"], arrays["gram_scales"].astype(np.float32)
        small = {name: arrays[name].astype(np.float32) for name in _SMALL}
        self._shouted = small["shouted"]
        self._filters, self._filters_bias = small["filters"], small["filters_bias"]
        self._inner, self._out, self._out_bias = small["inner"], small["out"], small["out_bias"]
        self._languages = {code: at for at, code in enumerate(arrays["languages"].tolist())}
        self._language_bias = small["language_bias"]
        lengths = np.log(np.maximum(np.arange(LONGEST + 1), 1))[:, None] / 3
        self._lengths = lengths.astype(np.float32)
        self.width = len(self._shouted)

    @classmethod
    def shipped(cls) -> "Net":
        """Load the weights that the package ships."""
        with files(__package__).joinpath("fast.npz").open("rb") as file:
            return cls(dict(np.load(file)))

    def vectors(self, spellings: Sequence[Spelling]) -> Floats:
        """Return the vector of each word."""
        numbers = np.array([one.number for one in spellings], np.uint32)
        rows = np.searchsorted(self._keys, numbers).clip(max=len(self._keys) - 1)
        vectors: Floats = self._rows[rows] * self._row_scales[rows][:, None]
        unlisted = np.nonzero(self._keys[rows] != numbers)[0].tolist()
        if unlisted:
            grams = [spellings[at].grams for at in unlisted]
            groups = np.array([one for own in grams for one in own]) % len(self._grams)
            letters = self._grams[groups] * self._gram_scales[groups][:, None]
            vectors[unlisted] = Stretches([len(own) for own in grams]).means(letters)
        vectors[[one.is_shouted for one in spellings]] += self._shouted
        return vectors

    def logits(self, vectors: Floats, posts: Stretches, langs: Sequence[str]) -> Floats:
        """Return the three logits of each post.

        `vectors` has a row of zeros before each post and after the last; `posts` counts from behind
        the first of these. A post's products are made of its own rows alone, as the rounding of a
        product depends on how many rows it has.
        """
        windows = np.concatenate((vectors[:-2], vectors[1:-1], vectors[2:]), axis=1)
        seen = np.zeros((len(windows), len(self._filters_bias)), np.float32)
        for start, end in _blocks(posts):
            np.dot(windows[start:end], self._filters, out=seen[start:end])
        seen += self._filters_bias
        np.maximum(seen, 0, out=seen)
        means, peaks, words = posts.means(seen), posts.peaks(seen), posts.means(vectors[1:-1])
        pooled = np.concatenate((means, peaks, words, self._lengths[posts.counts]), axis=1)
        other = self._languages[""]
        languages = [self._languages.get(lang, other) for lang in langs]
        inner = np.matmul(pooled[:, None], self._inner)
        inner += self._language_bias[languages][:, None]
        np.maximum(inner, 0, out=inner)
        logits: Floats = np.matmul(inner, self._out)[:, 0]
        logits += self._out_bias
        return logits


def _blocks(posts: Stretches) -> Iterator[tuple[int, int]]:
    """Cut long posts into blocks of about one size."""
    for start, end in posts.spans:
        size = end - start
        if 0 < size <= _BLOCK:
            yield start, end
        elif size:
            blocks = (size + _BLOCK - 1) // _BLOCK
            edges = [start + size * block // blocks for block in range(blocks + 1)]
            yield from pairwise(edges)


_SMALL = ("shouted", "filters", "filters_bias", "inner", "language_bias", "out", "out_bias")
