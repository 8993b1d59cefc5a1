"""What can be said: the kinds of text and, per language, the words for them."""

from collections.abc import Mapping
from importlib.resources import files
from random import Random

import msgspec
import yaml

from producers.demo.grammar import Grammar, Marks, Written

NAMES = {
    "epik": "epik",
    "parler": "parler",
    "gab": "gab",
    "amazon": "amazon",
    "aws": "amazon",
    "apple": "apple",
}
"""Rules that give names of an entity, with its id in `uproar.yaml`."""


class Kind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of text. With a `call`, it urges action on `target`; `copied` texts are passed on."""

    mood: str
    tags: str = ""
    call: str = ""
    direction: str = ""
    target: str = ""
    copied: bool = False


class Tag(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hashtag, with the entity it names and the action it calls for, if any."""

    tag: str
    about: str = ""
    call: str = ""


class Kinds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`kinds.yaml`."""

    kinds: dict[str, Kind]
    tags: dict[str, tuple[Tag, ...]]
    emoji: dict[str, tuple[str, ...]]


class Language(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`phrases/<lang>.yaml`: rules with an alternative a line, and how people shorten words."""

    rules: dict[str, str]
    short: dict[str, str] = {}
    marks: Marks = "plain"


class Phrasebook:
    """Writes texts of every kind in every language."""

    def __init__(self, kinds: Kinds, languages: Mapping[str, Language]) -> None:
        self.kinds = kinds
        self.short = {lang: language.short for lang, language in languages.items()}
        self._grammars = {
            lang: Grammar(
                {name: lines.splitlines() for name, lines in language.rules.items()},
                NAMES,
                language.marks,
            )
            for lang, language in languages.items()
        }

    def write(self, rng: Random, lang: str, kind: str) -> Written:
        """Write a new text of that kind."""
        return self._grammars[lang].write(rng, kind)

    def writes(self, lang: str, kind: str) -> bool:
        """Return whether the language has words for that kind."""
        return kind in self._grammars[lang]


def read_phrasebook(languages: tuple[str, ...] = ("en", "fr", "es", "de", "pt")) -> Phrasebook:
    """Read the files of this package."""
    here = files("producers.demo")
    kinds = msgspec.convert(
        yaml.safe_load(here.joinpath("kinds.yaml").read_text(encoding="utf-8")), Kinds
    )
    return Phrasebook(
        kinds,
        {
            lang: msgspec.convert(
                yaml.safe_load(
                    here.joinpath("phrases", f"{lang}.yaml").read_text(encoding="utf-8")
                ),
                Language,
            )
            for lang in languages
        },
    )
