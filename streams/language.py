"""Which language a post is in: what its platform declares where that can be, else a detector.

The script decides first. Among the languages of one script py3langid decides, whose model comes
in its wheel. A declared language is believed unless the text is in a script it is not written in,
or is long enough for the detector to be certain of another: authors set their language once, and
clients declare it for everything they send.
"""

import re
from collections import Counter
from copy import copy
from functools import cache
from typing import Any

from streams.languages import LATIN, Script, languages, normal_code
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
_CERTAIN_LETTERS = 15
_ENGLISH_WORDS = {"en": 3, None: 4}
"""So many of the commonest words show English, where that is declared and where nothing is."""
_KANA_SHARE = 0.1

_HASHTAG = re.compile(r"#(\w+)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_NOISE = re.compile(r"\bRT\b|\bhttps?\b")


def detect_language(text: str, declared: str | None) -> str:
    """Return the language as ISO 639-1, or "other", or "und" where it cannot be told.

    `declared` is what the platform says, in any form: `en-US`, `iw`, `und`. The first call loads
    the model, which takes about a second.

    >>> detect_language("Ils devraient fermer ce site tout de suite", None)
    'fr'
    >>> detect_language("これは本当にひどいですね", "en")
    'ja'
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
    if script == LATIN and claimed in _ENGLISH_WORDS and _looks_english(words, claimed):
        return "en"
    known = languages().scripts[script]
    if not known.are_told_apart:
        return claimed if claimed in known.langs else known.langs[0]
    return _told(words, script, known, letters, claimed)


def _told(words: str, script: str, known: Script, letters: int, claimed: str | None) -> str:
    """Let the detector decide, and weigh its word against the declared language."""
    fits = claimed is not None and languages().script_of(claimed) == script
    lang, share = _identify(words, known.langs, claimed if fits else None)
    if claimed is None or (not fits and script != LATIN):
        return lang if share >= _LEAST_SHARE else UNDETERMINED
    is_certain = share >= _CERTAIN_SHARE and letters >= _CERTAIN_LETTERS
    return lang if is_certain else claimed


def _words(text: str) -> str:
    """Return the words of the author's own: no links, mentions, hash signs or markup."""
    words = strip_mentions_and_links(clean(text[: 2 * _READ_CHARACTERS]).text)
    if "#" in words:
        words = _HASHTAG.sub(lambda tag: _CAMEL.sub(" ", tag[1]), words)
    return _NOISE.sub(" ", words)[:_READ_CHARACTERS]


def _main_script(words: str) -> tuple[str | None, int]:
    """Return the script of most letters, None if unknown, and how many they are worth."""
    if words.isascii():
        return LATIN, sum(map(str.isalpha, words))
    letters: Counter[str] = Counter()
    for found in languages().letters.finditer(words):
        letters[found.lastgroup or ""] += len(found[0])
    unknown = sum(map(str.isalpha, words)) - letters.total()
    if unknown > letters.total():
        return None, unknown
    for script in _CJK:
        letters[script] *= _CJK_FACTOR
    japanese = letters["kana"] + letters["han"]
    if letters["kana"] >= _KANA_SHARE * japanese:
        letters["kana"] = japanese
    return letters.most_common(1)[0]


def _looks_english(words: str, claimed: str | None) -> bool:
    """Tell by the words alone: the detector takes as long as all other reading of a post."""
    found = languages().english.intersection(words.lower().split())
    return len(found) >= _ENGLISH_WORDS[claimed]


def _identify(words: str, langs: tuple[str, ...], claimed: str | None) -> tuple[str, float]:
    """Return the likeliest of the languages and its share of the likelihood, in [0, 1]."""
    prior = languages().prior
    identifier = _identifier(langs, claimed if claimed not in langs else None)
    weighed = {lang: share * prior.get(lang, 1) for lang, share in identifier.rank(words)}
    best = max(weighed, key=weighed.__getitem__)
    return best, weighed[best] / sum(weighed.values())


@cache
def _identifier(langs: tuple[str, ...], also: str | None) -> Any:
    """Return a detector of some languages, and of one more if the model knows it."""
    wanted = {lang for lang in (*langs, also) if lang in _model().labels}
    identifier = copy(_model())
    identifier.set_languages(wanted)
    return identifier


@cache
def _model() -> Any:
    """Load the model; here, because it takes half a second and numpy as much again."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
