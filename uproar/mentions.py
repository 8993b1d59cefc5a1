"""Which tracked entities a post mentions, and which rule says so.

All aliases are looked for in one pass; where none stands, nothing else is done. Then, for each
occurrence: is it a whole name, handle, hashtag or host; does an `exclude` phrase veto it; and, for
a bare name of an ambiguous entity, do context words or its case speak for it.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import msgspec
from ahocorasick_rs import AhoCorasick

from uproar.aliases import Alias, Kind, aliases_of, fold
from uproar.ambiguity import refuses
from uproar.boundaries import begins_word, ends_word
from uproar.config import Entity
from uproar.placement import Declared, Page, Placement, place
from uproar.surroundings import Around, Surroundings
from uproar.text import Cleaned, clean

_MOST_REFUSED = 100
"""Refused occurrences after which an entity is given up: the text repeats a word to tire us."""

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
        for index, entity in enumerate(self.entities):
            aliases = list(aliases_of(index, entity))
            self.declared.append(
                Declared(
                    frozenset(alias.pattern for alias in aliases if alias.kind is Kind.HANDLE),
                    tuple(alias.pattern for alias in aliases if alias.kind is Kind.DOMAIN),
                )
            )
            for alias in aliases:
                owners.setdefault(alias.pattern, []).append(alias)
        self.owners = list(owners.values())
        self.surroundings = Surroundings(self.entities)
        self._search = AhoCorasick(list(owners)).find_matches_as_indexes

    def find(self, text: str, lang: str | None = None) -> tuple[Mention, ...]:
        """Return one mention an entity, in order of first place. Never raises.

        `lang` is the text's language (ISO 639-1), for articles differ; "und" where it cannot be
        told. With None, nobody has looked yet: every mention is found that any language would
        let pass, and perhaps some more.

        >>> matcher = MentionMatcher([Entity(id="epik", name="Epik", exclude=("Epik High",))])
        >>> [found.evidence for found in matcher.find("Epik High is on. #ShutDownEpik")]
        ['#ShutDownEpik']
        """
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
        if phrase := excluded.overlapping(placed.start, placed.end):
            return False, f"excluded by `{self._quote(phrase)}`"
        longer = self._longer_names.get(start)
        if longer and longer[1] >= end and longer[2] != alias.entity:
            return False, f"part of the name `{self._quote(longer[:2])}`, which is tracked, too"
        if not (placed.is_open and alias.is_bare and self._entity(alias).ambiguous):
            return True, placed.rule
        context = self._around.context(alias.entity)
        if word := context.near(placed.start, placed.end):
            return True, f"{placed.rule}, beside `{self._quote(word)}`"
        if phrase := excluded.near(placed.start, placed.end):
            return False, f"ambiguous, and beside `{self._quote(phrase)}`"
        refused = self._refused_by_case(alias, placed, start, end)
        return (False, refused) if refused else (True, f"{placed.rule}, in its written case")

    def _refused_by_case(self, alias: Alias, placed: Placement, start: int, end: int) -> str | None:
        """Say why an ambiguous name that has nothing but its case to show does not count."""
        if self._cleaned.text[start:end] != alias.written:
            return f"ambiguous: no context word, and not written `{alias.written}`"
        if placed.end - placed.start > end - start:  # a hashtag
            is_alone = placed.end - placed.start == end - start + 1
            return None if is_alone else "ambiguous: a part of a hashtag that is no campaign"
        refused = refuses(self._cleaned.text, start, end, self._lang)
        return f"ambiguous: no context word, and {refused}" if refused else None

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
