"""Runs as a whole."""

from clickhouse_driver import Client

RUN_TABLES = (
    "reactions",
    "post_states",
    "reactions_by_minute",
    "watermarks",
    "dead_letters",
    "runs",
    "ledger",
    "run_files",
    "run_manifests",
    "erased_authors",
    "removals",
)
"""Every table whose rows belong to a run."""


def drop_run(client: Client, run: str) -> None:
    """Delete every row of a run; returns when they are gone. Another run loses nothing.

    Raises the driver's errors. To be used when nothing is being written to that run.
    """
    for table in RUN_TABLES:
        client.execute(
            f"ALTER TABLE {table} DELETE WHERE run = %(run)s SETTINGS mutations_sync = 2",
            {"run": run},
        )
