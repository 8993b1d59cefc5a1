"""Write a trained student as the file that ships: rows of eight bits, the rest of sixteen."""

from pathlib import Path

import numpy as np

from streams.multilingual.words import grams, key
from training.sentiment.student import BUCKETS, LANGUAGES, Student


def write_fast(student: Student, table: list[str], path: Path) -> None:
    """Write the weights; a table word's letter groups are added to its row."""
    state = {name: value.detach().numpy() for name, value in student.state_dict().items()}
    groups = state["gram.weight"]
    rows = state["table.weight"][1:] + np.stack(
        [groups[grams(word, BUCKETS)].mean(0) for word in table]
    )
    numbers = np.array([key(word) for word in table], np.uint32)
    # Of two words with one number the first, commoner, one stays.
    numbers, first = np.unique(numbers, return_index=True)
    packed, scales = _eighth(rows[first])
    # An unknown word has the table's row 0 beside its letter groups, whose mean brings it along.
    packed_groups, group_scales = _eighth(groups + state["table.weight"][0])
    half = {
        "shouted": state["shouted"],
        "filters": state["filters.weight"].T,
        "filters_bias": state["filters.bias"],
        "inner": state["inner.weight"].T,
        "language_bias": state["inner.bias"] + state["lang.weight"],
        "out": state["logits.weight"].T,
        "out_bias": state["logits.bias"],
    }
    np.savez_compressed(
        path,
        keys=numbers,
        rows=packed,
        row_scales=scales,
        grams=packed_groups,
        gram_scales=group_scales,
        languages=np.array(["", *LANGUAGES]),
        **{name: np.ascontiguousarray(value, np.float16) for name, value in half.items()},
    )


def _eighth(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scales = (np.abs(rows).max(1) / 127 + 1e-8).astype(np.float16)
    scales = np.maximum(scales, np.float16(6e-8))
    return np.clip(np.rint(rows / scales[:, None].astype(np.float32)), -127, 127).astype(
        np.int8
    ), scales
