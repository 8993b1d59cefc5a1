"""Pairs of files as TweetEval and UMSAB have them: a text a line, its label in the other file."""

from collections.abc import Iterator
from typing import NamedTuple

from uproar.evaluation.lines import Source, shown, wrong
from uproar.evaluation.tsv import unescaped
from uproar.records import Label

LABELS: dict[str, Label] = {"0": "negative", "1": "neutral", "2": "positive"}

FOLDERS = {
    "arabic": "ar",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hindi": "hi",
    "italian": "it",
    "portuguese": "pt",
    "spanish": "es",
}
"""The language of UMSAB's folders."""


class Pair(NamedTuple):
    """One text with its label."""

    where: str
    text: str
    label: Label
    lang: str


def is_pair(source: Source) -> bool:
    """Tell whether a file of texts has its file of labels beside it."""
    return source.labels is not None


def read_pair(source: Source) -> Iterator[Pair]:
    """Yield each text with its label; English where the folder is named after no language.

    Raises InputError, also where the two files differ in length.
    """
    texts, labels = _lines(source.content), _lines(source.labels or b"")
    if len(texts) != len(labels):
        raise wrong(source.name, f"{len(labels)} texts, as many as labels", f"{len(texts)}")
    for number, (text, label) in enumerate(zip(texts, labels, strict=True), 1):
        where = f"{source.name}:{number}"
        if label.strip() not in LABELS:
            raise wrong(where, "`0`, `1` or `2` as its label", shown(label))
        yield Pair(
            where, unescaped(text), LABELS[label.strip()], FOLDERS.get(source.folder.lower(), "en")
        )


def _lines(content: bytes) -> list[str]:
    """Return all lines, blank ones included, for those count; bytes that are no UTF-8 as `�`.

    The published files hold a few of them; a line that was left out would shift all labels.
    """
    lines = content.decode("utf-8", "replace").split("\n")
    return [line.removesuffix("\r") for line in (lines[:-1] if lines[-1] == "" else lines)]
