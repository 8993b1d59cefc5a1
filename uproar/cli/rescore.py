"""`uproar rescore RUN`: read a stored run again with today's models."""

from typing import TYPE_CHECKING

import click

from uproar.cli.invocation import Invocation
from uproar.config_file import read_config
from uproar.errors import InputError

if TYPE_CHECKING:
    from sinks.stored import Comparison

_SHOWN = (
    ("posts", "posts read again"),
    ("mentions before", "mentions before"),
    ("mentions after", "mentions after"),
    ("mentions gone", "  no longer found"),
    ("mentions new", "  newly found"),
    ("other label", "sentiment with another label"),
    ("other sureness", "same label, sure now or no longer"),
    ("call found", "mentions with a new call"),
    ("call dropped", "mentions that lost a call"),
)


@click.command()
@click.argument("run")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.pass_obj
def rescore(invocation: Invocation, run: str, *, dry_run: bool) -> None:
    """Read the stored posts of RUN again.

    With today's models, rules and configuration; rows and totals become those of the new reading.
    Posts that mentioned nothing at the time were not stored, and stay unread.

    Example: uproar rescore january --dry-run
    """
    from sinks.clickhouse import ClickHouseSink
    from sinks.migrate import prepare_tables
    from sinks.rescore import entities_of, rescore
    from sinks.run import WRITER_SETTINGS
    from streams.assess import Reader
    from uproar.cli.progress import shown_count
    from uproar.clickhouse import connect, reported
    from uproar.stack.local import stack

    settings = invocation.settings
    config = read_config(invocation.config)
    with stack(settings) as running:
        url = running.endpoints.clickhouse_url
        prepare_tables(
            running.endpoints.migrator_url,
            settings.retention_days,
            cluster=settings.clickhouse_cluster,
        )
        with reported(url):
            client, writer = connect(url), connect(url, settings=WRITER_SETTINGS)
            _check(run, entities_of(client, run), {entity.id for entity in config.entities})
            sink = None if dry_run else ClickHouseSink(writer)
            reader = Reader(config.entities, settings.sentiment, config.reading)
            with shown_count(f"Reading {run} again") as show:
                comparison = rescore(client, run, reader.read_all, sink, show)
            client.disconnect()
            writer.disconnect()
    _show(comparison)
    if dry_run:
        click.echo("Nothing was written.", err=True)


def _check(run: str, stored: tuple[str, ...], tracked: set[str]) -> None:
    """Refuse a run that is not there, and a configuration that would empty it."""
    if not stored:
        raise InputError(
            f"no posts are stored for the run `{run}`",
            hint='`uproar query "SELECT DISTINCT run FROM runs"` lists the runs',
        )
    if missing := sorted(set(stored) - tracked):
        names = ", ".join(f"`{entity}`" for entity in missing)
        raise InputError(
            f"the run `{run}` has posts about {names}, which the configuration does not track",
            hint="name the configuration it was made with: uproar --config FILE rescore RUN",
        )


def _show(comparison: "Comparison") -> None:
    from uproar.cli.tables import console, table_of

    rows = [(label, comparison.counts[name]) for name, label in _SHOWN]
    console().print(table_of(("", "count"), rows))
    before, after = (
        ", ".join(sorted(models)) or "none"
        for models in (comparison.models_before, comparison.models_after)
    )
    click.echo(f"sentiment by: {before} before, {after} now")
