"""Train the student on what the teacher says of posts, and on the labels.

    python -m training.calls_net.fit TWEETS TABLE OUT PATH... [--soft FILE] [--test PATH...]

`TABLE` is a pickle of words and their first vectors, as `training/sentiment/vocabulary.py` makes
it; `--soft` what `training.calls_net.soft` wrote.
"""

import argparse
import pickle
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from streams.calls_net.reading import words as reading_words
from streams.multilingual.words import folded
from training.calls_net.data import LANGUAGES, Example, labelled, tweets, varied
from training.calls_net.measure import measure
from training.calls_net.student import Student, Vocabulary, padded, predicted

SEED = 11
PASSES = 5
BATCH = 192
COPIES = 8
"""How many variants of a labelled post a pass takes."""


def hard_loss(logits: Tensor, examples: Sequence[Example]) -> Tensor:
    """Return the loss of each example against its label."""
    call = torch.tensor([float(e.is_call) for e in examples])
    found = functional.binary_cross_entropy_with_logits(
        logits[:, 0], call * 0.94 + 0.03, reduction="none"
    )
    against = torch.tensor([float(e.against) for e in examples])
    found = found + 0.3 * call * functional.binary_cross_entropy_with_logits(
        logits[:, 1], against, reduction="none"
    )
    wanted = torch.zeros(len(examples), logits.shape[1] - 2)
    for at, example in enumerate(examples):
        for action in example.actions:
            wanted[at, action] = 1 / len(example.actions)
    return found - 0.9 * call * (wanted * torch.log_softmax(logits[:, 2:], 1)).sum(1)


def soft_loss(logits: Tensor, taught: Tensor) -> Tensor:
    """Return the loss of each example against what the teacher says."""
    call = torch.sigmoid(taught[:, 0])
    found = functional.binary_cross_entropy_with_logits(logits[:, 0], call, reduction="none")
    found = found + 0.02 * (logits[:, 0] - taught[:, 0]).clamp(-4, 4) ** 2
    found = found + 0.3 * call * functional.binary_cross_entropy_with_logits(
        logits[:, 1], torch.sigmoid(taught[:, 1]), reduction="none"
    )
    wanted = torch.softmax(taught[:, 2:], 1)
    return found - 0.9 * call * (wanted * torch.log_softmax(logits[:, 2:], 1)).sum(1)


