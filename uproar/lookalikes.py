"""Letters that pass for Latin ones: Cyrillic `а` in `Pаrler`, small capitals, letters in boxes.

A genuine Cyrillic, Greek or Armenian word is left alone. A word counts as disguised when it mixes
such letters with Latin ones and reads as Latin throughout once they are replaced, or when it is
made of them alone in a text that is Latin otherwise.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

Edit = tuple[int, int, str]
"""A start, an end, and what to put between them."""

_WORD = re.compile(r"[^\W_]+")
LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
"""Latin letters, for a class in a pattern."""
_LATIN = re.compile(f"[{LATIN}]")
_SHORTEST_ALONE = 3
_LATIN_PER_LOOKALIKE = 4


class _Table(NamedTuple):
    alike: dict[int, str]
    decorated: dict[int, str]
    all_alike: frozenset[str]
    all_decorated: frozenset[str]


@cache
def _table() -> _Table:
    """Read the list of letters, once."""
    sections: dict[str, dict[int, str]] = {"[alike]": {}, "[decorated]": {}}
    section = sections["[alike]"]
    for line in files("uproar").joinpath("lookalikes.txt").read_text("utf-8").splitlines():
        if line in sections:
            section = sections[line]
        elif line and not line.startswith("#"):
            letter, latin = line.split()
            section[ord(letter)] = latin
    alike, decorated = sections["[alike]"], sections["[decorated]"]
    return _Table(alike, decorated, frozenset(map(chr, alike)), frozenset(map(chr, decorated)))


def lookalikes(text: str) -> Iterator[Edit]:
    """Find the letters to replace, in order; each edit keeps the length.

    >>> list(lookalikes("P\N{CYRILLIC SMALL LETTER A}rler, Москва"))
    [(0, 6, 'Parler')]
    """
    table = _table()
    letters = set(text)
    if not letters.isdisjoint(table.all_decorated):
        yield 0, len(text), text.translate(table.decorated)
        return
    if letters.isdisjoint(table.all_alike) or not _LATIN.search(text):
        return
    words_alone_count = is_latin_otherwise(text)
    for found in _WORD.finditer(text):
        word = found[0]
        if word.isascii() or table.all_alike.isdisjoint(word):
            continue
        latin = word.translate(table.alike)
        if not all(_is_latin(letter) for letter in latin):
            continue
        is_mixed = _LATIN.search(word) is not None
        if is_mixed or (words_alone_count and len(word) >= _SHORTEST_ALONE):
            yield found.start(), found.end(), latin


def alike() -> frozenset[str]:
    """Return the letters that may be taken for Latin ones in a disguised word; none is ASCII."""
    return _table().all_alike


def decorated() -> frozenset[str]:
    """Return the letters that are Latin ones in ornament, and read so wherever they stand."""
    return _table().all_decorated


def _is_latin(letter: str) -> bool:
    return letter.isascii() or letter.isdigit() or _LATIN.match(letter) is not None


def is_latin_otherwise(text: str) -> bool:
    """Tell whether the text is Latin but for a few letters, all of which pass for Latin."""
    table = _table()
    latin = others = 0
    for letter in text:
        if letter.isascii():
            latin += letter.isalpha()
        elif ord(letter) in table.alike:
            others += 1
        elif letter.isalpha() and not _LATIN.match(letter):
            return False
    return latin >= _LATIN_PER_LOOKALIKE * others
