"""How a person writes what the grammar says: casing, short words, slips, emoji, hashtags."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from random import Random

import msgspec

from producers.demo.authors import Author
from producers.demo.draw import between, chance, pick
from producers.demo.grammar import Written
from producers.demo.phrasebook import Kind, Kinds

_WORD = re.compile(r"(?<![\w@#/.'’-])[^\W\d_]+(?![\w/'’-]|\.\w)")
_LOOSE_ACCENTS = frozenset("áàâéèêíìîóòôúùû")
"""Accents that people leave out in haste; never tildes, cedillas or umlauts, which are letters."""
_OPENING_MARKS = str.maketrans("", "", "¿¡")
_NAMES = re.compile(
    r"Epik|Parler|Gab|Amazon|Apple|AWS|ICANN|EPIK|App Store|iPhone|iPad|MacBook|AirPods|[#@/]\w+"
)


class Spoken(msgspec.Struct, frozen=True):
    """A finished text, the entities that it names, and the actions its hashtags call for."""

    text: str
    about: tuple[str, ...]
    tag_calls: tuple[str, ...]


def speak(
    rng: Random,
    author: Author,
    written: Written,
    kind: Kind,
    kinds: Kinds,
    short: Mapping[str, str],
) -> Spoken:
    """Say it in the author's own manner."""
    text = written.text
    if author.trait("shortens") < 0.22:
        text = _shorten(rng, text, short)
    if author.trait("accents") < 0.16:
        text = _drop_accents(text).translate(_OPENING_MARKS)
    if chance(rng, 0.22 * author.trait("slips") ** 3):
        text = _slip(rng, text)
    text = _recase(rng, author, text)
    if author.trait("stops") < 0.4 and text.endswith(".") and not text.endswith(".."):
        text = text[:-1]
    text = _add_emoji(rng, author, text, kinds.emoji[kind.mood])
    return _add_tags(rng, author, Spoken(text, written.about, ()), kind, kinds)


def _shorten(rng: Random, text: str, short: Mapping[str, str]) -> str:
    for long, brief in short.items():
        if chance(rng, 0.75):
            text = re.sub(rf"(?<!\w){re.escape(long)}(?!\w)", brief, text)
    return text


def _drop_accents(text: str) -> str:
    return "".join(
        unicodedata.normalize("NFD", letter)[0] if letter.lower() in _LOOSE_ACCENTS else letter
        for letter in text
    )


def _slip(rng: Random, text: str) -> str:
    """Mistype one longer word: two letters swapped, one lost, or one doubled."""
    words = [word for word in _WORD.finditer(text) if len(word[0]) > 4 and word[0].islower()]
    if not words:
        return text
    word = pick(rng, words)
    letters = word[0]
    at = between(rng, 1, len(letters) - 3)
    slipped = pick(
        rng,
        (
            letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :],
            letters[:at] + letters[at + 1 :],
            letters[:at] + letters[at] + letters[at:],
        ),
    )
    return text[: word.start()] + slipped + text[word.end() :]


def _recase(rng: Random, author: Author, text: str) -> str:
    manner = author.trait("casing")
    if manner < 0.17:
        return text.lower() if chance(rng, 0.12) else _outside_names(text, str.lower)
    if manner > 0.985 or (manner > 0.9 and chance(rng, 0.06)):
        return _outside_names(text, str.upper)
    return text


def _outside_names(text: str, change: Callable[[str], str]) -> str:
    pieces, at = [], 0
    for name in _NAMES.finditer(text):
        pieces += [change(text[at : name.start()]), name[0]]
        at = name.end()
    return "".join([*pieces, change(text[at:])])


def _add_emoji(rng: Random, author: Author, text: str, emoji: tuple[str, ...]) -> str:
    if not chance(rng, 0.55 * author.trait("emoji") ** 2):
        return text
    sign = pick(rng, emoji)
    if chance(rng, 0.2):
        sign *= between(rng, 2, 3)
    return f"{sign} {text}" if chance(rng, 0.15) else f"{text} {sign}"


def _add_tags(rng: Random, author: Author, spoken: Spoken, kind: Kind, kinds: Kinds) -> Spoken:
    if not kind.tags or author.platform == "reddit":
        return spoken
    wanted = 0.2 + 0.35 * author.trait("tags") + (0.18 if kind.call else 0.0)
    text, about, calls = spoken.text, list(spoken.about), []
    for _ in range(2):
        if not chance(rng, wanted):
            break
        tag = pick(rng, kinds.tags[kind.tags])
        if tag.tag.lower() in text.lower():
            continue
        text = f"{text} {tag.tag}"
        about += [tag.about] if tag.about and tag.about not in about else []
        calls += [tag.call] if tag.call else []
        wanted /= 2
    return Spoken(text, tuple(about), tuple(calls))
