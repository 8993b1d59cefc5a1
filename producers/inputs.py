"""A file -> its records, with the format found by looking at the first of them."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal

import msgspec

from producers.arrays import split_array
from producers.columns import ColumnMap, check_columns
from producers.files import file_size, read_file, refuse_foreign
from producers.formats import JSON_FORMATS, recognise_csv, recognise_json
from producers.formats.mapped import json_parser, row_parser
from producers.lines import split_lines
from producers.parsed import Chunk, Damage, Frame, Parsed
from producers.rows import Row, split_rows
from uproar.errors import InputError

_HEAD_BYTES = 4_096
_FIRST_RECORDS = 50
_USUAL_NAMES = {
    "text": ("text", "body", "content", "message", "title"),
    "created_at": ("created_at", "created", "date", "time", "published"),
    "id": ("id",),
}

Kind = Literal["lines", "array", "csv"]


class Input(msgspec.Struct, frozen=True):
    """A file that can be replayed: its format is known. `format` is its name for people."""

    path: Path
    size_bytes: int
    kind: Kind
    format: str
    columns: ColumnMap | None

    @property
    def name(self) -> str:
        """The file's name without its folders, as dead letters and reports give it."""
        return os.fsencode(self.path.name).decode("utf-8", "replace")


def inspect(path: Path, columns: ColumnMap | None) -> Input:
    """Look at the beginning of a file and settle how it is read.

    Raises InputError where it cannot be read, or its format is not known and `columns` does not
    say what is what.
    """
    size = file_size(path)
    kind = _kind(path)
    if kind == "csv":
        return _inspect_csv(path, size, columns)
    frames = _frames(path, kind, _ignore)
    records = [record for frame in islice(frames, _FIRST_RECORDS) if (record := _object(frame))]
    found = frozenset(key for record in records for key in record)
    if columns is not None:
        check_columns(columns, found, str(path))
        return Input(path, size, kind, "JSON with named columns", columns)
    name = recognise_json(records)
    if name is None:
        raise _unknown_format(path, "keys", sorted(found), "a JSON object in each record")
    return Input(path, size, kind, name, None)


def read(
    source: Input, on_bytes: Callable[[int], None]
) -> Iterator[tuple[Frame, Sequence[Parsed]]]:
    """Yield each record of a file with what its reader makes of it, in the order of the file.

    Guarantee: the same file gives the same records in the same order whenever it is read; each
    frame comes with at least one value.
    """
    if source.kind == "csv":
        yield from _read_csv(source, on_bytes)
        return
    if source.columns is not None:
        parse = json_parser(source.columns)
    else:
        parse = JSON_FORMATS[source.format].parse
    for frame in _frames(source.path, source.kind, on_bytes):
        yield frame, (frame.fault,) if frame.fault else parse(frame.raw)


def _read_csv(
    source: Input, on_bytes: Callable[[int], None]
) -> Iterator[tuple[Frame, Sequence[Parsed]]]:
    rows = _rows(source.path, on_bytes)
    header = next(rows, None)
    if header is None or source.columns is None:  # inspected a moment ago: the file has changed
        raise InputError(f"`{source.path}` has lost its header since it was opened")
    parse = row_parser(source.columns, header.cells)
    for row in rows:
        fault = row.frame.fault
        yield row.frame, (fault,) if fault else parse(row.cells)


def _inspect_csv(path: Path, size: int, columns: ColumnMap | None) -> Input:
    header = next(_rows(path, _ignore), None)
    cells: tuple[str, ...] = () if header is None or header.frame.fault else header.cells
    if columns is not None:
        check_columns(columns, frozenset(cells), str(path))
        return Input(path, size, "csv", "CSV with named columns", columns)
    known = recognise_csv(cells)
    if known is None:
        raise _unknown_format(path, "columns", list(cells), "JSON records or a CSV with a header")
    return Input(path, size, "csv", f"CSV, platform {known.platform}", known)


def _rows(path: Path, on_bytes: Callable[[int], None]) -> Iterator[Row]:
    return split_rows(split_lines(read_file(path, on_bytes)))


def _frames(path: Path, kind: Kind, on_bytes: Callable[[int], None]) -> Iterator[Frame]:
    split = split_array if kind == "array" else split_lines
    return split(read_file(path, on_bytes))


def _kind(path: Path) -> Kind:
    """Tell by the first bytes; raises InputError for what is no text at all."""
    head = _head(read_file(path, _ignore))
    refuse_foreign(head, path)
    if isinstance(damage := next(iter(read_file(path, _ignore)), None), Damage):
        raise InputError(f"`{path}` cannot be unpacked: {damage.detail}")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise InputError(f"`{path}` is blank, so there is nothing to replay")
    return kind_of(text)


def kind_of(head: bytes) -> Kind:
    """Tell what a text is by its beginning, without leading space.

    >>> kind_of(b'{"text": "a"}'), kind_of(b'[{"text": "a"}]'), kind_of(b"text,created_at")
    ('lines', 'array', 'csv')
    """
    if head.startswith(b"["):
        return "array"
    lines = [line for line in head.split(b"\n") if line.strip()]
    objects = sum(line.lstrip().startswith(b"{") for line in lines)
    return "lines" if head.startswith(b"{") or 2 * objects > len(lines) else "csv"


def _head(chunks: Iterator[Chunk]) -> bytes:
    head = b""
    for chunk in chunks:
        if isinstance(chunk, Damage) or len(head) >= _HEAD_BYTES:
            break
        head += chunk
    return head


def _object(frame: Frame) -> Mapping[str, object] | None:
    if frame.fault:
        return None
    try:
        record = msgspec.json.decode(frame.raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _unknown_format(path: Path, what: str, found: list[str], wanted: str) -> InputError:
    if not found:
        return InputError(f"`{path}` is of no known format: wanted {wanted}, found none")
    guess = ",".join(f"{field}={_guess(found, parts)}" for field, parts in _USUAL_NAMES.items())
    shown = ", ".join(f"`{name[:40]}`" for name in found[:30])
    return InputError(
        f"`{path}` is of no known format: it has the {what} {shown}",
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


def _ignore(_: int) -> None:
    return None
