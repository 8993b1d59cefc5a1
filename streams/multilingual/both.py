"""The two readers of the fast model side by side, and the words they have met."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from streams.multilingual.known import AT_ONCE, Known
from streams.multilingual.net import Net
from streams.multilingual.ngrams import Ngrams
from streams.multilingual.stretches import Stretches

Floats = npt.NDArray[np.float32]


class Both:
    """The net and the n-grams. Not for two threads at once."""

    def __init__(self, net: Net, ngrams: Ngrams) -> None:
        self._net, self._ngrams = net, ngrams
        self._known = Known(net, ngrams)

    @classmethod
    def shipped(cls) -> "Both":
        """Load the weights that the package ships."""
        return cls(Net.shipped(), Ngrams.shipped())

    def logits(
        self, readings: Sequence[str], langs: Sequence[str], second_share: float
    ) -> list[list[float]]:
        """Return the three logits of each text, the n-grams heard with their share."""
        found: list[list[float]] = []
        for start in range(0, len(readings), AT_ONCE):
            their = langs[start : start + AT_ONCE]
            first, second = self.apart(readings[start : start + AT_ONCE], their)
            mixed = (1 - second_share) * first + second_share * second
            for at, lang in enumerate(their):
                if lang not in self._ngrams.languages:
                    mixed[at] = first[at]
            found += mixed.tolist()
        return found

    def apart(self, readings: Sequence[str], langs: Sequence[str]) -> tuple[Floats, Floats]:
        """Return the logits of both, of at most `AT_ONCE` texts.

        The second mean nothing for a language that is none of `Ngrams.languages`.
        """
        rows = self._known.rows(readings, langs)
        posts = Stretches(rows.counts, apart=1)
        return (
            self._net.logits(rows.vectors, posts, langs),
            self._ngrams.logits(rows.own, rows.keys, posts, langs),
        )
