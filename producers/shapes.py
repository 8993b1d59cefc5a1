"""A text -> how its records are read, told by looking at the first of them; and the records. Pure.

What a file is called plays no part.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal

import msgspec

from producers.arrays import split_array
from producers.chunks import peek
from producers.columns import ColumnMap, check_columns
from producers.documents import ARRAYS, Head, split_objects
from producers.entries import is_feed, split_entries
from producers.formats import (
    FEED,
    JSON_FORMATS,
    LINE_FORMATS,
    Parse,
    format_of,
    parse_entry,
    parse_entry_in,
    recognise_json,
    recognise_line,
)
from producers.formats.mapped import json_parser, row_parser
from producers.formats.tables import TABLES, table_of, table_parser
from producers.formats.twitter_archive import Owner, is_private
from producers.lines import split_lines
from producers.parsed import Chunk, Control, Draft, Frame, Parsed, Unreadable
from producers.rows import split_rows
from producers.server_sent import is_server_sent, split_server_sent
from uproar.errors import InputError

Kind = Literal[
    "lines", "array", "objects", "document", "server-sent", "feed", "csv", "table", "archive",
    "damaged",
]  # fmt: skip
"""How records stand in a file: `objects` are over many lines, a `document` has them in arrays."""

_HEAD_BYTES = 1 << 16
_RECOGNISED_RECORDS = 50
_LOOKED_AT_RECORDS = 2_000
_FOREIGN = frozenset({"wrong-shape", "not-a-post"})
_GENERIC = "uproar JSON Lines"
"""A post that has lost its id has our keys, too: alone they do not make it one of ours."""
_ASSIGNED = re.compile(rb"[A-Za-z_$][\w.$]{0,200}\s*=\s*\[")
"""How a personal archive of Twitter makes a script of its data."""
_USUAL_NAMES = {
    "text": ("text", "body", "content", "message", "title"),
    "created_at": ("created_at", "created", "date", "time", "published"),
    "id": ("id",),
}

Records = Iterator[tuple[Frame, Sequence[Parsed]]]


class Shape(msgspec.Struct, frozen=True):
    """How the records of one file are read. `columns` are as found, or as asked for."""

    kind: Kind
    format: str
    columns: ColumnMap | None


def recognise_text(text: Iterator[Chunk], name: str, asked: ColumnMap | None) -> Shape:
    """Settle by the beginning of a text how it is read, as far as it was not asked for.

    Raises InputError where its format is not known, or lacks the columns that were named.
    """
    forced = (asked.format or None) if asked else None
    columns = None if forced else asked
    head, text = peek(text, _HEAD_BYTES)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if is_private(start):
        raise InputError(f"`{name}` holds what was not written for the public")
    kind = kind_of(start)
    if forced in LINE_FORMATS:
        return Shape("lines", forced, asked)
    if kind == "feed" or forced == FEED:
        if forced not in (None, FEED) or columns is not None or not is_feed(head):
            raise InputError(f"`{name}` is XML, but no feed: wanted {forced or FEED}")
        return Shape("feed", FEED, None)
    if kind == "csv" and forced in JSON_FORMATS:
        return Shape("lines", forced, asked)
    if kind == "csv":
        return _recognise_csv(text, head, name, columns, forced)
    if forced in TABLES:
        raise InputError(f"`{name}` is JSON, wanted a table with a header for `{forced}`")
    return _recognise_json(text, kind, name, columns, asked)


def records(shape: Shape, text: Iterator[Chunk], name: str, owner: Owner | None = None) -> Records:
    """Yield each record of a text with what its reader makes of it, in the order of the text.

    `owner` is what other files tell of these records. A record of another format than the
    file's is read as what it is, for archives are often put together of several; unless the
    format was asked for.
    """
    if shape.kind == "csv":
        yield from _read_csv(shape, text, name)
        return
    parse = reader_of(shape, owner)
    for piece in _pieces(shape.kind, text):
        if isinstance(piece, Head):
            parse = _parser_within(shape, piece) or parse
        else:
            yield piece, (piece.fault,) if piece.fault else parse(piece.raw)


def elements(text: Iterator[Chunk]) -> Iterator[Frame]:
    """Yield what stands in the array that a text is, or that a script makes of it."""
    return split_array(text)


def kind_of(head: bytes) -> Kind:
    r"""Tell what a text is by its beginning, without leading space.

    >>> kind_of(b'{"text": "a"}'), kind_of(b'[{"text": "a"}]'), kind_of(b"text,created_at")
    ('lines', 'array', 'csv')
    >>> kind_of(b'{\n "text": "a"}'), kind_of(b"window.YTD.tweets.part0 = [ {")
    ('objects', 'array')
    """
    if head.startswith(b"<"):
        return "feed"
    if head.startswith(b"[") or _ASSIGNED.match(head):
        return "array"
    if is_server_sent(head):
        return "server-sent"
    lines = [line.strip() for line in head.split(b"\n") if line.strip()]
    if head.startswith(b"{"):
        return "objects" if _spans_lines(lines) else "lines"
    objects = sum(line.startswith(b"{") for line in lines)
    return "lines" if 2 * objects > len(lines) else "csv"


def _spans_lines(lines: Sequence[bytes]) -> bool:
    """Say whether the first object goes on behind its first line."""
    if len(lines) == 1:
        return not lines[0].endswith(b"}")
    first, second = lines[:2]
    return not first.endswith(b"}") and second.startswith((b'"', b"}", b"]"))


def _recognise_json(
    text: Iterator[Chunk], kind: Kind, name: str, columns: ColumnMap | None, asked: ColumnMap | None
) -> Shape:
    forced = asked.format if asked else ""
    arrays = ARRAYS if columns is None else frozenset[bytes]()
    votes: dict[str, int] = {}
    keys: dict[str, None] = {}
    pieces = split_objects(text, arrays) if kind == "objects" else _pieces(kind, text)
    for number, piece in enumerate(islice(pieces, _LOOKED_AT_RECORDS)):
        if isinstance(piece, Head):
            kind = "document"
            continue
        if kind == "objects" and not piece.fault and b"\n" not in piece.raw:
            kind = "lines"  # the first one is merely long
        record = _object(piece)
        if record is None:
            continue
        if number < _RECOGNISED_RECORDS:
            keys |= dict.fromkeys(record)
        elif asked is not None:
            break
        if kind == "lines" and not votes and arrays and (inner := _recognise_page(record)):
            return Shape("document", forced or inner, asked)
        if known := format_of(record):
            votes[known] = votes.get(known, 0) + 1
            if sum(votes.values()) == _RECOGNISED_RECORDS:
                break
    if columns is not None:
        check_columns(columns, frozenset(keys), name)
        return Shape(kind, "JSON with named columns", columns)
    if forced:
        return Shape(kind, forced, asked)
    if not votes:
        raise unknown_format(name, "keys", list(keys), "a JSON object in each record")
    return Shape(kind, max(votes, key=lambda each: votes[each]), None)


def _recognise_page(record: Mapping[str, object]) -> str | None:
    """Name the format of the records that a record has in an array, if it is such a page."""
    if format_of(record) is not None:
        return None
    for key in ARRAYS:
        inner = record.get(key.decode())
        if isinstance(inner, list):
            return recognise_json(one for one in inner[:_RECOGNISED_RECORDS] if _is_object(one))
    return None


def _recognise_csv(
    text: Iterator[Chunk], head: bytes, name: str, columns: ColumnMap | None, forced: str | None
) -> Shape:
    lines = [line for line in head.split(b"\n") if line]
    if columns is None and forced is None and (line_format := recognise_line(lines[:20])):
        return Shape("lines", line_format, None)
    header = next(split_rows(split_lines(text)), None)
    cells: tuple[str, ...] = () if header is None or header.frame.fault else header.cells
    if columns is not None:
        check_columns(columns, frozenset(cells), name)
        return Shape("csv", "CSV with named columns", columns)
    known = forced or table_of(cells)
    if known is None:
        raise unknown_format(name, "columns", list(cells), "JSON records or a CSV with a header")
    if missing := sorted(TABLES[known].needs - set(cells)):
        listed = ", ".join(f"`{each}`" for each in missing)
        raise InputError(f"`{name}` is no `{known}`: it lacks the columns {listed}")
    return Shape("csv", known, TABLES[known].present(cells))


def _pieces(kind: Kind, text: Iterator[Chunk]) -> Iterator[Frame | Head]:
    if kind == "array":
        return split_array(text)
    if kind == "feed":
        return split_entries(text)
    if kind == "server-sent":
        return split_server_sent(text)
    if kind in ("objects", "document"):
        return split_objects(text, ARRAYS if kind == "document" else frozenset())
    return split_lines(text)


def reader_of(shape: Shape, owner: Owner | None) -> Parse:
    """Return what reads the records of a text that is no table."""
    if shape.columns is not None and not shape.columns.format:
        return json_parser(shape.columns)
    if shape.format == FEED:
        return parse_entry
    if shape.format in LINE_FORMATS:
        return LINE_FORMATS[shape.format].parse
    format_ = JSON_FORMATS[shape.format]
    parse = format_.of_owner(owner) if format_.of_owner and owner else format_.parse
    return parse if shape.columns is not None else _lenient(shape.format, parse)


def _parser_within(shape: Shape, head: Head) -> Parse | None:
    if shape.format == FEED:
        return parse_entry_in(head.raw)
    within = JSON_FORMATS[shape.format].within if shape.format in JSON_FORMATS else None
    return within(head.raw, head.depth) if within else None


def _lenient(name: str, parse: Parse) -> Parse:
    """Return a reader that hands what it cannot use to the format it has, if it has another."""

    def parse_any(raw: bytes) -> Sequence[Parsed]:
        values = parse(raw)
        if len(values) > 1 or not _may_be_foreign(values[0]):
            return values
        record = _decoded(raw)
        other = format_of(record) if record is not None else None
        if record is None or other in (None, name):
            return values
        if other == _GENERIC and "platform" not in record:
            return values
        return JSON_FORMATS[other].parse(raw)

    return parse_any


def _may_be_foreign(value: Parsed) -> bool:
    if isinstance(value, Draft):
        return value.text is None
    if isinstance(value, Control):
        return value.kind == "unknown"
    return isinstance(value, Unreadable) and value.reason in _FOREIGN


def _read_csv(shape: Shape, text: Iterator[Chunk], name: str) -> Records:
    rows = split_rows(split_lines(text))
    header = next(rows, None)
    if header is None or shape.columns is None:  # inspected a moment ago: the file has changed
        raise InputError(f"`{name}` has lost its header since it was opened")
    parse: Callable[[Sequence[str]], Sequence[Parsed]]
    if shape.format in TABLES:
        parse = table_parser(shape.format, header.cells)
    else:
        parse = row_parser(shape.columns, header.cells)
    for row in rows:
        fault = row.frame.fault
        yield row.frame, (fault,) if fault else parse(row.cells)


def _object(frame: Frame) -> Mapping[str, object] | None:
    return None if frame.fault else _decoded(frame.raw)


def _decoded(raw: bytes) -> Mapping[str, object] | None:
    try:
        record = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def unknown_format(name: str, what: str, found: list[str], wanted: str) -> InputError:
    """Return the error for a text whose format is not known, with a line to try."""
    if not found:
        return InputError(f"`{name}` is of no known format: wanted {wanted}, found none")
    guess = ",".join(f"{field}={_guess(found, parts)}" for field, parts in _USUAL_NAMES.items())
    shown = ", ".join(f"`{each[:40]}`" for each in found[:30])
    return InputError(
        f"`{name}` is of no known format: it has the {what} {shown}",
        hint=f"say which is which, for example: --columns {guess}",
    )


def _guess(found: list[str], parts: tuple[str, ...]) -> str:
    """Return the name that is, or else holds, the first possible of the usual ones."""
    for part in parts:
        if part in found:
            return part
        if name := next((name for name in found if part in name.lower()), None):
            return name
    return "NAME"
