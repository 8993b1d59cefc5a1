"""What an entity may be called: names, @handles, #hashtags and domains, as patterns to look for."""

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum

import msgspec

from uproar.config import Entity
from uproar.text import clean


class Kind(Enum):
    """What sort of alias it is, and so where in a text it counts."""

    NAME = "name"
    COMPACT = "name without its spaces"
    """Counts in hashtags, handles and hosts only: `deltaairlines`."""
    HANDLE = "handle"
    HASHTAG = "hashtag"
    DOMAIN = "domain"


class Alias(msgspec.Struct, frozen=True):
    """One pattern of one entity.

    `written` shows the case that counts; `is_bare` says that it is a name of one word.
    """

    entity: int
    kind: Kind
    pattern: str
    written: str
    is_bare: bool


_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,24})/?")


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


def aliases_of(index: int, entity: Entity) -> Iterator[Alias]:
    """Yield the patterns of an entity, whose own name is always one; `index` is kept in each."""
    seen: set[tuple[Kind, str]] = set()
    for written in (entity.name, *entity.aliases):
        for alias in _patterns(index, " ".join(clean(written).text.split())):
            if alias.pattern and (alias.kind, alias.pattern) not in seen:
                seen.add((alias.kind, alias.pattern))
                yield alias


def _patterns(index: int, written: str) -> Iterator[Alias]:
    if written.startswith("@") and len(written) > 1:
        yield Alias(index, Kind.HANDLE, fold(written), written, False)
    elif written.startswith("#") and len(written) > 1:
        yield Alias(index, Kind.HASHTAG, fold(written), written, False)
    elif domain := _DOMAIN.fullmatch(written):
        yield Alias(index, Kind.DOMAIN, fold(domain[1]), written, False)
    elif not written.isascii() or any(map(str.isalnum, written)):
        is_bare = " " not in written
        for spelling in _spellings(written):
            yield Alias(index, Kind.NAME, fold(spelling), spelling, is_bare)
        if (joined := compact(written)) != fold(written):
            yield Alias(index, Kind.COMPACT, joined, written, is_bare)


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
