"""The second reading: six layers of an encoder, for the few posts that the fast net lets through.

It shares its vocabulary and the vectors of the pieces with `streams.multilingual.deep`.
"""

from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from streams.multilingual.layers import Layers

_VOCABULARY = "streams.multilingual"


@lru_cache(maxsize=8_192)
def logits(reading: str) -> tuple[float, ...]:
    """Return the logits of a readable text: of a call, of one against somebody, of each action.

    They are kept for a while, for a wave is made of reposts.
    """
    return tuple(_layers().logits(reading))


@cache
def _layers() -> "Layers":
    from streams.multilingual.layers import Layers
    from streams.multilingual.pieces import Pieces

    shared, own = files(_VOCABULARY), files(__package__)
    with shared.joinpath("deep.npz").open("rb") as file:
        arrays = dict(np.load(file))
    with own.joinpath("deep.npz").open("rb") as file:
        # Before the first layer, nothing but the places is ours.
        arrays |= dict(np.load(file))
    return Layers(Pieces.shipped(), arrays, own.joinpath("deep.onnx").read_bytes())
