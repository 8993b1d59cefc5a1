"""The labelled tweets: read, decoded, cleaned as the pipeline cleans them, and told apart.

Nothing of a validation set is trained on: a training tweet whose letters and digits are those of a
validation tweet is left out, whatever its label, its mentions and its links.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from streams.multilingual.reading import readable

CODES = {
    "arabic": "ar",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hindi": "hi",
    "italian": "it",
    "portuguese": "pt",
    "spanish": "es",
}
_CLASSES = {"negative": 0, "neutral": 1, "positive": 2}
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_LEFT_OUT = re.compile(r"@\w+|https?\S*|www\.\S+|[\W_]+")


class Example(NamedTuple):
    """A tweet; `label` is 0 negative, 1 neutral, 2 positive, None where nobody labelled it."""

    text: str
    lang: str
    label: int | None
    source: str


def umsab(root: Path, split: str) -> list[Example]:
    """Return one split (`train` or `val`) of UMSAB in its eight languages."""
    return [
        Example(_decoded(text), code, int(label), "umsab")
        for name, code in CODES.items()
        for text, label in zip(
            _lines(root / "umsab" / name / f"{split}_text.txt"),
            _lines(root / "umsab" / name / f"{split}_labels.txt"),
            strict=True,
        )
    ]


def tweeteval(root: Path) -> list[Example]:
    """Return the validation split of TweetEval's sentiment."""
    texts = _lines(root / "tweeteval" / "val_text.txt")
    labels = _lines(root / "tweeteval" / "val_labels.txt")
    return [
        Example(_decoded(text), "en", int(label), "tweeteval")
        for text, label in zip(texts, labels, strict=True)
    ]


def semeval(root: Path) -> list[Example]:
    """Return every tweet of SemEval 2013 to 2016, task A, sarcasm left out."""
    found = []
    for path in sorted((root / "semeval").glob("twitter-*-A.tsv")):
        for line in [] if "sarcasm" in path.name else _lines(path):
            _, label, text = line.rstrip("\t").split("\t")[:3]
            if label in _CLASSES:
                found.append(Example(_decoded(text), "en", _CLASSES[label], "semeval"))
    return found


def hutto(root: Path) -> list[Example]:
    """Return the tweets VADER was published with, as texts without a label."""
    rows = (line.split("\t") for line in _lines(root / "hutto" / "tweets_GroundTruth.txt"))
    return [Example(_decoded(row[2]), "en", None, "hutto") for row in rows]


def training(root: Path) -> list[Example]:
    """Return all labelled tweets that may be trained on, each once, UMSAB's before SemEval's."""
    return list(_fresh([*umsab(root, "train"), *semeval(root)], held_out(root)))


def held_out(root: Path) -> list[Example]:
    """Return both validation sets."""
    return [*umsab(root, "val"), *tweeteval(root)]


def unlabelled(root: Path) -> list[Example]:
    """Return tweets that only a teacher can label."""
    return list(_fresh(hutto(root), [*held_out(root), *training(root)]))


def letters(text: str) -> str:
    """Return the letters and digits of a tweet by which it is told to be the same as another."""
    return _LEFT_OUT.sub("", text.lower())


def _fresh(examples: Iterable[Example], seen_elsewhere: Iterable[Example]) -> Iterator[Example]:
    seen = {letters(example.text) for example in seen_elsewhere}
    for example in examples:
        key = letters(example.text)
        if key and key not in seen:
            seen.add(key)
            yield example


def _decoded(text: str) -> str:
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text.strip())
    if text[:1] == text[-1:] == '"':
        text = text[1:-1].replace('""', '"')
    return readable(text)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
