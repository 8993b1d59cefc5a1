"""What stands around a name: the configured context words and excluded phrases."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum

from ahocorasick_rs import AhoCorasick

from uproar.aliases import compact, fold
from uproar.boundaries import begins_word, ends_word
from uproar.config import Entity
from uproar.text import clean

REACH_CHARACTERS = 280
"""How far a context word speaks for a name: a whole post of most platforms."""


class Spans:
    """Stretches of one text, in order, that can be asked for neighbours in logarithmic time."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = sorted(spans) if len(spans) > 1 else spans
        self._starts = [start for start, _ in self._spans]
        self._longest = max([end - start for start, end in spans], default=0)

    def overlapping(self, start: int, end: int) -> tuple[int, int] | None:
        """Return one that shares a character with `start:end`, if any."""
        for place in range(bisect_left(self._starts, start - self._longest), len(self._spans)):
            span = self._spans[place]
            if span[0] >= end:
                return None
            if span[1] > start:
                return span
        return None

    def around(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the next ones after and before `start:end` that share nothing with it."""
        place = bisect_left(self._starts, end)
        yield from self._spans[place : place + 1]
        place = bisect_left(self._starts, start) - 1
        while place >= 0 and self._spans[place][1] > start:
            place -= 1
        if place >= 0:
            yield self._spans[place]

    def near(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the next one before or after `start:end` within reach, if any."""
        place = bisect_left(self._starts, end)
        if place < len(self._spans) and self._starts[place] - end <= REACH_CHARACTERS:
            return self._spans[place]
        place = bisect_left(self._starts, start) - 1
        while place >= 0 and self._spans[place][1] > start:
            place -= 1
        if place >= 0 and start - self._spans[place][1] <= REACH_CHARACTERS:
            return self._spans[place]
        return None


class Role(IntEnum):  # whose hash is that of a number, and so made in no time
    """What a word or phrase of the configuration is there for."""

    CONTEXT = 0
    EXCLUDED = 1
    NEAR = 2


_NOWHERE = Spans(())

Owners = Mapping[int, frozenset[Role]]
"""Whose a word or phrase is, and what for, by entity."""


class Around:
    """The context words, excluded phrases and `near` words of one text, by entity."""

    def __init__(
        self, folded: str, hits: Sequence[tuple[Owners, int, int]], excluding: frozenset[int]
    ) -> None:
        """Take a folded text, whatever was found in it, and which entities exclude anything."""
        self._folded = folded
        self._hits = hits
        self._excluding = excluding
        self._spans: dict[int, Mapping[Role, Spans]] = {}

    def context(self, entity: int) -> Spans:
        """Return where the entity's context words stand."""
        return self._of(entity, Role.CONTEXT)

    def excluded(self, entity: int) -> Spans:
        """Return where the entity's excluded phrases stand."""
        return self._of(entity, Role.EXCLUDED) if entity in self._excluding else _NOWHERE

    def near(self, entity: int) -> Spans:
        """Return where the words stand that the entity wants close by."""
        return self._of(entity, Role.NEAR)

    def _of(self, entity: int, role: Role) -> Spans:
        if not self._hits:
            return _NOWHERE
        if entity not in self._spans:
            self._spans[entity] = self._found(entity)
        return self._spans[entity].get(role, _NOWHERE)

    def _found(self, entity: int) -> Mapping[Role, Spans]:
        """Look for what is of the entity. A word also counts in its plural: `registrars`."""
        found: dict[Role, list[tuple[int, int]]] = {}
        for owners, start, end in self._hits:
            for role in owners.get(entity, ()):
                if (begins_word(self._folded, start) and _ends_plural(self._folded, end)) or (
                    role is Role.EXCLUDED and _begins_tag(self._folded, start)
                ):
                    found.setdefault(role, []).append((start, end))
        return {role: Spans(spans) for role, spans in found.items()}


class Surroundings:
    """Finds context words and excluded phrases of all entities in one pass."""

    def __init__(self, entities: Sequence[Entity], others: Sequence[Sequence[str]]) -> None:
        """Take the entities, and for each what else is known that phrases with its name mean."""
        owners: dict[str, dict[int, set[Role]]] = defaultdict(lambda: defaultdict(set))
        for index, entity in enumerate(entities):
            for word in entity.context:
                owners[_folded(word)][index].add(Role.CONTEXT)
            for word in entity.near.words if entity.near else ():
                owners[_folded(word)][index].add(Role.NEAR)
            for phrase in (*entity.exclude, *others[index]):
                folded = _folded(phrase)
                for spelling in (folded, folded.replace(" ", "-"), compact(folded)):
                    owners[spelling][index].add(Role.EXCLUDED)
        owners.pop("", None)
        self._owners: list[Owners] = [
            {entity: frozenset(roles) for entity, roles in of.items()} for of in owners.values()
        ]
        self._excluding = frozenset(
            entity
            for owned in self._owners
            for entity, roles in owned.items()
            if Role.EXCLUDED in roles
        )
        self._search = AhoCorasick(list(owners)).find_matches_as_indexes if owners else None

    def read(self, folded: str) -> Around:
        """Find them in a folded text."""
        found = self._search(folded, True) if self._search is not None else ()
        hits = [(self._owners[place], start, end) for place, start, end in found]
        return Around(folded, hits, self._excluding)


def _folded(phrase: str) -> str:
    return fold(" ".join(clean(phrase).text.split()))


def _ends_plural(folded: str, end: int) -> bool:
    if ends_word(folded, end):
        return True
    return any(folded.startswith(s, end) and ends_word(folded, end + len(s)) for s in ("s", "es"))


def _begins_tag(folded: str, start: int) -> bool:
    return start > 0 and folded[start - 1] in "#@"
