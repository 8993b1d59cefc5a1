"""The state of everything in plain values, and what of it is wrong. Pure: times are passed in."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from uproar.metrics import Stage
from uproar.operations.sources import SourceNote
from uproar.operations.waits import Wait
from uproar.records import LIVE_RUN

LONG_WAIT_SECONDS = 10.0
SILENT_SECONDS = 30.0
"""A running run of which nothing was stored for so long is late: the page says the same."""
LATE_LIVE_SECONDS = 60.0
LITTLE_DISK_SHARE = 0.05


class ServerState(msgspec.Struct, frozen=True, kw_only=True):
    """A server: `problem` says why it does not answer, and is empty where it does."""

    name: str
    address: str
    version: str = ""
    up_seconds: float | None = None
    memory_bytes: int | None = None
    problem: str = ""


class ProcessState(msgspec.Struct, frozen=True, kw_only=True):
    """A process on this machine. Rates are records a second; None where it was not asked."""

    name: str
    stage: Stage
    pid: int
    runs: bool
    up_seconds: float
    restarts: int
    memory_bytes: int | None = None
    cpu_share: float | None = None
    in_per_second: float | None = None
    out_per_second: float | None = None
    waits: tuple[Wait, ...] = ()
    last_error: str = ""


class RunState(msgspec.Struct, frozen=True, kw_only=True):
    """A run as the tables tell of it. `observed_before` is its watermark."""

    run: str
    state: str
    read: int
    kept: int
    dead_letters: int
    observed_before: datetime | None
    stored_at: datetime | None
    is_finished: bool


class StageLag(msgspec.Struct, frozen=True, kw_only=True):
    """Messages that a stage has not acknowledged, by partition; None where nobody could tell."""

    stage: str
    stream: str
    messages: tuple[int | None, ...]


class Letters(msgspec.Struct, frozen=True, kw_only=True):
    """Dead letters of one reason."""

    stage: str
    reason: str
    letters: int
    last_at: datetime


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """What a table or topic takes on disk. `rows` is 0 for a topic, of which nobody counts them."""

    name: str
    rows: int
    bytes: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that `uproar status` shows. What could not be asked is empty or None."""

    at: datetime
    problems: tuple[str, ...] = ()
    servers: tuple[ServerState, ...] = ()
    processes: tuple[ProcessState, ...] = ()
    sources: tuple[SourceNote, ...] = ()
    runs: tuple[RunState, ...] = ()
    lag: tuple[StageLag, ...] = ()
    dead_letters: tuple[Letters, ...] = ()
    tables: tuple[Use, ...] = ()
    topics: tuple[Use, ...] = ()
    disk_free_share: float | None = None


def problems_of(report: Report) -> Iterator[str]:
    """Yield what is wrong, the gravest first, each as a sentence that names its subject."""
    yield from (
        f"{server.name} at {server.address}: {server.problem}"
        for server in report.servers
        if server.problem
    )
    for process in report.processes:
        if not process.runs:
            yield f"{process.name} is gone: process {process.pid} does not run any more"
        for wait in process.waits:
            seconds = (report.at - wait.since).total_seconds()
            if wait.on != "pipeline" and seconds >= LONG_WAIT_SECONDS:
                yield f"{process.name} has been waiting for {seconds:.0f} s: {wait.what}"
    for source in report.sources:
        yield from _source_problems(source, report.at)
    for run in report.runs:
        yield from _lateness(run, report.at)
    yield from (
        f"{one.letters:,} posts could not be read because of a bug in Uproar (`{one.reason}`)"
        for one in report.dead_letters
        if one.reason == "reading-failed"
    )
    if report.disk_free_share is not None and report.disk_free_share < LITTLE_DISK_SHARE:
        yield f"only {report.disk_free_share:.0%} of the disk under the local stack is left"


def _source_problems(source: SourceNote, at: datetime) -> Iterator[str]:
    if source.state == "refused":
        hint = f": {source.hint}" if source.hint else ""
        yield f"the source {source.name} is refused, {source.why}{hint}"
    elif source.state in ("waiting", "connecting") and source.heard_at is not None:
        silent = (at - source.heard_at).total_seconds()
        if silent > SILENT_SECONDS:
            yield f"the source {source.name} cannot be read since {silent:.0f} s: {source.why}"
    for trouble in source.troubles:
        yield f"a part of the source {source.name} cannot be read: {trouble}"


def _lateness(run: RunState, at: datetime) -> Iterator[str]:
    if run.state != "running" or run.is_finished or run.stored_at is None:
        return
    silent = (at - run.stored_at).total_seconds()
    if silent > SILENT_SECONDS:
        yield (
            f"run {run.run} is late: nothing of it was stored for {silent:.0f} s, "
            "though its producer has not said that it ended"
        )
    elif run.run == LIVE_RUN and run.observed_before is not None:
        age = (at - run.observed_before).total_seconds()
        if age > LATE_LIVE_SECONDS:
            yield f"run {run.run} is {age:.0f} s behind: its watermark does not keep up"
