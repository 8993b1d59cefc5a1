r"""A panel's rows as CSV, for people and their spreadsheets. Pure.

RFC 4180: commas, CR LF, quotes doubled; a head row of the query's column names. UTF-8 with a byte
order mark, because Excel reads a file without one in the code page of its machine; readers of
data take the mark for what it is (`encoding="utf-8-sig"`), or ask for the file without it.
"""

import csv
import io
import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from uproar.clickhouse import Result

BYTE_ORDER_MARK = "\ufeff"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_STARTS_A_CELL = ("\t", "\r", "\n")


def to_csv(result: Result, *, has_mark: bool = True) -> bytes:
    """Write an answer as CSV."""
    out = io.StringIO(BYTE_ORDER_MARK if has_mark else "", newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(result.columns)
    writer.writerows([to_cell(value) for value in row] for row in result.rows)
    return out.getvalue().encode("utf-8", "replace")


def to_cell(value: Any) -> str:
    r"""Write one value: nothing for NULL, times in RFC 3339, lists with `; ` between.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, which the
    spreadsheet shows as text; a number never does.

    >>> to_cell("=cmd|'/c calc'!A1"), to_cell(" @SUM(A1)"), to_cell("-1"), to_cell(-1)
    ("'=cmd|'/c calc'!A1", "' @SUM(A1)", "'-1", '-1')
    >>> to_cell(None), to_cell(["a", "=b"]), to_cell(0.25), to_cell(float("nan"))
    ('', 'a; =b', '0.25', '')
    >>> to_cell(datetime(2021, 1, 18, tzinfo=UTC))
    '2021-01-18T00:00:00Z'
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, (list, tuple)):
        return _harmless("; ".join(_plain(one) for one in value))
    return _harmless(value) if isinstance(value, str) else str(value)


def file_name(words: Iterable[str]) -> str:
    """Return a file's name that any system takes.

    >>> file_name(["uproar", "volume", 'a/../"b"', ""])
    'uproar-volume-a-b.csv'
    """
    parts = "-".join(words)
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in parts)
    return "-".join(part for part in kept.split("-") if part)[:120] + ".csv"


def _moment(at: datetime) -> str:
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: Any) -> str:
    return _moment(value) if isinstance(value, datetime) else str(value)


def _harmless(text: str) -> str:
    is_risky = text.startswith(_STARTS_A_CELL) or text.lstrip().startswith(_STARTS_A_FORMULA)
    return f"'{text}" if is_risky else text
