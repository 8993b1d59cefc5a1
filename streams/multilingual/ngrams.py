"""The other half of the fast model: letter groups, words and word pairs, weighed for one language.

    letters   groups of two to five letters of each word
    words     each word, and each pair of neighbours

Each half is weighed by rarity and brought to one length, as TF-IDF does. What a word adds is the
same wherever it stands, so that it is summed once and remembered.
"""

from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from streams.multilingual.words import folded, key, letter_groups

Floats = npt.NDArray[np.float32]

_REMEMBERED = 20_000
_SHORTEST, _LONGEST = 2, 5
_RARITY_STEP = 16
_OWN, _FIRST = 3, 31


def letters(word: str, buckets: int) -> list[int]:
    """Return the buckets of the letter groups of a folded word.

    >>> len(letters("good", 1000))
    14
    """
    return letter_groups(word, _SHORTEST, _LONGEST, buckets)


def own_bucket(word: int, buckets: int) -> int:
    """Return the bucket of a word, given as its key.

    >>> own_bucket(7, 1000)
    22
    """
    return (_OWN * word + 1) % buckets


def pair_buckets(keys: npt.NDArray[np.uint64], buckets: int) -> npt.NDArray[np.uint64]:
    """Return the buckets of each two neighbours, given as keys.

    >>> pair_buckets(np.array([1, 2, 3], np.uint64), 1000).tolist()
    [33, 65]
    """
    return (keys[:-1] * np.uint64(_FIRST) + keys[1:]) % np.uint64(buckets)


class Language:
    """The weights of one language, and what the words met so far add up to."""

    def __init__(self, arrays: dict[str, npt.NDArray[Any]], code: str) -> None:
        # Each row: what it adds to the three logits, and its squared rarity.
        self._letters = _rows(arrays, f"{code}_letters")
        self._words = _rows(arrays, f"{code}_words")
        self._bias = arrays[f"{code}_bias"].astype(np.float32)
        self._known = np.zeros((_REMEMBERED, 8), np.float32)
        self._keys = np.zeros(_REMEMBERED, np.uint64)
        self._places: dict[str, int] = {}

    def logits(self, found: list[str]) -> Floats:
        """Return the three logits of the words of a post."""
        if not found:
            return self._bias
        try:
            where = [self._places[word] for word in found]
        except KeyError:
            where = self._learn(found)
        total = self._known[where].sum(0)
        if len(found) > 1:
            pairs = pair_buckets(self._keys[where], len(self._words))
            total[4:] += self._words[pairs].sum(0)
        logits: Floats = total[:3] / (float(total[3]) ** 0.5 or 1.0)
        logits += total[4:7] / (float(total[7]) ** 0.5 or 1.0)
        logits += self._bias
        return logits

    def _learn(self, found: list[str]) -> list[int]:
        if len(self._places) + len(found) > _REMEMBERED:
            self._places.clear()
        for word in found:
            if word not in self._places:
                place = self._places[word] = len(self._places)
                plain = folded(word)
                number = self._keys[place] = key(plain)
                self._known[place, :4] = self._letters[letters(plain, len(self._letters))].sum(0)
                self._known[place, 4:] = self._words[own_bucket(int(number), len(self._words))]
        return [self._places[word] for word in found]


def shipped() -> dict[str, Language]:
    """Load the weights that the package ships, by language."""
    with files(__package__).joinpath("fast_ngrams.npz").open("rb") as file:
        arrays = dict(np.load(file))
    codes = sorted(name.removesuffix("_bias") for name in arrays if name.endswith("_bias"))
    return {code: Language(arrays, code) for code in codes}


def _rows(arrays: dict[str, npt.NDArray[Any]], name: str) -> Floats:
    weights = arrays[f"{name}_weights"] * np.float32(arrays[f"{name}_scale"])
    rarity = arrays[f"{name}_rarity"].astype(np.float32) / _RARITY_STEP
    return np.column_stack((weights, rarity * rarity)).astype(np.float32)
