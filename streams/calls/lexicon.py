"""The words of a language, read once from `streams/lexicon/calls/<lang>.yaml` and indexed.

A phrase is a verb that is conjugated, then fixed words: `a/b` are alternatives, `<name>` a group
of the file, `word?` may be missing, `_` stands for up to `GAP` words (the object of "shut _ down").
"""

import itertools
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import ahocorasick_rs
import msgspec
import yaml

from streams.calls.conjugation import Mood, conjugate
from uproar.records import Action, Direction

FOLDER = Path(__file__).parents[1] / "lexicon" / "calls"
LANGUAGES = frozenset(path.stem for path in FOLDER.glob("*.yaml"))
GAP = 6
SHORTEST_IN_HASTE = 4
"""Shorter words are told apart by their accents too often."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Phrases with one meaning, as a lexicon writes them.

    `to_company` is the action where a company is asked rather than everybody; `needs` is what
    must be found for it to count: `tracked`, `named` or nothing. `alone`: the words are a call
    even where nobody is named.
    """

    action: Action
    kind: Literal["hit", "host", "use", "attack", "help", "reach", "gather", "sign", "spread"]
    strength: float
    direction: Direction = "against"
    to_company: Action | None = None
    needs: Literal["", "named", "tracked"] = ""
    alone: bool = False
    verbs: str = ""
    imperatives: str = ""
    infinitives: str = ""
    participles: str = ""
    nouns: str = ""


class Lead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that turn a following verb into a call: "let's", "should", "il faut que".

    `who` is asked: `all`, `subject` (the words before), `object` (the words between lead and
    `close`), or `someone`. `negated` says what a "not" in it does.
    """

    words: str
    mood: str = "infinitive"
    who: str = "all"
    close: str = ""
    weight: float = 0.8
    negated: bool = False
    at_start: bool = False
    question: bool = False


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A lexicon as written."""

    endings: dict[str, dict[str, str]] = {}
    irregular: dict[str, dict[str, str]] = {}
    clitics: str = ""
    polite: str = ""
    verb_last: bool = False
    bare_vocative: bool = False
    groups: dict[str, str] = {}
    calls: list[Group]
    leads: list[Lead]
    cues: dict[str, str]


class Meaning(NamedTuple):
    """What a phrase says, in which mood of its verb."""

    mood: Mood
    group: Group


class Node:
    """A step of the phrase tree: where each next word, word of a group, or gap leads."""

    __slots__ = ("gap", "groups", "meanings", "words")

    def __init__(self) -> None:
        self.words: dict[str, Node] = {}
        self.groups: dict[str, Node] = {}
        self.gap: Node | None = None
        self.meanings: tuple[Meaning, ...] = ()

    def step(self, word: str) -> "Node":
        """Return the node behind a word of a phrase as written, made where it is missing."""
        if word == "_":
            self.gap = self.gap or Node()
            return self.gap
        steps = self.groups if word.startswith("<") else self.words
        return steps.setdefault(word.strip("<>"), Node())


class LeadPhrase(NamedTuple):
    """A lead by its words, with the mood it governs."""

    words: tuple[str, ...]
    close: frozenset[str]
    mood: Mood
    lead: Lead


class Lexicon(NamedTuple):
    """Everything the reader needs of a language, indexed by first or last word."""

    phrases: Mapping[str, Node]
    groups: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]
    leads: Mapping[str, tuple[LeadPhrase, ...]]
    cues: Mapping[str, frozenset[str]]
    cue_names: tuple[str, ...]
    cue_finder: ahocorasick_rs.AhoCorasick
    verb_last: bool
    bare_vocative: bool


@cache
def lexicon(lang: str) -> Lexicon:
    """Load a language of `LANGUAGES`; raises what the file's mistake raises."""
    path = FOLDER / f"{lang}.yaml"
    written = msgspec.convert(yaml.safe_load(path.read_text("utf-8")), File)
    root = Node()
    for group in written.calls:
        for words, mood in _phrases_of(group, written):
            node = root
            for word in words:
                node = node.step(word)
            node.meanings = (*node.meanings, Meaning(mood, group))
    _add_hurried(root)
    cues = {name: _expanded(text) for name, text in written.cues.items()}
    flat = [(name, " ".join(words)) for name, all_words in cues.items() for words in all_words]
    return Lexicon(
        phrases=root.words,
        groups={name: _by_first_word(text) for name, text in written.groups.items()},
        leads=_index_leads(written),
        cues={
            name: frozenset(words[0] for words in cue if len(words) == 1)
            for name, cue in cues.items()
        },
        cue_names=tuple(name for name, _ in flat),
        cue_finder=ahocorasick_rs.AhoCorasick([f" {words} " for _, words in flat]),
        verb_last=written.verb_last,
        bare_vocative=written.bare_vocative,
    )


