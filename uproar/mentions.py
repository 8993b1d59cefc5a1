"""Which tracked entities a post mentions, and which rule says so.

All aliases are looked for in one pass; where none stands, nothing else is done. Then, for each
occurrence: is it a whole name, handle, hashtag or host; does an `exclude` phrase veto it; and, for
a bare name of an ambiguous entity, do context words or its case speak for it.
"""

from collections.abc import Iterator, Sequence

import msgspec
from ahocorasick_rs import AhoCorasick, Implementation

from uproar.absence import Absence
from uproar.aliases import Alias, Kind, Trust, aliases_of, fold, has_no_rules
from uproar.config import Entity
from uproar.known_names import EVERY_LANGUAGE, Known, known_name
from uproar.occurrences import Occurrences, Owner, Tracked, Verdict, is_long
from uproar.ordinary import german_nouns, ordinary_words
from uproar.placement import Declared
from uproar.reasons import Name
from uproar.senses import Sense, sense_of
from uproar.skim import skim
from uproar.surroundings import Surroundings
from uproar.text import clean

_MOST_REFUSED = 30
"""Refused occurrences after which an entity is given up: the text repeats a word to tire us."""

_FEW_PATTERNS = 10_000

_DOUBT = 1.0
_CONFIGURED_DOUBT = 0.5
_LETTER_DOUBT = 1.4
_ANY = frozenset(EVERY_LANGUAGE)
_NONE = frozenset[str]()
_GERMAN = frozenset({"de"})


class Mention(msgspec.Struct, frozen=True, gc=False):
    """One entity found in one post: its first accepted occurrence.

    `evidence` is quoted from the original text, where it stands at `start:end`.
    """

    entity: str
    evidence: str
    start: int
    end: int
    rule: str


class Found:
    """What one text mentions: an entity's first accepted place each, in order, and all the others.

    Immutable to its users. `places` goes on where the search for mentions had seen enough.
    """

    def __init__(self, mentions: tuple[Mention, ...], occurrences: Occurrences | None) -> None:
        self.mentions = mentions
        self._occurrences = occurrences

    def places(self) -> dict[str, list[tuple[int, int]]]:
        """Return where each entity mentioned is named: its accepted occurrences, in order."""
        found: dict[str, list[tuple[int, int]]] = {one.entity: [] for one in self.mentions}
        if self._occurrences is not None:
            for verdict in _in_order(self._occurrences):
                if verdict.accepted and verdict.entity in found:
                    found[verdict.entity].append((verdict.start, verdict.end))
        return found


_NOTHING = Found((), None)


