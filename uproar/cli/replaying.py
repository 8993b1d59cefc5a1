"""A replay from the first byte read to the last row stored: what `replay` and `demo` share."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import msgspec

from producers.columns import ColumnMap
from uproar import __version__
from uproar.cli.invocation import Invocation
from uproar.cli.operating import PRODUCER_PLACE, operated, port_of, sending_turn
from uproar.cli.patience import PatientClient
from uproar.cli.quarantine import print_quarantine, write_report
from uproar.cli.stages import PipelineStages
from uproar.cli.summary import print_summary, statement
from uproar.clickhouse import connect, connect_to_read, reported
from uproar.config import Config
from uproar.config_file import read_config
from uproar.errors import FuseBlown, InputError
from uproar.operations.scrape import last_error
from uproar.records import RunReport
from uproar.settings import Settings
from uproar.stack.home import Home
from uproar.stack.local import Stack, stack
from uproar.stack.pauses import PauseSign
from uproar.stack.ports import LOOPBACK
from uproar.topics import topics

if TYPE_CHECKING:
    from producers.plan import ReplayPlan, ReplayResult

INTERRUPTED_STATUS = 130
"""What a shell returns for a command that Ctrl-C has ended."""

WATCHER_SECONDS = 10.0
"""Without any progress of the watcher: then the alerts of the run are left for later."""
PATIENCE_SECONDS = 15.0

LOOP_SECONDS = 3.0
"""Between two rounds of a demonstration, so that its end is seen."""

LARGE_BYTES = 50_000_000
"""Of input, packed as it is: reading it for its times alone takes a moment."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A replay as it was asked for."""

    files: tuple[Path, ...]
    run: str
    speed: float | None = None
    start: datetime | None = None
    end: datetime | None = None
    columns: ColumnMap | None = None
    keep_all: bool = False
    starts_anew: bool = False
    """From the first record on, also after an interruption."""
    loops: bool = False
    """Again and again, for a demonstration: what the last time stored is dropped."""
    report: Path | None = None
    """Where to write what became of each file."""


def replay_and_store(invocation: Invocation, request: Request) -> None:
    """Replay, wait until everything is stored, print the summary.

    Ends the process with status 130 when it was interrupted.
    """
    with prepared(invocation, request) as (running, config):
        if request.loops:
            replay_for_ever(running, invocation.settings, config, request)
        report = replay_into(running, invocation.settings, config, request)
        if report.kept and running.note.owner_pid == os.getpid():
            click.echo("The page ends with this command; `uproar up` brings it back.", err=True)


def replay_for_ever(
    running: Stack, settings: Settings, config: Config, request: Request
) -> NoReturn:
    """Replay again and again, each time into an empty run, until Ctrl-C.

    Raises InputError where the run holds what other files brought: that would be lost.
    """
    from producers.identity import source_of

    others = {"run": request.run, "source": source_of(request.files)}
    try:
        while True:
            _empty(running.endpoints.clickhouse_url, request.run, others)
            replay_into(running, settings, config, request)
            time.sleep(LOOP_SECONDS)
    except KeyboardInterrupt:  # between two rounds; within one it ends in the same way
        raise SystemExit(INTERRUPTED_STATUS) from None


def _empty(url: str, run: str, others: dict[str, str]) -> None:
    from sinks.runs import drop_run

    with reported(url):
        client = connect(url)
        if client.execute(statement("other_producers"), others):
            raise InputError(
                f"the run `{run}` holds what other files brought, and `--loop` would drop it",
                hint="name another with `--run`",
            )
        drop_run(client, run)
        client.disconnect()


@contextmanager
def prepared(invocation: Invocation, request: Request) -> Iterator[tuple[Stack, Config]]:
    """Check what was asked for, then lend a stack with its stages. Says where the page is."""
    from producers.inputs import inspect_all

    config = read_config(invocation.config)
    inspect_all(request.files, request.columns)
    stages = PipelineStages(invocation.settings, invocation.config)
    with stack(invocation.settings, stages) as running:
        click.echo(f"Watch it at http://{LOOPBACK}:{running.note.page_port}/", err=True)
        yield running, config


