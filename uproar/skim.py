"""A text cleaned by a look at what characters are in it: the way of the most posts. Pure.

`uproar.text.clean` keeps the place of each character, for evidence to be shown; a post of a
firehose that mentions nobody needs none. Most texts hold only characters that cleaning leaves
alone, and a few that become the same wherever they stand, such as curly quotes: these are
replaced, and that is all. Whatever depends on what stands beside it (markup, disguised words,
accents to be composed) is left to `clean`, with which this never disagrees.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import NamedTuple

import msgspec
from ahocorasick_rs import BytesAhoCorasick, Implementation

from uproar.lookalikes import LATIN, alike, decorated, is_latin_otherwise, lookalikes
from uproar.rewriting import BLANKS, LONGEST_MARKS, REWRITTEN, SUSPECTS, marks, rewritten

_PLAIN = bytes(sorted({*range(0x20, 0x7F), *b"\t\n"} - {*b"<&`"}))
"""What cleaning touches nowhere, but for runs of blanks."""
_TAGS = "\U000e0000".encode()[:2]
"""How the 4,096 characters begin that spell flags, and hide what nobody shall see."""
_OTHER_FORMS = ("\xa0…\u202f\u3000", *map(chr, (*range(0x2000, 0x200B), *range(0xFF01, 0xFF5F))))
"""Common characters that NFKC writes as plain ASCII: wide and narrow blanks, letters, signs."""

_LETTER = re.compile(f"[{LATIN}]")
_SEAM = re.compile(rf"[0-9{LATIN}](?:(?=[^\W_0-9{LATIN}Ḁ-ỿ])|(?<=[^\W_0-9{LATIN}Ḁ-ỿ][0-9{LATIN}]))")
"""Where Latin letters or digits meet others in a word. A word with one of `Ḁ-ỿ`, which no
letter passes for, is never taken for a disguised one."""


class Skimmed(msgspec.Struct, frozen=True, gc=False):
    """A cleaned text; `is_aligned` says that each character stands where it stood before."""

    text: str
    is_aligned: bool


def skim(text: str) -> Skimmed | None:
    r"""Return what `clean` makes of a text, or None where only `clean` can tell. Never raises.

    >>> skim("Don’t shut Epik down…").text
    "Don't shut Epik down..."
    >>> skim("E<b>pik</b>") is None
    True
    """
    try:
        odd = text.encode().translate(None, _PLAIN)
    except UnicodeEncodeError:  # half of a surrogate pair
        return None
    is_aligned = True
    if odd:
        if found := _odd().search(odd):
            if len(found) > LONGEST_MARKS and _has_long_run(found):
                return None
            replaced = _replaced(text, {number for number, _, _ in found})
            if replaced is None:
                return None
            text, is_aligned = replaced
        if not odd.isascii() and _may_change(text, odd):
            return None
        if has_markup(text):
            return None
    if "  " in text or "\t" in text:
        single = BLANKS.sub(" ", text)
        is_aligned = is_aligned and len(single) == len(text)
        text = single
    return Skimmed(text, is_aligned)


class _Odd(NamedTuple):
    """What is looked for in bytes: characters that change wherever they stand, then accents.

    What is written for a character is None where that depends on what stands beside it.
    """

    changed: list[tuple[str, str | None]]
    search: Callable[[bytes], list[tuple[int, int, int]]]
    """Returns numbers of characters, and where each starts and ends."""


@cache
def _odd() -> _Odd:
    found: dict[bytes, tuple[str, str | None]] = {_TAGS: ("", None)}
    for letter in SUSPECTS - {*"<&"}:
        if not "\ud800" <= letter <= "\udfff" and not letter.encode().startswith(_TAGS):
            found[letter.encode()] = letter, next(edit[2] for edit in rewritten(letter))
    for letter in "".join(_OTHER_FORMS):
        written = unicodedata.normalize("NFKC", letter)
        if written.isascii() and not written.encode().translate(None, _PLAIN):
            found[letter.encode()] = letter, written
    found |= {letter.encode(): (letter, None) for letter in decorated()}
    accents = {letter.encode() for letter in marks().accents} - found.keys()
    automaton = BytesAhoCorasick([*found, *accents], implementation=Implementation.DFA)
    return _Odd(list(found.values()), automaton.find_matches_as_indexes)


def _replaced(text: str, numbers: Collection[int]) -> tuple[str, bool] | None:
    is_aligned = True
    before = len(text)
    if "\r" in text:  # before anything is taken from between it and a line feed
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        is_aligned = len(text) == before
    changed = _odd().changed
    for number in numbers:
        if number >= len(changed):
            continue  # an accent
        letter, written = changed[number]
        if written is None:
            return None
        text = text.replace(letter, written)
        if len(written) != 1:
            is_aligned = False
    return text, is_aligned


def _may_change(text: str, odd: bytes) -> bool:
    """Tell whether characters are to be composed, or words to be read as Latin ones."""
    if not unicodedata.is_normalized("NFKC", text):
        return True
    if not odd.translate(None, _alike_apart()) or not _LETTER.search(text):
        return False
    if not _SEAM.search(text) and not is_latin_otherwise(text):
        return False  # words of such letters alone are taken for what they are
    return next(lookalikes(text), None) is not None


def _has_long_run(found: Sequence[tuple[int, int, int]]) -> bool:
    """Tell whether more of the odd characters stand in a row than accents are kept."""
    run = before = 0
    for _, start, end in found:
        run = run + 1 if start == before else 1
        if run > LONGEST_MARKS:
            return True
        before = end
    return False


@cache
def _alike_apart() -> bytes:
    """Return all bytes but those that letters which pass for Latin ones begin with."""
    return bytes({*range(0x100)} - {letter.encode()[0] for letter in alike()})


def has_markup(text: str) -> bool:
    """Tell whether there is markup, or an entity, in a text."""
    has_ends = ("&" in text and ";" in text) or ("<" in text and ">" in text)
    return has_ends and REWRITTEN.search(text) is not None
