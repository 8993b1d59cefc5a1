"""Train the fast model on the teacher's labels and on people's, and write what ships.

python -m training.sentiment.fast SENTIMENT_DATA LABELLED_FOLDER OUT_FOLDER
"""

import pickle
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.sentiment.data import Example, held_out
from training.sentiment.export import write_fast
from training.sentiment.measure import best_share, report, write_facts
from training.sentiment.student import LANGUAGES, WIDTH, Student, Vocabulary
from training.sentiment.teacher import batches, class_weights, padded

VERSION = "uproar-fast-1"
EPOCHS = 3
BATCH = 128
SOFT = 1.5
"""By what both sides' logits are divided before they are compared."""

_RATES = {"net": 2e-3, "table": 5e-4, "gram": 2e-3}
_OTHER_LANGUAGES = 2.0
"""A tweet in one of the seven weighs as two English ones, of which there are more."""


def start_vectors(pooled: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return the first vector of each word: what the teacher makes of it alone, in few numbers."""
    states = pooled.astype(np.float32)
    states -= states.mean(0)
    sample = np.random.RandomState(0).permutation(len(states))[:20_000]
    _, _, axes = np.linalg.svd(states[sample], full_matrices=False)
    along = states @ axes[: WIDTH - 3].T
    along /= np.sqrt(along.std(0) * along.std())  # halfway to axes that vary alike
    said = logits - logits.mean(1, keepdims=True)
    return 0.15 * np.concatenate([along / along.std(), 2 * said / said.std()], axis=1)


def train(
    student: Student, vocabulary: Vocabulary, examples: Sequence[Example], logits: np.ndarray
) -> None:
    """Train; a text that nobody labelled is learnt from the teacher alone."""
    rng = random.Random(1)  # noqa: S311
    ids = [vocabulary.ids(example.text) for example in examples]
    vocabulary.freeze()
    langs = torch.tensor([_number(example.lang) for example in examples])
    labels = torch.tensor([example.label or 0 for example in examples])
    said = torch.tensor([e.label is not None for e in examples]).float()
    by_class = class_weights(examples) * said
    weights = torch.tensor([1.0 if e.lang == "en" else _OTHER_LANGUAGES for e in examples])
    taught = torch.log_softmax(torch.from_numpy(logits) / SOFT, 1)
    optimizer = torch.optim.AdamW(_groups(student))
    plan = [
        batch for _ in range(EPOCHS) for batch in batches([len(row) for row in ids], BATCH, rng)
    ]
    for step, batch in enumerate(plan):
        rate = min(1, (step + 1) / (0.05 * len(plan))) * max(0.01, 1 - step / len(plan))
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rate
        student.train()
        known = langs[batch] * (torch.rand(len(batch)) >= 0.15)
        found = student(vocabulary, padded([ids[row] or [0] for row in batch], 0), known)
        soft = torch.log_softmax(found / SOFT, 1)
        apart = functional.kl_div(soft, taught[batch], reduction="none", log_target=True).sum(1)
        wrong = functional.cross_entropy(
            found, labels[batch], reduction="none", label_smoothing=0.05
        )
        losses = SOFT**2 * apart + 0.3 * by_class[batch] * wrong
        optimizer.zero_grad(set_to_none=True)
        (losses * weights[batch]).mean().backward()
        optimizer.step()


def _groups(student: Student) -> list[dict]:
    named: dict[str, list[Tensor]] = {name: [] for name in _RATES}
    for name, parameter in student.named_parameters():
        named[name.split(".")[0] if name.startswith(("table", "gram")) else "net"].append(parameter)
    return [
        {
            "params": named[name],
            "peak": peak,
            "lr": 0.0,
            "weight_decay": 0.01 if name == "net" else 1e-4,
        }
        for name, peak in _RATES.items()
    ]


def _number(lang: str) -> int:
    return LANGUAGES.index(lang) + 1


def main() -> None:
    """Train, write, and measure what was written."""
    root, labelled, out = map(Path, sys.argv[1:4])
    torch.manual_seed(1)
    examples, logits, _ = pickle.loads((labelled / "labelled.pkl").read_bytes())  # noqa: S301
    table, word_logits, pooled = pickle.loads((labelled / "words.pkl").read_bytes())  # noqa: S301
    student = Student(len(table))
    with torch.no_grad():
        student.table.weight[1:] = torch.from_numpy(start_vectors(pooled, word_logits))
    train(student, Vocabulary(table), examples, logits)
    write_fast(student.eval(), table, out / "fast.npz")

    mix(root, out)


def mix(root: Path, out: Path) -> None:
    """Choose how much of the n-grams is heard beside the net, measure, and write the facts."""
    from streams.multilingual.both import Both
    from streams.multilingual.net import Net
    from streams.multilingual.ngrams import Ngrams

    held = held_out(root)
    net = Net(dict(np.load(out / "fast.npz")))
    ngrams = Ngrams(dict(np.load(out / "fast_ngrams.npz")))
    both_readers = Both(net, ngrams)
    first, second = [], []
    for example in held:
        net_says, ngrams_say = both_readers.apart([example.text], [example.lang])
        first.append(net_says[0])
        second.append((ngrams_say if example.lang in ngrams.languages else net_says)[0])
    share = best_share(held, np.array(first), np.array(second))
    both = (1 - share) * np.array(first) + share * np.array(second)
    print(f"share of the n-grams {share}")  # noqa: T201
    report(held, both)
    write_facts(out / "fast.json", VERSION, held, both, share)


if __name__ == "__main__":
    main()
