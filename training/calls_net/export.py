"""Write a trained student as the files that ship: rows of eight bits, the rest of sixteen.

python -m training.calls_net.export STUDENT TWEETS PATH...
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
import torch

from streams.calls_net.reading import words
from streams.multilingual.words import folded, grams, key
from training.calls_net.data import LANGUAGES, labelled, tweets

FOLDER = Path(__file__).parents[2] / "streams" / "calls_net"
REST = 30_000
"""How many words are kept that no training text had: the commonest of the first table."""


def main() -> None:
    """Write `net.npz` of the package."""
    parser = argparse.ArgumentParser()
    parser.add_argument("student", type=Path)
    parser.add_argument("tweets", type=Path)
    parser.add_argument("paths", type=Path, nargs="+")
    given = parser.parse_args()
    saved = torch.load(given.student, weights_only=False)
    state = {name: value.numpy() for name, value in saved["state"].items()}
    posts = [*labelled(given.paths), *(e for e in tweets(given.tweets) if e.lang in LANGUAGES)]
    met = Counter(folded(word) for e in posts for word in words(e.text))
    # Of the words that were not met those stay that are written in our languages' letters.
    letters = set("".join(word for word in met if met[word] > 1))
    rest, vectors = saved["rest"]
    keep = [at for at, word in enumerate(rest) if set(word) <= letters][:REST]
    table = [*saved["table"], *(rest[at] for at in keep)]
    rows = np.concatenate([state["table.weight"][1:], vectors[keep].astype(np.float32)])
    numbers, first = np.unique(
        np.array([key(word) for word in table], np.uint32), return_index=True
    )
    groups = state["gram.weight"] + state["table.weight"][0]
    # A word that has a row needs no letter groups any more: their mean goes into the row.
    spelled = np.stack([groups[grams(table[at], len(groups))].mean(0) for at in first])
    packed, scales = _eighth(rows[first] - state["table.weight"][0] + spelled)
    packed_groups, group_scales = _eighth(groups)
    window = state["first.weight"]
    filters, width = len(window), rows.shape[1]
    half = {
        "shape": state["shape.weight"].T,
        # (filters, places * width) as one matrix from a word to its part at each place.
        "window": window.reshape(filters, -1, width).transpose(2, 1, 0).reshape(width, -1),
        "window_bias": state["first.bias"],
        "inner": state["inner.weight"].T,
        "language_bias": state["inner.bias"] + state["lang.weight"],
        "out": state["out.weight"].T,
        "out_bias": state["out.bias"],
    }
    # Whoever reads it meanwhile finds the whole of the old or of the new.
    made = FOLDER / "made.npz"
    np.savez_compressed(
        made,
        keys=numbers,
        rows=packed,
        row_scales=scales,
        grams=packed_groups,
        gram_scales=group_scales,
        languages=np.array(["", *LANGUAGES]),
        **{name: np.ascontiguousarray(value, np.float16) for name, value in half.items()},
    )
    made.replace(FOLDER / "net.npz")
    print(len(table), (FOLDER / "net.npz").stat().st_size)  # noqa: T201


def _eighth(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scales = np.maximum((np.abs(rows).max(1) / 127 + 1e-8).astype(np.float16), np.float16(6e-8))
    numbers = np.rint(rows / scales[:, None].astype(np.float32))
    return np.clip(numbers, -127, 127).astype(np.int8), scales


if __name__ == "__main__":
    main()
