"""`uproar runs`: which runs are stored, what each is, how two differ; and how one goes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uproar.cli.dropping import drop
from uproar.cli.exporting import export
from uproar.cli.invocation import Invocation
from uproar.cli.pausing import pause, resume

if TYPE_CHECKING:
    from sinks.fingerprint import DifferingMinute
    from uproar.cli.run_details import Details

SHOWN_INPUTS = 2
SHOWN_MINUTES = 10
LIST_COLUMNS = (
    "run", "state", "inputs", "from", "to", "read", "kept", "dead letters", "rows", "started",
    "watermark", "last heard of",
)  # fmt: skip

_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, on stdout.")


@click.group()
def runs() -> None:
    """List, compare, export and drop runs.

    A run is `live`, or one named replay; every row belongs to one, and no chart mixes two.
    """


@runs.command("list")
@_JSON
@click.pass_obj
def runs_list(invocation: Invocation, *, as_json: bool) -> None:
    """List the runs that are stored, the one heard of last first.

    Read and kept are records, as the producers report; rows are the mentions that are stored.
    """
    import msgspec

    from sinks.runs import list_runs
    from uproar.cli.asking import whole_reader
    from uproar.cli.tables import console, table_of
    from uproar.printable import printable_cell

    with whole_reader(invocation) as client:
        found = list_runs(client)
    if as_json:
        for one in found:
            click.echo(msgspec.json.encode(one))
        return
    rows = [
        (
            one.run, one.state or "remains", _inputs(one.inputs), _time(one.first_at),
            _time(one.last_at), one.read, one.kept, one.dead_letters, one.rows,
            _time(one.started_at), "finished" if one.is_finished else _time(one.watermark),
            _time(one.heard_at),
        )
        for one in found
    ]  # fmt: skip
    safe = [tuple(map(printable_cell, row)) for row in rows]
    console().print(table_of(LIST_COLUMNS, safe))
    if any(not one.state for one in found):
        click.echo(
            "Of `remains`, rows are stored, but no producer tells of them: "
            "`uproar runs drop` removes them.",
            err=True,
        )


@runs.command("show")
@click.argument("run")
@_JSON
@click.pass_obj
def runs_show(invocation: Invocation, run: str, *, as_json: bool) -> None:
    """Show what RUN was made of, what it came to, and how to make it again.

    The fingerprint is one of all its minute totals: a run made again, wherever, has the same.
    """
    from uproar.cli.run_display import show_details

    details = _details(invocation, run)
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(details))
    else:
        show_details(details)


@runs.command("config")
@click.argument("run")
@click.pass_obj
def runs_config(invocation: Invocation, run: str) -> None:
    """Print the uproar.yaml that RUN was made with, and the command to make it again.

    RUN may also be the manifest.json of an export.

    Example: uproar runs config january > january.yaml
    """
    from uproar.cli.run_config import config_of

    click.echo(config_of(_details(invocation, run)), nl=False)


@runs.command("compare")
@click.argument("one")
@click.argument("other")
@_JSON
@click.pass_obj
def runs_compare(invocation: Invocation, one: str, other: str, *, as_json: bool) -> None:
    """Tell whether two runs come to the same totals, and if not, where they differ.

    Each may also be the manifest.json of an export, from another machine. Status 0: the same
    totals; 1: others.
    """
    from uproar.cli.comparing import differences_of

    sides = _details(invocation, one), _details(invocation, other)
    are_equal = sides[0].fingerprint == sides[1].fingerprint
    differences = differences_of(*sides)
    count, minutes = _minutes(invocation, one, other, are_equal=are_equal)
    if as_json:
        import msgspec

        told = {
            "equal": are_equal,
            "fingerprints": [side.fingerprint for side in sides],
            "differences": differences,
            "differing_minutes": count,
            "minutes": minutes,
        }
        click.echo(msgspec.json.encode(told))
    else:
        from uproar.cli.run_display import show_comparison

        show_comparison(sides, differences, count, minutes)
    if not are_equal:
        raise SystemExit(1)


def _details(invocation: Invocation, run: str) -> "Details":
    """Return what is known of a run, or what the manifest of an export says of one."""
    from uproar.cli.asking import whole_reader
    from uproar.cli.run_details import gather, read_exported

    if _is_exported(run):
        return read_exported(Path(run))
    with whole_reader(invocation) as client:
        return gather(client, run)


def _minutes(
    invocation: Invocation, one: str, other: str, *, are_equal: bool
) -> "tuple[int | None, list[DifferingMinute]]":
    """Return in how many minutes the runs differ, and the first; None where it cannot be told."""
    from sinks.fingerprint import differing_minutes
    from uproar.cli.asking import whole_reader

    if are_equal:
        return 0, []
    if _is_exported(one) or _is_exported(other):
        return None, []
    with whole_reader(invocation) as client:
        return differing_minutes(client, one, other, SHOWN_MINUTES)


def _is_exported(name: str) -> bool:
    return name.endswith(".json") and Path(name).is_file()


def _inputs(names: list[str]) -> str:
    more = len(names) - SHOWN_INPUTS
    return ", ".join(names[:SHOWN_INPUTS]) + (f" and {more:,} more" if more > 0 else "")


def _time(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "–"


runs.add_command(pause)
runs.add_command(resume)
runs.add_command(drop)
runs.add_command(export)
