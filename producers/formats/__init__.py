"""The formats that `replay` knows by their content: one module each, none registers itself."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from producers.columns import ColumnMap
from producers.formats import (
    activitypub,
    bluesky,
    feeds,
    gdelt,
    mastodon,
    parler,
    reddit,
    telegram,
    twitter_archive,
    twitter_v1,
    uproar_lines,
    x_v2,
    youtube,
    zeeschuimer,
)
from producers.formats.tables import TABLES, table_of
from producers.parsed import Parsed
from uproar.errors import InputError

Parse = Callable[[bytes], Sequence[Parsed]]


class JsonFormat(msgspec.Struct, frozen=True):
    """A format of JSON records: how one looks when decoded, and how one is read.

    `within` gives the reader of records that stand in an array of an object with this head, at
    this depth; `of_owner` that of records of which other files tell more.
    """

    recognises: Callable[[Mapping[str, object]], bool]
    parse: Parse
    within: Callable[[bytes, int], Parse] | None = None
    of_owner: Callable[[twitter_archive.Owner], Parse] | None = None


class LineFormat(msgspec.Struct, frozen=True):
    """A format of lines that are no JSON."""

    recognises: Callable[[bytes], bool]
    parse: Parse


def _telegram(head: bytes, depth: int) -> Parse:
    return telegram.parse_in(head) if depth == 1 else telegram.parse_in_account(head)


# In this order: what comes later has fewer keys of its own. A tweet also has those of our format.
JSON_FORMATS = {
    "Bluesky Jetstream": JsonFormat(bluesky.recognises, bluesky.parse),
    "Mastodon": JsonFormat(mastodon.recognises, mastodon.parse),
    "ActivityPub outbox": JsonFormat(activitypub.recognises, activitypub.parse),
    "YouTube comments": JsonFormat(youtube.recognises, youtube.parse),
    "Zeeschuimer capture of X": JsonFormat(zeeschuimer.recognises, zeeschuimer.parse),
    "Twitter personal archive": JsonFormat(
        twitter_archive.recognises, twitter_archive.parse, of_owner=twitter_archive.parse_of
    ),
    "Twitter v1.1": JsonFormat(twitter_v1.recognises, twitter_v1.parse),
    "X v2": JsonFormat(x_v2.recognises, x_v2.parse),
    "Parler": JsonFormat(parler.recognises, parler.parse),
    "Reddit": JsonFormat(reddit.recognises, reddit.parse),
    "Telegram": JsonFormat(telegram.recognises, telegram.parse, within=_telegram),
    "uproar JSON Lines": JsonFormat(uproar_lines.recognises, uproar_lines.parse),
}

LINE_FORMATS = {
    "GDELT mentions": LineFormat(gdelt.recognises_mention, gdelt.parse_mention),
    "GDELT knowledge graph": LineFormat(gdelt.recognises_graph, gdelt.parse_graph),
}

FEED = "RSS or Atom"
"""The format of feeds, which `producers.entries` takes apart and `feeds` reads."""

parse_entry, parse_entry_in = feeds.parse, feeds.parse_in


def format_of(record: Mapping[str, object]) -> str | None:
    """Name the format that a record has; None where it has none that we know."""
    known = (name for name, format_ in JSON_FORMATS.items() if format_.recognises(record))
    return next(known, None)


def recognise_json(records: Iterable[Mapping[str, object]]) -> str | None:
    """Name the format that the most of these records have; None where no record has any."""
    votes = dict.fromkeys(JSON_FORMATS, 0)
    for record in records:
        if (name := format_of(record)) is not None:
            votes[name] += 1
    best = max(votes, key=lambda name: votes[name])
    return best if votes[best] else None


def recognise_line(lines: Iterable[bytes]) -> str | None:
    """Name the format of lines that are no JSON by the first of them that has one."""
    known = (
        name for line in lines for name, format_ in LINE_FORMATS.items() if format_.recognises(line)
    )
    return next(known, None)


def recognise_csv(header: Sequence[str]) -> ColumnMap | None:
    """Return the columns of a table that is known by its header; None where it is not.

    >>> recognise_csv(["text", "created_at", "mood"]).columns
    {'text': 'text', 'created_at': 'created_at'}
    """
    name = table_of(header)
    return TABLES[name].present(header) if name else None


def format_names() -> dict[str, str]:
    """Return the name of each format, by the name it has on the command line.

    >>> format_names()["twitter-v1.1"]
    'Twitter v1.1'
    """
    names = (*JSON_FORMATS, *LINE_FORMATS, FEED, *TABLES)
    return {re.sub(r"[^a-z0-9.]+", "-", name.lower()): name for name in names}


def named_format(given: str) -> str:
    """Return the format that `--format` names. Raises InputError with those there are."""
    names = format_names()
    key = re.sub(r"[^a-z0-9.]+", "-", given.strip().lower())
    if key not in names:
        close = difflib.get_close_matches(key, names, n=1)
        raise InputError(
            f"`--format`: no such format: `{given}`",
            hint=f"did you mean `{close[0]}`?" if close else "formats: " + ", ".join(names),
        )
    return names[key]
