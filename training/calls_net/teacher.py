"""Fine-tune the encoder to tell calls: the teacher of the net that ships.

    python -m training.calls_net.teacher START TOKENIZER TWEETS OUT PATH... [--test PATH...]

`START` is the encoder fine-tuned by `training/sentiment/teacher.py`.
"""

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from training.calls_net.data import ACTIONS, LANGUAGES, Example, labelled, tweets, varied
from training.calls_net.measure import measure
from training.sentiment.encoder import WIDTH, Encoder
from training.sentiment.teacher import batches, encoded, padded

SEED = 7
FROZEN = 2
LAYERS = 6
PEAK = 2e-4
DECAY = 0.9
PASSES = 4
BATCH = 40
OUTPUTS = 2 + len(ACTIONS)
"""Call, against, and one for each action."""


class Teacher(Encoder):
    """The encoder with our own outputs; its lowest layers stay as they are."""

    def __init__(self, vocabulary: int, layers: int = LAYERS) -> None:
        super().__init__(vocabulary, layers)
        self.logits = torch.nn.Linear(WIDTH, OUTPUTS)

    def states(self, ids: Tensor) -> Tensor:
        """Return the last layer's state of every token."""
        with torch.no_grad():
            x = self.first(self.word(ids) + self.place.weight[: ids.shape[1]])
            mask = torch.zeros(ids.shape).masked_fill(ids == 1, -1e4)[:, None, None]
            for layer in self.layers[:FROZEN]:
                x = layer(x, mask)
        for layer in self.layers[FROZEN:]:
            x = layer(x, mask)
        return x


def losses(logits: Tensor, examples: Sequence[Example]) -> Tensor:
    """Return the loss of each example: of the call, and on calls of action and direction."""
    call = torch.tensor([float(e.is_call) for e in examples])
    soft = call * 0.94 + 0.03
    found = functional.binary_cross_entropy_with_logits(logits[:, 0], soft, reduction="none")
    against = torch.tensor([float(e.against) for e in examples])
    found = found + 0.3 * call * functional.binary_cross_entropy_with_logits(
        logits[:, 1], against, reduction="none"
    )
    wanted = torch.zeros(len(examples), len(ACTIONS))
    for at, example in enumerate(examples):
        for action in example.actions:
            wanted[at, action] = 1 / len(example.actions)
    found = found - 0.9 * call * (wanted * torch.log_softmax(logits[:, 2:], 1)).sum(1)
    return found * torch.tensor([e.weight for e in examples])


def beginning(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the lower layers of an encoder, its outputs left out."""
    high = tuple(f"layers.{number}." for number in range(LAYERS, 12))
    return {k: v for k, v in state.items() if not k.startswith(("logits", "hidden", *high))}


def predicted(model: Teacher, rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Return the logits of every row."""
    model.eval()
    found = np.zeros((len(rows), OUTPUTS), np.float32)
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), 64):
            part = order[at : at + 64]
            found[part] = model(padded([rows[row] for row in part])).float().numpy()
    return found


def train(  # noqa: D103
    model: Teacher,
    tokenizer: Tokenizer,
    posts: list[Example],
    others: list[Example],
    passes: int = PASSES,
    peak: float = PEAK,
) -> None:
    rng = random.Random(SEED)  # noqa: S311
    names = sorted({e.target for e in posts if e.target})
    groups = [
        {"params": [*model.hidden.parameters(), *model.logits.parameters()], "peak": 8 * peak}
    ]
    groups += [
        {"params": list(layer.parameters()), "peak": peak * DECAY**depth}
        for depth, layer in enumerate(reversed(model.layers[FROZEN:]))
    ]
    optimizer = torch.optim.AdamW(groups, lr=0.0, weight_decay=0.01)
    each = len(others) // passes
    steps = passes * ((len(posts) + each) // BATCH + 1)
    step, start = 0, time.time()
    for turn in range(passes):
        part = [*posts, *others[turn * each : (turn + 1) * each]]
        texts = [varied(e, names, rng) for e in part]
        rows = encoded(tokenizer, texts)
        for batch in batches([len(row) for row in rows], BATCH, rng):
            rate = min(1, (step + 1) / (0.08 * steps)) * max(0.02, 1 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate
            model.train()
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(padded([rows[row] for row in batch])).float()
            loss = losses(logits, [part[row] for row in batch]).mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            if step % 20 == 0:
                print(step, steps, round(loss.item(), 3), round(time.time() - start), flush=True)  # noqa: T201


def main() -> None:
    """Train, save, measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("start", type=Path)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("tweets", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--test", type=Path, nargs="*", default=[])
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--further", type=Path, help="a teacher to train further, at half the rate")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--most", type=int, default=5_000)
    given = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(given.threads)
    tokenizer = Tokenizer.from_file(str(given.tokenizer))
    state = torch.load(given.start)
    model = Teacher(len(state["word.weight"]))
    model.load_state_dict(beginning(state), strict=False)
    for part in [model.word, model.place, model.first, *model.layers[:FROZEN]]:
        part.requires_grad_(False)
    posts = labelled(given.paths)
    # As many from each language as from English, in all twice the labelled ones a pass.
    ordinary = tweets(given.tweets)
    rng = random.Random(SEED)  # noqa: S311
    rng.shuffle(ordinary)
    foreign = [e for e in ordinary if e.lang in LANGUAGES[1:]][: given.most // 3]
    english = [e for e in ordinary if e.lang == "en"][: given.most - len(foreign)]
    others = [*foreign, *english]
    rng.shuffle(others)
    print(len(posts), sum(e.is_call for e in posts), len(ordinary), len(others), flush=True)  # noqa: T201
    if given.further:
        model.load_state_dict(torch.load(given.further), strict=False)
    train(model, tokenizer, posts, others, given.passes, PEAK / 2 if given.further else PEAK)
    torch.save({k: v for k, v in model.state_dict().items() if not k.startswith("word")}, given.out)
    if given.test:
        test = labelled(given.test)
        logits = predicted(model, encoded(tokenizer, [e.text for e in test]))
        np.save(given.out.with_suffix(".test.npy"), logits)
        print(measure(test, logits), flush=True)  # noqa: T201
        for path in given.test:
            at = [i for i, e in enumerate(test) if e.writer == path.stem]
            print(path.stem, measure([test[i] for i in at], logits[at]).split("\n")[0])  # noqa: T201


if __name__ == "__main__":
    main()