def main() -> None:
    """Train, measure, save."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tweets", type=Path)
    parser.add_argument("table", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--soft", type=Path, nargs="*", default=[])
    parser.add_argument("--test", type=Path, nargs="*", default=[])
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--most", type=int, default=20_000)
    parser.add_argument(
        "--hard", type=float, default=0.3, help="share of the labels beside the teacher"
    )
    parser.add_argument("--missed", type=float, default=3.0, help="weight of what may be a call")
    given = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rng = random.Random(SEED)  # noqa: S311
    posts = labelled(given.paths)
    names = sorted({e.target for e in posts if e.target})
    examples: list[Example] = []
    taught: list[np.ndarray | None] = []
    if given.soft:
        for path in given.soft:
            for example, logits in pickle.loads(path.read_bytes()):  # noqa: S301
                examples.append(example)
                taught.append(logits)
        had = {e.text for e in examples}
        for e in posts:
            for copy in range(given.copies if e.text not in had else 0):
                examples.append(e._replace(text=varied(e, names, rng) if copy else e.text))
                taught.append(None)
        fresh = [e for e in tweets(given.tweets) if e.lang == "en" and e.text not in had]
        rng.shuffle(fresh)
        examples += fresh[: given.most]
        taught += [None] * len(fresh[: given.most])
    else:
        ordinary = [e for e in tweets(given.tweets) if e.lang in LANGUAGES]
        rng.shuffle(ordinary)
        ordinary.sort(key=lambda e: e.lang == "en")
        for e in ordinary[: given.most]:
            examples.append(e)
            taught.append(None)
        for e in posts:
            for copy in range(given.copies):
                examples.append(e._replace(text=varied(e, names, rng) if copy else e.text))
                taught.append(None)
    words, vectors = pickle.loads(given.table.read_bytes())[:2]  # noqa: S301
    # Only the words met learn; the others keep the vectors they came with.
    met = {folded(word) for e in examples for word in reading_words(e.text)}
    kept = [at for at, word in enumerate(words) if word in met]
    rest = [at for at, word in enumerate(words) if word not in met]
    vectors = np.asarray(vectors, np.float32)
    table = [words[at] for at in kept]
    v = Vocabulary(table)
    test = labelled(given.test)
    rows = [v.ids(e.text) for e in examples]
    test_rows = [v.ids(e.text) for e in test]
    v.freeze()
    code = {lang: at for at, lang in enumerate(LANGUAGES, 1)}
    langs = torch.tensor([code.get(e.lang, 0) for e in examples])
    test_langs = torch.tensor([code.get(e.lang, 0) for e in test], dtype=torch.long)
    model = Student(len(table))
    model.table.weight.data[1:] = torch.tensor(vectors[kept])
    is_taught = torch.tensor([t is not None for t in taught])
    soft = torch.tensor(np.stack([np.zeros(10, np.float32) if t is None else t for t in taught]))
    sparse = [model.table.weight, model.gram.weight]
    net = [p for n, p in model.named_parameters() if not n.startswith(("table", "gram"))]
    optimizer = torch.optim.AdamW(
        [
            {"params": net, "peak": 2e-3, "weight_decay": 0.01},
            {"params": sparse[:1], "peak": 7e-4, "weight_decay": 1e-4},
            {"params": sparse[1:], "peak": 1.5e-3, "weight_decay": 1e-4},
        ],
        lr=0.0,
    )
    steps, step, start = given.passes * (len(examples) // BATCH + 1), 0, time.time()
    print(len(examples), len(v.row), len(table), steps, flush=True)  # noqa: T201
    for turn in range(given.passes):
        order = list(range(len(examples)))
        rng.shuffle(order)
        plan = []
        for at in range(0, len(order), BATCH * 40):
            part = sorted(order[at : at + BATCH * 40], key=lambda i: len(rows[i]))
            plan += [part[b : b + BATCH] for b in range(0, len(part), BATCH)]
        rng.shuffle(plan)
        total = 0.0
        for batch in plan:
            rate = min(1, (step + 1) / (0.05 * steps)) * max(0.01, 1 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate
            model.train()
            logits = model(
                v, padded([rows[i] for i in batch]), langs[batch] * (torch.rand(len(batch)) >= 0.2)
            )
            part = [examples[i] for i in batch]
            loss = hard_loss(logits, part)
            if given.soft:
                knows = is_taught[batch].float() * torch.tensor(
                    [1.0 if e.writer in ("tweet", "made") else 1 - given.hard for e in part]
                )
                loss = knows * soft_loss(logits, soft[batch]) + (1 - knows) * loss
            # A call that is missed here is lost, another post only costs the encoder's time.
            labels = torch.tensor([float(e.is_call) for e in part])
            likely = torch.where(is_taught[batch], torch.sigmoid(soft[batch, 0]), labels)
            loss = (loss * (1 + (given.missed - 1) * likely)).mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            total += loss.item()
            step += 1
        print(turn, round(total / len(plan), 4), round(time.time() - start), flush=True)  # noqa: T201
        if test:
            print(  # noqa: T201
                measure(test, predicted(model, v, test_rows, test_langs)).split("\n")[0], flush=True
            )
    others = [words[at] for at in rest], vectors[rest].astype(np.float16)
    torch.save(
        {"state": model.state_dict(), "table": table, "rest": others}, given.out, pickle_protocol=4
    )
    if test:
        logits = predicted(model, v, test_rows, test_langs)
        np.save(given.out.with_suffix(".test.npy"), logits)
        print(measure(test, logits))  # noqa: T201


if __name__ == "__main__":
    main()
