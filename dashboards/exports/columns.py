"""The columns of an export, and what each means: the same in every form. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from uproar.formulas import is_formula

Kind = Literal["text", "count", "number", "time"]


class ExportColumn(msgspec.Struct, frozen=True):
    """One column: its name, what kind of value it holds, and what that means."""

    name: str
    kind: Kind
    meaning: str


COLUMNS = (
    ExportColumn("run", "text", "live, or the name of a replay"),
    ExportColumn("entity", "text", "id of what is mentioned; a post about two has two rows"),
    ExportColumn("id", "text", "the platform's own, of the post"),
    ExportColumn("platform", "text", "where the post was made"),
    ExportColumn("revision", "count", "0 for the first version of the post"),
    ExportColumn("created_at", "time", "the author's claim"),
    ExportColumn("observed_at", "time", "platform or relay time; charts and alerts go by it"),
    ExportColumn("received_at", "time", "when it was first seen here"),
    ExportColumn("author", "text", "pseudonym; empty where unknown"),
    ExportColumn("text", "text", "as it was written"),
    ExportColumn("lang", "text", "language as the platform declared it; empty where it told none"),
    ExportColumn("language", "text", "language as it was read"),
    ExportColumn("url", "text", "address of the post"),
    ExportColumn("reply_to", "text", "id of the post that it answers"),
    ExportColumn("repost_of", "text", "id of the post that it repeats"),
    ExportColumn("quote_of", "text", "id of the post that it quotes"),
    ExportColumn("likes", "count", "as the platform told"),
    ExportColumn("reposts", "count", "as the platform told"),
    ExportColumn("replies", "count", "as the platform told"),
    ExportColumn("quotes", "count", "as the platform told"),
    ExportColumn("mood", "text", "negative, neutral, positive, unsure, or unread: no model"),
    ExportColumn("score", "number", "sentiment towards the entity in [-1, 1]; 0 where unread"),
    ExportColumn("model", "text", "which model read the sentiment"),
    ExportColumn("vader", "number", "VADER's reading of the whole post; empty where not English"),
)  # fmt: skip
"""In order. Behind them stand the calls to action, each form in its own way."""

CALLS = (
    ExportColumn("action", "text", "what is asked: shutdown, boycott, contact, … (glossary)"),
    ExportColumn("direction", "text", "against or for the entity"),
    ExportColumn("target", "text", "what it is aimed at"),
    ExportColumn("addressee", "text", "who is asked to act; empty where it does not say"),
    ExportColumn("evidence", "text", "the words that show it"),
    ExportColumn("confidence", "number", "in [0, 1]"),
)  # fmt: skip
"""Of each call: in NDJSON and Parquet `calls` is a list of these."""

FLAT_CALLS = (
    ExportColumn("calls", "text", "as `action direction`, several with semicolons between"),
    ExportColumn("evidence", "text", "the words that show them, likewise"),
    ExportColumn(
        "guarded", "text",
        "columns of this row before whose value stands an apostrophe, so that no spreadsheet takes "
        "it for a formula; take it off, as `uproar replay` does",
    ),
)  # fmt: skip
"""What a CSV has of them."""

FOURCAT = (
    ExportColumn("id", "text", "the platform's own, of the post"),
    ExportColumn("thread_id", "text", "id of the post that it answers, else its own"),
    ExportColumn("timestamp", "text", "the author's claim, in UTC, to the second"),
    ExportColumn("unix_timestamp", "count", "the same in seconds since 1970"),
    ExportColumn("observed_at", "time", "platform or relay time"),
    ExportColumn("author", "text", "pseudonym"),
    ExportColumn("subject", "text", "empty"),
    ExportColumn("body", "text", "as it was written"),
    ExportColumn("platform", "text", "where the post was made"),
    ExportColumn("language", "text", "as the platform declared it"),
    ExportColumn("url", "text", "address of the post"),
    ExportColumn("repost_of", "text", "id of the post that it repeats"),
    ExportColumn("quote_of", "text", "id of the post that it quotes"),
    ExportColumn("like_count", "count", "as the platform told"),
    ExportColumn("repost_count", "count", "as the platform told"),
    ExportColumn("reply_count", "count", "as the platform told"),
    ExportColumn("quote_count", "count", "as the platform told"),
    ExportColumn("revision", "count", "0 for the first version"),
    FLAT_CALLS[-1],
)  # fmt: skip
"""One row a post, not a mention: what 4CAT's import of a custom CSV wants, and more."""

OPTIONAL = frozenset({"lang", "url", "reply_to", "repost_of", "quote_of"})

Row = Mapping[str, Any]


def calls_of(row: Row) -> list[dict[str, Any]]:
    """Return the calls of a row of `mentions.sql`, each by the names of CALLS."""
    lists = (row["actions"], row["directions"], row["targets"], row["addressees"],
             row["evidence"], row["confidence"])  # fmt: skip
    names = [column.name for column in CALLS]
    return [dict(zip(names, call, strict=True)) for call in zip(*lists, strict=True)]


def nested(row: Row) -> dict[str, Any]:
    """Return a row for NDJSON and Parquet: calls as a list, nothing for what was not told."""
    values = {
        name: None if name in OPTIONAL and not row[name] else row[name]
        for name in (column.name for column in COLUMNS)
    }
    return {**values, "calls": calls_of(row)}


def flat(row: Row) -> dict[str, Any]:
    """Return a row of plain cells, guarded, for CSV."""
    calls = calls_of(row)
    cells = {column.name: row[column.name] for column in COLUMNS}
    cells["calls"] = "; ".join(f"{call['action']} {call['direction']}" for call in calls)
    cells["evidence"] = "; ".join(call["evidence"] for call in calls)
    return guarded(cells)


def fourcat(row: Row) -> dict[str, Any]:
    """Return the post of a row in 4CAT's columns, guarded."""
    created_at: datetime = row["created_at"].astimezone(UTC)
    return guarded(
        {
            "id": row["id"],
            "thread_id": row["reply_to"] or row["id"],
            "timestamp": f"{created_at:%Y-%m-%d %H:%M:%S}",
            "unix_timestamp": int(created_at.timestamp()),
            "observed_at": row["observed_at"],
            "author": row["author"],
            "subject": "",
            "body": row["text"],
            "platform": row["platform"],
            "language": row["lang"],
            "url": row["url"],
            "repost_of": row["repost_of"],
            "quote_of": row["quote_of"],
            "like_count": row["likes"],
            "repost_count": row["reposts"],
            "reply_count": row["replies"],
            "quote_count": row["quotes"],
            "revision": row["revision"],
        }
    )


def guarded(cells: dict[str, Any]) -> dict[str, Any]:
    """Put an apostrophe before what a spreadsheet would compute, and say so in `guarded`.

    >>> guarded({"text": "=1+1", "likes": -2})
    {'text': "'=1+1", 'likes': -2, 'guarded': 'text'}
    """
    found = {}
    names = []
    for name, value in cells.items():
        cell = told(value)
        if isinstance(cell, str) and is_formula(cell):
            names.append(name)
            cell = f"'{cell}"
        found[name] = cell
    return {**found, "guarded": ";".join(names)}


def told(value: Any) -> Any:
    """Return a cell: times as RFC 3339, nothing for None, no zero byte.

    >>> told(datetime(2021, 1, 18, tzinfo=UTC))
    '2021-01-18T00:00:00Z'
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if value is None:
        return ""
    return value.replace("\0", "�") if isinstance(value, str) else value
