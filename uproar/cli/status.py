"""`uproar status`: how everything is, on one screen."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click
import msgspec

from uproar.cli.invocation import Invocation

if TYPE_CHECKING:
    from rich.console import RenderableType

    from uproar.operations.report import ProcessState, Report, ServerState, StageLag
    from uproar.operations.sources import SourceNote

SHOWN_TABLES = 5


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object with all there is to know.")
@click.pass_obj
def status(invocation: Invocation, *, as_json: bool) -> None:
    """Show how everything is: servers, processes, runs, lag, dead letters, disk.

    What is wrong comes first, and makes the exit status 1. Looks at the servers of the settings,
    or at the stack that runs in UPROAR_HOME; processes are those of this machine.
    """
    from uproar.cli.summary import statement
    from uproar.operations.inquiry import inquire
    from uproar.stack.home import Home
    from uproar.stack.local import attach
    from uproar.topics import topics

    settings = invocation.settings
    endpoints = attach(settings)
    report = inquire(endpoints, topics(settings.topic_prefix), Home(settings.home), statement)
    if as_json:
        click.echo(msgspec.json.encode(report))
    else:
        _show(report)
    if report.problems:
        raise SystemExit(1)


def _show(report: "Report") -> None:
    from rich.console import Group
    from rich.text import Text

    from uproar.cli.tables import console

    verdict = [Text(f"wrong: {one}", style="bold red") for one in report.problems]
    parts = list(_parts(report))
    spaced = [part for one in parts for part in (Text(), one)]
    console().print(Group(*(verdict or [Text("Everything works.", style="bold green")]), *spaced))


def _parts(report: "Report") -> Iterator["RenderableType"]:
    from uproar.cli.tables import table_of

    yield table_of(
        ("server", "address", "", "up", "memory"), [_server(one) for one in report.servers]
    )
    if report.processes:
        titles: tuple[str, ...] = (
            "process", "up", "restarts", "memory", "CPU", "in/s", "out/s", "waits for / last error",
        )  # fmt: skip
        yield table_of(titles, [_process(one, report.at) for one in report.processes])
    if report.sources:
        titles = (
            "source",
            "state",
            "since",
            "frames",
            "kept",
            "unreadable",
            "gaps",
            "opened again",
        )
        yield table_of(titles, [_source(one, report.at) for one in report.sources])
    if report.runs:
        titles = ("run", "state", "read", "kept", "unreadable", "stored up to", "last stored")
        yield table_of(
            titles,
            [
                (
                    one.run,
                    one.state,
                    f"{one.read:,}",
                    f"{one.kept:,}",
                    f"{one.dead_letters:,}",
                    f"{one.observed_before:%Y-%m-%d %H:%M:%S}" if one.observed_before else "–",
                    f"{span((report.at - one.stored_at).total_seconds())} ago"
                    if one.stored_at
                    else "–",
                )
                for one in report.runs
            ],
        )
    if report.lag:
        yield table_of(("behind", "of", "messages", "by partition"), list(map(_lag, report.lag)))
    if report.dead_letters:
        letters = [
            (one.stage, one.reason, f"{one.letters:,}", f"{one.last_at:%Y-%m-%d %H:%M:%S}")
            for one in report.dead_letters
        ]
        yield table_of(("dead letters of", "reason", "", "last"), letters)
    if uses := [*report.tables[:SHOWN_TABLES], *report.topics]:
        rows = [(one.name, f"{one.rows:,}" if one.rows else "", size(one.bytes)) for one in uses]
        yield table_of(("on disk", "rows", "size"), rows)


def _server(server: "ServerState") -> tuple[str, ...]:
    return (
        server.name,
        server.address,
        server.problem or server.version,
        span(server.up_seconds) if server.up_seconds is not None else "",
        size(server.memory_bytes) if server.memory_bytes else "",
    )


def _process(process: "ProcessState", at: datetime) -> tuple[str, ...]:
    waits = [f"{one.what} ({span((at - one.since).total_seconds())})" for one in process.waits]
    return (
        process.name,
        span(process.up_seconds) if process.runs else "gone",
        str(process.restarts),
        size(process.memory_bytes) if process.memory_bytes else "",
        f"{process.cpu_share:.0%}" if process.cpu_share is not None else "",
        f"{process.in_per_second:,.0f}" if process.in_per_second is not None else "",
        f"{process.out_per_second:,.0f}" if process.out_per_second is not None else "",
        "; ".join(waits) or process.last_error,
    )


def _source(source: "SourceNote", at: datetime) -> tuple[str, ...]:
    state = source.state
    if source.until is not None and source.until > at:
        state = f"{state} until {source.until:%H:%M:%S}"
    words = [source.why, source.hint if source.state == "refused" else "", *source.troubles]
    told = "; ".join(word for word in words if word)
    return (
        source.name,
        f"{state}: {told}" if told else state,
        f"{span((at - source.since).total_seconds())} ago",
        *(f"{count:,}" for count in (source.frames, source.kept, source.dead_letters, source.gaps)),
        f"{source.reconnects:,}",
    )


def _lag(lag: "StageLag") -> tuple[str, ...]:
    known = [one for one in lag.messages if one is not None]
    return (
        lag.stage,
        lag.stream,
        f"{sum(known):,}" if known else "?",
        " ".join("?" if one is None else f"{one:,}" for one in lag.messages),
    )


def span(seconds: float) -> str:
    """Say a stretch of time in its largest units.

    >>> span(42), span(3725), span(200000)
    ('42 s', '1 h 02 min', '2 d 07 h')
    """
    whole = max(0, int(seconds))
    if whole < 120:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60:02} min"
    return f"{whole // 86400} d {whole % 86400 // 3600:02} h"


def size(count: float) -> str:
    """Say a number of bytes.

    >>> size(0), size(999), size(1_500_000)
    ('0 B', '999 B', '1.5 MB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:,.0f} {unit}" if unit == "B" or count >= 10 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:,.1f} TB"
