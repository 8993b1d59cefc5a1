"""How a post feels, in eight languages, quickly: more than 8,000 posts a second on one core.

Two readers together: a small net over word vectors, taught by a fine-tuned encoder, which knows
what words of all languages mean, and weighed n-grams of each language. They are made in
`training/sentiment/` and need numpy alone. `streams.multilingual.deep` reads better, and slower.
"""

import math
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from streams.multilingual.reading import readable
from streams.multilingual.verdict import Probabilities, facts
from streams.multilingual.words import words

if TYPE_CHECKING:
    from streams.multilingual.net import Net
    from streams.multilingual.ngrams import Language

_LONGEST = 400
"""Words read, which 2,000 characters seldom have."""

MODEL_VERSION = "uproar-fast-1"
"""Of the weights shipped; it changes whenever they do."""


def probabilities(text: str, lang: str) -> Probabilities:
    """Return how a post in `lang` (see `LANGUAGES`) feels.

    Mentions and links are left out, and of a longer post the first 2,000 characters count. The
    same text gives the same answer always. The first call loads the weights.

    >>> probabilities("I love it, what a great day!", "en").confidence > 0.5
    True
    """
    return softened(logits(readable(text), lang), facts("fast").temperature)


def logits(reading: str, lang: str) -> list[float]:
    """Return the three logits of a readable text, for those who weigh them with others."""
    found = words(reading)[:_LONGEST]
    both = _readers()
    heard = both.net.logits(found, lang)
    ngrams = both.ngrams.get(lang)
    if ngrams is not None:
        share = facts("fast").second_share
        heard = (1 - share) * heard + share * ngrams.logits(found)
    return [float(value) for value in heard]


def softened(logits: list[float], temperature: float) -> Probabilities:
    """Return the probabilities of three logits divided by the temperature.

    >>> softened([1.0, 1.0, 1.0], 2.0).score
    0.0
    """
    highest = max(logits)
    weights = [math.exp((value - highest) / temperature) for value in logits]
    total = sum(weights)
    return Probabilities(*(weight / total for weight in weights))


class _Readers(NamedTuple):
    net: "Net"
    ngrams: "dict[str, Language]"


@cache
def _readers() -> _Readers:
    from streams.multilingual import ngrams
    from streams.multilingual.net import Net

    return _Readers(Net.shipped(), ngrams.shipped())
