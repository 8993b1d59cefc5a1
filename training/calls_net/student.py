"""The net that ships, as a torch module: word rows and letter groups under a window.

What is trained here is read by `streams.calls_net.net` with numpy alone.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from streams.calls_net.reading import words
from streams.multilingual.words import folded, grams, is_shouted
from training.calls_net.data import ACTIONS, LANGUAGES

WIDTH = 64
BUCKETS = 1 << 14
REACH = 2
"""How many words to each side a window takes in."""
FILTERS = 144
INNER = 96
LONGEST = 160
OUTPUTS = 2 + len(ACTIONS)


class Vocabulary:
    """Every written form met, with its row in the table (0: none) and its letter groups."""

    def __init__(self, table: list[str]) -> None:
        self.rows = {word: at for at, word in enumerate(table, 1)}
        self.forms: dict[str, int] = {"": 0}
        self.row, self.shouted, self.titled = [0], [0.0], [0.0]
        self.grams: list[list[int]] = [[]]

    def ids(self, reading: str) -> list[int]:
        """Return the numbers of the words of a readable text."""
        return [self._id(word) for word in words(reading)[:LONGEST]]

    def _id(self, word: str) -> int:
        found = self.forms.get(word)
        if found is None:
            found = self.forms[word] = len(self.row)
            plain = folded(word)
            self.row.append(self.rows.get(plain, 0))
            self.shouted.append(float(is_shouted(word)))
            self.titled.append(float(word[0].isupper() and not is_shouted(word)))
            self.grams.append(grams(plain, BUCKETS))
        return found

    def freeze(self) -> None:
        """Make tensors of it: nothing is added from now on."""
        self.row_t = torch.tensor(self.row)
        self.shape_t = torch.tensor([self.shouted, self.titled]).T.contiguous()
        self.gram_flat = torch.tensor([g for gs in self.grams for g in gs])
        self.gram_size = torch.tensor([len(gs) for gs in self.grams])
        self.gram_at = torch.cumsum(self.gram_size, 0) - self.gram_size


def neighbours(x: Tensor) -> Tensor:
    """Put the words before and after beside each."""
    edge = torch.zeros(len(x), REACH, x.shape[2])
    wide, count = torch.cat([edge, x, edge], 1), x.shape[1]
    return torch.cat([wide[:, at : at + count] for at in range(2 * REACH + 1)], 2)


class Student(nn.Module):
    """The net of `streams.calls_net.net`, to be trained."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.table = nn.Embedding(rows + 1, WIDTH)
        self.gram = nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean")
        nn.init.normal_(self.table.weight, std=0.1)
        nn.init.zeros_(self.table.weight[0])
        nn.init.normal_(self.gram.weight, std=0.05)
        self.shape = nn.Linear(2, WIDTH, bias=False)
        nn.init.zeros_(self.shape.weight)
        self.first = nn.Linear((2 * REACH + 1) * WIDTH, FILTERS)
        self.inner = nn.Linear(2 * FILTERS + 1, INNER)
        self.lang = nn.Embedding(len(LANGUAGES) + 1, INNER)
        nn.init.zeros_(self.lang.weight)
        self.out = nn.Linear(INNER, OUTPUTS)
        self.drop = nn.Dropout(0.3)

    def word_vectors(self, v: Vocabulary, forms: Tensor) -> Tensor:
        """Return the vector of each written form."""
        rows = v.row_t[forms]
        if self.training:
            rows = rows * (torch.rand(len(rows)) >= 0.15)
        sizes = v.gram_size[forms]
        starts = torch.cumsum(sizes, 0) - sizes
        inside = torch.arange(int(sizes.sum())) - torch.repeat_interleave(starts, sizes)
        flat = v.gram_flat[torch.repeat_interleave(v.gram_at[forms], sizes) + inside]
        return self.table(rows) + self.gram(flat, starts) + self.shape(v.shape_t[forms])

    def forward(self, v: Vocabulary, ids: Tensor, lang: Tensor) -> Tensor:
        """`ids`: (rows, longest), 0 where there is no word."""
        forms, back = torch.unique(ids, return_inverse=True)
        x = self.word_vectors(v, forms) * (forms != 0).float()[:, None]
        x = x[back.view(ids.shape)]
        here = (ids != 0).float()[:, :, None]
        if self.training:
            x = x * (torch.rand(here.shape) >= 0.08).float()
            x = functional.dropout(x, 0.15)
        h = torch.relu(self.first(neighbours(x))) * here
        count = here.sum(1).clamp(min=1)
        pooled = torch.cat([h.sum(1) / count, h.amax(1), count.log() / 3], 1)
        inner = torch.relu(self.inner(self.drop(pooled)) + self.lang(lang))
        return self.out(self.drop(inner))


def padded(rows: list[list[int]]) -> Tensor:
    """Return rows as one matrix."""
    matrix = torch.zeros(len(rows), max(2, max(map(len, rows))), dtype=torch.long)
    for at, row in enumerate(rows):
        matrix[at, : len(row)] = torch.tensor(row, dtype=torch.long)
    return matrix


def predicted(model: Student, v: Vocabulary, rows: list[list[int]], langs: Tensor) -> np.ndarray:  # noqa: D103
    model.eval()
    found = np.zeros((len(rows), OUTPUTS), np.float32)
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    with torch.no_grad():
        for at in range(0, len(order), 256):
            part = order[at : at + 256]
            found[part] = model(v, padded([rows[i] for i in part]), langs[part]).numpy()
    return found
