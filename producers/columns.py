"""Which column of an input is which field: `--columns text=body,created_at=date`. Pure."""

import difflib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from producers.parsed import Draft, Unreadable
from uproar.config import SavedColumns
from uproar.errors import InputError

FIELDS = (
    "text", "id", "created_at", "author", "lang", "platform", "url", "reply_to", "repost_of",
    "quote_of", "likes", "reposts", "replies", "quotes", "revision", "observed_at",
)  # fmt: skip
"""What a column may be: the keys of uproar JSON Lines."""
REQUIRED = ("text", "created_at")
UNKNOWN_PLATFORM = "unknown"


class ColumnMap(msgspec.Struct, frozen=True):
    """The input's own name of each field that it has, and the platform where no column tells it.

    Without columns, `format` is the name of one that was asked for (`producers.formats`).
    """

    columns: dict[str, str]
    platform: str = UNKNOWN_PLATFORM
    format: str = ""


def parse_columns(text: str) -> ColumnMap:
    """Read `field=column,…`. Raises InputError with the mistake and the fields there are.

    >>> parse_columns("text=body, created_at=date").columns
    {'text': 'body', 'created_at': 'date'}
    """
    columns: dict[str, str] = {}
    for pair in filter(None, map(str.strip, text.split(","))):
        field, mark, column = (part.strip() for part in pair.partition("="))
        if not mark or not column:
            raise InputError(
                f"`--columns`: wanted `field=column`, found `{pair}`",
                hint="for example: --columns text=body,created_at=date,id=post_id",
            )
        if field not in FIELDS:
            close = difflib.get_close_matches(field, FIELDS, n=1)
            raise InputError(
                f"`--columns`: no such field: `{field}`",
                hint=f"did you mean `{close[0]}`?" if close else "fields: " + ", ".join(FIELDS),
            )
        if field in columns:
            raise InputError(f"`--columns`: `{field}` stands twice")
        if column in columns.values():
            raise InputError(
                f"`--columns`: the column `{column}` stands twice; wanted one field each"
            )
        columns[field] = column
    if missing := [field for field in REQUIRED if field not in columns]:
        raise InputError(
            f"`--columns`: nothing is said of {_listed(missing)}",
            hint="for example: --columns text=body,created_at=date",
        )
    return ColumnMap(columns)


def columns_of(text: str, saved: Mapping[str, SavedColumns]) -> ColumnMap:
    """Read `--columns`: pairs, or the name of a map that is saved in `uproar.yaml`.

    Raises InputError with the mistake, and the names or fields there are.
    """
    if "=" in text:
        return parse_columns(text)
    if (found := saved.get(text.strip())) is not None:
        return ColumnMap(found.by_field(), found.posted_on or UNKNOWN_PLATFORM)
    names = ", ".join(f"`{name}`" for name in saved) or "none"
    raise InputError(
        f"`--columns`: no columns are saved as `{text[:80]}`; saved: {names}",
        hint="save them under `columns` in uproar.yaml, or name them: text=body,created_at=date",
    )


def check_columns(mapped: ColumnMap, found: frozenset[str], name: str) -> None:
    """Raise InputError where the input lacks a column that was named."""
    missing = [column for column in mapped.columns.values() if column not in found]
    if missing:
        close = difflib.get_close_matches(missing[0], found, n=1)
        suggestion = f"did you mean `{close[0]}`? " if close else ""
        raise InputError(
            f"{name}: wanted the column {_listed(missing)}, found {_listed(sorted(found)[:30])}",
            hint=f"{suggestion}`--columns` takes `field=column` with the names as in the file",
        )


def to_draft(values: Mapping[str, object], platform: str) -> Draft | Unreadable:
    """Make a draft of the values by field. A figure that is no whole number counts as 0."""
    created_at = values.get("created_at")
    if created_at is not None and not isinstance(created_at, str | int | float):
        kind = type(created_at).__name__
        return Unreadable("bad-time", f"wanted text or a number as time, found a {kind}")
    text = values.get("text")
    given = {field: _READERS[field](value) for field, value in values.items() if field in _READERS}
    given["post_id"] = _id(values.get("id"))
    given["platform"] = given.get("platform") or platform
    return Draft(text=text if isinstance(text, str) else None, created_at=created_at, **given)


def _id(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _name(value: object) -> str | None:
    return _id(value) or None


def _number(value: object) -> int:
    if isinstance(value, int):
        return value
    if isinstance(value, float):  # as tables have it that know no whole numbers with gaps
        return int(value) if value.is_integer() and abs(value) < 1e18 else 0
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _claimed(value: object) -> str | int | float | None:
    return value if isinstance(value, str | int | float) and value != "" else None


# How each field is read that a draft has under the same name, beside text and time.
_READERS: dict[str, Callable[[object], Any]] = {
    "author": _id,
    "platform": _id,
    "observed_at": _claimed,
    **dict.fromkeys(("lang", "url", "reply_to", "repost_of", "quote_of"), _name),
    **dict.fromkeys(("likes", "reposts", "replies", "quotes", "revision"), _number),
}


def _listed(names: list[str]) -> str:
    """Quote names for a message; `found` may hold anything, so each is cut.

    >>> _listed(["text", "date"])
    '`text`, `date`'
    """
    return ", ".join(f"`{name[:40]}`" for name in names)
