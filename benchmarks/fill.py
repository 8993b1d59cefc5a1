"""Fill tables with invented reactions of a year, quickly: the server invents them itself.

Rows, states and totals agree with each other: the totals are computed by the sink's own statements.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
PARTS = (_STATEMENTS / "parts.sql").read_text("utf-8")
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


class Step(msgspec.Struct):
    """What a part of filling has taken so far: seconds, and those of the server's processor."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0


class Filled(msgspec.Struct):
    """What filling came to, step by step; merges of the meantime are in the steps' processor time.

    `most_parts` are those of all tables, behind the stretch that left the most.
    """

    steps: dict[str, Step]
    most_parts: int = 0
    peak_bytes: int = 0
    """The most memory that the server held meanwhile, where somebody has looked."""

    @contextmanager
    def step(self, name: str, spent: Callable[[], float]) -> Iterator[None]:
        """Count what the block takes."""
        began, used = time.monotonic(), spent()
        yield
        step = self.steps.setdefault(name, Step())
        step.seconds += time.monotonic() - began
        step.cpu_seconds += spent() - used


def fill(
    client: Client,
    reactions: int,
    progress: Callable[[str], None],
    spent: Callable[[], float] = time.process_time,
    stop: Callable[[], bool] = lambda: False,
) -> Filled:
    """Store about `reactions` reactions with all that follows from them; returns when merged.

    `spent` tells how many seconds of processor time the server has used. Where `stop` says so it
    ends earlier, with the newest part of the year as dense as all of it would have been.
    """
    begun = time.monotonic()
    authors = max(100, reactions // POSTS_AN_AUTHOR)
    filled = Filled({})
    for number, stretch in enumerate(reversed(list(stretches(reactions))), start=1):
        if stop():
            break
        given = {"run": RUN, "authors": authors, **msgspec.structs.asdict(stretch)}
        with filled.step("reactions", spent):
            for version, every in ((0, 1), (1, EDITED_EVERY)):
                _do(client, FILL_REACTIONS, given | {"version": version, "every": every})
        with filled.step("states", spent):
            _do(client, FILL_DELETIONS, given)
            _do(client, FILL_STATES, given)
        with filled.step("totals", spent):
            _totals(client, stretch)
        filled.most_parts = max(filled.most_parts, sum(row[2] for row in client.execute(PARTS)))
        if number % 10 == 0:
            progress(
                f"{number * STRETCH_REACTIONS:,} reactions in {time.monotonic() - begun:.0f} s"
            )
    year = {"run": RUN, "from_at": int(FROM_AT.timestamp()), "to_at": int(TO_AT.timestamp())}
    with filled.step("expected", spent):
        _do(client, FILL_EXPECTED, year)
    deadline = time.monotonic() + MERGES_SETTLE_SECONDS
    with filled.step("merges", spent):
        while client.execute(MERGES)[0][0] and time.monotonic() < deadline:
            time.sleep(1)
    progress(f"filled and merged in {time.monotonic() - begun:.0f} s")
    return filled


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
    recompute_coarser(client, {(RUN, minute) for minute in minutes})
