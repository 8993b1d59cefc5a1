"""What is seen around a name, and in which language: the words in which evidence is weighed."""

from typing import NamedTuple

from uproar.neighbours import Word
from uproar.senses import evidence_words

_SHOWN = 4
"""How many reasons of each direction are said."""


class Reason(NamedTuple):
    """One thing seen: how much it speaks for (more than 0) or against the name, and what it is."""

    points: float
    words: str


class Weighed(NamedTuple):
    """What was seen around a name, and the sum of it."""

    counts: bool
    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        """Say the reasons, the strongest first."""
        ordered = sorted(self.reasons, key=lambda reason: -abs(reason.points))
        sides = (
            ("for", [reason.words for reason in ordered if reason.points > 0]),
            ("against", [reason.words for reason in ordered if reason.points < 0]),
        )
        said = [f"{side}: {', '.join(words[:_SHOWN])}" for side, words in sides if words]
        return "; ".join(said if self.counts else said[::-1]) or "nothing speaks for it"


class Tongue(NamedTuple):
    """The language of a text: `lang` where it is known, None where it cannot be told.

    `is_open`: nobody has looked yet, and it may be any.
    """

    lang: str | None
    is_open: bool

    def may_be(self, langs: frozenset[str]) -> bool:
        """Tell whether the language can be one of these."""
        return self.is_open if self.lang is None else self.lang in langs

    def has(self, word: Word) -> bool:
        """Tell whether an everyday word is what its list says in this language, too.

        >>> Tongue("es", is_open=False).has(Word("a"))  # no article there
        False
        """
        langs = evidence_words().clashes.get(word.low)
        return langs is None or self.lang in langs


class Name(NamedTuple):
    """How a name is written, where it is an ordinary word, and how easily it is taken for one.

    `is_german_noun`: German writes the ordinary word with a capital, too. `is_unknown`: nothing
    else is known of the name.
    """

    written: str
    word: frozenset[str]
    doubt: float
    is_german_noun: bool
    is_unknown: bool = False
