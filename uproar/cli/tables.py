"""Tables on a terminal."""

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

UNBOUND_WIDTH = 200
"""Of a file or pipe, which has no edge to wrap at."""


def console() -> Console:
    """Return stdout to print tables on: as wide as the terminal, or wide enough for a file."""
    return Console(width=None if sys.stdout.isatty() else UNBOUND_WIDTH)


def table_of(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """Return a table to print; numbers stand right, and nothing in a cell is taken for markup."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        is_number = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        table.add_column(column, justify="right" if is_number else "left")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return str(value)
