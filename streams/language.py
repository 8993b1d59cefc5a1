"""Which language a post is in: what its platform declares where that can be, else a detector.

The script decides first. Among the languages of one script their commonest words decide, if enough
of them are there; else py3langid does, whose model comes in its wheel, with the words weighed in.
Hindi in Latin letters, which that model does not know, is told by its words alone. A declared
language is believed unless the text is in a script it is not written in, or is long enough to be
certain of another: authors set their language once, and clients declare it for all they send.
"""

import re
import string
from collections import Counter
from copy import copy
from functools import cache
from math import exp
from typing import Any

from streams.languages import LATIN, NO_LETTER, UNKNOWN, Script, languages, normal_code
from uproar.text import clean, strip_mentions_and_links

UNDETERMINED = "und"
"""Too short, or no letters, or too mixed to say."""
OTHER = "other"
"""A language for which there is no two-letter code, or whose script we do not know."""

_READ_CHARACTERS = 400
_FEWEST_LETTERS = 5
_CJK_FACTOR = 3
_CJK = ("han", "kana", "hangul")
_LEAST_SHARE = 0.2
_CERTAIN_SHARE = 0.8
_CERTAIN_SHARE_IF_ENGLISH = 0.5
"""English is what clients declare where nobody chose a language, so it is doubted sooner."""
_CERTAIN_LETTERS = 15
_KANA_SHARE = 0.1

_ENOUGH_WORDS = 2
"""So many different common words can show a language, if they are enough more than any other's."""
_ENOUGH_MORE = 2.0
"""Each word multiplies the likelihood by e: a language ahead by this is 7 times as likely."""
_AGAINST_DECLARED = 1
"""How many more words it takes to contradict what is declared."""
_MOST_COUNTED = 6
"""Common words say no more beyond these: a long post in two languages has many of both."""

