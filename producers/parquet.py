"""Rows of a Parquet file, some at a time. Needs pyarrow, which only this module imports."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import msgspec

from producers.columns import ColumnMap, to_draft
from producers.compression import BOMB_FREE_BYTES, BOMB_RATIO
from producers.parsed import Frame, Parsed, Unreadable
from uproar.errors import InputError

_BATCH_ROWS = 1_000
_BATCH_BYTES = 8 * 1024 * 1024
_BUFFER_BYTES = 1 << 20


class ExtraMissing(InputError):
    """What reads Parquet is not installed, whatever the file holds."""


class BrokenTable(InputError):
    """A file begins as a Parquet file and is none."""


def column_names(file: BinaryIO, name: str) -> list[str]:
    """Return the columns of a table; those within others by their dotted names.

    Raises BrokenTable where it is none, and ExtraMissing where pyarrow is not installed.
    """
    schema = _opened(file, name).schema_arrow
    return [column for field in schema for column in _dotted(field, "")]


def table_rows(
    file: BinaryIO, name: str, mapped: ColumnMap
) -> Iterator[tuple[Frame, Sequence[Parsed]]]:
    """Yield each row of a table by the columns named; `position` is its number, from 1.

    The bytes of a frame are the named columns as JSON. In bounded memory as far as the file is
    cut into pages of a sane size. A fault of the file comes out as one, and nothing after it.
    """
    table = _opened(file, name)
    row = 0
    try:
        size = file.seek(0, 2)
        columns = list(mapped.columns.values())
        for group in range(table.num_row_groups):
            facts = table.metadata.row_group(group)
            if fault := _too_large(facts.total_byte_size, size):
                yield _faulty(row + 1, fault)
                return
            batches = table.iter_batches(
                batch_size=_batch_rows(facts),
                row_groups=[group],
                columns=columns,
                use_threads=False,
            )
            for batch in batches:
                fields = [_values(batch, column) for column in columns]
                for cells in zip(*fields, strict=True):
                    row += 1
                    yield _read(row, dict(zip(mapped.columns, cells, strict=True)), mapped)
    except (OSError, ValueError) as error:  # of which pyarrow's own are
        found = " ".join(str(error).split())[:300]
        fault = Unreadable("damaged-archive", f"wanted rows of a Parquet file, found: {found}")
        yield _faulty(row + 1, fault)


def _opened(file: BinaryIO, name: str) -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise ExtraMissing(
            f"`{name}` is a Parquet file, and what reads those is not installed",
            hint="pip install 'uproar[parquet]'",
        ) from error
    try:
        return pyarrow.parquet.ParquetFile(
            file, buffer_size=_BUFFER_BYTES, pre_buffer=False, memory_map=False
        )
    except (OSError, ValueError) as error:
        found = " ".join(str(error).split())[:300]
        raise BrokenTable(f"`{name}` cannot be read as a Parquet file: {found}") from error


def _dotted(field: Any, before: str) -> Iterator[str]:
    name = f"{before}{field.name}"
    yield name
    # Of a list, a map or a plain value there are no columns within.
    if getattr(field.type, "num_fields", 0) and str(field.type).startswith("struct<"):
        for inner in field.type:
            yield from _dotted(inner, f"{name}.")


def _batch_rows(facts: Any) -> int:
    row_bytes = max(1, facts.total_byte_size // max(1, facts.num_rows))
    return int(min(_BATCH_ROWS, max(1, _BATCH_BYTES // row_bytes)))


def _too_large(unpacked: int, size: int) -> Unreadable | None:
    if unpacked <= max(BOMB_FREE_BYTES, BOMB_RATIO * size):
        return None
    found = f"found {unpacked:,} in a file of {size:,}"
    return Unreadable(
        "compression-bomb", f"wanted at most {BOMB_RATIO:,} bytes for each one packed, {found}"
    )


def _values(batch: Any, name: str) -> list[Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if name in batch.schema.names:
        column = batch.column(name)
    else:
        root = next(top for top in batch.schema.names if name.startswith(f"{top}."))
        column = pc.struct_field(batch.column(root), name.removeprefix(f"{root}.").split("."))
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):  # without a zone it is taken as UTC
        column = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        return [None if value is None else value / 1e6 for value in column.to_pylist()]
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        return list(column.cast(pa.large_binary()).to_pylist())


def _read(row: int, values: dict[str, Any], mapped: ColumnMap) -> tuple[Frame, Sequence[Parsed]]:
    fault: Unreadable | None = None
    for field, value in values.items():
        if isinstance(value, bytes):
            try:
                values[field] = value.decode()
            except UnicodeDecodeError as error:
                fault = Unreadable("not-utf8", f"wanted UTF-8, found {error}")
        elif value is not None and not isinstance(value, str | int | float):
            values[field] = str(value)
    raw = _as_json(values, mapped)
    if fault:
        return Frame(row, raw, len(raw), 0, fault), (fault,)
    return Frame(row, raw, len(raw)), (to_draft(values, mapped.platform),)


def _as_json(values: Mapping[str, Any], mapped: ColumnMap) -> bytes:
    return msgspec.json.encode({mapped.columns[field]: value for field, value in values.items()})


def _faulty(row: int, fault: Unreadable) -> tuple[Frame, Sequence[Parsed]]:
    return Frame(row, b"", 0, 0, fault), (fault,)