class MentionMatcher:
    """Finds mentions of the entities. Immutable: build it once and share it."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        declared: list[Declared] = []
        owners: dict[str, list[Owner]] = {}
        known = [known_of(entity) for entity in entities]
        senses = [sense_of(one) for one in known]
        for index, entity in enumerate(entities):
            aliases = list(aliases_of(index, entity, known[index]))
            declared.append(_declared(aliases))
            for alias in aliases:
                owner = Owner(alias, _name(alias, senses[index]))
                owners.setdefault(alias.pattern, []).append(owner)
        longer = frozenset(
            number
            for number, owned in enumerate(owners.values())
            if any(is_long(owner.alias) for owner in owned)
        )
        surroundings = Surroundings(entities, [sense.other_phrases for sense in senses])
        self._tracked = Tracked(
            tuple(entities), declared, senses, list(owners.values()), longer, surroundings
        )
        # The fastest kind takes the most memory: about 1 kB a letter of the patterns.
        kind = Implementation.DFA if len(owners) <= _FEW_PATTERNS else None
        self._absence = Absence(owners, kind)
        self._search = AhoCorasick(list(owners), implementation=kind).find_matches_as_indexes

    def find(self, text: str, lang: str | None = None) -> tuple[Mention, ...]:
        """Return one mention an entity, in order of first place. Never raises.

        `lang` is the text's language (ISO 639-1), for articles differ; "und" where it cannot be
        told. With None, nobody has looked yet: every mention is found that any language would
        let pass, and perhaps some more.

        >>> matcher = MentionMatcher([Entity(id="epik", name="Epik", exclude=("Epik High",))])
        >>> [found.evidence for found in matcher.find("Epik High is on. #ShutDownEpik")]
        ['#ShutDownEpik']
        """
        return self.read(text, lang).mentions

    def may_mention(self, text: str) -> bool:
        """Tell whether `find` finds anything, with no language given. Never raises.

        >>> MentionMatcher([Entity(id="epik", name="Epik")]).may_mention("unepic")
        False
        """
        if self._absence.is_certain(text):
            return False  # the most posts of a firehose
        skimmed = skim(text)
        if skimmed is not None and not self._search(fold(skimmed.text), True):
            return False
        occurrences = self._occurrences(text, None)
        return occurrences is not None and any(True for _ in _accepted(occurrences))

    def read(self, text: str, lang: str | None = None) -> Found:
        """Do as `find` does, and be ready to tell all places. Never raises.

        >>> matcher = MentionMatcher([Entity(id="epik", name="Epik")])
        >>> matcher.read("we left Epik, then Epik left").places()
        {'epik': [(8, 12), (19, 23)]}
        """
        occurrences = self._occurrences(text, lang)
        if occurrences is None:
            return _NOTHING
        found = [
            Mention(verdict.entity, verdict.evidence, verdict.start, verdict.end, verdict.rule)
            for verdict in _accepted(occurrences)
        ]
        if len(found) > 1:
            found.sort(key=lambda mention: (mention.start, mention.end))
        return Found(tuple(found), occurrences)

    def explain(self, text: str, lang: str | None = None) -> tuple[Verdict, ...]:
        """Return every occurrence of an alias, accepted or refused, in order of place."""
        occurrences = self._occurrences(text, lang)
        return () if occurrences is None else _in_order(occurrences)

    def _occurrences(self, text: str, lang: str | None) -> Occurrences | None:
        """Return what is to be judged; None where no alias stands."""
        cleaned = clean(text)
        folded = fold(cleaned.text)
        hits = self._search(folded, True)
        return Occurrences(self._tracked, cleaned, folded, hits, lang) if hits else None


def _accepted(occurrences: Occurrences) -> Iterator[Verdict]:
    """Yield the first accepted occurrence of each entity that is not refused too often before."""
    settled: set[int] = set()
    refused: dict[int, int] = {}
    for index, verdict in occurrences.verdicts(settled):
        if verdict.accepted:
            settled.add(index)
            yield verdict
        else:
            refused[index] = refused.get(index, 0) + 1
            if refused[index] == _MOST_REFUSED:
                settled.add(index)


def _in_order(occurrences: Occurrences) -> tuple[Verdict, ...]:
    found = dict.fromkeys(verdict for _, verdict in occurrences.verdicts(()))
    return tuple(sorted(found, key=lambda verdict: (verdict.start, verdict.end)))


def known_of(entity: Entity) -> Known | None:
    """Return what is known of an entity's name, where the file wants it used."""
    is_used = has_no_rules(entity) if entity.known is None else entity.known
    return known_name(entity.name) if is_used else None


def _declared(aliases: Sequence[Alias]) -> Declared:
    handles = [alias for alias in aliases if alias.kind is Kind.HANDLE]
    domains = [alias for alias in aliases if alias.kind is Kind.DOMAIN]
    return Declared(
        handles=frozenset(alias.pattern for alias in handles),
        domains=tuple(alias.pattern for alias in domains),
        are_handles_all=any(alias.trust is Trust.CONFIGURED for alias in handles),
        are_domains_all=any(alias.trust is Trust.CONFIGURED for alias in domains),
    )


def _name(alias: Alias, sense: Sense) -> Name:
    return Name(
        alias.written,
        _word_in(alias, sense),
        _doubt(alias),
        _is_german_noun(alias, sense),
        is_unknown=sense.known is None and alias.trust is Trust.WEIGHED,
    )


def _word_in(alias: Alias, sense: Sense) -> frozenset[str]:
    """Return the languages in which an alias is an ordinary word."""
    if sense.known is not None:
        is_other = any(fold(name) == alias.pattern for name in sense.known.doubtful)
        is_own = alias.pattern.removesuffix("s") in map(fold, sense.known.written)
        if is_other and not is_own and " " not in alias.pattern:
            return ordinary_words().get(alias.pattern, _NONE)
        return sense.known.word
    if alias.trust is not Trust.WEIGHED:
        return _ANY
    found = ordinary_words().get(alias.pattern, _NONE)
    return found | _GERMAN if alias.pattern in german_nouns() else found


def _is_german_noun(alias: Alias, sense: Sense) -> bool:
    """Tell whether German writes the ordinary word with a capital, too: no verb or adjective."""
    if sense.known is None:
        return alias.trust is Trust.WEIGHED and alias.pattern in german_nouns()
    is_german = "de" in sense.known.word - sense.known.verb
    return is_german and "de" not in ordinary_words().get(alias.pattern, _NONE)


def _doubt(alias: Alias) -> float:
    """Return how much an alias must be spoken for before it counts."""
    if len(alias.pattern) == 1:
        return _LETTER_DOUBT
    if alias.trust is Trust.CONFIGURED:
        return _CONFIGURED_DOUBT
    return _DOUBT
