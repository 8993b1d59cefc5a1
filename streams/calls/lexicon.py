"""The words of a language, read once from `streams/lexicon/calls/<lang>.yaml` and indexed.

A phrase of `verbs` is a verb that is conjugated, then fixed words, written as in `phrases.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import ahocorasick_rs
import msgspec
import yaml

from streams.calls.conjugation import Mood, conjugate
from streams.calls.phrases import expanded, without_accents
from streams.calls.tree import SHORTEST_IN_HASTE, Meaning, Node, Words, grow
from uproar.records import Action, Direction

FOLDER = Path(__file__).parents[1] / "lexicon" / "calls"
LANGUAGES = frozenset(path.stem for path in FOLDER.glob("*.yaml"))
IMPERATIVE, INFINITIVE = Mood.IMPERATIVE.value, Mood.INFINITIVE.value
PARTICIPLE = Mood.PARTICIPLE.value
REFLEXIVE = ("arse", "erse", "irse")

Kind = Literal[
    "hit", "host", "use", "attack", "help", "reach", "gather", "sign", "spread", "join", "halt"
]


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Phrases with one meaning, as a lexicon writes them.

    `to_company` is the action where a company is asked rather than everybody; `needs` is what must
    be found for it to count. `alone`: the words are a call even where nobody is named; `asks`: also
    where they stand in a question, "a signature for Acme?". The kinds
    `join` and `halt` count only with a campaign as their object (`campaigns.py`).
    """

    action: Action
    kind: Kind
    strength: float
    direction: Direction = "against"
    to_company: Action | None = None
    needs: Literal["", "named", "tracked"] = ""
    alone: bool = False
    asks: bool = False
    verbs: str = ""
    imperatives: str = ""
    infinitives: str = ""
    participles: str = ""
    nouns: str = ""
    postposed: str = ""


class Lead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words that turn a following verb into a call: "let's", "should", "il faut que".

    `who` is asked: `all`, `subject` (the words before), `object` (the words between lead and
    `close`), or `someone`; with `passive`, `named` (only a name) and `wanted` the words are whom it
    is done to. `negated` says what a "not" in it does.
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
    spellings: dict[str, str] = {}
    clitics: str = ""
    polite: str = ""
    verb_last: bool = False
    bare_vocative: bool = False
    bare_infinitive: bool = False
    groups: dict[str, str] = {}
    calls: list[Group]
    leads: list[Lead]
    cues: dict[str, str]


class LeadPhrase(NamedTuple):
    """A lead by its words. `moods` it governs are bits as in `Meaning`."""

    words: tuple[str, ...]
    close: frozenset[str]
    moods: int
    lead: Lead


class Lexicon(NamedTuple):
    """Everything the reader needs of a language, indexed by first or last word.

    `cues` are those of one word; `cue_words` are the words of which the others are made, and
    `cue_starts` the first words of all.
    """

    phrases: Mapping[str, Node]
    groups: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]
    leads: Mapping[str, tuple[LeadPhrase, ...]]
    cues: Mapping[str, frozenset[str]]
    cue_words: Mapping[str, frozenset[str]]
    cue_starts: Mapping[str, frozenset[str]]
    spellings: Mapping[str, str]
    cue_names: tuple[str, ...]
    cue_finder: ahocorasick_rs.AhoCorasick
    verb_last: bool
    bare_vocative: bool
    bare_infinitive: bool
    with_clitics: frozenset[str]

    def may_urge(self, words: Sequence[str]) -> bool:
        """Whether a phrase may begin at one of the words, in small letters; False is certain."""
        return not self.phrases.keys().isdisjoint(words) or any(
            self.spellings.get(word) in self.phrases
            or (not word.isascii() and without_accents(word) in self.with_clitics)
            for word in words
        )


@cache
def lexicon(lang: str) -> Lexicon:
    """Load a language of `LANGUAGES`; raises what the file's mistake raises."""
    written = _read(lang)
    cues = {name: _also_hurried(expanded(text)) for name, text in written.cues.items()}
    flat = [(name, " ".join(words)) for name, all_words in cues.items() for words in all_words]
    return Lexicon(
        phrases=grow(_meant(written)),
        groups={name: _by_first_word(text) for name, text in written.groups.items()},
        leads=_index_leads(written),
        cues={
            name: frozenset(words[0] for words in cue if len(words) == 1)
            for name, cue in cues.items()
        },
        cue_words={
            name: frozenset(word for words in cue if len(words) > 1 for word in words)
            for name, cue in cues.items()
        },
        cue_starts={name: frozenset(words[0] for words in cue) for name, cue in cues.items()},
        spellings={
            short: word for word, shorts in written.spellings.items() for short in shorts.split()
        },
        cue_names=tuple(name for name, _ in flat),
        cue_finder=ahocorasick_rs.AhoCorasick([f" {words} " for _, words in flat]),
        verb_last=written.verb_last,
        bare_vocative=written.bare_vocative,
        bare_infinitive=written.bare_infinitive,
        with_clitics=_with_clitics(written),
    )


