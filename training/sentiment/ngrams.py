"""Train the half of the fast model that knows letter groups, words and pairs, by language.

    python -m training.sentiment.ngrams SENTIMENT_DATA OUT_FOLDER

Needs scikit-learn. It takes what `streams.multilingual.ngrams` counts, and logistic regression.
"""

import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from streams.multilingual.ngrams import letters, own_bucket, pair_buckets
from streams.multilingual.words import folded, key, words
from training.sentiment.data import CODES, Example, training

LETTERS, WORDS = 1 << 17, 1 << 16
STRENGTH = 4.0
_ENGLISH = 4_000
"""Of SemEval's English tweets so many of each class: more change little."""
_RARITY_STEP = 16


def counts(text: str) -> tuple[Counter[int], Counter[int]]:
    """Return how often a readable text has each bucket of letter groups, and of words and pairs."""
    plain = [folded(word) for word in words(text)]
    keys = np.array([key(word) for word in plain], np.uint64)
    own = [own_bucket(int(number), WORDS) for number in keys]
    groups = Counter(bucket for word in plain for bucket in letters(word, LETTERS))
    return groups, Counter([*own, *pair_buckets(keys, WORDS).tolist()])


def matrix(found: Sequence[Counter[int]], rarity: np.ndarray) -> csr_matrix:
    """Return rows of counts times rarity, each brought to length one if no bucket came twice."""
    rows, columns, values = [], [], []
    for row, counter in enumerate(found):
        length = sum(count * rarity[bucket] ** 2 for bucket, count in counter.items()) ** 0.5 or 1
        for bucket, count in counter.items():
            rows.append(row)
            columns.append(bucket)
            values.append(count * rarity[bucket] / length)
    return csr_matrix((values, (rows, columns)), shape=(len(found), len(rarity)))


def rarities(found: Sequence[Counter[int]], buckets: int, least: int) -> np.ndarray:
    """Return the inverse document frequency of each bucket, in sixteenths; 0 below `least`."""
    having = np.bincount([bucket for counter in found for bucket in counter], minlength=buckets)
    rarity = np.log((1 + len(found)) / (1 + having)) + 1
    return np.where(having >= least, np.rint(rarity * _RARITY_STEP) / _RARITY_STEP, 0)


def trained(examples: Sequence[Example]) -> dict[str, np.ndarray]:
    """Return the weights of one language, in eight bits."""
    found = [counts(example.text) for example in examples]
    groups = rarities([both[0] for both in found], LETTERS, 2)
    own = rarities([both[1] for both in found], WORDS, 1)
    rows = hstack([matrix([b[0] for b in found], groups), matrix([b[1] for b in found], own)])
    model = LogisticRegression(C=STRENGTH, max_iter=60, class_weight="balanced")
    model.fit(rows.tocsr(), [example.label for example in examples])
    weights = model.coef_.T
    halves = {"letters": (weights[:LETTERS], groups), "words": (weights[LETTERS:], own)}
    packed: dict[str, np.ndarray] = {"bias": model.intercept_.astype(np.float32)}
    for name, (half, rarity) in halves.items():
        added = half * rarity[:, None]
        scale = np.float32(np.abs(added).max() / 127)
        packed[f"{name}_weights"] = np.rint(added / scale).astype(np.int8)
        packed[f"{name}_scale"] = scale
        packed[f"{name}_rarity"] = np.rint(rarity * _RARITY_STEP).astype(np.uint8)
    return packed


def chosen(examples: Sequence[Example], code: str) -> list[Example]:
    """Return the tweets of a language to train on."""
    own = [example for example in examples if example.lang == code]
    rng = random.Random(5)  # noqa: S311
    more = [example for example in own if example.source != "umsab"]
    classes = [[example for example in more if example.label == label] for label in range(3)]
    return [example for example in own if example.source == "umsab"] + [
        example for one in classes for example in rng.sample(one, min(len(one), _ENGLISH))
    ]


def main() -> None:
    """Train the eight languages and write one file."""
    root, out = map(Path, sys.argv[1:3])
    examples = training(root)
    arrays = {
        f"{code}_{name}": value
        for code in sorted({*CODES.values()} - {"hi"})  # whose labels are as good as shuffled
        for name, value in trained(chosen(examples, code)).items()
    }
    np.savez_compressed(out / "fast_ngrams.npz", **arrays)


if __name__ == "__main__":
    main()
