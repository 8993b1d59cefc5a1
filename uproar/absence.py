"""Telling at a glance that no alias can stand in a text, whatever cleaning makes of it. Pure.

It is looked for a run of plain letters and digits of each alias in the bytes of the text as it is.
That settles it, unless cleaning could write such a run where there is none: out of markup, letters
in ornament, invisible characters inside a word, letters that pass for Latin ones. Where there may
be any of these, nothing is said, and the text has to be cleaned. What is said is always true.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache

from ahocorasick_rs import BytesAhoCorasick, Implementation

from uproar.lookalikes import LATIN, alike, decorated, is_latin_otherwise
from uproar.rewriting import SUSPECTS, rewritten
from uproar.skim import has_markup

Search = Callable[[bytes], Sequence[tuple[int, int, int]]]
"""Returns numbers of patterns, and where each starts and ends."""

_RUN = re.compile("[a-z0-9]+")
_TELLING = re.compile(f"[A-Za-z0-9<&{LATIN}]")
_LAST_DECOMPOSED = 0x30000
_TAGS = "\U000e0000".encode()[:2]
_ACCENTS = [b"\xcc", *(bytes((0xCD, trail)) for trail in range(0x80, 0xB0))]
"""How the accents of Latin letters begin, which may join a letter before them."""
_EMOJI = "\U0001f600".encode()[:2]
_SYMBOL = "\u2764".encode()[:1]
"""How the four bytes of an emoji, and the three of a symbol, begin."""

_TRAILS = bytes(range(0x80, 0xC0))
_KINDS = bytes(
    ord("a") if 0xC3 <= lead <= 0xC9
    else ord("L") if 0xCD <= lead <= 0xD6
    else ord("o") if lead > 0x80 and lead not in (0xC2, 0xE2)
    else ord("a") if chr(lead).isalnum() and lead < 0x80
    else ord(" ")
    for lead in range(0x100)
)  # fmt: skip
"""The kind of a character by its first byte in UTF-8: Latin or a digit; of the scripts that have
letters which pass for Latin ones; of others; and what is in no word that can be read as Latin."""
_SEAM = re.compile(rb"a(?:(?=[Lo])|(?<=[Lo]a))")


class Absence:
    """Says of texts that none of some aliases can stand in them. Immutable."""

    def __init__(self, patterns: Iterable[str], implementation: Implementation | None) -> None:
        """Take the folded aliases. Where one has no plain letter or digit, nothing is ever said."""
        runs = _telling_runs(list(patterns))
        self._search: Search | None = None
        if runs and b"" not in runs:
            removed, made = _changing()
            self._removed = len(removed)
            wanted = [*removed, *made, *runs]
            automaton = BytesAhoCorasick(wanted, implementation=implementation)
            self._search = automaton.find_matches_as_indexes

    def is_certain(self, text: str) -> bool:
        """Tell whether no alias stands in the text once it is cleaned. False says nothing."""
        if self._search is None:
            return False
        try:
            raw = text.encode()
        except UnicodeEncodeError:  # half of a surrogate pair
            return False
        behind = -1
        for number, start, end in self._search(raw.lower()):
            if number >= self._removed or not (start == behind or _follows_sign(raw, start)):
                return False
            behind = end  # an invisible character of an emoji
        if text.isascii():
            return not has_markup(text)
        if b"<" in raw or b"&" in raw:
            return False
        kinds = raw.translate(_KINDS, _TRAILS)
        if b"L" not in kinds:
            return True
        return _SEAM.search(kinds) is None and not is_latin_otherwise(text)


def _follows_sign(raw: bytes, start: int) -> bool:
    """Tell whether the character before `start` is a symbol or an emoji."""
    symbol, emoji = raw[max(start - 3, 0) : start], raw[max(start - 4, 0) : start]
    return symbol.startswith(_SYMBOL) or emoji.startswith(_EMOJI)


@cache
def _changing() -> tuple[Sequence[bytes], Collection[bytes]]:
    """Return what cleaning removes, and what it may make Latin letters or digits of, or join.

    Of anything else it makes a blank, a sign, or a letter that is never taken for a Latin one.
    """
    removed, made = list[bytes](), set(_ACCENTS)
    for letter in SUSPECTS - {*"<&"}:
        if "\ud800" <= letter <= "\udfff" or letter.encode().startswith(_TAGS):
            continue
        if letter.isalpha():
            made.add(letter.encode())
        elif next(edit[2] for edit in rewritten(letter)) == "":
            removed.append(letter.encode())
    suspects = SUSPECTS | alike() | decorated()
    for letter in map(chr, range(0x80, _LAST_DECOMPOSED)):
        is_sign = 0x2000 <= ord(letter) < 0x3000 and letter.isdigit()
        if is_sign or (unicodedata.decomposition(letter) and not _stays_apart(letter, suspects)):
            made.add(letter.encode())
    made |= {letter.encode() for letter in alike() if len(letter.encode()) > 2}
    made |= {letter.encode() for letter in decorated()} | {_TAGS}
    return removed, made - set(removed)


def _telling_runs(patterns: Sequence[str]) -> set[bytes]:
    """Return for each alias a run of plain letters and digits, one that others have, too, if any.

    So `epik.com` is told by `epik`, as the name is.
    """
    found = [_RUN.findall(pattern) or [""] for pattern in patterns]
    alone = {runs[0] for runs in found if len(runs) == 1}
    return {max(runs, key=lambda run: (run in alone, len(run))).encode() for runs in found}


def _stays_apart(letter: str, suspects: frozenset[str]) -> bool:
    """Tell whether a character becomes nothing that may be read as Latin, and no less a letter."""
    written = unicodedata.normalize("NFKC", letter)
    if written == letter:
        return True
    if _TELLING.search(written) or not suspects.isdisjoint(written):
        return False
    if any(map(str.isdigit, written)):
        return False
    return not letter.isalpha() or any(map(str.isalpha, written))
