"""Which tracked entities a post mentions, and which rule says so.

All aliases are looked for in one pass; where none stands, nothing else is done. Then, for each
occurrence: is it a whole name, handle, hashtag or host; does an `exclude` phrase veto it; and, for
a bare name of an ambiguous entity, do context words or its case speak for it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import msgspec
from ahocorasick_rs import AhoCorasick, Implementation

from uproar.aliases import Alias, Kind, Trust, aliases_of, fold, has_no_rules
from uproar.boundaries import begins_word, ends_word
from uproar.config import Entity, Near
from uproar.evidence import speaks_for, speaks_of_stocks, tongue_of, weigh
from uproar.known_names import EVERY_LANGUAGE, Known, known_name
from uproar.neighbours import Neighbours
from uproar.ordinary import german_nouns, ordinary_words
from uproar.placement import Declared, Page, Placement, place
from uproar.reasons import Name
from uproar.senses import Sense, sense_of
from uproar.skim import skim
from uproar.surroundings import Around, Surroundings
from uproar.text import Cleaned, clean

_MOST_REFUSED = 30
"""Refused occurrences after which an entity is given up: the text repeats a word to tire us."""

_FEW_PATTERNS = 10_000

_DOUBT = 1.0
_CONFIGURED_DOUBT = 0.5
_LETTER_DOUBT = 1.4
_TELLING_TICKER = 4
"""Letters of a ticker that is seldom anything else."""
_ANY = frozenset(EVERY_LANGUAGE)
_OTHER = "other"
"""A language that no list knows."""
_NONE = frozenset[str]()
_GERMAN = frozenset({"de"})
_WORD = re.compile(r"\w+")

Hit = tuple[int, int, int]
"""The number of a pattern, and where it starts and ends in the folded text."""


class Mention(msgspec.Struct, frozen=True):
    """One entity found in one post: its first accepted occurrence.

    `evidence` is quoted from the original text, where it stands at `start:end`.
    """

    entity: str
    evidence: str
    start: int
    end: int
    rule: str


class Verdict(msgspec.Struct, frozen=True):
    """What became of one occurrence of an alias, and why, in words."""

    entity: str
    accepted: bool
    evidence: str
    start: int
    end: int
    rule: str


class MentionMatcher:
    """Finds mentions of the entities. Immutable: build it once and share it."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self.entities = tuple(entities)
        self.declared: list[Declared] = []
        owners: dict[str, list[Alias]] = {}
        known = [known_of(entity) for entity in self.entities]
        for index, entity in enumerate(self.entities):
            aliases = list(aliases_of(index, entity, known[index]))
            self.declared.append(_declared(aliases))
            for alias in aliases:
                owners.setdefault(alias.pattern, []).append(alias)
        self.owners = list(owners.values())
        self.senses = [sense_of(one) for one in known]
        self.surroundings = Surroundings(
            self.entities, [sense.other_phrases for sense in self.senses]
        )
        # The fastest kind takes the most memory: about 1 kB a letter of the patterns.
        kind = Implementation.DFA if len(owners) <= _FEW_PATTERNS else None
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
        skimmed = skim(text)
        if skimmed is not None and not self._search(fold(skimmed.text), True):
            return ()  # the most posts of a firehose
        cleaned = clean(text)
        folded = fold(cleaned.text)
        hits = self._search(folded, True)
        if not hits:
            return ()
        found: list[Mention] = []
        settled: set[int] = set()
        refused: Counter[int] = Counter()
        for index, verdict in _Reading(self, cleaned, folded, hits, lang).verdicts(settled):
            if verdict.accepted:
                settled.add(index)
                found.append(
                    Mention(
                        verdict.entity, verdict.evidence, verdict.start, verdict.end, verdict.rule
                    )
                )
            else:
                refused[index] += 1
                if refused[index] == _MOST_REFUSED:
                    settled.add(index)
        return tuple(sorted(found, key=lambda mention: (mention.start, mention.end)))

    def explain(self, text: str, lang: str | None = None) -> tuple[Verdict, ...]:
        """Return every occurrence of an alias, accepted or refused, in order of place."""
        cleaned = clean(text)
        folded = fold(cleaned.text)
        hits = self._search(folded, True)
        reading = _Reading(self, cleaned, folded, hits, lang)
        found = dict.fromkeys(verdict for _, verdict in reading.verdicts(()))
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


