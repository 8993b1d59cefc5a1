"""The phrases of a language as a tree: where each next word, word of a group, or gap leads.

The many forms of a verb go on alike. What follows them is built once and shared, so that the tree
takes a fraction of the time and memory that a branch for each form would.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from streams.calls.phrases import spelt_in_haste

if TYPE_CHECKING:
    from streams.calls.lexicon import Group

SHORTEST_IN_HASTE = 4
"""Shorter words are told apart by their accents too often."""

Words = tuple[str, ...]


class Meaning(NamedTuple):
    """What a phrase says, in which mood of its verb: bits of `Mood`, plain, as they are faster."""

    mood: int
    group: "Group"


_NOTHING: "dict[str, Node]" = {}


class Node:
    """A step of the tree. Once grown it must not be changed: others may share it."""

    __slots__ = ("gap", "groups", "meanings", "words")

    def __init__(self) -> None:
        # Most nodes are ends, and share one empty mapping.
        self.words: dict[str, Node] = _NOTHING
        self.groups: dict[str, Node] = _NOTHING
        self.gap: Node | None = None
        self.meanings: tuple[Meaning, ...] = ()

    def step(self, word: str) -> "Node":
        """Return the node behind a word of a phrase as written, made where it is missing."""
        if word == "_":
            self.gap = self.gap or Node()
            return self.gap
        if word.startswith("<"):
            if self.groups is _NOTHING:
                self.groups = {}
            steps = self.groups
            word = word.strip("<>")
        else:
            if self.words is _NOTHING:
                self.words = {}
            steps = self.words
        if word not in steps:
            steps[word] = Node()
        return steps[word]


def grow(phrases: Iterable[tuple[str, Words, Meaning]]) -> dict[str, Node]:
    """Return the nodes behind each first word; phrases are first word, rest, and meaning.

    Every word of `SHORTEST_IN_HASTE` letters and more is also found without its accents, where that
    is no other word. Meanings that are the same must be the same object.
    """
    numbers: dict[tuple[Words, int], int] = {}
    ways: list[tuple[Words, Meaning]] = []
    behind: dict[str, list[int]] = {}
    for first, rest, meaning in phrases:
        number = numbers.setdefault((rest, id(meaning)), len(ways))
        if number == len(ways):
            ways.append((rest, meaning))
        behind.setdefault(first, []).append(number)
    grown: dict[tuple[int, ...], Node] = {}
    tree: dict[str, Node] = {}
    for first, found in behind.items():
        known = tuple(found)
        if known not in grown:
            grown[known] = _branch(ways[number] for number in found)
        tree[first] = grown[known]
    return _also_hurried(tree)


def _branch(ways: Iterable[tuple[Words, Meaning]]) -> Node:
    root = Node()
    for rest, meaning in ways:
        node = root
        for word in rest:
            node = node.step(word)
        node.meanings = (*node.meanings, meaning)
    _add_hurried(root)
    return root


def _add_hurried(node: Node) -> None:
    if node.words:
        node.words = _also_hurried(node.words)
    for behind in {*node.words.values(), *node.groups.values(), *filter(None, [node.gap])}:
        _add_hurried(behind)


def _also_hurried(words: dict[str, Node]) -> dict[str, Node]:
    found = dict(words)
    for word, following in words.items():
        for hurried in spelt_in_haste(word) if len(word) >= SHORTEST_IN_HASTE else ():
            found.setdefault(hurried, following)
    return found
