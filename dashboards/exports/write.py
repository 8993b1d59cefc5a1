"""Writes mentions as CSV, 4CAT's CSV, NDJSON or Parquet, row by row."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, Literal

import msgspec

from dashboards.exports.columns import (
    CALLS,
    COLUMNS,
    FLAT_CALLS,
    FOURCAT,
    ExportColumn,
    Row,
    flat,
    fourcat,
    nested,
)
from uproar.errors import InputError

Form = Literal["csv", "4cat", "ndjson", "parquet"]

GROUP_ROWS = 20_000
GROUP_LETTERS = 8_000_000
"""A row group of Parquet is held in memory: so many rows, or so much text."""


def write_csv(rows: Iterable[Row], file: IO[bytes]) -> int:
    """Write mentions as CSV (RFC 4180, UTF-8); return their number."""
    return _table(map(flat, rows), [*COLUMNS, *FLAT_CALLS], file)


def write_fourcat(rows: Iterable[Row], file: IO[bytes]) -> int:
    """Write posts as a CSV for 4CAT; return their number."""
    return _table(map(fourcat, _posts(rows)), FOURCAT, file)


def write_ndjson(rows: Iterable[Row], file: IO[bytes]) -> int:
    """Write mentions as JSON Lines; return their number."""
    encoder = msgspec.json.Encoder(enc_hook=str)
    count = 0
    for row in rows:
        file.write(encoder.encode(nested(row)) + b"\n")
        count += 1
    return count


def write_parquet(rows: Iterable[Row], file: IO[bytes]) -> int:
    """Write mentions as Parquet; each column says what it means. Return their number.

    Raises InputError where pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise InputError(
            "what writes Parquet is not installed", hint="pip install 'uproar[parquet]'"
        ) from error
    schema = _schema(pyarrow)
    count = 0
    with pyarrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(map(nested, rows)):
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


WRITERS: dict[Form, Callable[[Iterable[Row], IO[bytes]], int]] = {
    "csv": write_csv,
    "4cat": write_fourcat,
    "ndjson": write_ndjson,
    "parquet": write_parquet,
}


def _table(rows: Iterable[dict[str, Any]], columns: Sequence[ExportColumn], file: IO[bytes]) -> int:
    line = io.StringIO(newline="")
    writer = csv.DictWriter(line, [column.name for column in columns])
    writer.writeheader()
    count = 0
    for row in rows:
        count += 1
        writer.writerow(row)
        file.write(line.getvalue().encode(errors="replace"))
        line.seek(0)
        line.truncate()
    file.write(line.getvalue().encode())
    return count


def _posts(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each post once; its mentions follow each other."""
    last = None
    for row in rows:
        key = (row["platform"], row["id"])
        if key != last:
            yield row
        last = key


def _groups(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    group: list[dict[str, Any]] = []
    letters = 0
    for row in rows:
        group.append(row)
        letters += len(row["text"])
        if len(group) >= GROUP_ROWS or letters >= GROUP_LETTERS:
            yield group
            group, letters = [], 0
    if group:
        yield group


def _schema(pyarrow: Any) -> Any:
    kinds = {
        "text": pyarrow.string(),
        "count": pyarrow.uint64(),
        "number": pyarrow.float32(),
        "time": pyarrow.timestamp("ms", tz="UTC"),
    }

    def field(column: ExportColumn) -> Any:
        meaning = {"description": column.meaning}
        return pyarrow.field(column.name, kinds[column.kind], metadata=meaning)

    calls = pyarrow.list_(pyarrow.struct([field(column) for column in CALLS]))
    meaning = {"description": "calls to action, each with what shows it"}
    return pyarrow.schema(
        [*map(field, COLUMNS), pyarrow.field("calls", calls, metadata=meaning)],
        metadata={"made_by": "uproar export"},
    )
