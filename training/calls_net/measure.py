"""Figures of a reading of labelled posts."""

from collections.abc import Sequence

import numpy as np

from training.calls_net.data import LANGUAGES, Example


def measure(examples: Sequence[Example], logits: np.ndarray, threshold: float = 0.0) -> str:
    """Return a line for all and for each language; a call is what has a logit over `threshold`."""
    found = logits[:, 0] > threshold
    lines = []
    for lang in ("", *LANGUAGES):
        at = [i for i, example in enumerate(examples) if lang in ("", example.lang)]
        calls = [i for i in at if examples[i].is_call]
        hits = sum(bool(found[i]) for i in calls)
        precision = hits / max(1, sum(bool(found[i]) for i in at))
        recall = hits / max(1, len(calls))
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        right = sum(int(logits[i, 2:].argmax()) in examples[i].actions for i in calls)
        lines.append(
            f"{lang or 'all'}: n {len(at)} P {precision:.3f} R {recall:.3f} F1 {f1:.3f} "
            f"action {right / max(1, len(calls)):.3f}"
        )
    return "\n".join(lines)
