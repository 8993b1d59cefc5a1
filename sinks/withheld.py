"""Which dead letters speak of what was deleted: their bytes must not leave with an export."""

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from typing import Any

import msgspec
from clickhouse_driver import Client

from sinks.clickhouse import EVERY_RUN, KNOWN_GONE, KNOWN_STATES

_STATEMENTS = files("sinks") / "statements"
RUN_PLATFORMS = (_STATEMENTS / "run_platforms.sql").read_text("utf-8")

Pseudonyms = Callable[[str, str], Sequence[str]]
"""What an author may be stored as: from the platform, and the name or id there."""

MOST_WORDS = 2_000
LONGEST_WORD = 4_096
_WORD = re.compile(r"[^\s,;\"'<>{}\[\]\\]+")
_KEY = ("run", "platform", "post_id")
_AUTHOR_KEY = ("run", "platform", "author")


class Withheld:
    """Tells for the letters of one run.

    One that cannot be read as anything is looked at, too: any word in it may be the id of a
    deleted post, or the name of an author who is gone.
    """

    def __init__(self, client: Client, run: str, pseudonyms: Pseudonyms) -> None:
        self._client = client
        self._run = run
        self._pseudonyms = pseudonyms
        rows = client.execute(RUN_PLATFORMS, {"run": run})
        self._platforms = [platform for (platform,) in rows]

    def of(self, payloads: Sequence[bytes]) -> list[bool]:
        """Tell of each payload whether it must not leave."""
        words = [words_in(payload) for payload in payloads]
        every = set().union(*words)
        gone = self._deleted_ids(every) | self._gone_names(every)
        return [not own.isdisjoint(gone) for own in words]

    def _deleted_ids(self, words: set[str]) -> set[str]:
        keys = [(self._run, platform, word) for platform in self._platforms for word in words]
        rows = self._ask(KNOWN_STATES, "ids", _KEY, keys)
        return {row[2] for row in rows if row[4]}

    def _gone_names(self, words: set[str]) -> set[str]:
        named = {
            (platform, pseudonym): word
            for platform in self._platforms
            for word in words
            for pseudonym in self._pseudonyms(platform, word)
        }
        keys = [(self._run, platform, pseudonym) for platform, pseudonym in named]
        rows = self._ask(KNOWN_GONE, "authors", _AUTHOR_KEY, keys)
        return {named[row[1], row[2]] for row in rows if row[0] in (self._run, EVERY_RUN)}

    def _ask(
        self, statement: str, name: str, columns: Sequence[str], keys: Sequence[Sequence[str]]
    ) -> Sequence[Any]:
        if not keys:
            return ()
        structure = [(column, "String") for column in columns]
        data = [dict(zip(columns, key, strict=True)) for key in keys]
        external = [{"name": name, "structure": structure, "data": data}]
        rows: Sequence[Any] = self._client.execute(statement, external_tables=external)
        return rows


def words_in(payload: bytes) -> set[str]:
    """Return what in the bytes may be an id or a name: values of JSON, and words of any text.

    >>> sorted(words_in(b'{"id": 7, "by": "@ada b"}'))
    ['7', ':', '@ada', '@ada b', 'ada', 'ada b', 'b', 'by', 'id']
    """
    text = payload.decode("utf-8", "replace")
    found = set(_WORD.findall(text)[:MOST_WORDS])
    with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        found |= set(_scalars(msgspec.json.decode(payload)))
    found |= {word.removeprefix("@") for word in found}
    return {word for word in found if 0 < len(word) <= LONGEST_WORD}


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _scalars(one)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)
