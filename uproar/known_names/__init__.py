"""What is known of well-known names: their other names, their company, and what else they mean.

The data stands beside this module, one block a name; `docs/models/mentions.md` describes the
keys. Only the blocks of names that are asked for are parsed.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml

_FILES = (
    "technology.yaml",
    "travel_and_cars.yaml",
    "shops_and_food.yaml",
    "services_and_media.yaml",
    "more_names.yaml",
)
_BLOCK = re.compile(r'^"(?P<name>[^"\n]+)":\n(?P<body>(?:  .*\n)+)', re.MULTILINE)
_NAMES = re.compile(r"^  names: >-\n(?P<names>(?:    .*\n)+)", re.MULTILINE)

_ARTICLES = frozenset(
    ("the", "le", "la", "les", "el", "los", "o", "a", "der", "die", "das", "il", "lo")
)
"""What a name may begin with that makes a common phrase of it in lower case."""

EVERY_LANGUAGE = ("en", "fr", "es", "de", "pt", "it")
"""The languages whose ordinary words are told from names."""


class Sector(msgspec.Struct, frozen=True):
    """Words of a line of business, lower case; a `*` ends a stem."""

    context: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Known(msgspec.Struct, frozen=True):
    """One well-known name.

    `also` are names, handles and domains that mean it by themselves, `doubtful` names that are
    judged as the name is, `exact` tickers that count as written, `cashtags` with their `$`.
    `beside` are names that mean it where one of the `context` words stands by.
    `context` speaks for it and `against` for another sense; `other` are phrases around the name
    that mean something else. `word` holds the languages in which the name is an ordinary word,
    `article` those in which it takes the definite article. `is_person`: it is a person's name,
    too; `is_countable`: people say "a" or "my" before it; `is_thing`: its other sense in English is
    a thing, before which an article must stand; `is_calendar`: it is a day or a month, too;
    `verb`: languages in which the ordinary word is a verb; `describes`: its other sense says of a
    thing how it is or what to do, and stands before it.
    """

    name: str
    written: tuple[str, ...]
    also: tuple[str, ...]
    doubtful: tuple[str, ...]
    beside: tuple[str, ...]
    exact: tuple[str, ...]
    cashtags: tuple[str, ...]
    context: tuple[str, ...]
    against: tuple[str, ...]
    other: tuple[str, ...]
    sectors: tuple[Sector, ...]
    word: frozenset[str]
    article: frozenset[str]
    is_person: bool
    is_countable: bool
    is_thing: bool
    describes: bool
    is_calendar: bool
    verb: frozenset[str]


def known_name(name: str) -> Known | None:
    """Return what is known of a name, in whatever case it is written; None if nothing.

    >>> known_name("delta air lines").name, known_name("Acme Widgets of Nowhere")
    ('Delta', None)
    """
    found = _index().get(_key(name))
    return _parsed(*found) if found else None


def known_names() -> tuple[str, ...]:
    """Return all known names, in the order of the files."""
    return tuple(dict.fromkeys(name for name, _ in _index().values()))


def _key(name: str) -> str:
    return " ".join(name.lower().split())


def _says_more(phrase: str, names: Sequence[str]) -> bool:
    """Tell whether a phrase holds one of the names, and something more."""
    return any(name in _key(phrase) and _letters(phrase) != _letters(name) for name in names)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


@cache
def _index() -> Mapping[str, tuple[str, str]]:
    """Return the block of each name; a name of its own goes before another's other name."""
    own: dict[str, tuple[str, str]] = {}
    other: dict[str, tuple[str, str]] = {}
    for file in _FILES:
        for block in _BLOCK.finditer(files(__package__).joinpath(file).read_text("utf-8")):
            own[_key(block["name"])] = (block["name"], block[0])
            if names := _NAMES.search(block["body"]):
                for name in _listed(" ".join(names["names"].split())):
                    other.setdefault(_key(name), (block["name"], block[0]))
    return {**other, **own}


@cache
def _sectors() -> dict[str, Sector]:
    text = files(__package__).joinpath("sectors.yaml").read_text("utf-8")
    return {
        name: Sector(**{key: _listed(listed) for key, listed in words.items()})
        for name, words in yaml.safe_load(text).items()
    }


def _listed(text: Any) -> tuple[str, ...]:
    parts = (part.strip() for part in str(text or "").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


@cache
def _parsed(name: str, block: str) -> Known:
    data: dict[str, Any] = yaml.safe_load(block)[name]
    tickers = _listed(data.get("tickers"))
    is_countable = bool(data.get("countable"))
    names = (*_listed(data.get("written")), name, *_listed(data.get("names")))
    also = _listed(data.get("also"))
    plural = (f"{name}s",) if is_countable else ()
    articled = tuple(one for one in also if one.partition(" ")[0].lower() in _ARTICLES)
    spelled = [_key(known) for known in (*names, *_listed(data.get("doubtful")))]
    return Known(
        name=name,
        written=names,
        also=tuple(one for one in also if one not in articled),
        doubtful=(*_listed(data.get("doubtful")), *articled, *plural),
        beside=_listed(data.get("beside")),
        exact=tuple(ticker for ticker in tickers if ticker.isalpha()),
        cashtags=tuple(
            f"${ticker.rstrip('!=')}" for ticker in (*tickers, *_listed(data.get("cashtags")))
        ),
        context=_listed(data.get("context")),
        against=_listed(data.get("against")),
        other=tuple(phrase for phrase in _listed(data.get("not")) if _says_more(phrase, spelled)),
        sectors=tuple(
            _sectors()[sector]
            for key in ("sector", "also_sector")
            if (sector := data.get(key)) is not None
        ),
        word=frozenset(str(data.get("word", "")).split()),
        article=frozenset(str(data.get("article", "")).split()),
        is_person=bool(data.get("person")),
        is_countable=is_countable,
        is_thing=bool(data.get("thing")),
        describes=bool(data.get("describes")),
        verb=frozenset(str(data.get("verb", "")).split()),
        is_calendar=bool(data.get("calendar")),
    )
