"""Print `users.sql`: `python -m deploy.clickhouse`, for a cluster with `--cluster NAME`.

With `--xml` it is `users.xml`, for a server in a container that is Uproar's alone.
"""

import re

import click

from deploy.clickhouse.users_sql import users_sql
from deploy.clickhouse.users_xml import users_xml


def _name(_: click.Context, option: click.Parameter, value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise click.BadParameter("wanted letters, digits and _", param=option)
    return value


@click.command()
@click.option("--database", default="uproar", show_default=True, callback=_name)
@click.option("--cluster", default="", callback=_name, help="Create everything on each node.")
@click.option("--xml", is_flag=True, help="As a server's users.xml, with places for hashes.")
def main(database: str, cluster: str, *, xml: bool) -> None:
    """Print the SQL that makes Uproar's users on a ClickHouse of your own."""
    if xml and cluster:
        raise click.UsageError("a users.xml is each server's own: leave --cluster out")
    click.echo(users_xml(database) if xml else users_sql(database, cluster), nl=False)


if __name__ == "__main__":
    main()
