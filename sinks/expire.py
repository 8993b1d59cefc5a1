"""Give the tables the times to live that the settings ask for, where they have others."""

from importlib.resources import files

from clickhouse_driver import Client

from sinks.cluster import Cluster, local
from sinks.retention import KEPT, Retention, ttl_of

_STATEMENTS = files("sinks") / "statements"
TABLE_DEFINITIONS = (_STATEMENTS / "table_definitions.sql").read_text("utf-8")
AS_WRITTEN = (_STATEMENTS / "as_written.sql").read_text("utf-8")


def apply_retention(client: Client, retention: Retention, cluster: Cluster | None) -> list[str]:
    """Change the times to live that differ, and return the names of those tables.

    What is too old by a shorter one goes with the merges that follow, within hours; what a longer
    one would have kept, and is gone, does not come back. Raises the driver's errors.
    """
    definitions = dict(client.execute(TABLE_DEFINITIONS))
    changed = []
    for table in KEPT:
        stored = local(table) if cluster else table
        wanted = retention.ttl(table)
        if stored not in definitions:
            continue
        if ttl_of(definitions[stored]) == _as_written(client, wanted):
            continue
        command = f"MODIFY TTL {wanted}" if wanted else "REMOVE TTL"
        statement = f"ALTER TABLE {table} {command}"
        for one in cluster.statements(statement) if cluster else (statement,):
            client.execute(one)
        changed.append(table)
    return changed


def _as_written(client: Client, ttl: str) -> str:
    """Return a time to live in the words in which ClickHouse repeats it."""
    if not ttl:
        return ""
    statement = f"CREATE TABLE t (c UInt8) ENGINE = MergeTree ORDER BY c TTL {ttl}"
    ((written,),) = client.execute(AS_WRITTEN, {"statement": statement})
    return ttl_of(written)
