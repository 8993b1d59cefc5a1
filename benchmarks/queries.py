"""Time the query of every panel, as the page asks it, for several ranges and entities."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from benchmarks.fill import RUN, TO_AT
from dashboards.boards import BOARDS, COMPARED, VARIABLES
from dashboards.macros import Scope, expand
from dashboards.scope import read_scope, whole_run
from dashboards.trust import TRUST

REPEATS = 7
SLOW_SECONDS = 3.0
"""One that takes longer is not asked seven times."""
RANGES = {
    "1 h": timedelta(hours=1),
    "6 h": timedelta(hours=6),
    "24 h": timedelta(days=1),
    "7 d": timedelta(days=7),
    "all": timedelta(days=365),
}
"""A live run opens with 6 h on the page and 24 h in Grafana, a replay with all of it."""
ENTITIES = {"all": (), "one": ("entity-01",)}
WHOLE_RUN = "whole run"


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds until the answer is here, half of the times at most."""

    query: str
    entities: str
    range: str
    milliseconds: float
    cpu_milliseconds: float
    """That the server spent on it, whatever else the machine was busy with."""
    rows: int
    error: str = ""


USUAL = (("one", "6 h"), ("all", "24 h"), ("one", "all"), ("all", "all"))
"""What a board opens with, on the page and in Grafana, and the most that can be asked of it."""
EVERY = tuple((entities, range_) for entities in ENTITIES for range_ in RANGES)


Ask = Callable[[str], int]
"""Runs a statement and returns the number of its rows."""
Spent = Callable[[], float]
"""Seconds of processor time that the server has spent so far."""


def scopes(
    last_at: datetime, chosen: Sequence[tuple[str, str]] = EVERY
) -> Iterator[tuple[str, str, Scope]]:
    """Yield the scopes that panels are asked for: entities, range, scope."""
    for entities, name in chosen:
        end = int(last_at.timestamp()) - 1
        start = int((last_at - RANGES[name]).timestamp())
        asked = list(ENTITIES[entities])
        given = {"run": [RUN], "from": [str(start)], "to": [str(end)], "entity": asked}
        yield entities, name, read_scope(given)


def time_queries(
    folder: Path,
    ask: Ask,
    spent: Spent,
    progress: Callable[[str], None],
    chosen: Sequence[tuple[str, str]] = EVERY,
    repeats: int = REPEATS,
) -> list[Timing]:
    """Time every query of the boards, whose files stand in `folder`, for the chosen scopes."""

    def timed(name: str, entities: str, range_: str, sql: str) -> Timing:
        return _time(name, entities, range_, sql, (ask, spent, repeats))

    timings = []
    panels = {panel.id: panel for board in BOARDS for panel in board.panels}
    whole = [TRUST.id, *(f"variable_{name}" for name in (*VARIABLES, COMPARED))]
    for name in sorted(panels) + whole:
        sql = (folder / f"{name}.sql").read_text("utf-8")
        if name in whole or ("$__time" not in sql and "$__from" not in sql):
            timings.append(timed(name, WHOLE_RUN, WHOLE_RUN, expand(sql, whole_run(RUN))))
        else:
            timings += [
                timed(name, entities, range_, expand(sql, scope))
                for entities, range_, scope in scopes(TO_AT, chosen)
            ]
        progress(name)
    return timings


def _time(name: str, entities: str, range_: str, sql: str, by: tuple[Ask, Spent, int]) -> Timing:
    ask, spent, repeats = by
    seconds: list[float] = []
    rows, error, processor = 0, "", 0.0
    try:
        rows = ask(sql)  # warms up
        spent_before = spent()
        while len(seconds) < repeats and sum(seconds) < SLOW_SECONDS:
            begun = time.perf_counter()
            ask(sql)
            seconds.append(time.perf_counter() - begun)
        processor = (spent() - spent_before) / len(seconds)
    except Exception as problem:
        error = str(problem).split("\n", 1)[0][:200]
    return Timing(
        query=name,
        entities=entities,
        range=range_,
        milliseconds=round(statistics.median(seconds) * 1000, 1) if seconds else -1,
        cpu_milliseconds=round(processor * 1000, 1),
        rows=rows,
        error=error,
    )
