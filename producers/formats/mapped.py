"""Any JSON Lines or CSV whose columns are named by a `ColumnMap`. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from producers.columns import ColumnMap, to_draft
from producers.formats.decode import decode
from producers.parsed import Parsed, Unreadable


def json_parser(mapped: ColumnMap) -> Callable[[bytes], Sequence[Parsed]]:
    """Return a reader of JSON objects; only the columns that are named are decoded."""
    fields = tuple(mapped.columns)
    record = msgspec.defstruct(
        "MappedRecord",
        [(field, Any, None) for field in fields],
        rename=mapped.columns,
        gc=False,
    )
    decoder = msgspec.json.Decoder(record)

    def parse(raw: bytes) -> Sequence[Parsed]:
        found = decode(decoder, raw)
        if isinstance(found, Unreadable):
            return (found,)
        values = {field: getattr(found, field) for field in fields}
        return (to_draft(values, mapped.platform),)

    return parse


def row_parser(
    mapped: ColumnMap, header: Sequence[str]
) -> Callable[[Sequence[str]], Sequence[Parsed]]:
    """Return a reader of rows that are as long as `header`, which has the columns named."""
    places = {field: header.index(column) for field, column in mapped.columns.items()}

    def parse(cells: Sequence[str]) -> Sequence[Parsed]:
        values = {field: cells[place] for field, place in places.items()}
        return (to_draft(values, mapped.platform),)

    return parse
