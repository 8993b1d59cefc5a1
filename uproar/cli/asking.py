"""A client of the tables for a command: those of the settings, or those of the local stack."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from uproar.cli.invocation import Invocation

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from sinks.cluster import Cluster


@contextmanager
def reader(invocation: Invocation) -> Iterator["Client"]:
    """Lend a client that cannot change anything. Raises StoreUnavailable where none answers."""
    from sinks.migrate import prepare_tables
    from uproar.clickhouse import connect_to_read, reported
    from uproar.stack.local import stack

    settings = invocation.settings
    with stack(settings) as running:
        endpoints = running.endpoints
        if not settings.clickhouse_url:
            prepare_tables(
                endpoints.migrator_url,
                settings.retention_days,
                cluster=settings.clickhouse_cluster,
            )
        with reported(endpoints.reader_url):
            client = connect_to_read(endpoints.reader_url, endpoints.clickhouse_url)
            try:
                yield client
            finally:
                client.disconnect()


@contextmanager
def whole_reader(invocation: Invocation) -> Iterator["Client"]:
    """Lend a client that changes nothing, but may read a whole run, however long that takes.

    The reader's limits are those of a page that many people ask; this one is the owner's.
    """
    with writer(invocation) as client:
        client.settings |= {"readonly": 2}
        yield client


@contextmanager
def whole_readers(invocation: Invocation) -> Iterator[tuple["Client", "Client"]]:
    """Lend two of them: what one hands out row by row, the other can ask about."""
    from uproar.clickhouse import connect

    with whole_reader(invocation) as client:
        second = connect(_url_of(invocation), settings={"readonly": 2})
        try:
            yield client, second
        finally:
            second.disconnect()


def named_cluster(invocation: Invocation) -> "Cluster | None":
    """Return the cluster that the settings name, for what is to be done on every shard."""
    from sinks.cluster import cluster_of

    return cluster_of(_url_of(invocation), invocation.settings.clickhouse_cluster)


def _url_of(invocation: Invocation) -> str:
    from uproar.stack.local import attach

    return attach(invocation.settings).clickhouse_url


@contextmanager
def writer(invocation: Invocation) -> Iterator["Client"]:
    """Lend a client that may write to migrated tables, as the sink does."""
    from sinks.migrate import prepare_tables
    from sinks.run import writer_settings
    from uproar.clickhouse import connect, reported
    from uproar.stack.local import stack

    settings = invocation.settings
    with stack(settings) as running:
        url = running.endpoints.clickhouse_url
        prepare_tables(
            running.endpoints.migrator_url,
            settings.retention_days,
            cluster=settings.clickhouse_cluster,
        )
        with reported(url):
            client = connect(url, settings=writer_settings(settings.clickhouse_cluster))
            try:
                yield client
            finally:
                client.disconnect()
