"""Where words begin and end, in scripts with and without spaces."""

import re
import unicodedata

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u309f\u3100-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
_KATAKANA = re.compile("[\u30a0-\u30ff]")
_HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7af]")


def begins_word(text: str, start: int) -> bool:
    """Tell whether a word may begin at `start`.

    >>> begins_word("notepik", 3), begins_word("on Epik", 3), begins_word("私のEpik", 2)
    (False, True, True)
    """
    if start == 0 or text[start - 1] == " " or not is_wordy(text[start]):
        return True
    return not _joins(text[start - 1], text[start])


def ends_word(text: str, end: int) -> bool:
    """Tell whether a word may end at `end`; Korean particles after a name are no part of it.

    >>> ends_word("Epikur", 4), ends_word("Epik's", 4), ends_word("Epikはいい", 4)
    (False, True, True)
    """
    if end >= len(text) or text[end] == " " or not is_wordy(text[end - 1]):
        return True
    return not _joins(text[end - 1], text[end]) or _HANGUL.match(text[end]) is not None


def is_wordy(char: str) -> bool:
    """Tell whether a character belongs to words: letters, digits, marks and the underscore."""
    return char.isalnum() or char == "_" or (char > "\x7f" and unicodedata.category(char)[0] == "M")


def _joins(left: str, right: str) -> bool:
    if not (is_wordy(left) and is_wordy(right)):
        return False
    if left.isascii() and right.isascii():
        return True
    if _KATAKANA.match(left) or _KATAKANA.match(right):
        return bool(_KATAKANA.match(left) and _KATAKANA.match(right))
    if _HANGUL.match(left) or _HANGUL.match(right):
        return bool(_HANGUL.match(left) and _HANGUL.match(right))
    return not (_UNSPACED.match(left) or _UNSPACED.match(right))
