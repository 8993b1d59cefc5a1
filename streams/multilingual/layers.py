"""The encoder of the deep model: tokens to vectors, and these through ONNX Runtime."""

from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
from onnxruntime import InferenceSession, SessionOptions

from streams.multilingual.pieces import Pieces

Floats = npt.NDArray[np.float32]

_LONGEST = 96
_BLOCK = 32


class Layers:
    """A vocabulary, the vectors of its pieces, and the layers over them."""

    def __init__(self, pieces: Pieces, arrays: dict[str, npt.NDArray[Any]], graph: bytes) -> None:
        self._pieces = pieces
        self._nibbles, self._scales = arrays["nibbles"], arrays["scales"]
        self._places = arrays["places"].astype(np.float32)
        options = SessionOptions()
        # One core each: a worker is one process, and more threads would only change the rounding.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    @classmethod
    def shipped(cls) -> "Layers":
        """Load what the package ships."""
        folder = files(__package__)
        with folder.joinpath("deep.npz").open("rb") as file:
            arrays = dict(np.load(file))
        return cls(Pieces.shipped(), arrays, folder.joinpath("deep.onnx").read_bytes())

    def logits(self, text: str) -> list[float]:
        """Return the three logits of a readable text.

        Texts go one by one: eight-bit arithmetic takes its scale from all that it is given, so
        that in a batch a text's figures would depend on its neighbours, for a fifth more speed.
        """
        ids = np.array(self._pieces.numbers(text, _LONGEST))
        tokens = self._vectors(ids) + self._places[: len(ids)]
        given = {
            "tokens": tokens[None],
            "counts": np.array([len(ids)], np.int32),
            "here": np.ones((1, len(ids), 1), np.float32),
        }
        logits: list[float] = self._session.run(["logits"], given)[0][0].tolist()
        return logits

    def _vectors(self, ids: npt.NDArray[Any]) -> Floats:
        """Unpack token vectors: blocks of 32 numbers of four bits, each block with its scale."""
        packed = self._nibbles[ids].reshape(len(ids), -1, _BLOCK // 2)
        numbers = np.concatenate((packed & 15, packed >> 4), axis=2).astype(np.float32) - 8
        scaled: Floats = numbers * self._scales[ids].astype(np.float32)[:, :, None]
        return scaled.reshape(len(ids), -1)
