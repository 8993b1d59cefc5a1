"""Names that are also ordinary words or people's names, where nothing else is known of them."""

from functools import cache
from importlib.resources import files

import yaml


@cache
def ordinary_words() -> dict[str, frozenset[str]]:
    """Return the ordinary words, lower case, each with the languages it is a word of."""
    text = files("uproar").joinpath("ordinary_words.yaml").read_text("utf-8")
    found: dict[str, set[str]] = {}
    for lang, listed in yaml.safe_load(text).items():
        for word in listed.split():
            found.setdefault(word, set()).add(lang)
    return {word: frozenset(langs) for word, langs in found.items()}


@cache
def german_nouns() -> frozenset[str]:
    """Return everyday German nouns, lower case: German writes each with a capital."""
    text = files("uproar").joinpath("german_nouns.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(" ".join(lines).split())
