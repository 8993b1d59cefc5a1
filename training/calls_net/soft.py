"""Have the teacher say what it makes of many posts: labelled ones varied and mixed, and tweets.

python -m training.calls_net.soft START TEACHER TOKENIZER TWEETS OUT PATH...
"""

import argparse
import pickle
import random
import re
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from training.calls_net.data import LANGUAGES, Example, labelled, tweets, varied
from training.calls_net.teacher import LAYERS, Teacher, beginning
from training.sentiment import graph
from training.sentiment.teacher import encoded

SEED = 5
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in _SENTENCE.findall(text) if len(piece) > 8] or [text]


def mixed(
    posts: list[Example], ordinary: list[Example], count: int, names: list[str], rng: random.Random
) -> list[Example]:
    """Return posts put together from pieces of labelled posts and of tweets of one language."""
    own, others = defaultdict(list), defaultdict(list)
    for e in posts:
        own[e.lang].append(e)
    for e in ordinary:
        others[e.lang].append(e)
    found = []
    for _ in range(count):
        lang = rng.choice(LANGUAGES)
        one, two = rng.choice(own[lang]), rng.choice(own[lang])
        text, way = varied(one, names, rng), rng.random()
        if way < 0.3:
            text = f"{rng.choice(_pieces(text))} {rng.choice(_pieces(varied(two, names, rng)))}"
        elif way < 0.5:
            pair = [rng.choice(_pieces(text)), rng.choice(_pieces(rng.choice(others[lang]).text))]
            rng.shuffle(pair)
            text = " ".join(pair)
        elif way < 0.7:
            a, b = text.split(), two.text.split()
            text = " ".join(a[: rng.randint(1, len(a))] + b[rng.randint(0, len(b) // 2) :])
        elif way < 0.85:
            a, b = (
                text.split(),
                (two if rng.random() < 0.5 else rng.choice(others[lang])).text.split(),
            )
            text = " ".join(rng.choice(b) if rng.random() < 0.25 else word for word in a)
        else:
            text = rng.choice(_pieces(text))
        found.append(one._replace(text=text, writer="made", actions=(), is_call=False))
    return found


def write(model: Teacher, path: Path) -> None:
    """Write the teacher in eight bits, as many outputs as it has."""
    plain = graph._float_graph

    def wide(encoder: Teacher) -> object:
        made = plain(encoder)
        made.graph.output[0].type.tensor_type.shape.dim[1].dim_value = encoder.logits.out_features
        return made

    graph._float_graph = wide
    graph.write_graph(model, path)
    graph._float_graph = plain


def session(model: Teacher) -> InferenceSession:
    """Return the teacher in eight bits, ready to run on one core."""
    with tempfile.TemporaryDirectory() as folder:
        write(model, Path(folder) / "t.onnx")
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return InferenceSession((Path(folder) / "t.onnx").read_bytes(), options)


def told(model: Teacher, run: InferenceSession, rows: list[list[int]]) -> np.ndarray:
    """Return the teacher's logits of each row."""
    word, place = model.word.weight.detach().numpy(), model.place.weight.detach().numpy()
    found = np.zeros((len(rows), model.logits.out_features), np.float32)
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    for at in range(0, len(order), 32):
        part = order[at : at + 32]
        counts = np.array([len(rows[i]) for i in part], np.int32)
        longest = int(counts.max())
        ids = np.array([rows[i] + [1] * (longest - len(rows[i])) for i in part])
        here = (np.arange(longest) < counts[:, None])[:, :, None].astype(np.float32)
        found[part] = run.run(
            ["logits"], {"tokens": word[ids] + place[:longest], "counts": counts, "here": here}
        )[0]
    return found


def main() -> None:
    """Collect the posts, have them told, save both."""
    parser = argparse.ArgumentParser()
    for name in ("start", "teacher", "tokenizer", "tweets", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--copies", type=int, default=5)
    parser.add_argument("--mixed", type=int, default=12_000)
    parser.add_argument("--english", type=int, default=7_000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    rng = random.Random(given.seed)  # noqa: S311
    posts = labelled(given.paths)
    names = sorted({e.target for e in posts if e.target})
    ordinary = [e for e in tweets(given.tweets) if e.lang in LANGUAGES]
    rng.shuffle(ordinary)
    foreign = [e for e in ordinary if e.lang != "en"]
    used = [*foreign, *[e for e in ordinary if e.lang == "en"][: given.english]]
    examples = [
        e._replace(text=varied(e, names, rng) if copy else e.text)
        for e in posts
        for copy in range(given.copies)
    ]
    examples += mixed(posts, used, given.mixed, names, rng)
    # Without copies a run only adds mixtures to those of another.
    examples += used if given.copies else []
    state = torch.load(given.start)
    model = Teacher(len(state["word.weight"]), LAYERS)
    model.load_state_dict(beginning(state), strict=False)
    model.load_state_dict(torch.load(given.teacher), strict=False)
    model.eval()
    run = session(model)
    start = time.time()
    rows = encoded(Tokenizer.from_file(str(given.tokenizer)), [e.text for e in examples])
    logits = told(model, run, rows)
    given.out.write_bytes(pickle.dumps(list(zip(examples, logits, strict=True))))
    sure = sorted(
        (e for e in zip(examples, logits, strict=True) if e[0].writer == "tweet"),
        key=lambda e: -e[1][0],
    )
    print(  # noqa: T201
        len(examples),
        round(time.time() - start),
        "tweets over 0.5:",
        sum(said[0] > 0 for _, said in sure),
        len(sure),
    )


if __name__ == "__main__":
    main()