def spelt_in_haste(word: str) -> set[str]:
    """Return a word without its accents, as hurried writers write it.

    >>> sorted(spelt_in_haste("prohíban")), sorted(spelt_in_haste("kündigt"))
    (['prohiban'], ['kuendigt', 'kundigt'])
    """
    if word.isascii():
        return set()
    spread = unicodedata.normalize("NFC", word).translate(_UMLAUTS)
    return {_without_accents(word), _without_accents(spread)}


def _without_accents(word: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _add_hurried(node: Node) -> None:
    """Let every word of a phrase also be found without accents, where that is no other word."""
    for word, following in list(node.words.items()):
        for hurried in spelt_in_haste(word) if len(word) >= SHORTEST_IN_HASTE else ():
            node.words.setdefault(hurried, following)
    for following in {*node.words.values(), *node.groups.values(), node.gap} - {None}:
        _add_hurried(following)


def _phrases_of(group: Group, written: File) -> Iterator[tuple[tuple[str, ...], Mood]]:
    for words in _expanded(group.verbs):
        yield from _conjugated(words, written)
    fixed = {
        Mood.IMPERATIVE: group.imperatives,
        Mood.INFINITIVE: group.infinitives,
        Mood.PARTICIPLE: group.participles,
        Mood.NOUN: group.nouns,
    }
    for mood, text in fixed.items():
        for words in _expanded(text):
            yield words, mood


def _conjugated(words: tuple[str, ...], written: File) -> Iterator[tuple[tuple[str, ...], Mood]]:
    particle, bar, verb = words[0].rpartition("|")
    rest = words[1:]
    for form, mood in conjugate(verb, written.endings, written.irregular).items():
        if not bar:
            yield (form, *rest), mood
        elif mood & Mood.IMPERATIVE:
            yield (form, "_", *rest, particle), Mood.IMPERATIVE
            yield (form, *rest, particle), Mood.IMPERATIVE
        if bar and mood & ~Mood.IMPERATIVE:
            yield (particle + form, *rest), mood & ~Mood.IMPERATIVE
        if mood & Mood.INFINITIVE:
            if bar:
                yield (f"{particle}zu{form}", *rest), Mood.INFINITIVE
            for person in written.polite.split():
                tail = ("_", *rest, particle) if bar else rest
                yield (form, person, *tail), Mood.IMPERATIVE
        if mood & Mood.IMPERATIVE and not bar:
            for clitic in written.clitics.split():
                yield (form + clitic, *rest), Mood.IMPERATIVE


def _index_leads(written: File) -> dict[str, tuple[LeadPhrase, ...]]:
    leads: dict[str, list[LeadPhrase]] = {}
    for lead in written.leads:
        close = frozenset(lead.close.split())
        for words in _expanded(lead.words):
            phrase = LeadPhrase(words, close, _mood(lead.mood), lead)
            leads.setdefault(words[-1], []).append(phrase)
    for known in leads.values():
        known.sort(key=lambda phrase: -len(phrase.words))
    return {word: tuple(known) for word, known in leads.items()}


def _mood(names: str) -> Mood:
    mood = Mood(0)
    for name in names.split():
        mood |= Mood[name.upper()]
    return mood


def _by_first_word(text: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for words in sorted(_expanded(text), key=len, reverse=True):
        found[words[0]] = (*found.get(words[0], ()), words)
    return found


def _expanded(text: str) -> list[tuple[str, ...]]:
    """Spell out a comma-separated list of phrases.

    >>> _expanded("sign the/this petition?")
    [('sign', 'the', 'petition'), ('sign', 'the'), ('sign', 'this', 'petition'), ('sign', 'this')]
    """
    phrases: list[tuple[str, ...]] = []
    for phrase in text.split(","):
        choices = [_choices(word) for word in phrase.split()]
        phrases += (tuple(filter(None, chosen)) for chosen in itertools.product(*choices))
    return [words for words in phrases if words]


def _choices(word: str) -> list[str]:
    optional = word.endswith("?") and len(word) > 1
    choices = word.removesuffix("?").split("/") if len(word) > 1 else [word]
    return [*choices, ""] if optional else choices
