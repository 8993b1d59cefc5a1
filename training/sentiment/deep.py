"""Teach four layers what the twelve know, and write them in eight bits: the deep model.

python -m training.sentiment.deep SENTIMENT_DATA LABELLED_FOLDER TEACHER TOKENIZER OUT_FOLDER
"""

import json
import pickle
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from training.sentiment.data import Example, held_out
from training.sentiment.encoder import WIDTH, Encoder
from training.sentiment.graph import write_graph
from training.sentiment.measure import best_share, report, write_facts
from training.sentiment.teacher import batches, class_weights, encoded, padded
from training.sentiment.vocabulary import pruned

VERSION = "uproar-deep-1"
LAYERS = 4
EPOCHS = 2
PEAK = 3e-4
BATCH = 48
COMMONEST = 20_000
LONGEST = 128
SOFT = 1.5
_BLOCK = 32
_OTHER_LANGUAGES = 1.7


def cut(teacher: dict[str, torch.Tensor], kept: Sequence[int]) -> Encoder:
    """Return the teacher's lowest layers with the vectors of the kept pieces and its last step."""
    model = Encoder(len(kept), LAYERS)
    state = {
        name: value
        for name, value in teacher.items()
        if not name.startswith("layers.") or int(name.split(".")[1]) < LAYERS
    }
    state["word.weight"] = teacher["word.weight"][torch.tensor(kept)]
    model.load_state_dict(state)
    for parameter in (model.word.weight, model.place.weight):
        parameter.requires_grad_(False)
    for part in [model, *model.layers]:
        part.dropout.p = 0.05
    return model


def train(
    model: Encoder,
    rows: Sequence[Sequence[int]],
    examples: Sequence[Example],
    logits: np.ndarray,
    pooled: np.ndarray,
) -> None:
    """Bring logits and pooled states near the teacher's, and the verdict near people's."""
    rng = random.Random(3)  # noqa: S311
    taught = torch.log_softmax(torch.from_numpy(logits) / SOFT, 1)
    states = torch.from_numpy(pooled)
    spread = states[:5_000].float().std(0).mean()
    labels = torch.tensor([example.label or 0 for example in examples])
    said = torch.tensor([e.label is not None and e.lang != "hi" for e in examples]).float()
    by_class = class_weights(examples) * said
    weights = torch.tensor([1.0 if e.lang == "en" else _OTHER_LANGUAGES for e in examples])
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, weight_decay=0.01)
    plan = [
        batch for _ in range(EPOCHS) for batch in batches([len(row) for row in rows], BATCH, rng)
    ]
    for step, batch in enumerate(plan):
        rate = min(1, (step + 1) / (0.04 * len(plan))) * max(0.01, 1 - step / len(plan))
        optimizer.param_groups[0]["lr"] = PEAK * rate
        model.train()
        with torch.autocast("cpu", torch.bfloat16):
            state = model.pooled(padded([rows[row] for row in batch]))
        found = model.logits(torch.tanh(model.hidden(state.float())))
        soft = torch.log_softmax(found / SOFT, 1)
        apart = functional.kl_div(soft, taught[batch], reduction="none", log_target=True).sum(1)
        wrong = functional.cross_entropy(
            found, labels[batch], reduction="none", label_smoothing=0.05
        )
        away = (((state.float() - states[batch].float()) / spread) ** 2).mean(1)
        losses = SOFT**2 * apart + 0.25 * by_class[batch] * wrong + 0.3 * away
        optimizer.zero_grad(set_to_none=True)
        (losses * weights[batch]).mean().backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()


def four_bits(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pack vectors as `streams.multilingual.layers` unpacks them.

    They come from such blocks and were not trained, so that nothing is lost.
    """
    blocks = vectors.reshape(len(vectors), -1, _BLOCK)
    peaks = np.take_along_axis(blocks, np.abs(blocks).argmax(2)[:, :, None], 2)[:, :, 0]
    scales = (peaks / -8).astype(np.float16)
    by = np.where(scales == 0, 1, scales).astype(np.float32)[:, :, None]
    numbers = np.clip(np.rint(blocks / by) + 8, 0, 15).astype(np.uint8)
    half = _BLOCK // 2
    nibbles = numbers[:, :, :half] | (numbers[:, :, half:] << 4)
    return nibbles.reshape(len(vectors), -1), scales


def main() -> None:
    """Cut, train, write, and measure what was written."""
    root, labelled, teacher, tokenizer, out = map(Path, sys.argv[1:6])
    torch.manual_seed(3)
    examples, logits, pooled = pickle.loads((labelled / "labelled.pkl").read_bytes())  # noqa: S301
    written = [example.text for example in examples if example.source != "mixture"]
    smaller, kept = pruned(tokenizer, written, COMMONEST)
    model = cut(torch.load(teacher), kept)
    rows = encoded(Tokenizer.from_str(smaller), [example.text for example in examples])
    train(model, rows, examples, logits, pooled)
    torch.save(model.state_dict(), labelled / "deep.pt")
    write(model.eval(), smaller, out, held_out(root))


def write_pieces(tokenizer: str, path: Path) -> None:
    """Write the vocabulary of a tokenizer's file: a piece and its score a line."""
    lines = (
        json.dumps([piece, round(score, 4)], ensure_ascii=False, separators=(",", ":"))
        for piece, score in json.loads(tokenizer)["model"]["vocab"]
    )
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def write(model: Encoder, tokenizer: str, out: Path, held: Sequence[Example]) -> None:
    """Write graph, vectors, tokenizer and facts; the fast model's weights must be there already."""
    from streams.multilingual.fast import logits_of
    from streams.multilingual.layers import Layers
    from streams.multilingual.pieces import Pieces

    write_graph(model, out / "deep.onnx")
    write_pieces(tokenizer, out / "deep_pieces.json")
    nibbles, scales = four_bits(model.word.weight.detach().numpy().reshape(-1, WIDTH))
    places = model.place.weight.detach().numpy()[:LONGEST].astype(np.float16)
    arrays = {"nibbles": nibbles, "scales": scales, "places": places}
    layers = Layers(Pieces.shipped(), arrays, (out / "deep.onnx").read_bytes())
    deep = np.array([layers.logits(example.text) for example in held])
    fast = np.array(logits_of([one.text for one in held], [one.lang for one in held]))
    share = best_share(held, deep, fast)
    np.savez_compressed(out / "deep.npz", **arrays)
    both = share * fast + (1 - share) * deep
    print(f"fast model's share {share}")  # noqa: T201
    report(held, both)
    write_facts(out / "deep.json", VERSION, held, both, share)


if __name__ == "__main__":
    main()
