"""Totals by hour and day, and the calls, computed anew after the minutes of a batch."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from importlib.resources import files
from typing import Any

import msgspec
from clickhouse_driver import Client

_STATEMENTS = files("sinks") / "statements"
_SERVER_TIME = (_STATEMENTS / "server_time.sql").read_text("utf-8")
_RECOMPUTE_COARSER = (_STATEMENTS / "recompute_coarser.sql").read_text("utf-8")
_RECOMPUTE_CALLERS = (_STATEMENTS / "recompute_callers.sql").read_text("utf-8")


class Grain(msgspec.Struct, frozen=True, kw_only=True):
    """A table of totals, what it is computed from, and how long its stretches are."""

    table: str
    column: str
    finer_table: str
    finer_column: str
    start: str
    seconds: int

    def statement(self) -> str:
        """Return the statement that computes stretches of this grain anew."""
        return _RECOMPUTE_COARSER.format(**msgspec.structs.asdict(self)).replace("%%", "%")


HOURS = Grain(
    table="reactions_by_hour", column="hour", finer_table="reactions_by_minute",
    finer_column="minute", start="toStartOfHour", seconds=3600,
)  # fmt: skip
DAYS = Grain(
    table="reactions_by_day", column="day", finer_table="reactions_by_hour",
    finer_column="hour", start="toStartOfDay", seconds=86_400,
)  # fmt: skip
GRAINS = (HOURS, DAYS)
"""From fine to coarse: each is computed from the one before it."""


def recompute_coarser(client: Client, touched: AbstractSet[tuple[str, datetime]]) -> None:
    """Compute anew what depends on the (run, minute)s touched: calls, then hours, then days.

    To be called when the totals of those minutes are stored, before the watermark moves.
    Guarantee: as that of the minutes: it may be repeated, and of two sinks that touch the same hour
    the one that looked last has seen the minutes of both. Raises the driver's errors.
    """
    if not touched:
        return
    minutes = {(run, _seconds(minute)) for run, minute in touched}
    _run(client, _RECOMPUTE_CALLERS, "minute", minutes, 60)
    for grain in GRAINS:
        stretches = {(run, at // grain.seconds * grain.seconds) for run, at in minutes}
        _run(client, grain.statement(), "stretch", stretches, grain.seconds)


def _run(
    client: Client, statement: str, column: str, touched: set[tuple[str, int]], length: int
) -> None:
    # Before each look, for what is looked at here another sink may be writing meanwhile.
    ((version,),) = client.execute(_SERVER_TIME)
    starts = [at for _, at in touched]
    data: list[dict[str, Any]] = [{"run": run, column: at} for run, at in touched]
    structure = [("run", "String"), (column, "DateTime('UTC')")]
    client.execute(
        statement,
        {"first": min(starts), "end": max(starts) + length, "version": version},
        external_tables=[{"name": "touched", "structure": structure, "data": data}],
    )


def _seconds(minute: datetime) -> int:
    return int(minute.timestamp())
