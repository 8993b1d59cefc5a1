"""The stages as processes: what a command starts beside the servers, and what it starts with."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uproar.cli.invocation import Invocation
from uproar.cli.operating import (
    PAGE_PLACE,
    SOURCES_PLACE,
    WATCH_PLACE,
    child_environment,
    keeping_broker,
    observed_query,
    operated,
)
from uproar.config_file import read_config
from uproar.endpoints import Endpoints
from uproar.errors import StackError
from uproar.operations.collector import spare_collector
from uproar.page_settings import check_page_settings, is_loopback, named
from uproar.settings import Settings, days_by_platform
from uproar.stack.children import Child
from uproar.stack.home import Home
from uproar.stack.ports import choose_port, is_open
from uproar.topics import topics

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from uproar.clickhouse import Result

USUAL_PAGE_PORT = 8765
PAGE_CONNECTIONS = 4
"""To ClickHouse: so many queries of the page run at once."""


class PipelineStages:
    """Workers, sink, page and watcher of one configuration; with `watches`, its live sources, too.

    With `watches` a Grafana that is found is started, too; `grafana_reason` says why none is.
    `page_port` is known once the processes are named: who joins a running stack needs none.
    """

    def __init__(self, settings: Settings, config: Path, *, watches: bool = False) -> None:
        self.config = config
        self.page_port = 0
        self.grafana_port = 0
        self.grafana_reason = ""
        self._settings = settings
        self._watches = watches

    def children(self, endpoints: Endpoints, home: Home) -> list[Child]:
        """Create missing topics and tables, and return the processes to start."""
        check_page_settings(self._settings.page_host, self._settings.page_token)
        prepare(self._settings, endpoints)
        self.page_port = _page_port(self._settings.page_port)
        command = [sys.executable, "-m", "uproar", "--config", str(self.config)]

        def child(title: str, name: str, place: int, *words: str) -> Child:
            environment = child_environment(self._settings, name, place)
            return Child(title, [*command, *words], home.logs / f"{name}.log", environment)

        count = self._settings.workers
        workers = [
            child(f"worker {number}", f"worker-{number}", number, "worker")
            for number in range(1, count + 1)
        ]
        sinks = [child("the sink", "sink", count + 1, "sink")] if workers else []
        port = str(self.page_port)
        page = child("the page", "page", count + PAGE_PLACE, "page", "--port", port)
        page.reads_topics = False
        watcher = child("the watcher", "watch", count + WATCH_PLACE, "watch")
        watcher.reads_topics = watcher.is_vital = False
        # Where worker and sink run elsewhere, so does the one watcher there may be.
        watchers = [watcher] if workers else []
        named = read_config(self.config).sources.named() if self._watches else ()
        sources = [
            child(name, f"source-{name}", count + SOURCES_PLACE + place, "ingest", name, "--attach")
            for place, name in enumerate(named)
        ]
        for source in sources:
            source.is_vital = False
            source.reads_topics = False  # it sends, and waits for its turn by itself
        return [*workers, *sinks, page, *watchers, *sources, *self._grafana(endpoints, home)]

    def _grafana(self, endpoints: Endpoints, home: Home) -> list[Child]:
        if not self._watches:
            return []
        from uproar.cli.grafana_start import find_grafana

        found = find_grafana(self._settings, endpoints, home)
        self.grafana_port, self.grafana_reason = found.port, found.reason
        return [found.child] if found.child else []

    def create_topics(self, endpoints: Endpoints) -> None:
        """Create the topics that are missing."""
        create_topics(self._settings, endpoints)


def _page_port(wanted: int) -> int:
    """Return the port asked for; without one, the usual one where it is free."""
    if wanted == 0 and not is_open(USUAL_PAGE_PORT):
        wanted = USUAL_PAGE_PORT
    return choose_port(wanted, "UPROAR_PAGE_PORT")


def create_topics(settings: Settings, endpoints: Endpoints) -> None:
    """Create the topics that are missing. Raises what is wrong with Kafka."""
    from uproar import kafka

    kafka.create_topics(
        endpoints.kafka,
        topics(settings.topic_prefix).all(),
        settings.kafka_partitions,
        settings.kafka_replication,
        settings.kafka_retention_hours,
    )


def prepare(settings: Settings, endpoints: Endpoints) -> None:
    """Create the topics and bring the tables up to date. Raises what is wrong with a server."""
    from sinks.migrate import prepare_tables

    create_topics(settings, endpoints)
    prepare_tables(
        endpoints.migrator_url,
        settings.retention_days,
        days_by_platform(settings.retention_days_by_platform),
        settings.clickhouse_cluster,
    )


@click.command()
@click.pass_obj
def worker(invocation: Invocation) -> None:
    """Run one Faust worker: read posts, write reactions.

    `uproar up` does this for you; run it yourself on machines of a cluster.
    """
    # Before numpy is loaded: its products are small, and other workers have the other cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from streams.worker import run_worker
    from uproar.stack.local import attach_kafka

    settings = invocation.settings
    names = topics(settings.topic_prefix)
    data = settings.home / "faust"
    kafka = attach_kafka(settings)
    spare_collector()
    with operated(settings, "streams"), keeping_broker(settings, kafka):
        run_worker(kafka, names, invocation.config, data, settings.sentiment, settings.fuse_share)


@click.command()
@click.pass_obj
def sink(invocation: Invocation) -> None:
    """Run one sink: write what arrives to ClickHouse.

    `uproar up` does this for you; run it yourself on machines of a cluster.
    """
    from sinks.pace import Pace
    from sinks.run import run_sink
    from uproar.stack.local import attach

    settings = invocation.settings
    pace = Pace(
        flush_seconds=settings.sink_flush_seconds,
        batch_records=settings.sink_batch_records,
        fuse_share=settings.fuse_share,
    )
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    endpoints = attach(settings)
    spare_collector()
    with operated(settings, "sink"), keeping_broker(settings, endpoints.kafka):
        names = topics(settings.topic_prefix)
        run_sink(endpoints, names, pace, stop.is_set, settings.clickhouse_cluster)


@click.command()
@click.option("--port", default=USUAL_PAGE_PORT, show_default=True, help="Port to listen on.")
@click.pass_obj
def page(invocation: Invocation, port: int) -> None:
    """Serve the built-in live page, on loopback unless `UPROAR_PAGE_HOST` says otherwise.

    `uproar up` does this for you.
    """
    from uproar.stack.local import attach

    settings = invocation.settings
    check_page_settings(settings.page_host, settings.page_token)
    names = {entity.id: entity.name for entity in read_config(invocation.config).entities}
    with operated(settings, "page"):
        asyncio.run(_serve_page(attach(settings), settings, names, port))


async def _serve_page(
    endpoints: Endpoints, settings: Settings, names: Mapping[str, str], port: int
) -> None:
    from dashboards.page import build_page, start_page
    from dashboards.page_access import Access
    from uproar.clickhouse import connect_to_read

    clients = [
        connect_to_read(endpoints.reader_url, endpoints.clickhouse_url)
        for _ in range(PAGE_CONNECTIONS)
    ]
    access = Access(
        token=settings.page_token,
        names=named(settings.page_names),
        is_open_elsewhere=not is_loopback(settings.page_host),
    )
    queries = [_page_query(client, endpoints.reader_url) for client in clients]
    try:
        app = build_page(queries, names, access)
        runner, url = await start_page(app, port, settings.page_host)
    except OSError as error:
        raise StackError(
            f"the page cannot listen on port {port} of `{settings.page_host}`: {error.strerror}",
            hint="choose another with `--port`, or `UPROAR_PAGE_PORT` for `uproar up`",
        ) from error
    click.echo(url)
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()
    await runner.cleanup()
    for client in clients:
        client.disconnect()


def _page_query(client: "Client", url: str) -> "Callable[[str], Result]":
    from uproar.clickhouse import read, reported

    def query(sql: str) -> "Result":
        with observed_query(), reported(url):
            return read(client, sql)

    return query
