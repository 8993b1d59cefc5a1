"""`uproar query "SQL"`: ask the tables."""

import csv
import sys
from typing import TYPE_CHECKING

import click

from uproar.cli.invocation import Invocation

if TYPE_CHECKING:
    from uproar.clickhouse import Result


@click.command()
@click.argument("sql")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    help="Table on a terminal, CSV elsewhere, where it is not given.",
)
@click.pass_obj
def query(invocation: Invocation, sql: str, form: str | None) -> None:
    """Run SQL on the tables, for reading only.

    Example: uproar query "SELECT entity, sum(posts) FROM reactions_by_minute FINAL GROUP BY entity"

    Read `reactions` and the other tables FINAL: repeats and deletions are still there without it.
    """
    from uproar.cli.asking import reader
    from uproar.clickhouse import read

    with reader(invocation) as client:
        result = read(client, sql)
    show(result, form or ("table" if sys.stdout.isatty() else "csv"))


def show(result: "Result", form: str) -> None:
    """Print a result on stdout."""
    if form == "table":
        from uproar.cli.tables import console, table_of

        console().print(table_of(result.columns, result.rows))
    elif form == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(result.columns)
        writer.writerows(result.rows)
    else:
        import msgspec

        for row in result.rows:
            record = dict(zip(result.columns, row, strict=True))
            click.echo(msgspec.json.encode(record, enc_hook=str))
