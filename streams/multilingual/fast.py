"""How a post feels, in eight languages, quickly: 15,000 posts a second and more on one core.

Two readers together: a small net over word vectors, taught by a fine-tuned encoder, which knows
what words of all languages mean, and weighed n-grams of each language. They are made in
`training/sentiment/` and need numpy alone. `streams.multilingual.deep` reads better, and slower.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from streams.multilingual.reading import readable
from streams.multilingual.verdict import Probabilities, facts

if TYPE_CHECKING:
    from streams.multilingual.both import Both

MODEL_VERSION = "uproar-fast-1"
"""Of the weights shipped; it changes whenever they do."""


def probabilities(text: str, lang: str) -> Probabilities:
    """Return how a post in `lang` (see `LANGUAGES`) feels.

    Mentions and links are left out, and of a longer post the first 2,000 characters count. The
    same text gives the same answer always. The first call loads the weights.

    >>> probabilities("I love it, what a great day!", "en").confidence > 0.5
    True
    """
    return probabilities_of([text], [lang])[0]


def probabilities_of(texts: Sequence[str], langs: Sequence[str]) -> list[Probabilities]:
    """Return how each of the posts feels, in order, with the figures that it has alone."""
    heard = logits_of([readable(text) for text in texts], langs)
    temperature = facts("fast").temperature
    return [softened(logits, temperature) for logits in heard]


def logits_of(readings: Sequence[str], langs: Sequence[str]) -> list[list[float]]:
    """Return the three logits of readable texts, for those who weigh them with others."""
    if len(readings) != len(langs):
        raise ValueError(f"{len(readings)} texts in {len(langs)} languages")
    return _both().logits(readings, langs, facts("fast").second_share)


def softened(logits: list[float], temperature: float) -> Probabilities:
    """Return the probabilities of three logits divided by the temperature.

    >>> softened([1.0, 1.0, 1.0], 2.0).score
    0.0
    """
    highest = max(logits)
    weights = [math.exp((value - highest) / temperature) for value in logits]
    total = sum(weights)
    return Probabilities(*(weight / total for weight in weights))


@cache
def _both() -> "Both":
    from streams.multilingual.both import Both

    return Both.shipped()