def replay_into(running: Stack, settings: Settings, config: Config, request: Request) -> RunReport:
    """Replay into a stack, wait until everything is stored, and print the summary."""
    from producers.interrupt import stop_on_signals

    endpoints = running.endpoints
    port = port_of(settings, settings.workers + PRODUCER_PLACE)
    with operated(settings, "producer", port), reported(endpoints.reader_url):
        connected = connect_to_read(endpoints.reader_url, endpoints.clickhouse_url)
        client = PatientClient(connected, running.check)
        plan = _plan(client, settings, config, request)
        with stop_on_signals() as asked_to_stop:
            begun_at = datetime.now(UTC)
            try:
                result = _send(running, settings, config, plan, asked_to_stop)
            except FuseBlown:
                # What the error speaks of is to be found by whoever looks at once.
                _wait_until_told(running, client, plan, begun_at)
                raise
            running.check()
            if result.report.state == "finished":
                wait_until_stored(running, settings, client, result.report, asked_to_stop)
            if result.report.state == "interrupted" or asked_to_stop():
                rest = "starts again" if request.starts_anew else "goes on where it stopped"
                click.echo(f"Interrupted; the same command {rest}.", err=True)
                raise SystemExit(INTERRUPTED_STATUS)
        if result.out_of_order:
            late = f"{result.out_of_order:,} posts came too late to be put in order of time"
            click.echo(f"{late}; they are stored all the same.", err=True)
        if result.skipped:
            count = f"{len(result.skipped):,} files hold no posts and were skipped"
            click.echo(f"{count}; with --dry-run the command says which and why.", err=True)
        print_quarantine(result)
        if result.report.state == "finished" and settings.workers:
            wait_until_judged(running, client, result.report.run, asked_to_stop)
        if request.report is not None:
            write_report(request.report, result)
        print_summary(result.report, client)
        client.disconnect()
    if not result.report.kept:
        _say_why_nothing_was_kept(result.report)
    return result.report


def _say_why_nothing_was_kept(report: RunReport) -> None:
    unreadable = sum(report.dead_letters.values())
    if unreadable >= report.filtered and unreadable:
        click.echo(f"Why: uproar dead-letters show --run {report.run} --most 5", err=True)
    elif report.filtered:
        click.echo(
            "No post mentions a tracked entity within the bounds: see `entities` in uproar.yaml, "
            "and `uproar entities test` for single posts.",
            err=True,
        )


def _plan(
    client: PatientClient, settings: Settings, config: Config, request: Request
) -> "ReplayPlan":
    from producers.ahead import Rules, Scouts, processes_for
    from producers.identity import digest_of, source_of
    from producers.inputs import inspect_all
    from producers.ordering import fits_window
    from producers.plan import ReplayPlan
    from uproar.cli.manifest import Bounds, facts_of
    from uproar.keyring import read_keyring

    inputs = inspect_all(request.files, request.columns).inputs
    source = source_of(request.files)
    files = [(one.size_bytes, one.path.stat().st_mtime_ns) for one in inputs]
    bounds = (request.start, request.end, request.columns, request.keep_all)
    names = read_keyring(settings).current
    # Under another key an author would count twice: all is sent again then.
    # Under another version, a record may be read as something else: all is sent again then, too.
    looked = ReplayPlan(
        files=request.files, run=request.run, names=names, start=request.start, end=request.end
    )
    if sum(one.size_bytes for one in inputs) > LARGE_BYTES:
        click.echo("Looking first whether everything is in order of time.", err=True)
    rules = Rules((), request.start, request.end)
    with Scouts(rules, processes_for(settings.replay_processes)) as scouts:
        now = datetime.now(UTC)
        is_sorted = not fits_window(inputs, looked, now, lambda _: None, scouts=scouts)
    if is_sorted:
        click.echo("It is not: all is sorted before the first post is sent.", err=True)
    digest = digest_of([__version__, files, bounds, config.entities, names.key_print, is_sorted])
    position = 0
    if not request.starts_anew:
        life = {"run": request.run, "source": source, "plan": digest}
        ((position,),) = client.execute(statement("resume_position"), life)
    if position:
        click.echo(f"Going on after record {position:,}: all before it is stored.", err=True)
    given = Bounds(
        start=request.start, end=request.end, keep_all=request.keep_all, columns=request.columns
    )
    return ReplayPlan(
        files=request.files,
        run=request.run,
        names=names,
        source=source,
        digest=digest,
        is_sorted=is_sorted,
        sort_folder=Home(settings.home).folder / "sorting",
        facts=facts_of(settings, config, given, names.key_print),
        speed=request.speed,
        start=request.start,
        end=request.end,
        columns=request.columns,
        keep_all=request.keep_all,
        resume_position=position,
        fuse_share=settings.fuse_share,
    )


