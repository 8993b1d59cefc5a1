"""How a post feels, read by models trained for this in eight languages.

`probabilities` is the fast model, for every post of a stream, and `probabilities_of` reads several
at once; `streams.multilingual.deep` has the slower and better one. Importing loads no weights.
"""

from streams.multilingual.fast import MODEL_VERSION, probabilities, probabilities_of
from streams.multilingual.verdict import LANGUAGES, Coverage, Facts, Probabilities, facts

__all__ = [
    "LANGUAGES",
    "MODEL_VERSION",
    "Coverage",
    "Facts",
    "Probabilities",
    "facts",
    "probabilities",
    "probabilities_of",
]
