"""`uproar tables`: whether the tables are what the schema says."""

import click

from uproar.cli.invocation import Invocation
from uproar.errors import StoreUnavailable


@click.group()
def tables() -> None:
    """Look after the tables in ClickHouse."""


@tables.command("check")
@click.pass_obj
def tables_check(invocation: Invocation) -> None:
    """Compare every table with the schema; status 1 and the difference named where there is one.

    Columns, types, defaults, sorting and partition keys count. To know what the schema says, empty
    tables are made beside the others for a moment, so it needs the user who may create tables.
    """
    from sinks.cluster import Cluster
    from sinks.drift import find_drift, sentence
    from uproar.clickhouse import connect, read_url, reported
    from uproar.stack.local import stack

    settings = invocation.settings
    with stack(settings) as running:
        url = running.endpoints.migrator_url
        database = read_url(url).path.lstrip("/")
        name = settings.clickhouse_cluster
        with reported(url), connect(url) as client:
            differences = find_drift(client, Cluster(name, database) if name else None)
    if differences:
        raise StoreUnavailable(
            sentence(differences),
            hint="a table that was altered by hand is put right by hand; one that is missing is "
            "made by `uproar up` unless `schema_migrations` says that it was made",
        )
    click.echo("every table is what the schema says")
