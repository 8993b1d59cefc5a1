"""Reads the mentions of a run, a stretch at a time: memory stays flat, however large the run is."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise

import msgspec

from dashboards.exports.columns import Row
from dashboards.macros import Scope, expand
from dashboards.panels import load_query

Rows = Callable[[str], Iterator[Row]]
"""Runs a query and yields its rows by column, as they come."""

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime(2100, 1, 1, tzinfo=UTC)


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which mentions: of a run, of some entities or all, from a time on and before another."""

    run: str
    entities: tuple[str, ...] = ()
    from_at: datetime = FIRST
    to_at: datetime = END


def mentions(rows: Rows, selection: Selection) -> Iterator[Row]:
    """Yield the mentions in order of observed time, as they are stored when their stretch is read.

    Deleted posts are not among them, nor what was edited since; both mentions of a post about two
    entities come one behind the other.
    """
    cuts = [row["starts_at"] for row in rows(_sql("stretches", selection))]
    bounds = [selection.from_at, *cuts[1:], selection.to_at]
    for from_at, to_at in pairwise(bounds):
        stretch = msgspec.structs.replace(selection, from_at=from_at, to_at=to_at)
        yield from rows(_sql("mentions", stretch))


def _sql(name: str, selection: Selection) -> str:
    scope = Scope(
        from_at=selection.from_at,
        to_at=selection.to_at,
        interval_seconds=60,
        variables={"run": (selection.run,), "entity": selection.entities},
    )
    return expand(load_query(f"exports/{name}"), scope)
