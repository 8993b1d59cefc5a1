"""What is known of languages: codes, scripts, common words, which are told apart (lexicon/)."""

import re
from functools import cache
from importlib.resources import files
from math import log
from typing import Any, NamedTuple

import yaml

LATIN = "latin"
UNKNOWN = "unknown"
"""A script that is not in the list."""
NO_LETTER = ""


class Script(NamedTuple):
    """The languages that a script writes, the commonest first; whether a detector tells them."""

    langs: tuple[str, ...]
    are_told_apart: bool


class Languages(NamedTuple):
    """The files, in a form to work with.

    `letters` has a group a script; `lean` is how much likelier than others a language is before a
    post is read, as a logarithm; `words` has the languages that a word is common in.
    """

    codes: frozenset[str]
    replaced: dict[str, str]
    none: frozenset[str]
    scripts: dict[str, Script]
    letters: re.Pattern[str]
    lean: dict[str, float]
    words: dict[str, tuple[str, ...]]

    def script_of(self, lang: str) -> str | None:
        """Return the script that a language is written in: Latin where no other is known."""
        found = (name for name, script in self.scripts.items() if lang in script.langs)
        return next(found, LATIN)


@cache
def languages() -> Languages:
    """Read the files, once."""
    data = _read("languages.yaml")
    scripts = data["scripts"]
    scripts[LATIN] |= {"langs": data["latin"], "told": True}
    return Languages(
        codes=frozenset(data["iso_639_1"].split()),
        replaced=data["replaced"],
        none=frozenset(data["none"]),
        scripts={
            name: Script(tuple(entry["langs"]), entry.get("told", False))
            for name, entry in scripts.items()
        },
        letters=re.compile("|".join(_group(name, scripts[name]["range"]) for name in scripts)),
        lean={lang: log(prior) for lang, prior in data["prior"].items()},
        words=_languages_by_word(_read("common_words.yaml")),
    )


def _read(name: str) -> dict[str, Any]:
    path = files("streams").joinpath("lexicon", name)
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return content


def _languages_by_word(lists: dict[str, str]) -> dict[str, tuple[str, ...]]:
    by_word: dict[str, tuple[str, ...]] = {}
    for lang, words in lists.items():
        for word in dict.fromkeys(words.split()):
            by_word[word] = (*by_word.get(word, ()), lang)
    return by_word


def _group(name: str, ranges: str) -> str:
    """Return a named group of runs of the letters that `ranges` lists in hexadecimal."""
    spans = [[chr(int(point, 16)) for point in part.split("-")] for part in ranges.split()]
    return f"(?P<{name}>[{''.join('-'.join(span) for span in spans)}]+)"


def normal_code(declared: str | None) -> str | None:
    """Return a declared language as ISO 639-1, "other" if it has no such code, None if it is none.

    >>> [normal_code(code) for code in ("en-US", "in", "und", "ceb", "", None)]
    ['en', 'id', None, 'other', None, None]
    """
    code = re.split("[-_]", (declared or "").strip().lower())[0]
    known = languages()
    code = known.replaced.get(code, code)
    if code in known.codes:
        return code
    is_language = code.isascii() and code.isalpha() and len(code) == 3 and code not in known.none
    return "other" if is_language else None
