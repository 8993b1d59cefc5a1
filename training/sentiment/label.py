"""Let the teacher label all texts, and look at single words: what both students learn from.

    python -m training.sentiment.label SENTIMENT_DATA TEACHER TOKENIZER OUT_FOLDER [MORE_TEXTS]

MORE_TEXTS is a file of posts, one a line as `lang<TAB>text`. The teacher runs in eight bits, which
changes its logits by some hundredths and makes it three times as fast.
"""

import pickle
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession
from tokenizers import Tokenizer

from streams.multilingual.reading import readable
from streams.multilingual.words import folded, words
from training.sentiment.data import Example, training, unlabelled
from training.sentiment.encoder import Encoder
from training.sentiment.graph import write_graph
from training.sentiment.teacher import encoded
from training.sentiment.transfer import mixtures

_PIECES = 45_000
_WORD_PIECE = re.compile(r"▁([a-zA-Z\u00c0-\u024f]{3,}|[\u0620-\u06ff]{3,})")
_EACH = dict.fromkeys(("ar", "de", "es", "fr", "it", "pt", "en"), 3) | {"hi": 1}


class EightBits:
    """The teacher as an ONNX graph of eight bits."""

    def __init__(self, state: Path, tokenizer: Path, folder: Path) -> None:
        weights = torch.load(state)
        model = Encoder(len(weights["word.weight"]))
        model.load_state_dict(weights)
        write_graph(model, folder / "teacher.onnx", pooled=True)
        self._session = InferenceSession(folder / "teacher.onnx")
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._words = weights["word.weight"].numpy()
        self._places = weights["place.weight"].numpy()

    def read(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return the logits and the pooled state of every text."""
        rows = encoded(self._tokenizer, texts)
        logits = np.zeros((len(rows), 3), np.float32)
        pooled = np.zeros((len(rows), self._words.shape[1]), np.float16)
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            counts = np.array([len(rows[at]) for at in batch], np.int32)
            longest = int(counts.max())
            ids = np.array([rows[at] + [0] * (longest - len(rows[at])) for at in batch])
            here = (np.arange(longest) < counts[:, None])[:, :, None].astype(np.float32)
            tokens = self._words[ids] + self._places[:longest]
            given = {"tokens": tokens, "counts": counts, "here": here}
            logits[batch], pooled[batch] = self._session.run(["logits", "pooled"], given)
        return logits, pooled


def texts_to_label(root: Path, more: Path | None) -> list[Example]:
    """Return the training tweets, the unlabelled ones, and mixtures of them."""
    labelled = training(root)
    of_umsab = [example for example in labelled if example.source == "umsab"]
    english = [example for example in labelled if example.source != "umsab"]
    some = random.Random(2).sample(english, 10_000)  # noqa: S311
    given = [line.split("\t", 1) for line in more.read_text().splitlines()] if more else []
    return [
        *labelled,
        *unlabelled(root),
        *(Example(readable(text), lang, None, "more") for lang, text in given),
        *mixtures(of_umsab, _EACH, 1),
        *mixtures(some, {"en": 1}, 3),
    ]


def words_to_label(examples: Sequence[Example], tokenizer: Path) -> dict[str, str]:
    """Return words by their folded form: those met twice, then the encoder's whole-word pieces."""
    met: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        if example.source != "mixture":
            for word in words(example.text):
                met[folded(word)][word] += 1
    often = sorted(met.items(), key=lambda item: -item[1].total())
    found = {plain: forms.most_common(1)[0][0] for plain, forms in often if forms.total() > 1}
    most = len(found) + _PIECES
    vocabulary = Tokenizer.from_file(str(tokenizer)).get_vocab()
    for piece in sorted(vocabulary, key=vocabulary.__getitem__):
        whole = _WORD_PIECE.fullmatch(piece)
        if whole and len(found) < most:
            found.setdefault(folded(whole[1]), whole[1])
    return found


def main() -> None:
    """Label and save."""
    root, state, tokenizer, folder = map(Path, sys.argv[1:5])
    more = Path(sys.argv[5]) if len(sys.argv) > 5 else None
    teacher = EightBits(state, tokenizer, folder)
    examples = texts_to_label(root, more)
    logits, pooled = teacher.read([example.text for example in examples])
    (folder / "labelled.pkl").write_bytes(pickle.dumps((examples, logits, pooled)))
    found = words_to_label(examples, tokenizer)
    logits, pooled = teacher.read(list(found.values()))
    (folder / "words.pkl").write_bytes(pickle.dumps((list(found), logits, pooled)))


if __name__ == "__main__":
    main()
