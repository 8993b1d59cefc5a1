"""The arithmetic of the fast model: words to vectors, a window over them, three logits.

    word      its row in a table, or none, plus the mean of its letter groups
    window    a word with its neighbours, so that "not good" is no "good"
    post      mean and peak of the windows and mean of the words, through one layer of its language

A row for each written form is kept, up to `_REMEMBERED` of them, as words come again and again.
"""

from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from streams.multilingual.words import folded, grams, is_shouted, key

Floats = npt.NDArray[np.float32]

_REMEMBERED = 40_000


class Net:
    """Weights, and the rows of the words met so far. Not for two threads at once."""

    def __init__(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._keys = arrays["keys"]
        self._rows, self._row_scales = arrays["rows"], arrays["row_scales"]
        self._grams, self._gram_scales = arrays["grams"], arrays["gram_scales"]
        small = {name: arrays[name].astype(np.float32) for name in _SMALL}
        self._shouted = small["shouted"]
        self._filters, self._filters_bias = small["filters"], small["filters_bias"]
        self._inner, self._out, self._out_bias = small["inner"], small["out"], small["out_bias"]
        codes: list[str] = arrays["languages"].tolist()
        self._languages: dict[str, Floats] = dict(zip(codes, small["language_bias"], strict=True))
        self._width = self._shouted.shape[0]
        self._known = np.zeros((_REMEMBERED, self._width), np.float32)
        self._places: dict[str, int] = {}

    @classmethod
    def shipped(cls) -> "Net":
        """Load the weights that the package ships."""
        with files(__package__).joinpath("fast.npz").open("rb") as file:
            return cls(dict(np.load(file)))

    def logits(self, found: list[str], lang: str) -> Floats:
        """Return the three logits of the words of a post."""
        if not found:
            return self._finish(np.zeros(len(self._inner), np.float32), lang)
        try:
            where = [self._places[word] for word in found]
        except KeyError:
            where = self._learn(found)
        count = len(found)
        rows = np.zeros((count + 2, self._width), np.float32)
        rows[1:-1] = self._known[where]
        step = rows.strides[0]
        windows = np.ndarray((count, 3 * self._width), np.float32, rows, 0, (step, 4))
        seen = np.dot(windows, self._filters)
        seen += self._filters_bias
        np.maximum(seen, 0, out=seen)
        pooled = np.concatenate(
            (seen.sum(0) / count, seen.max(0), rows.sum(0) / count, [np.log(count) / 3])
        )
        return self._finish(pooled.astype(np.float32), lang)

    def _finish(self, pooled: Floats, lang: str) -> Floats:
        inner = pooled @ self._inner
        inner += self._languages.get(lang, self._languages[""])
        np.maximum(inner, 0, out=inner)
        return np.asarray(inner @ self._out + self._out_bias, np.float32)

    def _learn(self, found: list[str]) -> list[int]:
        if len(self._places) + len(found) > _REMEMBERED:
            self._places.clear()
        for word in found:
            if word not in self._places:
                place = len(self._places)
                self._known[place] = self._row(word)
                self._places[word] = place
        return [self._places[word] for word in found]

    def _row(self, word: str) -> Floats:
        plain = folded(word)
        number = key(plain)
        place = int(np.searchsorted(self._keys, np.uint32(number)))
        if place < len(self._keys) and self._keys[place] == number:
            row = self._rows[place] * np.float32(self._row_scales[place])
        else:
            groups = grams(plain, len(self._grams))
            scales = self._gram_scales[groups].astype(np.float32)
            row = (self._grams[groups] * scales[:, None]).sum(0) / len(groups)
        return np.asarray(row + self._shouted if is_shouted(word) else row, np.float32)


_SMALL = ("shouted", "filters", "filters_bias", "inner", "language_bias", "out", "out_bias")
