"""Totals by hour and day, and the calls, computed anew after the minutes of a batch."""

from collections.abc import Set as AbstractSet
from importlib.resources import files

import msgspec
from clickhouse_driver import Client

from sinks.changes import Stretch

_STATEMENTS = files("sinks") / "statements"
_SERVER_TIME = (_STATEMENTS / "server_time.sql").read_text("utf-8")
_RECOMPUTE_COARSER = (_STATEMENTS / "recompute_coarser.sql").read_text("utf-8")
_RECOMPUTE_CALLERS = (_STATEMENTS / "recompute_callers.sql").read_text("utf-8")
_STORED_HOURS = (_STATEMENTS / "stored_hours.sql").read_text("utf-8")

STRETCHES_AT_ONCE = 5_000
"""Minutes, hours or days in one statement, which bounds its memory: sets of authors are large."""
HOURS_AT_ONCE = 48


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


def recompute_coarser(client: Client, touched: AbstractSet[Stretch]) -> None:
    """Compute anew what depends on the minutes touched: calls, then hours, then days.

    To be called when the totals of those minutes are stored, before the watermark moves.
    Guarantee: as that of the minutes: it may be repeated, and of two sinks that touch the same hour
    the one that looked last has seen the minutes of both. Raises the driver's errors.
    """
    _run(client, _RECOMPUTE_CALLERS, "minute", touched, 60)
    for grain in GRAINS:
        stretches = {(run, at // grain.seconds * grain.seconds) for run, at in touched}
        _run(client, grain.statement(), "stretch", stretches, grain.seconds)


def fill_coarser(client: Client) -> None:
    """Compute all of it for the totals that are stored; it may be broken off and repeated."""
    hours = client.execute(_STORED_HOURS)
    for begin in range(0, len(hours), HOURS_AT_ONCE):
        piece = hours[begin : begin + HOURS_AT_ONCE]
        recompute_coarser(
            client, {(run, at) for run, hour in piece for at in range(hour, hour + 3600, 60)}
        )


def _run(
    client: Client, statement: str, column: str, touched: AbstractSet[Stretch], seconds: int
) -> None:
    structure = [("run", "String"), (column, "DateTime('UTC')")]
    in_order = sorted(touched, key=lambda stretch: stretch[1])
    for begin in range(0, len(in_order), STRETCHES_AT_ONCE):
        piece = in_order[begin : begin + STRETCHES_AT_ONCE]
        # Before each look, for what is looked at here another sink may be writing meanwhile.
        ((version,),) = client.execute(_SERVER_TIME)
        client.execute(
            statement,
            {"first": piece[0][1], "end": piece[-1][1] + seconds, "version": version},
            external_tables=[{"name": "touched", "structure": structure, "data": piece}],
        )
