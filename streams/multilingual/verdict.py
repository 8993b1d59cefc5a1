"""What a model says of a post, and how far to believe it."""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

LANGUAGES = frozenset({"ar", "de", "en", "es", "fr", "hi", "it", "pt"})
"""The languages both models were trained and measured on, as ISO 639-1.

`hi` is Hindi in Latin letters, which detectors seldom know by that name: they call it English,
Indonesian or Swahili. Pass `hi` where the platform declares Hindi and the letters are Latin. With
another code, or none, a post is still read, by what the eight have in common; do so for a post in
Latin letters from a Hindi-speaking source, and not for a language that is none of the eight.
"""


class Probabilities(NamedTuple):
    """How probable each class is, calibrated on tweets; they sum to one."""

    negative: float
    neutral: float
    positive: float

    @property
    def score(self) -> float:
        """From -1, surely negative, to 1, surely positive."""
        return self.positive - self.negative

    @property
    def confidence(self) -> float:
        """The probability of the likeliest class, from 1/3 to 1."""
        return max(self)


class Coverage(msgspec.Struct, frozen=True):
    """Where only posts of this confidence and above are judged: their share, and how many right."""

    confidence: float
    coverage: float
    accuracy: float


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured of a model when it was made, on the validation tweets.

    `second_share` is how much a second reader is heard beside the first: in the fast model the
    n-grams beside the net, in the deep one the fast model beside the layers.
    """

    version: str
    temperature: float
    second_share: float
    abstain_below: float
    curve: tuple[Coverage, ...]

    def is_sure(self, said: Probabilities) -> bool:
        """Tell whether a verdict is sure enough to count; where not, say "unsure"."""
        return said.confidence >= self.abstain_below


@cache
def facts(model: str) -> Facts:
    """Return the facts of the model `fast` or `deep`, from the file beside its weights."""
    data = files(__package__).joinpath(f"{model}.json").read_bytes()
    return msgspec.json.decode(data, type=Facts)
