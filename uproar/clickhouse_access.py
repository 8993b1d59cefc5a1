"""Who may do what in ClickHouse: three roles, each with the least it needs. Pure.

One source for two forms: the local stack's `users.xml` (uproar.stack.clickhouse_files) and
`deploy/clickhouse/users.sql` for a server of your own, so that what is tested here is what is
granted there.
"""

from collections.abc import Mapping

import msgspec

MEGABYTE = 1_000_000
GIGABYTE = 1_000 * MEGABYTE

ENGINES = (
    *(
        f"{copies}{kind}MergeTree"
        for copies in ("", "Replicated")
        for kind in ("", "Replacing", "Aggregating")
    ),
    "Distributed",
)
"""What tables of Uproar are made of, on one server and on a cluster."""


class Range(msgspec.Struct, frozen=True):
    """Between which values a setting may be changed, though the user is read-only."""

    least: int
    most: int


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """The most that one user may ask for in every interval."""

    seconds: int
    limits: Mapping[str, int]


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """What a user of this role is for, may do, and may use up.

    `grants` are as they stand between GRANT and TO, with `{database}` in them.
    """

    name: str
    purpose: str
    grants: tuple[str, ...]
    settings: Mapping[str, int | str] = {}
    changeable: Mapping[str, Range] = {}
    quota: Quota | None = None

    def grants_on(self, database: str) -> tuple[str, ...]:
        """Return the grants with the database filled in."""
        return tuple(grant.format(database=database) for grant in self.grants)


MIGRATOR = Role(
    name="migrator",
    purpose="owns the tables: creates and changes them, and nothing outside their database",
    grants=(
        "CREATE DATABASE, CREATE TABLE, CREATE VIEW, ALTER TABLE, ALTER VIEW, DROP TABLE, "
        "DROP VIEW, TRUNCATE, OPTIMIZE, SELECT, INSERT ON {database}.*",
        # Not every engine there is: File, URL and their like reach out of the database.
        *(f"TABLE ENGINE ON {engine}" for engine in ENGINES),
        "SELECT ON system.parts",  # how far a change of the tables has got: of its own alone
        "SELECT ON system.merges",
        "SELECT ON system.mutations",
        "CREATE TEMPORARY TABLE ON *.*",
    ),
)

WRITER = Role(
    name="writer",
    purpose="the sink and the commands that erase: rows in and out, never the tables themselves",
    grants=(
        "SELECT, INSERT, ALTER DELETE ON {database}.*",
        # The ids that a statement goes by travel beside it, as a temporary table.
        "CREATE TEMPORARY TABLE ON *.*",
    ),
)

READER = Role(
    name="reader",
    purpose="Grafana, the built-in page and `uproar query`: reads the tables, within limits",
    # No temporary tables: with them comes the door to file(), url(), remote() and their like.
    grants=("SELECT ON {database}.*",),
    settings={
        "readonly": 1,
        "max_execution_time": 30,
        "max_memory_usage": GIGABYTE,
        "max_memory_usage_for_user": 1_500 * MEGABYTE,
        "max_temporary_data_on_disk_size_for_user": 5 * GIGABYTE,
        "max_rows_to_read": 2_000_000_000,
        "max_result_rows": 1_000_000,
        "max_result_bytes": 500 * MEGABYTE,
        "result_overflow_mode": "throw",
        "max_concurrent_queries_for_user": 30,
    },
    # Grafana's plugin sends its own time limit (clickhouse-go makes it the timeout and 5 s more).
    # All else stays as it is: the role is read-only, its settings too.
    changeable={"max_execution_time": Range(1, 60)},
    quota=Quota(
        seconds=60,
        limits={
            "queries": 3_000,
            "errors": 1_000,
            "result_rows": 50_000_000,
            "read_rows": 50_000_000_000,
            "execution_time": 600,
        },
    ),
)

ROLES = (MIGRATOR, WRITER, READER)
