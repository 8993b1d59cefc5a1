"""The other half of the fast model: letter groups, words and word pairs, weighed by language.

    letters   groups of two to five letters of each word
    words     each word, and each pair of neighbours

Each half is weighed by rarity and brought to one length, as TF-IDF does.
"""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from streams.multilingual.stretches import Stretches
from streams.multilingual.words import Spelling, letter_groups

Floats = npt.NDArray[np.float32]

OWN_WIDTH = 8
"""Numbers that a word adds by itself: four for its letters and four for the word.

Of each four, three go to the logits, and the last is the squared rarity.
"""

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


def pair_buckets(keys: npt.NDArray[Any], buckets: int) -> npt.NDArray[Any]:
    """Return the buckets of each two neighbours, given as keys in integers of 64 bits.

    >>> pair_buckets(np.array([1, 2, 3]), 1000).tolist()
    [33, 65]
    """
    found: npt.NDArray[Any] = keys[:-1] * _FIRST
    found += keys[1:]
    found %= buckets
    return found


class _Weights:
    """Small numbers and their scale, as they are shipped: a sixteenth of what they stand for."""

    def __init__(self, arrays: dict[str, npt.NDArray[Any]], name: str) -> None:
        self._weights, self._rarity = arrays[f"{name}_weights"], arrays[f"{name}_rarity"]
        self._scale = np.float32(arrays[f"{name}_scale"])

    def __len__(self) -> int:
        return len(self._rarity)

    def rows(self, buckets: npt.NDArray[Any] | slice) -> Floats:
        rarity = self._rarity[buckets].astype(np.float32) / _RARITY_STEP
        weights = self._weights[buckets] * self._scale
        return np.column_stack((weights, rarity * rarity)).astype(np.float32)


class Ngrams:
    """The weights of each language."""

    def __init__(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        codes = sorted(name.removesuffix("_bias") for name in arrays if name.endswith("_bias"))
        self.languages = {code: at for at, code in enumerate(codes)}
        self._bias = np.array([arrays[f"{code}_bias"] for code in codes], np.float32)
        self._letters = [_Weights(arrays, f"{code}_letters") for code in codes]
        words = [_Weights(arrays, f"{code}_words") for code in codes]
        self._buckets = len(words[0])
        self._words = np.concatenate([own.rows(slice(None)) for own in words])

    @classmethod
    def shipped(cls) -> "Ngrams":
        """Load the weights that the package ships."""
        with files(__package__).joinpath("fast_ngrams.npz").open("rb") as file:
            return cls(dict(np.load(file)))

    def own(self, spellings: Sequence[Spelling], lang: str) -> Floats:
        """Return what each word adds by itself, wherever it stands, in one of the languages."""
        at = self.languages[lang]
        weights = self._letters[at]
        groups = np.array([one for own in spellings for one in own.groups]) % len(weights)
        buckets = [own_bucket(own.number, self._buckets) for own in spellings]
        words = self._words[np.array(buckets) + at * self._buckets]
        counts = [len(own.groups) for own in spellings]
        return np.concatenate((Stretches(counts).sums(weights.rows(groups)), words), axis=1)

    def logits(
        self, own: Floats, keys: npt.NDArray[np.int64], posts: Stretches, langs: Sequence[str]
    ) -> Floats:
        """Return the three logits of each post; of another language's, some that mean nothing.

        `own` and `keys` have a row for each word, and one of zeros before each post and after the
        last; `posts` counts from behind the first of these.
        """
        languages = [self.languages.get(lang, 0) for lang in langs]
        pairs = pair_buckets(keys[1:], self._buckets)
        starts = np.array(languages) * self._buckets
        pairs += starts.repeat([count + 1 for count in posts.counts])[:-1]
        beside = self._words.take(pairs, 0)
        beside[[end - 1 for start, end in posts.spans if end > start]] = 0  # has none after it
        total = posts.sums(np.concatenate((own[1:-1], beside), axis=1))
        total[:, 4:8] += total[:, 8:]
        lengths: Floats = np.sqrt(total[:, 3:8:4])
        lengths[lengths == 0] = 1
        logits: Floats = total[:, :3] / lengths[:, :1]
        logits += total[:, 4:7] / lengths[:, 1:]
        logits += self._bias[languages]
        return logits
