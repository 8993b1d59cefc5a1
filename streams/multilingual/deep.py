"""How a post feels, in eight languages, more rightly: some 500 posts a second on one core.

An encoder of four layers in eight bits, heard together with the fast model.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from streams.multilingual.fast import logits_of, softened
from streams.multilingual.reading import readable
from streams.multilingual.verdict import Probabilities, facts

if TYPE_CHECKING:
    from streams.multilingual.layers import Layers

MODEL_VERSION = "uproar-deep-1"
"""Of the weights shipped, the fast model's among them; it changes whenever they do."""


def probabilities(text: str, lang: str) -> Probabilities:
    """Return how a post in `lang` (see `LANGUAGES`) feels; as in `streams.multilingual.fast`.

    A longer post is read to its 96th piece.
    """
    return probabilities_of([text], [lang])[0]


def probabilities_of(texts: Sequence[str], langs: Sequence[str]) -> list[Probabilities]:
    """Return how each of the posts feels, in order, with the figures that it has alone."""
    if len(texts) != len(langs):
        raise ValueError(f"{len(texts)} texts in {len(langs)} languages")
    layers = _layers()
    known = facts("deep")
    share = known.second_share
    readings = [readable(text) for text in texts]
    found = []
    for reading, fast in zip(readings, logits_of(readings, langs), strict=True):
        deep = layers.logits(reading)
        heard = [share * a + (1 - share) * b for a, b in zip(fast, deep, strict=True)]
        found.append(softened(heard, known.temperature))
    return found


@cache
def _layers() -> "Layers":
    from streams.multilingual.layers import Layers

    return Layers.shipped()
