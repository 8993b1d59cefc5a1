"""What an entity may be called: names, @handles, #hashtags and domains, as patterns to look for."""

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum

import msgspec

from uproar.config import Entity
from uproar.known_names import Known
from uproar.text import clean


class Kind(Enum):
    """What sort of alias it is, and so where in a text it counts."""

    NAME = "name"
    COMPACT = "name without its spaces"
    """Counts in hashtags, handles and hosts only: `deltaairlines`."""
    HANDLE = "handle"
    HASHTAG = "hashtag"
    CASHTAG = "cashtag"
    DOMAIN = "domain"
    PAGE = "page"
    """A domain with a path: `reddit.com/r/epik`."""


class Trust(Enum):
    """How far an alias that stands as a word is believed."""

    CONFIGURED = "configured"
    """As the entity's own rules say."""
    SURE = "sure"
    """It means the entity in any case."""
    EXACT = "exact"
    """It means the entity as it is written."""
    BESIDE = "beside"
    """It means the entity as it is written, where a word of its own stands by."""
    WEIGHED = "weighed"
    """What stands around it decides."""


class Alias(msgspec.Struct, frozen=True):
    """One pattern of one entity.

    `written` shows the case that counts; `is_bare` says that it is a name of one word.
    """

    entity: int
    kind: Kind
    pattern: str
    written: str
    is_bare: bool
    trust: Trust = Trust.CONFIGURED


_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,24})(?P<path>/\S*)?")


def fold(text: str) -> str:
    r"""Return the text in one case, each character in its place, line ends as spaces.

    >>> fold("Delta Air\nLines")
    'delta air lines'
    """
    folded = text.lower()
    if len(folded) != len(text):  # `İ` becomes two characters
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return folded.replace("\n", " ").replace("ς", "σ")


def compact(text: str) -> str:
    """Return the folded text as it is written in a hashtag: letters, digits and `_` alone.

    >>> compact("Coca-Cola Co.")
    'cocacolaco'
    """
    return "".join(char for char in fold(text) if char.isalnum() or char == "_")


def aliases_of(index: int, entity: Entity, known: Known | None) -> Iterator[Alias]:
    """Yield the patterns of an entity, whose own name is always one; `index` is kept in each.

    `known` adds what is known of a well-known name.
    """
    seen: set[tuple[Kind, str]] = set()
    for written, trust in _written(entity, known):
        for alias in _patterns(index, " ".join(clean(written).text.split()), trust):
            if alias.pattern and (alias.kind, alias.pattern) not in seen:
                seen.add((alias.kind, alias.pattern))
                yield alias


def _written(entity: Entity, known: Known | None) -> Iterator[tuple[str, Trust]]:
    own = (entity.name, *entity.aliases)
    if known is None:
        is_weighed = has_no_rules(entity) and " " not in entity.name.strip()
        trust = Trust.WEIGHED if is_weighed else Trust.CONFIGURED
        yield from ((written, trust) for written in own)
        return
    weighed = (*known.written, *known.doubtful)
    for written in own:
        is_weighed = fold(written) in map(fold, weighed)
        yield written, Trust.WEIGHED if is_weighed else Trust.CONFIGURED
    yield from ((written, Trust.WEIGHED) for written in weighed)
    yield from ((written, Trust.SURE) for written in (*known.also, *known.cashtags))
    yield from ((written, Trust.EXACT) for written in known.exact)
    yield from ((written, Trust.BESIDE) for written in known.beside)


def has_no_rules(entity: Entity) -> bool:
    """Tell whether an entity has nothing but a name."""
    return not (
        entity.aliases or entity.context or entity.exclude or entity.ambiguous or entity.near
    )


def _patterns(index: int, written: str, trust: Trust) -> Iterator[Alias]:
    if written.startswith("@") and len(written) > 1:
        yield Alias(index, Kind.HANDLE, fold(written), written, False, trust)
    elif written.startswith("#") and len(written) > 1:
        yield Alias(index, Kind.HASHTAG, fold(written), written, False, trust)
    elif re.fullmatch(r"\$[^\W\d_]{1,6}", written):
        yield Alias(index, Kind.CASHTAG, fold(written), written, False, trust)
    elif domain := _DOMAIN.fullmatch(written):
        path = (domain["path"] or "").rstrip("/")
        kind = Kind.PAGE if path else Kind.DOMAIN
        yield Alias(index, kind, fold(domain[1] + path), written, False, trust)
    elif not written.isascii() or any(map(str.isalnum, written)):
        is_bare = " " not in written
        for spelling in _spellings(written):
            yield Alias(index, Kind.NAME, fold(spelling), spelling, is_bare, trust)
        if (joined := compact(written)) != fold(written):
            yield Alias(index, Kind.COMPACT, joined, written, is_bare, trust)


def _spellings(name: str) -> Iterator[str]:
    """Yield a name as written, and as people type it: without accents, without hyphens.

    >>> list(_spellings("Citroën"))
    ['Citroën', 'Citroen']
    """
    yield name
    latin = unicodedata.normalize("NFD", name)
    if (plain := re.sub("[\u0300-\u036f]", "", latin)).isascii() and plain != name:
        yield plain
    if "-" in name.strip("-"):
        yield name.replace("-", " ")