class _Reading:
    """One text in which aliases stand."""

    def __init__(
        self,
        matcher: MentionMatcher,
        cleaned: Cleaned,
        folded: str,
        hits: Sequence[Hit],
        lang: str | None,
    ) -> None:
        self._matcher = matcher
        self._cleaned = cleaned
        self._folded = folded
        self._hits = hits
        self._lang = lang

    def verdicts(self, settled: Collection[int]) -> Iterator[tuple[int, Verdict]]:
        """Judge the occurrences of entities that are not settled; the caller may add to those."""
        matcher = self._matcher
        page = Page(self._cleaned.text, self._folded)
        for pattern, start, end in self._hits:
            for alias in matcher.owners[pattern]:
                if alias.entity in settled:
                    continue
                placed = place(page, alias, matcher.declared[alias.entity], start, end)
                if placed is None:
                    continue
                counts, rule = self._judge(alias, placed, start, end)
                first, last = self._cleaned.original_span(placed.start, placed.end)
                evidence = self._cleaned.original[first:last]
                name = matcher.entities[alias.entity].id
                yield alias.entity, Verdict(name, counts, evidence, first, last, rule)

    def _judge(self, alias: Alias, placed: Placement, start: int, end: int) -> tuple[bool, str]:
        if not placed.counts:
            return False, placed.rule
        excluded = self._around.excluded(alias.entity)
        phrase = excluded.overlapping(placed.start, placed.end)
        if phrase and not self._is_beside_mark(alias, placed, phrase):
            return False, f"excluded by `{self._quote(phrase)}`"
        longer = self._longer_names.get(start)
        if longer and longer[1] >= end and longer[2] != alias.entity:
            return False, f"part of the name `{self._quote(longer[:2])}`, which is tracked, too"
        if not placed.is_open:
            return True, placed.rule
        entity = self._entity(alias)
        if entity.near is not None:
            return self._judge_near(alias, placed, entity.near)
        if alias.trust is Trust.SURE:
            return True, f"{placed.rule}, which means nothing else"
        if alias.trust is Trust.EXACT:
            return self._judge_exact(alias, placed, start, end)
        if alias.trust is Trust.BESIDE:
            return self._judge_beside(alias, placed, start, end)
        if alias.trust is Trust.CONFIGURED and not (alias.is_bare and entity.ambiguous):
            return True, placed.rule
        if word := self._around.context(alias.entity).near(placed.start, placed.end):
            return True, f"{placed.rule}, beside `{self._quote(word)}`"
        if entity.exclude and (phrase := excluded.near(placed.start, placed.end)):
            return False, f"ambiguous, and beside `{self._quote(phrase)}`"
        return self._judge_ambiguous(alias, placed, start, end)

    def _is_beside_mark(self, alias: Alias, placed: Placement, phrase: tuple[int, int]) -> bool:
        """Tell whether a phrase of the library is but an account or hashtag, and what follows it.

        "@united loses my bag" speaks to the account, of whatever else the words may speak.
        """
        mark = self._folded[placed.start]
        if self._entity(alias).exclude or " " not in self._folded[slice(*phrase)]:
            return False
        return mark == "@" or (mark == "#" and not ends_word(self._folded, phrase[1]))

    def _judge_near(self, alias: Alias, placed: Placement, near: Near) -> tuple[bool, str]:
        """Judge by the words that must stand close by."""
        for word in self._around.near(alias.entity).around(placed.start, placed.end):
            between = self._cleaned.text[min(word[1], placed.end) : max(word[0], placed.start)]
            if len(_WORD.findall(between)) < near.within:
                return True, f"{placed.rule}, near `{self._quote(word)}`"
        return False, f"none of its `near` words stands within {near.within} words"

    def _judge_exact(
        self, alias: Alias, placed: Placement, start: int, end: int
    ) -> tuple[bool, str]:
        """Judge a ticker, which counts as it is written."""
        if self._cleaned.text[start:end] != alias.written:
            return False, f"not written `{alias.written}`, its ticker"
        around = Neighbours(self._cleaned.text, start, end)
        if around.is_shouted():
            return False, "all is in capitals: it need not be its ticker"
        if end - start < _TELLING_TICKER and not speaks_of_stocks(around):
            return False, "a short ticker, and no word of stocks beside it"
        return True, "its ticker"

    def _judge_beside(
        self, alias: Alias, placed: Placement, start: int, end: int
    ) -> tuple[bool, str]:
        """Judge what means the entity only where a word of its own stands by."""
        text = self._cleaned.text
        if text[start:end] != alias.written and text[start:end] != alias.written.upper():
            return False, f"not written `{alias.written}`"
        around = Neighbours(text, placed.start, placed.end)
        if word := speaks_for(around, self._matcher.senses[alias.entity]):
            return True, f"`{alias.written}`, beside `{word}`"
        return False, f"`{alias.written}`, and no word beside it says that it is this"

    def _judge_ambiguous(
        self, alias: Alias, placed: Placement, start: int, end: int
    ) -> tuple[bool, str]:
        """Judge a name that has other senses by all that stands around it."""
        is_configured = alias.trust is Trust.CONFIGURED
        text = self._cleaned.text
        if is_configured and text[start:end] != alias.written and not text[start:end].isupper():
            return False, f"ambiguous: no context word, and not written `{alias.written}`"
        is_tag = placed.end - placed.start > end - start
        around = Neighbours(text, placed.start, placed.end, text[start:end], is_tag)
        sense = self._matcher.senses[alias.entity]
        name = Name(
            alias.written,
            _word_in(alias, sense),
            _doubt(alias),
            _is_german_noun(alias, sense),
            is_unknown=sense.known is None and alias.trust is Trust.WEIGHED,
        )
        weighed = weigh(around, name, sense, self._lang)
        if self._lang is None and not weighed.counts and tongue_of(around, None).lang is None:
            # Whoever has not looked yet must find what any language would let pass.
            others = (weigh(around, name, sense, lang) for lang in (*EVERY_LANGUAGE, _OTHER))
            weighed = next((other for other in others if other.counts), weighed)
        if weighed.counts:
            return True, f"{placed.rule}; {weighed}"
        return False, f"ambiguous; {weighed}"

    def _entity(self, alias: Alias) -> Entity:
        return self._matcher.entities[alias.entity]

    def _quote(self, span: tuple[int, int]) -> str:
        return self._cleaned.quote(*span)

    @cached_property
    def _around(self) -> Around:
        return self._matcher.surroundings.read(self._folded)

    @cached_property
    def _longer_names(self) -> dict[int, tuple[int, int, int]]:
        """Return, by place, the name of several words that covers it, and whose it is."""
        return {
            place: (start, end, alias.entity)
            for pattern, start, end in self._hits
            for alias in self._matcher.owners[pattern]
            if alias.kind is Kind.NAME and not alias.is_bare
            if begins_word(self._folded, start) and ends_word(self._folded, end)
            for place in range(start, end)
        }
