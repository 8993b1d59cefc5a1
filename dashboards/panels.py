"""What a panel is. Each is defined once and drawn twice: by Grafana and by the built-in page."""

from pathlib import Path
from typing import Literal

import msgspec

Shape = Literal["stats", "bars", "line", "combined", "multiples", "ranking", "table", "posts"]
"""stats: figures side by side. bars: stacked over time. line: over time. combined: over time, each
column as its `mark` says. multiples: one small chart for each series, all on one scale. ranking:
bars across, longest first. table. posts: what people wrote, as text."""

Mark = Literal["bar", "line", "point"]
"""How a column of a `combined` panel is drawn. A point stands only where there is a value."""

Unit = Literal[
    "posts",
    "authors",
    "records",
    "share",
    "score",
    "times",
    "rate",
    "seconds",
    "time",
    "text",
    "name",
    "state",
]
"""share: 0 to 1, shown in per cent. score: a number whose sign matters, such as -1 to 1 of a mood.
times: how many times as much; 1 is as much. rate: records a second. time: a moment, in UTC. text:
as written by somebody outside. name: an id or words of ours. state: how far a run or alert is."""

Opens = Literal["", "entity", "run"]
"""What a click on a value opens: the Entity board of this entity, the Overview of this run."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a query's answer, as people read it."""

    name: str
    label: str
    unit: Unit
    color: str = ""
    """A colour of `palette.py`; empty where the place in the chart decides."""
    mark: Mark = "bar"
    """In a `combined` panel."""
    is_hidden: bool = False
    """For the built-in page only: Grafana's table does not show it."""
    opens: Opens = ""


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
    compares_runs: bool = False
    """The board has one more variable, `compared`: the run that stands beside `run`."""
    has_annotations: bool = True
    """Known events (`queries/annotations.sql`) are marked on what is drawn over time."""


def load_query(name: str) -> str:
    """Return the text of `queries/<name>.sql`; a FileNotFoundError means a bug of ours."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


QUERIES = Path(__file__).with_name("queries")
