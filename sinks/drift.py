"""Compare the tables that are there with those that the schema's files make."""

import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files

from clickhouse_driver import Client

from sinks.cluster import Cluster, local
from sinks.migrate import migrations

_STATEMENTS = files("sinks") / "statements"
COLUMNS_OF = (_STATEMENTS / "columns_of.sql").read_text("utf-8")
KEYS_OF = (_STATEMENTS / "keys_of.sql").read_text("utf-8")

Facts = dict[tuple[str, str], str]
"""table, and what of it -> how it is"""

_TABLES = re.compile(
    r"(?:CREATE TABLE IF NOT EXISTS|ALTER TABLE|DROP TABLE IF EXISTS|EXCHANGE TABLES|AND|AS) "
    r"(\w+)\b"
)
_DEFINES = re.compile(r"(?:CREATE|ALTER|DROP|EXCHANGE) TABLES? ")
ANY_DAYS = 400
"""Times to live are settings, and applied with every start: they are not compared here."""


def find_drift(client: Client, cluster: Cluster | None = None) -> list[str]:
    """Return a sentence for each difference; none: the tables are what the schema says.

    To know what it says, it makes empty tables of other names in the same database, and drops
    them. Raises the driver's errors.
    """
    with _model(client) as (tables, prefix):
        wanted = _facts(client, {prefix + name: name for name in tables})
        stored = {(local(name) if cluster else name): name for name in tables}
        found = _facts(client, stored)
    return list(_differences(wanted, found))


@contextmanager
def _model(client: Client) -> Iterator[tuple[list[str], str]]:
    """Make each table of the schema anew, without rows; yields their names and their prefix."""
    prefix = f"check_{uuid.uuid4().hex[:8]}_"
    tables: set[str] = set()
    try:
        for migration in migrations(ANY_DAYS):
            for statement in migration.statements:
                if _DEFINES.match(statement):
                    tables |= _made(statement)
                    client.execute(_renamed(statement, prefix))
        yield sorted(name for name in tables if not name.endswith("_next")), prefix
    finally:
        for name in sorted(tables):
            client.execute(f"DROP TABLE IF EXISTS {prefix}{name} SYNC")


def _made(statement: str) -> set[str]:
    return set(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", statement))


def _renamed(statement: str, prefix: str) -> str:
    """Put a prefix before the names of tables, which stand in the head of a statement.

    >>> _renamed("EXCHANGE TABLES a AND b", "x_")
    'EXCHANGE TABLES x_a AND x_b'
    """
    head, separator, rest = statement.partition("\n")
    return _TABLES.sub(lambda m: f"{m[0][: -len(m[1])]}{prefix}{m[1]}", head) + separator + rest


def _facts(client: Client, names: dict[str, str]) -> Facts:
    """Return what is known of tables, under the names that they are called by here."""
    given = {"tables": list(names)}
    facts: Facts = {}
    for table, column, type_, default in client.execute(COLUMNS_OF, given):
        facts[names[table], f"column `{column}`"] = f"{type_} {default}".strip()
    for table, engine, sorting, partition in client.execute(KEYS_OF, given):
        facts[names[table], "engine"] = engine.removeprefix("Replicated")
        facts[names[table], "sorting key"] = sorting
        facts[names[table], "partition key"] = partition
    return facts


def _differences(wanted: Facts, found: Facts) -> Iterator[str]:
    there = {table for table, _ in found}
    for table in sorted({table for table, _ in wanted} - there):
        yield f"`{table}` is missing"
    for key in sorted(wanted.keys() | found.keys()):
        table, what = key
        if table in there and wanted.get(key) != found.get(key):
            yield f"`{table}`: {what}: wanted {_shown(wanted, key)}, found {_shown(found, key)}"


def _shown(facts: Facts, key: tuple[str, str]) -> str:
    return f"`{facts[key]}`" if key in facts else "none"


def sentence(differences: Sequence[str]) -> str:
    """Say in one line what is wrong."""
    return f"{len(differences)} differences from the schema: {'; '.join(differences)}"
