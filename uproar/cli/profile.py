"""`uproar profile`: where a running process spends its time."""

from pathlib import Path

import click

from uproar.cli.invocation import Invocation
from uproar.errors import InputError

SHOWN_LINES = 10
_WRITTEN = {".svg": "a flame graph", ".json": "a file for https://www.speedscope.app"}


@click.command()
@click.argument("process", default="worker")
@click.option(
    "--seconds",
    type=click.FloatRange(1, 3600),
    default=30.0,
    show_default=True,
    help="How long to watch.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all of it: .svg is a flame graph, .json is for speedscope.",
)
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the table as Markdown.")
@click.pass_obj
def profile(
    invocation: Invocation,
    process: str,
    seconds: float,
    out: Path | None,
    *,
    as_markdown: bool,
) -> None:
    """Show the ten hottest lines of a running process.

    PROCESS is worker, sink, producer, watcher or page, or the name of one that `uproar status`
    lists. It must be of this UPROAR_HOME and machine, and goes on meanwhile. Needs the extra
    `profile` (py-spy) and the right to trace the process, as root has: docs/profiling.md.
    """
    from uproar.operations.flame import flame_graph, speedscope
    from uproar.operations.profiling import SAMPLES_A_SECOND, find_process, py_spy, record
    from uproar.operations.stacks import at_work, hottest, markdown, shares_of_packages

    if out and out.suffix not in _WRITTEN:
        raise InputError(
            f"cannot tell what to write into `{out}`",
            hint="; ".join(f"`{suffix}` is {what}" for suffix, what in _WRITTEN.items()),
        )
    py_spy()
    note = find_process(invocation.settings.home.expanduser().absolute(), process)
    click.echo(f"watching {note.name} (process {note.pid}) for {seconds:g} s", err=True)
    stacks = at_work(record(note.pid, seconds))
    samples = sum(stack.samples for stack in stacks)
    if not samples:
        click.echo(f"{note.name} did nothing within {seconds:g} s.")
        return
    title = f"{note.name}, {samples:,} samples in {seconds:g} s"
    if out:
        is_graph = out.suffix == ".svg"
        drawn = flame_graph(stacks, title).encode() if is_graph else speedscope(stacks, title)
        out.write_bytes(drawn)
        click.echo(f"wrote {_WRITTEN[out.suffix]} to {out}", err=True)
    lines = hottest(stacks, SHOWN_LINES)
    if as_markdown:
        click.echo(markdown(lines), nl=False)
        return
    from uproar.cli.tables import console, table_of

    rows = [(f"{one.share:.1%}", one.frame.place, one.frame.function) for one in lines]
    console().print(table_of(("share", "line", "in"), rows))
    busy = samples / (seconds * SAMPLES_A_SECOND)
    packages = ", ".join(f"{name} {share:.0%}" for name, share in shares_of_packages(stacks)[:6])
    click.echo(f"\nAt work {min(busy, 1.0):.0%} of the time; of that in {packages}.")
