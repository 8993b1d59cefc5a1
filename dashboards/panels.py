"""What a panel is. Each is defined once and drawn twice: by Grafana and by the built-in page."""

from pathlib import Path
from typing import Literal

import msgspec

Shape = Literal["stats", "bars", "line", "ranking", "table", "posts"]
"""stats: figures side by side. bars: stacked over time. line: over time. ranking: bars across,
longest first. table. posts: what people wrote, as text."""

Unit = Literal[
    "posts", "authors", "records", "share", "score", "seconds", "time", "text", "name", "state"
]
"""share: 0 to 1, shown in per cent. score: -1 to 1. time: a moment, in UTC. text: as written by
somebody outside. name: an id of ours. state: how far a run is."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a query's answer, as people read it."""

    name: str
    label: str
    unit: Unit
    color: str = ""
    """A colour of `palette.py`; empty where the place in the chart decides."""
    is_hidden: bool = False
    """For the built-in page only: Grafana's table does not show it."""


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """One question and its answer. `id` names the query in `queries/` as well."""

    id: str
    title: str
    why: str
    unit: Unit
    shape: Shape
    columns: tuple[Column, ...] = ()
    """In order. Empty for `bars` and `line` whose query names its series itself: it then answers
    `time`, `series`, `value`."""
    width: int = 12
    """Of 12."""
    height: int = 8
    """In Grafana's grid units, of 30 pixels each."""
    mirrors: str = ""
    """Series with this ending are drawn downwards from zero."""
    empty: str = "No posts in this range"


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Panels that answer one group of questions, in reading order."""

    id: str
    title: str
    why: str
    panels: tuple[Panel, ...]
    takes_one_entity: bool = False
    """The board speaks of one entity at a time, and All is not offered."""


def load_query(name: str) -> str:
    """Return the text of `queries/<name>.sql`; a FileNotFoundError means a bug of ours."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


QUERIES = Path(__file__).with_name("queries")
