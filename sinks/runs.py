"""Runs as a whole: which there are, what each is made of, and how one goes."""

from datetime import datetime
from importlib.resources import files
from typing import Any, TypeVar

import msgspec
from clickhouse_driver import Client

from sinks.cluster import Cluster

_STATEMENTS = files("sinks") / "statements"
LIST_RUNS = (_STATEMENTS / "list_runs.sql").read_text("utf-8")
MANIFESTS = (_STATEMENTS / "run_manifests.sql").read_text("utf-8")
RUN_FILES = (_STATEMENTS / "run_files.sql").read_text("utf-8")
RUN_LIVES = (_STATEMENTS / "run_lives.sql").read_text("utf-8")

DELETE_RUN = "ALTER TABLE {table} DELETE WHERE run = %(run)s SETTINGS mutations_sync = 2"
NOTE_DROPPED = (_STATEMENTS / "note_dropped.sql").read_text("utf-8")
ROWS_OF = (_STATEMENTS / "rows_of_run.sql").read_text("utf-8")

RowT = TypeVar("RowT", bound=msgspec.Struct)

RUN_TABLES = (
    "watch_states",
    "watch_marks",
    "expected_by_minute",
    "spikes",
    "deliveries",
    "alerts",
    "calling_reactions",
    "reactions_by_day",
    "reactions_by_hour",
    "reactions_by_minute",
    "reactions",
    "post_states",
    "erased_authors",
    "removals",
    "dead_letters",
    "run_manifests",
    "run_files",
    "ledger",
    "watermarks",
    "runs",
)
"""Every table whose rows belong to a run, in the order in which a run is dropped: what names it
goes last, so that half a run that is left is still listed and can be dropped again."""

DROPPING_SECONDS = 24 * 3600
"""A large table is written anew without the run; the server says nothing meanwhile."""


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One run. `state` is that of its worst producer: running, interrupted or finished.

    It is "" where rows are left, but no producer tells of them. `read` and `kept` are records of
    the producers' newest lives, `dead_letters` what is stored as such now, `rows` the mentions that
    are stored. Everything observed before `watermark` is stored.
    """

    run: str
    state: str
    inputs: list[str]
    first_at: datetime | None
    last_at: datetime | None
    read: int
    kept: int
    dead_letters: int
    rows: int
    started_at: datetime | None
    watermark: datetime | None
    is_finished: bool
    heard_at: datetime | None


class RunFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a run, and what its records became."""

    source: str
    number: int
    name: str
    format: str
    size_bytes: int
    sha256: str
    read: int
    kept: int
    filtered: int
    deletions: int
    dead_letters: dict[str, int]


class RunLife(msgspec.Struct, frozen=True, kw_only=True):
    """A life of a producer, as it reported last; its records up to `position` are stored."""

    source: str
    started_at: datetime
    reported_at: datetime
    state: str
    inputs: list[str]
    read: int
    kept: int
    filtered: int
    deletions: int
    dead_letters: dict[str, int]
    resume_position: int
    position: int
    watermark: datetime | None


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a life of a producer went by: `facts` is the JSON of `uproar.records.RunManifest`."""

    source: str
    started_at: datetime
    facts: str


def list_runs(client: Client, run: str = "") -> list[RunSummary]:
    """Return every run, the one heard of last first, or the one named. Raises driver's errors."""
    return [_made(RunSummary, row) for row in client.execute(LIST_RUNS, {"run": run})]


def manifests(client: Client, run: str) -> list[Manifest]:
    """Return what each life of each producer went by, oldest first."""
    return [_made(Manifest, row) for row in client.execute(MANIFESTS, {"run": run})]


def files_of(client: Client, run: str) -> list[RunFile]:
    """Return the files of a run; those of a replay are known when it has finished."""
    return [_made(RunFile, row) for row in client.execute(RUN_FILES, {"run": run})]


def lives(client: Client, run: str) -> list[RunLife]:
    """Return every life of every producer, oldest first."""
    return [_made(RunLife, row) for row in client.execute(RUN_LIVES, {"run": run})]


def rows_of(client: Client, run: str) -> dict[str, int]:
    """Return how many rows each table has of a run, those included that newer ones replace."""
    held = {}
    for table in RUN_TABLES:
        ((held[table],),) = client.execute(ROWS_OF.format(table=table), {"run": run})
    return held


def drop_run(client: Client, run: str, cluster: Cluster | None = None) -> None:
    """Delete every row of a run; returns when they are gone. Another run loses nothing.

    What is still in Kafka of the lives that are known is passed over by the sink from then on. It
    may be broken off and repeated. Raises the driver's errors. To be used when nothing is being
    written to that run, with a client that is used for nothing else; on a cluster, its owner's.
    """
    client.connection.send_receive_timeout = DROPPING_SECONDS
    client.execute(NOTE_DROPPED, {"run": run})
    for table in RUN_TABLES:
        statement = DELETE_RUN.format(table=table)
        for one in cluster.statements(statement) if cluster else (statement,):
            client.execute(one, {"run": run})


def _made(kind: type[RowT], row: tuple[Any, ...]) -> RowT:
    return msgspec.convert(dict(zip(kind.__struct_fields__, row, strict=True)), kind, strict=False)