def _send(
    running: Stack,
    settings: Settings,
    config: Config,
    plan: "ReplayPlan",
    asked_to_stop: Callable[[], bool],
) -> "ReplayResult":
    from producers.ahead import Rules, Scouts, processes_for
    from producers.publish import KafkaPublisher
    from producers.replay import replay
    from uproar.cli.progress import shown_progress
    from uproar.kafka import producer_settings
    from uproar.mentions import MentionMatcher
    from uproar.operations.reach import wait_for_kafka

    names = topics(settings.topic_prefix)
    kafka = running.endpoints.kafka

    rules = Rules(config.entities, plan.start, plan.end)
    processes = 0 if plan.keep_all else processes_for(settings.replay_processes)

    def should_stop() -> bool:
        return asked_to_stop() or running.has_failed()

    wait_for_kafka(kafka, names.all(), should_stop)
    with (
        sending_turn(settings, kafka, should_stop) as before_message,
        KafkaPublisher(producer_settings(kafka), names, before_message) as publisher,
        shown_progress(plan.run) as show,
        Scouts(rules, processes) as scouts,
    ):
        return replay(
            plan,
            MentionMatcher(config.entities),
            publisher,
            show,
            should_stop=should_stop,
            is_paused=PauseSign(Home(settings.home), plan.run).is_up,
            scouts=scouts,
        )


def wait_until_judged(
    running: Stack, client: PatientClient, run: str, asked_to_stop: Callable[[], bool]
) -> None:
    """Wait until the watcher has judged what is stored; one that does not run is not waited for."""
    before, patience = None, time.monotonic() + WATCHER_SECONDS
    while not asked_to_stop() and time.monotonic() < patience:
        running.check()
        ((is_judged, now),) = client.execute(statement("is_judged"), {"run": run})
        if is_judged:
            return
        if now != before:
            before, patience = now, time.monotonic() + WATCHER_SECONDS
        time.sleep(0.1)


def _wait_until_told(
    running: Stack, client: PatientClient, plan: "ReplayPlan", begun_at: datetime
) -> None:
    """Wait until the end of a replay that broke off is stored; a sink that is away has a while."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    milliseconds = int(begun_at.timestamp() * 1000)
    life = {"run": plan.run, "source": plan.source, "begun_at": milliseconds}
    while not running.has_failed() and time.monotonic() < deadline:
        ((is_told,),) = client.execute(statement("is_told"), life)
        if is_told:
            return
        time.sleep(0.1)


def wait_until_stored(
    running: Stack,
    settings: Settings,
    client: PatientClient,
    report: RunReport,
    asked_to_stop: Callable[[], bool],
) -> None:
    """Wait until the sink has stored the last watermark of every partition of both streams."""
    milliseconds = int(report.started_at.timestamp() * 1000)  # what the table keeps
    life = {"run": report.run, "source": report.source, "started_at": milliseconds}
    patience = time.monotonic() + PATIENCE_SECONDS
    while not asked_to_stop():
        running.check()
        ((is_stored,),) = client.execute(statement("is_stored"), life)
        if is_stored:
            return
        if time.monotonic() > patience:
            patience = time.monotonic() + PATIENCE_SECONDS
            complaint = last_error(Home(settings.home).logs / "sink.log")
            words = f": {complaint}" if complaint else ""
            click.echo(f"Still waiting for the sink to store everything{words}", err=True)
        time.sleep(0.1)
