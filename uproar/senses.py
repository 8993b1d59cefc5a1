"""What speaks for and against one entity's sense of its name, as words to look up."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec
import yaml

from uproar.aliases import fold
from uproar.hashtags import words
from uproar.known_names import Known

_OWN = 2.0
_SECTOR = 1.2
_COMPANY = 0.6
_OTHER = -2.0
_PERSON = -0.7
_FIRST_SHARES = (1.0, 0.6, 0.4, 0.3)
"""What the best, second, third and further words count: ten weak words are no proof."""
_FEWEST_LETTERS = 4
_KEPT_WORDS = 4_096
"""So many words met lately are remembered for each entity, none longer than a post's reach."""
_LONGEST_PHRASE = 3
_FAR = 0.75
_BRANCHES = frozenset({"store", "stores", "branch", "restaurant", "station", "drive thru"})


class EvidenceWords(NamedTuple):
    """The lists of `evidence_words.yaml`."""

    tongues_by_word: dict[str, tuple[str, ...]]
    """The languages of which a word is one of the commonest."""
    clashes: dict[str, frozenset[str]]
    determiners: frozenset[str]
    company_articles: frozenset[str]
    having: frozenset[str]
    possessives: frozenset[str]
    regions: frozenset[str]
    verb_leads: frozenset[str]
    continuations: frozenset[str]
    leads: frozenset[str]
    company_verbs: frozenset[str]
    third_person: frozenset[str]
    finance: frozenset[str]
    kin: frozenset[str]
    adverbs: frozenset[str]
    human_verbs: frozenset[str]
    creature_verbs: frozenset[str]
    human_after: frozenset[str]
    """Phrases; the file has `_` between their words."""
    company_context: frozenset[str]
    person_context: frozenset[str]
    titles: frozenset[str]
    given_names: frozenset[str]
    plain: frozenset[str]
    """Words that may stand capitalised before a name without being part of it."""


@cache
def evidence_words() -> EvidenceWords:
    """Read the word lists, once."""
    data = yaml.safe_load(files("uproar").joinpath("evidence_words.yaml").read_text("utf-8"))
    tongues = {lang: frozenset(listed.split()) for lang, listed in data.pop("tongues").items()}
    clashes = {str(word): frozenset(langs.split()) for word, langs in data.pop("clashes").items()}
    lists = {name: frozenset(listed.split()) for name, listed in data.items()}
    lists["human_after"] = frozenset(one.replace("_", " ") for one in lists["human_after"])
    plain = frozenset().union(
        *tongues.values(), words().openers, words().campaign, words().company,
        *(lists[name] for name in ("determiners", "leads", "verb_leads", "company_context")),
    )  # fmt: skip
    by_word: dict[str, tuple[str, ...]] = {}
    for tongue, common in tongues.items():
        for word in common:
            by_word[word] = (*by_word.get(word, ()), tongue)
    return EvidenceWords(tongues_by_word=by_word, clashes=clashes, plain=plain, **lists)


class Found(NamedTuple):
    """One word that speaks for (more than 0) or against an entity."""

    points: float
    word: str


class Points(dict[str, float]):
    """What each word met so far counts by itself: as listed, in its plural, or by its stem."""

    def __init__(self, weights: Mapping[str, float], stems: Mapping[str, float]) -> None:
        """Take what the words count that are listed, and beginnings of words."""
        super().__init__()
        self._weights = weights
        self._stems = stems
        self._stem_lengths = sorted({len(stem) for stem in stems}, reverse=True)

    def __missing__(self, word: str) -> float:
        points = self._weights.get(word) or self._plural(word)
        if len(self) >= _KEPT_WORDS:
            self.clear()
        self[word] = points
        return points

    def _plural(self, word: str) -> float:
        if len(word) < _FEWEST_LETTERS:
            return 0
        if word[-1] == "s" and (points := self._weights.get(word[:-1], 0)):
            return points
        for length in self._stem_lengths:
            if len(word) >= length and (points := self._stems.get(word[:length], 0)):
                return points
        return 0


