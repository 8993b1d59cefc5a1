"""Dead letters as they are stored: counted, handed out one by one, and marked when mended."""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.resources import files

import msgspec
from clickhouse_driver import Client

_STATEMENTS = files("sinks") / "statements"
LIST_LETTERS = (_STATEMENTS / "list_letters.sql").read_text("utf-8")
LETTERS = (_STATEMENTS / "letters.sql").read_text("utf-8")
MARK_LETTERS = (_STATEMENTS / "mark_letters.sql").read_text("utf-8")

_MENDED = [
    ("stage", "String"), ("source", "String"), ("position", "UInt64"), ("part", "UInt32"),
    ("fingerprint", "UInt64"),
]  # fmt: skip

ALL = 2**63 - 1

LetterKey = tuple[str, str, int, int, int]
"""stage, source, position, part, fingerprint"""


class StoredLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A dead letter; see `uproar.records.DeadLetter`. `fingerprint` tells payloads apart."""

    run: str
    stage: str
    source: str
    position: int
    part: int
    fingerprint: int
    reason: str
    detail: str
    payload: bytes
    size_bytes: int
    received_at: datetime

    @property
    def key(self) -> LetterKey:
        """What tells it from the others of its run."""
        return (self.stage, self.source, self.position, self.part, self.fingerprint)

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are there: of a long record, only the first are kept."""
        return self.size_bytes == len(self.payload)


class LetterCount(msgspec.Struct, frozen=True, kw_only=True):
    """Letters of one run, stage and reason; `read_again` were mended and count no more."""

    run: str
    stage: str
    reason: str
    letters: int
    read_again: int
    first_at: datetime
    last_at: datetime
    example_source: str
    example_position: int
    example_detail: str


def count_letters(client: Client, run: str = "", reason: str = "") -> list[LetterCount]:
    """Return how many there are of each kind. Raises the driver's errors."""
    rows = client.execute(LIST_LETTERS, {"run": run, "reason": reason})
    names = LetterCount.__struct_fields__
    return [LetterCount(**dict(zip(names, row, strict=True))) for row in rows]


def letters(
    client: Client,
    run: str,
    reason: str = "",
    place: tuple[str, int] = ("", 0),
    most: int = ALL,
) -> Iterator[StoredLetter]:
    """Yield the letters of a run in the order of their places, as they come from the server.

    `place` is a source and a position in it, where only those are meant. The client can do nothing
    else meanwhile.
    """
    asked = {
        "run": run, "reason": reason, "source": place[0], "position": place[1], "most": most,
    }  # fmt: skip
    rows = client.execute_iter(LETTERS, asked, settings={"max_block_size": 1024})
    names = StoredLetter.__struct_fields__
    for row in rows:
        values = dict(zip(names, row, strict=True))
        yield StoredLetter(**{**values, "payload": base64.b64decode(values["payload"])})


def mark_mended(client: Client, run: str, keys: Sequence[LetterKey]) -> None:
    """Mark letters as read again; to be done when what they became is stored. May be repeated."""
    columns = [name for name, _ in _MENDED]
    data = [dict(zip(columns, key, strict=True)) for key in keys]
    if data:
        external = [{"name": "mended", "structure": _MENDED, "data": data}]
        client.execute(MARK_LETTERS, {"run": run}, external_tables=external)
