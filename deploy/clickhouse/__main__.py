"""Print `users.sql`: `python -m deploy.clickhouse`, for a cluster with `--cluster NAME`."""

import re

import click

from deploy.clickhouse.users_sql import users_sql


def _name(_: click.Context, option: click.Parameter, value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise click.BadParameter("wanted letters, digits and _", param=option)
    return value


@click.command()
@click.option("--database", default="uproar", show_default=True, callback=_name)
@click.option("--cluster", default="", callback=_name, help="Create everything on each node.")
def main(database: str, cluster: str) -> None:
    """Print the SQL that makes Uproar's users on a ClickHouse of your own."""
    click.echo(users_sql(database, cluster), nl=False)


if __name__ == "__main__":
    main()
