"""A run in files that any program reads: written row by row, so that memory stays flat."""

import base64
import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from itertools import islice
from typing import Any, Protocol

import msgspec
from clickhouse_driver import Client

from sinks.letters import letters
from sinks.rescore import STORED_DAYS
from sinks.withheld import Pseudonyms, Withheld
from uproar.formulas import is_formula

_STATEMENTS = files("sinks") / "statements"
EXPORT_REACTIONS = (_STATEMENTS / "export_reactions.sql").read_text("utf-8")
EXPORT_MINUTES = (_STATEMENTS / "export_minutes.sql").read_text("utf-8")

LETTERS_AT_ONCE = 200
_BLOCK = {"max_block_size": 4096}


class Table(Protocol):
    """Takes the rows of one file."""

    def write(self, content: bytes) -> object:
        """Append bytes."""
        ...


def export_reactions(client: Client, run: str, lines: Table, table: Table) -> int:
    """Write the reactions of a run as JSON Lines and as CSV, both at once; return their number.

    Deleted posts are in neither: those that were when the day they are of was read.
    """
    writer = _CsvWriter(table)
    count = 0
    for (day,) in client.execute(STORED_DAYS, {"run": run}):
        for row in _rows(client, EXPORT_REACTIONS, {"run": run, "day": day}):
            calls = [
                dict(zip(("action", "direction", "target", "addressee", "evidence", "confidence"),
                         call, strict=True))
                for call in zip(*(row.pop(name) for name in list(row)[-6:]), strict=True)
            ]  # fmt: skip
            lines.write(msgspec.json.encode({**row, "calls": calls}, enc_hook=str) + b"\n")
            row["calls"] = "; ".join(f"{call['action']} {call['direction']}" for call in calls)
            row["evidence"] = "; ".join(call["evidence"] for call in calls)
            writer.write(row)
            count += 1
    return count


def export_minutes(client: Client, run: str, table: Table) -> int:
    """Write the minute totals of a run as CSV; return their number."""
    writer = _CsvWriter(table)
    count = 0
    for row in _rows(client, EXPORT_MINUTES, {"run": run}):
        names, counts = row.pop("call_names"), row.pop("call_posts")
        pairs = sorted(zip(names, counts, strict=True))
        row["calls"] = "; ".join(f"{name} {posts}" for name, posts in pairs)
        writer.write(row)
        count += 1
    return count


def export_letters(
    clients: tuple[Client, Client], run: str, lines: Table, pseudonyms: Pseudonyms
) -> int:
    """Write the dead letters of a run as JSON Lines; return their number.

    The bytes of one that speaks of a deleted post, or of an author who is gone, are left out. One
    client reads the letters while the other asks who is gone.
    """
    stored = letters(clients[0], run)
    withheld = Withheld(clients[1], run, pseudonyms)
    count = 0
    while batch := list(islice(stored, LETTERS_AT_ONCE)):
        hidden = withheld.of([letter.payload for letter in batch])
        for letter, is_hidden in zip(batch, hidden, strict=True):
            told = msgspec.structs.asdict(letter)
            told["payload"] = None if is_hidden else base64.b64encode(letter.payload).decode()
            told["fingerprint"] = f"{letter.fingerprint:08x}"
            if is_hidden:
                told["withheld"] = "it speaks of what was deleted"
            lines.write(msgspec.json.encode(told) + b"\n")
            count += 1
    return count


def safe_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula, times as RFC 3339.

    >>> safe_cell("=1+1"), safe_cell(" -2"), safe_cell(-2), safe_cell("a-b")
    ("'=1+1", "' -2", -2, 'a-b')
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    value = value.replace("\0", "�")
    return f"'{value}" if is_formula(value) else value


class _CsvWriter:
    """Writes rows as CSV (RFC 4180, UTF-8); the header comes with the first one."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._line = io.StringIO(newline="")
        self._csv = csv.writer(self._line)
        self._has_header = False

    def write(self, row: dict[str, Any]) -> None:
        if not self._has_header:
            self._has_header = True
            self._put(list(row))
        self._put([safe_cell(value) for value in row.values()])

    def _put(self, cells: Sequence[Any]) -> None:
        self._csv.writerow(cells)
        self._table.write(self._line.getvalue().encode(errors="replace"))
        self._line.seek(0)
        self._line.truncate()


def _rows(client: Client, statement: str, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    rows = client.execute_iter(statement, asked, with_column_types=True, settings=_BLOCK)
    names = [name for name, _ in next(rows)]
    for row in rows:
        yield dict(zip(names, row, strict=True))
