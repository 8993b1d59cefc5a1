"""Gathers from the tables what `sinks.reconciliation` compares."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from clickhouse_driver import Client

from sinks.reconciliation import Facts, File, Life, Seen, Told
from uproar.records import LIVE_RUN

_STATEMENTS = files("sinks") / "statements"
FILES = (_STATEMENTS / "reconcile_files.sql").read_text("utf-8")
LIVES = (_STATEMENTS / "reconcile_lives.sql").read_text("utf-8")
TOLD = (_STATEMENTS / "reconcile_told.sql").read_text("utf-8")
LEDGER = (_STATEMENTS / "reconcile_ledger.sql").read_text("utf-8")
MISSING = (_STATEMENTS / "reconcile_missing.sql").read_text("utf-8")
TABLES = (_STATEMENTS / "reconcile_tables.sql").read_text("utf-8")


def gather(client: Client, run: str, retention_days: int) -> Facts:
    """Return the facts of a run. What is told comes first: what it speaks for is stored by then.

    Raises the driver's errors.
    """
    asked = {"run": run}
    lives = [Life(*row) for row in client.execute(LIVES, asked)]
    told = [Told(*row) for row in client.execute(TOLD, asked)]
    seen = [Seen(*row) for row in client.execute(LEDGER, asked)]
    held: dict[str, dict[str, int]] = {}
    for kind, place, count in client.execute(TABLES, asked):
        held.setdefault(kind, {})[place] = count
    kept_since = datetime.now(UTC) - timedelta(days=retention_days - 1)
    return Facts(
        files=[File(*row) for row in client.execute(FILES, asked)],
        lives=lives,
        told=told,
        seen=seen,
        held=held,
        missing=dict(_missing(client, run, told, seen)),
        is_whole=run != LIVE_RUN or all(life.started_at > kept_since for life in lives),
    )


def _missing(
    client: Client, run: str, told: Iterable[Told], seen: Iterable[Seen]
) -> Iterable[tuple[tuple[str, datetime, str, int], list[int]]]:
    """Yield the first packs that are told of, but not there."""
    there = {(s.source, s.started_at, s.stream, s.stage, s.partition): s.packs for s in seen}
    for one in told:
        for stream, stage, packs in (
            ("reactions", "streams", one.packs),
            ("dead-letters", "producer", one.letter_packs),
        ):
            if there.get((one.source, one.started_at, stream, stage, one.partition), 0) < packs:
                asked = {
                    "run": run, "source": one.source, "partition": one.partition,
                    "started_at": int(one.started_at.timestamp() * 1000),
                    "stream": stream, "stage": stage, "packs": packs,
                }  # fmt: skip
                rows = client.execute(MISSING, asked)
                place = (one.source, one.started_at, stream, one.partition)
                yield place, [number for (number,) in rows]
