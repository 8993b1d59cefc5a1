"""Bring ClickHouse's schema up to date: each file of `schema/` in order, once."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec
from clickhouse_driver import Client

from sinks.cluster import WRITER_SETTINGS, Cluster
from sinks.coarser import fill_coarser
from sinks.expire import apply_retention
from sinks.retention import LONGEST_DAYS, Retention
from uproar.clickhouse import connect, read_url, reported
from uproar.errors import StoreUnavailable

_SCHEMA = files("sinks") / "schema"

_STATEMENTS = files("sinks") / "statements"

CREATE_LEDGER = (_STATEMENTS / "create_migrations.sql").read_text("utf-8")
APPLIED = (_STATEMENTS / "applied_migrations.sql").read_text("utf-8")

BY_PROGRAM: dict[str, Callable[[Client], None]] = {"0013_fill_coarser_totals.sql": fill_coarser}
"""What no statement can do in bounded memory; it may be run again, as statements may."""


class Migration(msgspec.Struct, frozen=True):
    """One file of the schema: its number, its name and its statements as they will be run."""

    number: int
    name: str
    statements: tuple[str, ...]
    checksum: str


def migrations(retention_days: int) -> tuple[Migration, ...]:
    """Return the migrations in order, with the settings filled in."""
    paths = sorted((p for p in _SCHEMA.iterdir() if p.name.endswith(".sql")), key=lambda p: p.name)
    return tuple(_migration(path, retention_days) for path in paths)


def _migration(path: Traversable, retention_days: int) -> Migration:
    text = path.read_text("utf-8")
    filled = text.replace("{retention_days}", str(min(retention_days, LONGEST_DAYS)))
    return Migration(
        number=int(path.name[:4]),
        name=path.name,
        statements=split_statements(filled),
        checksum=hashlib.sha256(text.encode()).hexdigest(),
    )


def split_statements(text: str) -> tuple[str, ...]:
    r"""Cut the text of a file into its statements, each of which ends a line with `;`.

    Lines that are comments are left out, so that a `;` in one of them ends nothing.

    >>> split_statements("-- one;\nSELECT 1;\n-- two\nSELECT\n  2;\n")
    ('SELECT 1', 'SELECT\n  2')
    """
    lines = [line.rstrip() for line in text.splitlines() if not line.lstrip().startswith("--")]
    parts = ("\n".join(lines) + "\n").split(";\n")
    return tuple(statement for part in parts if (statement := part.strip()))


def prepare_tables(
    url: str, retention_days: int, by_platform: Mapping[str, int] | None = None, cluster: str = ""
) -> None:
    """Create the URL's database where it is missing, and bring its tables up to date.

    `by_platform` are days for platforms that are kept for longer or shorter than the rest; where it
    is not given, rows are kept as long as before. `cluster` names one of the server's
    `remote_servers`, on which everything is made.
    Raises StoreUnavailable when ClickHouse does not answer or refuses.
    """
    database = read_url(url).path.lstrip("/")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", database):
        raise StoreUnavailable(
            f"the URL of ClickHouse names no usable database: found `{database}`",
            hint="wanted clickhouse://user:password@host:9000/database",
        )
    on = Cluster(cluster, database) if cluster else None
    with reported(url):
        client = connect(url, database="default")
        # Asking first: a user who may not create databases can still use one that is there.
        if (database,) not in client.execute("SHOW DATABASES"):
            _execute(client, [f"CREATE DATABASE IF NOT EXISTS {database}"], on)
        client.disconnect()
        client = connect(url, settings=dict(WRITER_SETTINGS) if on else None)
        migrate(client, retention_days, by_platform, on)
        client.disconnect()


def migrate(
    client: Client,
    retention_days: int,
    by_platform: Mapping[str, int] | None = None,
    cluster: Cluster | None = None,
) -> list[str]:
    """Apply what is missing and return the names of what was applied.

    Times to live are those of the day when a table was created; they are set anew where
    `by_platform` is given, be it empty. Safe to run again, also after it was interrupted.
    Raises StoreUnavailable when an applied file was changed since, or when the tables are newer
    than this version of Uproar.
    """
    # Asking first: a user who may not create tables can still use those that are up to date.
    if ("schema_migrations",) not in client.execute("SHOW TABLES"):
        _execute(client, split_statements(CREATE_LEDGER), cluster)
    applied = dict(client.execute(APPLIED))
    wanted = migrations(retention_days)
    if unknown := sorted(applied.keys() - {migration.name for migration in wanted}):
        raise StoreUnavailable(
            f"the tables are newer than this Uproar: it does not know `{unknown[-1]}`",
            hint="update Uproar, or use another database",
        )
    done = []
    for migration in wanted:
        checksum = applied.get(migration.name)
        if checksum is None:
            _execute(client, migration.statements, cluster)
            if by_program := BY_PROGRAM.get(migration.name):
                by_program(client)
            client.execute(
                "INSERT INTO schema_migrations (number, name, checksum) VALUES",
                [(migration.number, migration.name, migration.checksum)],
            )
            done.append(migration.name)
        elif checksum != migration.checksum:
            raise StoreUnavailable(
                f"`{migration.name}` was changed after it had been applied to these tables",
                hint="a schema file is never edited once released: add a new one",
            )
    if by_platform is not None:
        apply_retention(client, Retention(retention_days, by_platform), cluster)
    return done


def _execute(client: Client, statements: Iterable[str], cluster: Cluster | None) -> None:
    for statement in statements:
        for one in cluster.statements(statement) if cluster else (statement,):
            client.execute(one)
