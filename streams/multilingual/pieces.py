"""A text as the pieces that an encoder knows: the likeliest way to cut each word.

Unigram segmentation (Kudo, ACL 2018, https://aclanthology.org/P18-1007) as SentencePiece has it: of
all ways to cut a word into pieces of the vocabulary, the one whose scores add up highest.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec

START, END, UNKNOWN = 0, 2, 3
"""The numbers of `<s>`, `</s>` and `<unk>` in the vocabulary."""

SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
"""Stands for the space before a word."""

_UNKNOWN_PENALTY = 10.0
_REMEMBERED = 50_000
_LONGEST_REMEMBERED = 40


class Pieces:
    """A vocabulary, and how the words met so far are cut. Not for two threads at once."""

    def __init__(self, vocabulary: Sequence[tuple[str, float]]) -> None:
        self._known = {
            piece: (number, score) for number, (piece, score) in enumerate(vocabulary) if number > 3
        }
        self._longest = max(map(len, self._known))
        self._unknown = min(score for _, score in vocabulary) - _UNKNOWN_PENALTY
        self._cut: dict[str, tuple[int, ...]] = {}

    @staticmethod
    @cache
    def shipped() -> "Pieces":
        """Return the vocabulary of the package, which all its encoders share."""
        data = files(__package__).joinpath("deep_pieces.json").read_bytes()
        return Pieces(msgspec.json.decode(data, type=list[tuple[str, float]]))

    def numbers(self, text: str, most: int) -> list[int]:
        """Return the numbers of a text's pieces between `<s>` and `</s>`, at most `most` in all.

        >>> Pieces([("<s>", 0), ("<pad>", 0), ("</s>", 0), ("<unk>", 0), ("▁so", -1.0),
        ...         ("o", -2.0), ("▁s", -2.5)]).numbers("so soo", 9)
        [0, 4, 4, 5, 2]
        """
        found = [START]
        for word in unicodedata.normalize("NFKC", text.replace("\ufffd", " ")).split():
            cut = self._cut.get(word)
            found += self._learn(word) if cut is None else cut
            if len(found) >= most:
                break
        return [*found[: most - 1], END]

    def _learn(self, word: str) -> tuple[int, ...]:
        cut = tuple(self._divide(SPACE + word))
        if len(word) <= _LONGEST_REMEMBERED:
            if len(self._cut) >= _REMEMBERED:
                self._cut.clear()
            self._cut[word] = cut
        return cut

    def _divide(self, word: str) -> list[int]:
        """Cut one word, from the best way to cut each beginning of it."""
        known, longest, size = self._known, self._longest, len(word)
        best = [0.0, *[-float("inf")] * size]
        came: list[tuple[int, int]] = [(0, UNKNOWN)] * (size + 1)
        for start in range(size):
            so_far = best[start]
            for end in range(start + 1, min(start + longest, size) + 1):
                found = known.get(word[start:end])
                if found is not None and so_far + found[1] > best[end]:
                    best[end] = so_far + found[1]
                    came[end] = (start, found[0])
            if so_far + self._unknown > best[start + 1]:
                best[start + 1] = so_far + self._unknown
                came[start + 1] = (start, UNKNOWN)
        cut: list[int] = []
        end = size
        while end:
            end, number = came[end]
            if number != UNKNOWN or not cut or cut[-1] != UNKNOWN:  # one for a whole stretch
                cut.append(number)
        return cut[::-1]
