"""Fine-tune the encoder on all labelled tweets: the teacher of both models that ship.

    python -m training.sentiment.teacher SENTIMENT_DATA E5_PACKED TOKENIZER OUT

Two passes: one over everything, stopped early, and one over UMSAB with a share of the English.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from streams.multilingual.reading import LINK
from training.sentiment.data import Example, held_out, training
from training.sentiment.encoder import PAD, Encoder, load_packed, read_packed
from training.sentiment.measure import report

SEED = 20_240_101
LONGEST = 64
BATCH = 48
DECAY = 0.85
FROZEN = 3
"""The lowest layers, like the embeddings, know languages already and stay as they are."""


def encoded(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the token ids of each text, of a long one the beginning and the end mark."""
    rows = [found.ids for found in tokenizer.encode_batch(list(texts))]
    return [row if len(row) <= LONGEST else [*row[: LONGEST - 1], row[-1]] for row in rows]


def batches(lengths: Sequence[int], size: int, rng: random.Random) -> list[list[int]]:
    """Return shuffled batches of rows of like length."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    found = []
    for at in range(0, len(order), size * 50):
        part = sorted(order[at : at + size * 50], key=lambda row: lengths[row])
        found += [part[start : start + size] for start in range(0, len(part), size)]
    rng.shuffle(found)
    return found


def padded(rows: Sequence[Sequence[int]], pad: int = PAD) -> Tensor:
    """Return rows of ids as one matrix."""
    matrix = torch.full((len(rows), max(map(len, rows))), pad)
    for at, row in enumerate(rows):
        matrix[at, : len(row)] = torch.tensor(row)
    return matrix


def class_weights(examples: Sequence[Example]) -> Tensor:
    """Weigh the classes of a language nearly alike, as recall counts them alike."""
    both = Counter((example.lang, example.label) for example in examples)
    each = Counter(example.lang for example in examples)
    shares = [each[e.lang] / (3 * both[e.lang, e.label]) for e in examples]
    weights = torch.tensor(shares) ** 0.8
    return weights / weights.mean()


def predicted(model: Encoder, rows: Sequence[Sequence[int]]) -> Tensor:
    """Return the logits of every row."""
    model.eval()
    found = torch.zeros(len(rows), 3)
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), 64):
            part = order[at : at + 64]
            found[part] = model(padded([rows[row] for row in part])).float()
    return found


def train(
    model: Encoder, tokenizer: Tokenizer, examples: Sequence[Example], peak: float, most: int | None
) -> None:
    """Run one pass, warmed up and cooled down; of its batches at most `most`."""
    rng = random.Random(SEED)  # noqa: S311
    texts = [
        example.text.removesuffix(f" {LINK}") if rng.random() < 0.2 else example.text
        for example in examples
    ]
    rows = encoded(tokenizer, texts)
    labels = torch.tensor([example.label for example in examples])
    weights = class_weights(examples)
    optimizer = torch.optim.AdamW(list(_groups(model, peak)), weight_decay=0.01)
    plan = batches([len(row) for row in rows], BATCH, rng)
    for step, batch in enumerate(plan[:most]):
        rate = min(1, (step + 1) / (0.05 * len(plan))) * max(0.02, 1 - step / len(plan))
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rate
        model.train()
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(padded([rows[row] for row in batch])).float()
        losses = functional.cross_entropy(
            logits, labels[batch], reduction="none", label_smoothing=0.05
        )
        optimizer.zero_grad(set_to_none=True)
        (losses * weights[batch]).mean().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


def _groups(model: Encoder, peak: float) -> Iterator[dict]:
    head = [*model.hidden.parameters(), *model.logits.parameters()]
    yield {"params": head, "peak": 4 * peak, "lr": 0.0}
    for depth, layer in enumerate(reversed(model.layers[FROZEN:])):
        yield {"params": list(layer.parameters()), "peak": peak * DECAY**depth, "lr": 0.0}


def _second_pass(examples: Sequence[Example]) -> list[Example]:
    rng = random.Random(7)  # noqa: S311
    english = [example for example in examples if example.source != "umsab"]
    negative = [example for example in english if example.label == 0]
    other = [example for example in english if example.label != 0]
    return [
        *(example for example in examples if example.source == "umsab"),
        *rng.sample(negative, 4_500),
        *rng.sample(other, 13_500),
    ]


def main() -> None:
    """Train, measure, save."""
    root, packed_path, tokenizer_path, out = map(Path, sys.argv[1:5])
    torch.manual_seed(SEED)
    tokenizer = Tokenizer.from_file(str(tokenizer_path))
    packed = read_packed(packed_path)
    size = packed.tensors["emb.word"].size // 384
    model = Encoder(size)
    load_packed(model, packed, range(size), range(12))
    for part in [model.word, model.place, model.first, *model.layers[:FROZEN]]:
        part.requires_grad_(False)
    examples = training(root)
    twice = [*examples, *(example for example in examples if example.source == "umsab")]
    train(model, tokenizer, twice, 1.5e-4, most=400)
    train(model, tokenizer, _second_pass(examples), 1.2e-4, most=None)
    torch.save(model.state_dict(), out)
    held = held_out(root)
    report(held, predicted(model, encoded(tokenizer, [e.text for e in held])).numpy())


if __name__ == "__main__":
    main()
