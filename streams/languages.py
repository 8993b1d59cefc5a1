"""What is known of languages: codes, scripts, common words, which are told apart (lexicon/)."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from math import log
from typing import Any, NamedTuple

import yaml

LATIN = "latin"
_LONGEST_CODE = 64
"""Characters of what is declared that are looked at: many more than any tag of a language has."""

UNKNOWN = "unknown"
"""A script that is not in the list."""
NO_LETTER = ""


class Script(NamedTuple):
    """The languages that a script writes, the commonest first; whether a detector tells them."""

    langs: tuple[str, ...]
    are_told_apart: bool


class CommonWords(NamedTuple):
    """The lists of common words, in a form to count with.

    `langs` are the languages that have a list. `counts` has for each word a number with a byte for
    each of these languages, 1 where the word is common in it: the sum over the words of a text says
    for all languages at once how many of its words each has.
    """

    langs: tuple[str, ...]
    leans: tuple[float, ...]
    counts: dict[str, int]

    def words_of(self, words: set[str]) -> bytes:
        """Return how many of the words each language has: 255 at most, as 400 characters hold."""
        counts = self.counts
        total = sum([counts[word] for word in words if word in counts])
        return total.to_bytes(len(self.langs), "little")


class Languages(NamedTuple):
    """The files, in a form to work with.

    `letters` has a group a script; `lean` is how much likelier than others a language is before a
    post is read, as a logarithm.
    """

    codes: frozenset[str]
    replaced: dict[str, str]
    none: frozenset[str]
    scripts: dict[str, Script]
    letters: re.Pattern[str]
    lean: dict[str, float]
    common: CommonWords

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
    lean = {lang: log(prior) for lang, prior in data["prior"].items()}
    return Languages(
        codes=frozenset(data["iso_639_1"].split()),
        replaced=data["replaced"],
        none=frozenset(data["none"]),
        scripts={
            name: Script(tuple(entry["langs"]), entry.get("told", False))
            for name, entry in scripts.items()
        },
        letters=re.compile("|".join(_group(name, scripts[name]["range"]) for name in scripts)),
        lean=lean,
        common=_common_words(_read("common_words.yaml"), lean),
    )


def _read(name: str) -> dict[str, Any]:
    path = files("streams").joinpath("lexicon", name)
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return content


def _common_words(lists: dict[str, str], lean: dict[str, float]) -> CommonWords:
    counts: dict[str, int] = {}
    for place, words in enumerate(lists.values()):
        for word in set(words.split()):
            counts[word] = counts.get(word, 0) + (1 << 8 * place)
    return CommonWords(tuple(lists), tuple(lean.get(lang, 0.0) for lang in lists), counts)


def _group(name: str, ranges: str) -> str:
    """Return a named group of runs of the letters that `ranges` lists in hexadecimal."""
    spans = [[chr(int(point, 16)) for point in part.split("-")] for part in ranges.split()]
    return f"(?P<{name}>[{''.join('-'.join(span) for span in spans)}]+)"


def normal_code(declared: str | None) -> str | None:
    """Return a declared language as ISO 639-1, "other" if it has no such code, None if it is none.

    >>> [normal_code(code) for code in ("en-US", "in", "und", "ceb", "", None)]
    ['en', 'id', None, 'other', None, None]
    """
    return _normal_code(declared.strip()[:_LONGEST_CODE]) if declared else None


@lru_cache(256)
def _normal_code(declared: str) -> str | None:
    code = re.split("[-_]", declared.lower())[0]
    known = languages()
    code = known.replaced.get(code, code)
    if code in known.codes:
        return code
    is_language = code.isascii() and code.isalpha() and len(code) == 3 and code not in known.none
    return "other" if is_language else None
