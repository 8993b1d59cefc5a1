"""The fast model as a torch module: a table of word vectors, letter groups, and a net over windows.

What is trained here is read by `streams.multilingual.fast` with numpy alone.
"""

import torch
from torch import Tensor, nn

from streams.multilingual.words import folded, grams, is_shouted, words

WIDTH = 64
BUCKETS = 1 << 15
FILTERS = 128
INNER = 96
LONGEST = 400
LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "pt")


class Vocabulary:
    """Every written form met, with its row in the table (0: none) and its letter groups."""

    def __init__(self, table: list[str]) -> None:
        self.rows = {word: at for at, word in enumerate(table, 1)}
        self.forms: dict[str, int] = {"": 0}
        self.row = [0]
        self.shouted = [0.0]
        self.grams: list[list[int]] = [[]]

    def ids(self, text: str) -> list[int]:
        """Return the numbers of the words of a readable text."""
        return [self._id(word) for word in words(text)[:LONGEST]]

    def _id(self, word: str) -> int:
        found = self.forms.get(word)
        if found is None:
            found = self.forms[word] = len(self.row)
            plain = folded(word)
            self.row.append(self.rows.get(plain, 0))
            self.shouted.append(float(is_shouted(word)))
            self.grams.append(grams(plain, BUCKETS))
        return found

    def freeze(self) -> None:
        """Lay out what was met as tensors, once all texts were seen."""
        self.row_t = torch.tensor(self.row)
        self.shouted_t = torch.tensor(self.shouted)
        self.gram_flat = torch.tensor([g for gs in self.grams for g in gs])
        sizes = torch.tensor([len(gs) for gs in self.grams])
        self.gram_at = torch.cumsum(sizes, 0) - sizes
        self.gram_size = sizes


class Student(nn.Module):
    """Word ids and a language to three logits; `streams.multilingual.net` is its twin."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.table = nn.Embedding(rows + 1, WIDTH)
        self.gram = nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean")
        self.shouted = nn.Parameter(torch.zeros(WIDTH))
        nn.init.normal_(self.table.weight, std=0.1)
        nn.init.normal_(self.gram.weight, std=0.1)
        self.filters = nn.Linear(3 * WIDTH, FILTERS)
        self.inner = nn.Linear(2 * FILTERS + WIDTH + 1, INNER)
        self.lang = nn.Embedding(len(LANGUAGES) + 1, INNER)
        self.logits = nn.Linear(INNER, 3)
        self.drop = nn.Dropout(0.3)
        self.word_drop = 0.1
        self.row_drop = 0.1
        nn.init.zeros_(self.lang.weight)

    def word_vectors(self, v: Vocabulary, forms: Tensor) -> Tensor:
        """Return the vector of each form; now and then, in training, as if it were unknown."""
        rows = v.row_t[forms]
        if self.training:
            rows = rows * (torch.rand(len(rows)) >= self.row_drop)
        sizes = v.gram_size[forms]
        starts = torch.cumsum(sizes, 0) - sizes
        total = int(sizes.sum())
        inside = torch.arange(total) - torch.repeat_interleave(starts, sizes)
        flat = v.gram_flat[torch.repeat_interleave(v.gram_at[forms], sizes) + inside]
        return (
            self.table(rows) + self.gram(flat, starts) + v.shouted_t[forms][:, None] * self.shouted
        )

    def forward(self, v: Vocabulary, ids: Tensor, lang: Tensor) -> Tensor:
        """`ids`: (rows, longest), 0 where there is no word."""
        forms, back = torch.unique(ids, return_inverse=True)
        x = self.word_vectors(v, forms)
        x = x * (forms != 0).float()[:, None]
        x = x[back.view(ids.shape)]
        here = (ids != 0).float()[:, :, None]
        if self.training:
            x = x * (torch.rand(here.shape) >= self.word_drop).float()
            x = nn.functional.dropout(x, 0.1)
        edge = torch.zeros(len(x), 1, WIDTH)
        wide = torch.cat([torch.cat([edge, x[:, :-1]], 1), x, torch.cat([x[:, 1:], edge], 1)], 2)
        h = torch.relu(self.filters(wide)) * here
        count = here.sum(1).clamp(min=1)
        pooled = torch.cat([h.sum(1) / count, h.amax(1), x.sum(1) / count, count.log() / 3], 1)
        inner = torch.relu(self.inner(self.drop(pooled)) + self.lang(lang))
        return self.logits(self.drop(inner))