class Sense(msgspec.Struct, frozen=True):
    """One entity's sense of its name."""

    weights: Mapping[str, float]
    points: Points
    openers: frozenset[str]
    """With what the phrases among the weights begin."""
    before: frozenset[str]
    after: frozenset[str]
    company_after: frozenset[str]
    other_phrases: tuple[str, ...]
    """Phrases that hold the name and mean something else, in any case."""
    weak_phrases: frozenset[str]
    """The like of nothing but the name, as written, and everyday words: they are no proof."""
    weak_phrases_folded: frozenset[str]
    known: Known | None
    has_branches: bool = False

    def speaks(self, near_and_far: Iterable[tuple[list[str], int, int]]) -> list[Found]:
        """Return which words speak for and against it, the strongest of each kind first."""
        best: dict[str, float] = {}
        counts, openers = self.points, self.openers
        for listed, low, high in near_and_far:
            for place, word in enumerate(listed):
                if not counts[word] and word not in openers:
                    continue
                for phrase, points in self._at(listed, place):
                    weighed = points if low <= place < high else points * _FAR
                    if abs(weighed) > abs(best.get(phrase, 0)):
                        best[phrase] = weighed
        found = [Found(points, word) for word, points in best.items()]
        return sorted(found, key=lambda one: (-abs(one.points), one.word))

    def _at(self, listed: list[str], place: int) -> Iterable[tuple[str, float]]:
        phrase = listed[place]
        if points := self.points[phrase]:
            yield phrase, points
        for end in range(place + 1, min(place + _LONGEST_PHRASE, len(listed))):
            phrase = f"{phrase} {listed[end]}"
            if points := self.weights.get(phrase, 0):
                yield phrase, points


def summed(found: Iterable[Found]) -> float:
    """Return what words of one direction count together, the strongest first."""
    return sum(
        one.points * _FIRST_SHARES[min(place, len(_FIRST_SHARES) - 1)]
        for place, one in enumerate(found)
    )


def sense_of(known: Known | None) -> Sense:
    """Return the sense of a known name, or of any company where it is not known."""
    lists = evidence_words()
    weights: dict[str, float] = dict.fromkeys(lists.company_context, _COMPANY)
    before: set[str] = set()
    after: set[str] = set()
    if known is not None:
        for sector in known.sectors:
            weights.update(dict.fromkeys(sector.context, _SECTOR))
            before |= set(sector.before)
            after |= set(sector.after)
        if known.is_person:
            weights.update(dict.fromkeys(lists.person_context, _PERSON))
        weights.update(dict.fromkeys(map(fold, known.context), _OWN))
        own = set(map(fold, known.context))
        for word in map(fold, known.against):
            weights[word] = 0 if word in own else _OTHER
    weak = _weak_phrases(known)
    other = known.other if known else ()
    stems = {word[:-1]: points for word, points in weights.items() if word.endswith("*")}
    listed = {word: points for word, points in weights.items() if points and word[-1] != "*"}
    return Sense(
        weights=listed,
        points=Points(listed, stems),
        openers=frozenset(word.partition(" ")[0] for word in listed if " " in word),
        before=frozenset(before),
        after=frozenset(after),
        company_after=words().company,
        other_phrases=tuple(phrase for phrase in other if phrase not in weak),
        weak_phrases=frozenset(weak.values()),
        weak_phrases_folded=frozenset(map(str.lower, weak.values())),
        known=known,
        has_branches=not _BRANCHES.isdisjoint(after),
    )


def _weak_phrases(known: Known | None) -> Mapping[str, str]:
    """Return the phrases about a name that everyday words make of it, the name as written."""
    if known is None:
        return {}
    names = {fold(name) for name in (*known.written, *known.doubtful)}
    weak: dict[str, str] = {}
    for phrase in known.other:
        name = next((name for name in names if f" {name} " in f" {fold(phrase)} "), None)
        if name is None:
            continue
        place = f" {fold(phrase)} ".index(f" {name} ")
        before, after = fold(phrase[:place]).strip(), fold(phrase[place + len(name) :]).strip()
        if evidence_words().plain.issuperset(f"{before} {after}".split()):
            written = phrase[place : place + len(name)]
            weak[phrase] = " ".join(filter(None, (before, written, after)))
    return weak
