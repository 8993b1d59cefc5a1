"""Fill tables with invented reactions of a year, quickly: the server invents them itself.

Rows, states and totals agree with each other: the totals are computed by the sink's own statements.
"""

import math
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from clickhouse_driver import Client

from sinks.coarser import recompute_coarser

_STATEMENTS = Path(__file__).with_name("statements")
FILL_REACTIONS = (_STATEMENTS / "fill_reactions.sql").read_text("utf-8")
FILL_DELETIONS = (_STATEMENTS / "fill_deletions.sql").read_text("utf-8")
FILL_EXPECTED = (_STATEMENTS / "fill_expected.sql").read_text("utf-8")
FILL_STATES = (_STATEMENTS / "fill_states.sql").read_text("utf-8")
MERGES = (_STATEMENTS / "merges.sql").read_text("utf-8")
_SINK = files("sinks") / "statements"
RECOMPUTE_MINUTES = (_SINK / "recompute_minutes.sql").read_text("utf-8")
SERVER_TIME = (_SINK / "server_time.sql").read_text("utf-8")

RUN = "live"
FROM_AT = datetime(2025, 1, 1, tzinfo=UTC)
TO_AT = datetime(2026, 1, 1, tzinfo=UTC)
STRETCH_REACTIONS = 500_000
"""Computed at once, so that memory stays bounded."""
REACTIONS_A_POST = 1.084
POSTS_AN_AUTHOR = 20
EDITED_EVERY = 100
MERGES_SETTLE_SECONDS = 600
_SETTINGS = {"max_insert_threads": 2, "max_execution_time": 0}


class Stretch(msgspec.Struct, frozen=True):
    """Posts by number, and the whole seconds that they are spread over."""

    first: int
    end: int
    from_at: int
    to_at: int


def stretches(reactions: int) -> Iterator[Stretch]:
    """Cut the year into stretches of a bounded number of reactions, at whole hours.

    >>> len(list(stretches(1_000_000)))
    2
    """
    posts = round(reactions / REACTIONS_A_POST)
    count = max(1, math.ceil(reactions / STRETCH_REACTIONS))
    hours = (TO_AT - FROM_AT) // timedelta(hours=1)
    begin = int(FROM_AT.timestamp())
    for number in range(count):
        yield Stretch(
            posts * number // count,
            posts * (number + 1) // count,
            begin + hours * number // count * 3600,
            begin + hours * (number + 1) // count * 3600,
        )


def fill(client: Client, reactions: int, progress: Callable[[str], None]) -> None:
    """Store about `reactions` reactions with all that follows from them; returns when merged."""
    begun = time.monotonic()
    authors = max(100, reactions // POSTS_AN_AUTHOR)
    for number, stretch in enumerate(stretches(reactions), start=1):
        given = {"run": RUN, "authors": authors, **msgspec.structs.asdict(stretch)}
        for version, every in ((0, 1), (1, EDITED_EVERY)):
            _do(client, FILL_REACTIONS, given | {"version": version, "every": every})
        _do(client, FILL_DELETIONS, given)
        _do(client, FILL_STATES, given)
        _totals(client, stretch)
        if number % 10 == 0:
            progress(f"{stretch.end:,} posts in {time.monotonic() - begun:.0f} s")
    year = {"run": RUN, "from_at": int(FROM_AT.timestamp()), "to_at": int(TO_AT.timestamp())}
    _do(client, FILL_EXPECTED, year)
    deadline = time.monotonic() + MERGES_SETTLE_SECONDS
    while client.execute(MERGES)[0][0] and time.monotonic() < deadline:
        time.sleep(1)
    progress(f"filled and merged in {time.monotonic() - begun:.0f} s")


def _do(client: Client, statement: str, given: dict[str, Any]) -> None:
    client.execute(statement, given, settings=_SETTINGS)


def _totals(client: Client, stretch: Stretch) -> None:
    minutes = range(stretch.from_at // 60 * 60, stretch.to_at, 60)
    ((version,),) = client.execute(SERVER_TIME)
    touched = [{"run": RUN, "minute": minute} for minute in minutes]
    structure = [("run", "String"), ("minute", "DateTime('UTC')")]
    client.execute(
        RECOMPUTE_MINUTES,
        {"first": stretch.from_at, "end": stretch.to_at, "version": version},
        external_tables=[{"name": "touched", "structure": structure, "data": touched}],
    )
    recompute_coarser(client, {(RUN, datetime.fromtimestamp(minute, UTC)) for minute in minutes})