_ASCII_LETTERS = string.ascii_letters.encode()
_LOWER_WORDS = "".join(chr(point).lower() if chr(point).isalpha() else " " for point in range(128))
"""What to make of ASCII so that blanks part the words in it: for `str.translate`."""
_HASHTAG = re.compile(r"#(\w+)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_NOISE = re.compile(r"\bRT\b|\bhttps?\b")
_WORD = re.compile(r"[^\W\d_]+")


def detect_language(text: str, declared: str | None) -> str:
    """Return the language as ISO 639-1, or "other", or "und" where it cannot be told.

    `declared` is what the platform says, in any form: `en-US`, `iw`, `und`. Hindi in Latin letters
    is "hi". The first call loads word lists; the first that they do not settle loads the model,
    which takes about a second.

    >>> detect_language("Ils devraient fermer ce site tout de suite", None)
    'fr'
    >>> detect_language("これは本当にひどいですね", "en")
    'ja'
    >>> detect_language("yeh site band karo yaar", "en")
    'hi'
    >>> detect_language("42!", "en-US"), detect_language("42!", None)
    ('en', 'und')
    """
    claimed = normal_code(declared)
    words = _words(text)
    script, letters = _main_script(words)
    if letters < _FEWEST_LETTERS:
        return claimed or UNDETERMINED
    if script is None:
        return claimed if claimed and languages().script_of(claimed) != LATIN else OTHER
    known = languages().scripts[script]
    if not known.are_told_apart:
        return claimed if claimed in known.langs else known.langs[0]
    found = _common_words(words)
    shown = _shown(found, claimed)
    if shown in known.langs or (shown == "hi" and script == LATIN):
        return shown
    return _told(words, script, known, letters, claimed, found)


def _common_words(words: str) -> bytes:
    """Count, for each language of `common`, the different common words of it that occur."""
    listed = words.translate(_LOWER_WORDS).split() if words.isascii() else None
    return languages().common.words_of(set(listed or _WORD.findall(words.lower())))


def _shown(found: bytes, claimed: str | None) -> str:
    """Return the language that the common words show, "" if none.

    For Hindi they need only be more than any other's: in Latin letters nothing else tells it.
    """
    most_words = max(found)
    if not most_words:
        return ""
    langs, leans, _ = languages().common
    hindi = found[_hindi()]
    is_alone = hindi == most_words and found.count(hindi) == 1
    if is_alone and hindi >= (1 if claimed == "hi" else _ENOUGH_WORDS):
        return "hi"
    # A language that has so many words fewer is neither first nor near enough to matter.
    least = most_words + leans[found.index(most_words)] - _far_behind()
    ranked = sorted(
        [
            (count + leans[place], langs[place], count)
            for place, count in enumerate(found)
            if count >= least and count
        ]
    )
    most, lang, count = ranked[-1]
    ahead = most - (ranked[-2][0] if len(ranked) > 1 else 0.0)
    doubt = _AGAINST_DECLARED if claimed not in (None, "en", lang) else 0
    is_shown = count >= _ENOUGH_WORDS + doubt and ahead >= _ENOUGH_MORE + doubt
    return lang if is_shown else ""


@cache
def _hindi() -> int:
    return languages().common.langs.index("hi")


@cache
def _far_behind() -> float:
    """Return what a language must be ahead by, and the most that a prior makes up for."""
    return _ENOUGH_MORE + _AGAINST_DECLARED + max(languages().common.leans)


def _told(
    words: str,
    script: str,
    known: Script,
    letters: int,
    claimed: str | None,
    found: bytes,
) -> str:
    """Let the detector decide, and weigh its word against the declared language."""
    fits = claimed is not None and languages().script_of(claimed) == script
    lang, share = _identify(words, known.langs, claimed if fits else None, found)
    if claimed is None or (not fits and script != LATIN):
        return lang if share >= _LEAST_SHARE else UNDETERMINED
    enough = _CERTAIN_SHARE_IF_ENGLISH if claimed == "en" else _CERTAIN_SHARE
    is_certain = share >= enough and letters >= _CERTAIN_LETTERS
    return lang if is_certain else claimed


def _words(text: str) -> str:
    """Return the words of the author's own: no links, mentions, hash signs or markup."""
    words = strip_mentions_and_links(clean(text[: 2 * _READ_CHARACTERS]).text)
    if "#" in words:
        words = _HASHTAG.sub(lambda tag: _CAMEL.sub(" ", tag[1]), words)
    if "RT" in words or "http" in words:
        words = _NOISE.sub(" ", words)
    return words[:_READ_CHARACTERS]


def _main_script(words: str) -> tuple[str | None, int]:
    """Return the script of most letters, None if unknown, and how many they are worth."""
    if words.isascii():
        return LATIN, len(words) - len(words.encode().translate(None, _ASCII_LETTERS))
    script_of = _scripts()
    letters: Counter[str] = Counter()
    for char, count in Counter(words).items():
        letters[script_of[char]] += count
    del letters[NO_LETTER]
    unknown = letters.pop(UNKNOWN, 0)
    if unknown > letters.total():
        return None, unknown
    for script in _CJK:
        letters[script] *= _CJK_FACTOR
    japanese = letters["kana"] + letters["han"]
    if letters["kana"] >= _KANA_SHARE * japanese:
        letters["kana"] = japanese
    return letters.most_common(1)[0]


def _identify(
    words: str, langs: tuple[str, ...], claimed: str | None, found: bytes
) -> tuple[str, float]:
    """Return the likeliest of the languages and its share of the likelihood, in [0, 1].

    The model has learned from texts in which capitals are few.
    """
    counted = dict(zip(languages().common.langs, found, strict=True))
    identifier = _identifier(langs, claimed if claimed not in langs else None)
    if 2 * sum(map(str.isupper, words)) > sum(map(str.isalpha, words)):
        words = words.lower()
    weighed = {
        lang: share * _weight(lang, counted.get(lang, 0)) for lang, share in identifier.rank(words)
    }
    best = max(weighed, key=weighed.__getitem__)
    return best, weighed[best] / sum(weighed.values())


@cache
def _weight(lang: str, words: int) -> float:
    """Return by how much so many common words and the prior multiply a language's likelihood."""
    return exp(languages().lean.get(lang, 0.0) + min(words, _MOST_COUNTED))


@cache
def _identifier(langs: tuple[str, ...], also: str | None) -> Any:
    """Return a detector of some languages, and of one more if the model knows it."""
    wanted = {lang for lang in (*langs, also) if lang in _model().labels}
    identifier = copy(_model())
    identifier.set_languages(wanted)
    return identifier


class _Scripts(dict[str, str]):
    """The script of each character met so far."""

    def __missing__(self, char: str) -> str:
        found = languages().letters.match(char)
        script = found.lastgroup if found else None
        self[char] = script or (UNKNOWN if char.isalpha() else NO_LETTER)
        return self[char]


@cache
def _scripts() -> _Scripts:
    return _Scripts()


@cache
def _model() -> Any:
    """Load the model; here, because it takes half a second and numpy as much again."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
