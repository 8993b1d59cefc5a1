"""Judging each occurrence of an alias in one text: does it count there, and by which rule. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import msgspec

from uproar.aliases import Alias, Kind, Trust
from uproar.boundaries import begins_word, ends_word
from uproar.config import Entity, Near
from uproar.evidence import speaks_for, speaks_of_stocks, tongue_of, weigh
from uproar.known_names import EVERY_LANGUAGE
from uproar.neighbours import Neighbours
from uproar.placement import Declared, Page, Placement, place
from uproar.reasons import Name
from uproar.senses import Sense
from uproar.surroundings import Around, Surroundings
from uproar.text import Cleaned

_TELLING_TICKER = 4
"""Letters of a ticker that is seldom anything else."""
_OTHER = "other"
"""A language that no list knows."""
_WORD = re.compile(r"\w+")

Hit = tuple[int, int, int]
"""The number of a pattern, and where it starts and ends in the folded text."""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What became of one occurrence of an alias, and why, in words."""

    entity: str
    accepted: bool
    evidence: str
    start: int
    end: int
    rule: str


class Owner(NamedTuple):
    """An alias of a pattern, and what is known of it as a name that may mean something else."""

    alias: Alias
    name: Name


class Tracked(NamedTuple):
    """What is looked for: the entities with what is known of each, and whose each pattern is."""

    entities: Sequence[Entity]
    declared: Sequence[Declared]
    senses: Sequence[Sense]
    owners: Sequence[Sequence[Owner]]
    longer: frozenset[int]
    """Patterns that are names of several words, which may hold another's name."""
    surroundings: Surroundings


class Occurrences:
    """The occurrences of aliases in one text. What was judged once is remembered."""

    def __init__(
        self,
        tracked: Tracked,
        cleaned: Cleaned,
        folded: str,
        hits: Sequence[Hit],
        lang: str | None,
    ) -> None:
        self._tracked = tracked
        self._cleaned = cleaned
        self._folded = folded
        self._hits = hits
        self._lang = lang
        self._page = Page(cleaned.text, folded)
        self._judged: dict[tuple[int, int], Verdict | None] = {}
        self._read: Around | None = None
        self._longer = _longer_names(tracked, folded, hits)

    def verdicts(self, settled: Collection[int]) -> Iterator[tuple[int, Verdict]]:
        """Judge the occurrences of entities that are not settled; the caller may add to those."""
        judged = self._judged
        for number, (pattern, start, end) in enumerate(self._hits):
            for which, owner in enumerate(self._tracked.owners[pattern]):
                entity = owner.alias.entity
                if entity in settled:
                    continue
                key = (number, which)
                if key not in judged:
                    judged[key] = self._verdict(owner, start, end)
                if (verdict := judged[key]) is not None:
                    yield entity, verdict

    def _verdict(self, owner: Owner, start: int, end: int) -> Verdict | None:
        alias = owner.alias
        placed = place(self._page, alias, self._tracked.declared[alias.entity], start, end)
        if placed is None:
            return None
        counts, rule = self._judge(owner, placed, start, end)
        first, last = placed.start, placed.end
        if self._cleaned.starts is not None:
            first, last = self._cleaned.original_span(first, last)
        evidence = self._cleaned.original[first:last]
        name = self._tracked.entities[alias.entity].id
        return Verdict(name, counts, evidence, first, last, rule)

    def _judge(self, owner: Owner, placed: Placement, start: int, end: int) -> tuple[bool, str]:
        if not placed.counts:
            return False, placed.rule
        alias = owner.alias
        around = self._around
        excluded = around.excluded(alias.entity)
        phrase = excluded.overlapping(placed.start, placed.end)
        if phrase and not self._is_beside_mark(alias, placed, phrase):
            return False, f"excluded by `{self._quote(phrase)}`"
        longer = self._longer.get(start)
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
        if word := around.context(alias.entity).near(placed.start, placed.end):
            return True, f"{placed.rule}, beside `{self._quote(word)}`"
        if entity.exclude and (phrase := excluded.near(placed.start, placed.end)):
            return False, f"ambiguous, and beside `{self._quote(phrase)}`"
        return self._judge_ambiguous(owner, placed, start, end)

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
        if around.is_shouted:
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
        if word := speaks_for(around, self._tracked.senses[alias.entity]):
            return True, f"`{alias.written}`, beside `{word}`"
        return False, f"`{alias.written}`, and no word beside it says that it is this"

    def _judge_ambiguous(
        self, owner: Owner, placed: Placement, start: int, end: int
    ) -> tuple[bool, str]:
        """Judge a name that has other senses by all that stands around it."""
        alias, name = owner.alias, owner.name
        is_configured = alias.trust is Trust.CONFIGURED
        text = self._cleaned.text
        if is_configured and text[start:end] != alias.written and not text[start:end].isupper():
            return False, f"ambiguous: no context word, and not written `{alias.written}`"
        is_tag = placed.end - placed.start > end - start
        around = Neighbours(text, placed.start, placed.end, text[start:end], is_tag)
        sense = self._tracked.senses[alias.entity]
        weighed = weigh(around, name, sense, self._lang)
        if self._lang is None and not weighed.counts and tongue_of(around, None).lang is None:
            # Whoever has not looked yet must find what any language would let pass.
            others = (weigh(around, name, sense, lang) for lang in (*EVERY_LANGUAGE, _OTHER))
            weighed = next((other for other in others if other.counts), weighed)
        if weighed.counts:
            return True, f"{placed.rule}; {weighed}"
        return False, f"ambiguous; {weighed}"

    def _entity(self, alias: Alias) -> Entity:
        return self._tracked.entities[alias.entity]

    def _quote(self, span: tuple[int, int]) -> str:
        return self._cleaned.quote(*span)

    @property
    def _around(self) -> Around:
        if self._read is None:
            self._read = self._tracked.surroundings.read(self._folded)
        return self._read


def is_long(alias: Alias) -> bool:
    """Tell whether an alias is a name of several words."""
    return alias.kind is Kind.NAME and not alias.is_bare


def _longer_names(
    tracked: Tracked, folded: str, hits: Sequence[Hit]
) -> dict[int, tuple[int, int, int]]:
    """Return, by place, the name of several words that covers it, and whose it is."""
    longer: dict[int, tuple[int, int, int]] = {}
    for pattern, start, end in hits:
        if pattern not in tracked.longer:
            continue
        if begins_word(folded, start) and ends_word(folded, end):
            for owner in tracked.owners[pattern]:
                if is_long(owner.alias):
                    longer |= dict.fromkeys(range(start, end), (start, end, owner.alias.entity))
    return longer
