"""Invented people: who writes, where, and in what manner. An author is a number, no more."""

from random import Random

import msgspec

from producers.demo.draw import rank

PLATFORMS = (("twitter", 79), ("reddit", 89), ("mastodon", 96), ("telegram", 98), ("youtube", 100))
"""Platforms with the cumulative share of the authors, in percent, who are there."""

_CAMP_STARTS = {"public": 0, "trade": 40_000, "against": 50_000, "for": 80_000, "fans": 92_000}
_CAMP_SIZES = {"public": 18_000, "trade": 2_400, "against": 12_000, "for": 4_000, "fans": 2_500}
_LANGUAGE_SHARES = {"en": (0, 60), "fr": (60, 11), "es": (71, 12), "de": (83, 8), "pt": (91, 9)}


class Author(msgspec.Struct, frozen=True):
    """One invented author. Traits are in [0, 1) and belong to the person for good."""

    number: int
    platform: str

    @property
    def id(self) -> str:
        """The author's id in the recording, such as `user-04821`."""
        return f"user-{self.number:05d}"

    def trait(self, name: str) -> float:
        """Return how far this person has a trait: always the same for the same name."""
        return _mix(self.number, name) / 2**32


def draw_author(rng: Random, camp: str, lang: str) -> Author:
    """Return somebody of a camp who writes that language; a few write much, most write once."""
    offset, share = _LANGUAGE_SHARES[lang]
    size = _CAMP_SIZES[camp]
    first = _CAMP_STARTS[camp] + size * offset // 100
    number = first + rank(rng, max(1, size * share // 100))
    return author_of(_scatter(number))


def author_of(number: int) -> Author:
    """Return the author with that number."""
    place = _mix(number, "platform") % 100
    return Author(number, next(name for name, below in PLATFORMS if place < below))


def _scatter(number: int) -> int:
    """Permute the numbers below 100,000, so that they tell nothing of camp and language."""
    return (number * 38_603 + 4_821) % 100_000


def _mix(number: int, name: str) -> int:
    """Hash to 32 bits (FNV-1a over the number and the name)."""
    state = 2_166_136_261
    for byte in f"{number}/{name}".encode():
        state = ((state ^ byte) * 16_777_619) & 0xFFFFFFFF
    state ^= state >> 15
    return (state * 2_246_822_519) & 0xFFFFFFFF