def _read(lang: str) -> File:
    path = FOLDER / f"{lang}.yaml"
    return msgspec.convert(yaml.safe_load(path.read_text("utf-8")), File)


def _also_hurried(phrases: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return phrases as written and, where they have accents, without any."""
    plain = (tuple(map(_hurried, words)) for words in phrases)
    return list(dict.fromkeys([*phrases, *plain]))


def _hurried(word: str) -> str:
    return without_accents(word) if len(word) >= SHORTEST_IN_HASTE else word


def _meant(written: File) -> Iterator[tuple[str, Words, Meaning]]:
    """Yield all phrases: first word, rest, and meaning."""
    for group in written.calls:
        meanings: dict[int, Meaning] = {}
        for first, rest, mood in _phrases_of(group, written):
            if mood not in meanings:
                meanings[mood] = Meaning(mood, group)
            yield first, rest, meanings[mood]


def _phrases_of(group: Group, written: File) -> Iterator[tuple[str, Words, int]]:
    for words in expanded(group.verbs):
        yield from _conjugated(words, written)
    fixed = {
        IMPERATIVE: group.imperatives,
        INFINITIVE: group.infinitives,
        PARTICIPLE: group.participles,
        Mood.NOUN.value: group.nouns,
        Mood.POSTPOSED.value: group.postposed,
    }
    for mood, text in fixed.items():
        for words in expanded(text):
            name = words[0].strip("<>")
            firsts = expanded(written.groups[name]) if words[0] != name else [words[:1]]
            for first, *more in firsts:
                yield first, (*more, *words[1:]), mood


def _conjugated(words: Words, written: File) -> Iterator[tuple[str, Words, int]]:
    """Yield the forms of a phrase whose first word is a verb, what follows each, and its moods."""
    particle, bar, verb = words[0].rpartition("|")
    rest = words[1:]
    close = tuple(word for word in rest if word != "_")  # "held accountable"
    parted = (*rest, particle)
    clitics = [] if bar else written.clitics.split()
    persons = written.polite.split()
    asked = [(person, "_", *parted) if bar else (person, *rest) for person in persons]
    for form, mood in conjugate(verb, written.endings, written.irregular).items():
        if not bar:
            yield form, rest, mood
            if mood & PARTICIPLE and close != rest:
                yield form, close, PARTICIPLE
        elif mood & IMPERATIVE:
            yield form, ("_", *parted), IMPERATIVE
            yield form, parted, IMPERATIVE
        if bar and mood & ~IMPERATIVE:
            yield particle + form, rest, mood & ~IMPERATIVE
        if mood & INFINITIVE:
            if bar:
                yield f"{particle}zu{form}", rest, INFINITIVE
            for tail in asked:
                yield form, tail, IMPERATIVE
        if takes_clitics := mood & (IMPERATIVE | INFINITIVE):
            for clitic in clitics:
                yield form + clitic, rest, takes_clitics


def _with_clitics(written: File) -> frozenset[str]:
    """Return the verbs with a pronoun at their end, "ciérrenlo", "únanse", here without accents."""
    clitics = written.clitics.split()
    verbs = {words[0] for group in written.calls for words in expanded(group.verbs)}
    return frozenset(
        without_accents(form) + clitic
        for verb in (verbs if clitics else ())
        for form, mood in conjugate(verb, written.endings, written.irregular).items()
        if mood & (IMPERATIVE | INFINITIVE)
        for clitic in ([""] if verb.endswith(REFLEXIVE) else clitics)
    )


def _index_leads(written: File) -> dict[str, tuple[LeadPhrase, ...]]:
    leads: dict[str, list[LeadPhrase]] = {}
    for lead in written.leads:
        close = frozenset(lead.close.split())
        for words in _also_hurried(expanded(lead.words)):
            phrase = LeadPhrase(words, close, _moods(lead.mood), lead)
            leads.setdefault(words[-1], []).append(phrase)
    for known in leads.values():
        known.sort(key=lambda phrase: -len(phrase.words))
    return {word: tuple(known) for word, known in leads.items()}


def _moods(names: str) -> int:
    return sum(Mood[name.upper()].value for name in set(names.split()))


def _by_first_word(text: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for words in sorted(expanded(text), key=len, reverse=True):
        found[words[0]] = (*found.get(words[0], ()), words)
    return found
