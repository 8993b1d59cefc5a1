"""Telling whether an ambiguous name is a name: its case, and the words around it.

Pure reading of one occurrence. What the configuration says of it comes first (`mentions.py`).
"""

import re
from collections.abc import Mapping

from uproar.hashtags import words

_NEXT = re.compile(r"(?:['’]s)?(?:[ \t]+(?P<word>\w(?:[\w'-]*\w)?)|(?P<punctuation>[^\w\s]))")
_PREVIOUS = re.compile(r"(?P<word>[\w'@#][\w'@#.-]*)(?P<gap>\W*)\Z")
_ENDS_SENTENCE = re.compile(r"[.!?:;\n\"“«(\[|*•–—…]|[^\w\s',&/@#$-]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_WINDOW = 120
_NEIGHBOUR = 40
_ENOUGH_WORDS = 4
_TITLE_SHARE = 0.75
_LONG_WORD = 4


def refuses(text: str, start: int, end: int, lang: str | None) -> str | None:
    """Say why a name that stands in its written case, without context, is no mention; or None.

    >>> refuses("Posted the same thing on Gab", 25, 28, "en")
    >>> refuses("the Delta variant", 4, 9, "en")
    'it follows an article, as a thing does'
    """
    following = _NEXT.match(text, end, end + _NEIGHBOUR)
    after = following["word"] if following else None
    if after is not None and after.lower() in words().company:
        return None
    before, begins_sentence = _word_before(text, start)
    name = text[start:end]
    if _is_case_accident(text, start, end):
        return "the case says nothing: the words around it are capitalised, too"
    if before is not None and _is_article(before, lang):
        return "it follows an article, as a thing does"
    if after is not None and _is_part_of_name(after):
        return f"it begins a longer name, `{name} {after}`"
    if before is not None and _is_part_of_name(before) and not _opens_sentence(before):
        return f"it ends a longer name, `{before} {name}`"
    if len(name) == 1 and text[end : end + 1] == "-":
        return "a single letter before a hyphen is no name"
    if begins_sentence and name.istitle() and after is not None and _continues(after, lang):
        return "its capital may only be due to the beginning of a sentence"
    return None


def _word_before(text: str, start: int) -> tuple[str | None, bool]:
    """Return the word directly before, if any, and whether a sentence begins after it."""
    found = _PREVIOUS.search(text, max(0, start - _NEIGHBOUR), start)
    if found is None:
        return None, True
    if found["word"][0] in "@#" or _ENDS_SENTENCE.search(found["gap"]) or found["word"][-1] == ".":
        return None, True
    word = found["word"].rpartition("'")[2] if found["gap"].strip() == "" else None
    return word, False


def _is_article(word: str, lang: str | None) -> bool:
    return word.lower() in _of_language(words().articles, lang)


def _continues(word: str, lang: str | None) -> bool:
    return word.lower() in _of_language(words().continuations, lang)


def _of_language(lists: Mapping[str, frozenset[str]], lang: str | None) -> frozenset[str]:
    """Return a language's words: English ones where it cannot be told, as in a short text.

    Where nobody has looked yet (None) there are none, so that nothing is refused which the
    language, once known, would let pass.
    """
    return lists.get("en" if lang == "und" else lang or "", frozenset())


def _is_part_of_name(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and not word.isupper()


def _opens_sentence(word: str) -> bool:
    """Tell whether a capitalised word is one that sentences begin with: Dear, Boycott, Merci."""
    return word.lower() in words().openers or word.lower() in words().campaign


def _is_case_accident(text: str, start: int, end: int) -> bool:
    """Tell whether the other words around are written in the same capitals as the name."""
    around = f"{text[max(0, start - _WINDOW) : start]} {text[end : end + _WINDOW]}"
    others: list[str] = _WORD.findall(around)
    if len(others) < _ENOUGH_WORDS:
        return False
    name = text[start:end]
    if name.isupper():
        capitals = sum(word.isupper() for word in others)
        return capitals >= _TITLE_SHARE * len(others)
    long = [word for word in others if len(word) >= _LONG_WORD]
    if len(long) < _ENOUGH_WORDS or not name[:1].isupper():
        return False
    capitals = sum(word[0].isupper() for word in long)
    return capitals >= _TITLE_SHARE * len(long)
