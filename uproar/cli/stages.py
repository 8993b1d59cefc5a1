"""The stages as processes: what a command starts beside the servers, and what it starts with."""

import asyncio
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uproar.cli.invocation import Invocation
from uproar.config_file import read_config
from uproar.endpoints import Endpoints
from uproar.errors import StackError
from uproar.settings import Settings
from uproar.stack.children import Child
from uproar.stack.home import Home
from uproar.stack.ports import choose_port, is_open
from uproar.topics import topics

if TYPE_CHECKING:
    from uproar.clickhouse import Result

USUAL_PAGE_PORT = 8765


class PipelineStages:
    """Workers, sink and page of one configuration.

    `page_port` is known once the processes are named: who joins a running stack needs none.
    """

    def __init__(self, settings: Settings, config: Path) -> None:
        self.config = config
        self.page_port = 0
        self._settings = settings

    def children(self, endpoints: Endpoints, home: Home) -> list[Child]:
        """Create missing topics and tables, and return the processes to start."""
        prepare(self._settings, endpoints)
        self.page_port = _page_port(self._settings.page_port)
        command = [sys.executable, "-m", "uproar", "--config", str(self.config)]
        workers = [
            Child(f"worker {number}", [*command, "worker"], home.logs / f"worker-{number}.log")
            for number in range(1, self._settings.workers + 1)
        ]
        sinks = [Child("the sink", [*command, "sink"], home.logs / "sink.log")] if workers else []
        port = str(self.page_port)
        pages = [Child("the page", [*command, "page", "--port", port], home.logs / "page.log")]
        return [*workers, *sinks, *pages]


def _page_port(wanted: int) -> int:
    """Return the port asked for; without one, the usual one where it is free."""
    if wanted == 0 and not is_open(USUAL_PAGE_PORT):
        wanted = USUAL_PAGE_PORT
    return choose_port(wanted, "UPROAR_PAGE_PORT")


def prepare(settings: Settings, endpoints: Endpoints) -> None:
    """Create the topics and bring the tables up to date. Raises what is wrong with a server."""
    from sinks.migrate import prepare_tables
    from uproar.kafka import create_topics

    create_topics(
        endpoints.kafka,
        topics(settings.topic_prefix).all(),
        settings.kafka_partitions,
        settings.kafka_replication,
    )
    prepare_tables(endpoints.clickhouse_url, settings.retention_days)


@click.command()
@click.pass_obj
def worker(invocation: Invocation) -> None:
    """Run one Faust worker: read posts, write reactions.

    `uproar up` does this for you; run it yourself on machines of a cluster.
    """
    from streams.worker import run_worker
    from uproar.stack.local import attach

    settings = invocation.settings
    names = topics(settings.topic_prefix)
    data = settings.home / "faust"
    run_worker(attach(settings).kafka, names, invocation.config, data, settings.sentiment)


@click.command()
@click.pass_obj
def sink(invocation: Invocation) -> None:
    """Run one sink: write what arrives to ClickHouse.

    `uproar up` does this for you; run it yourself on machines of a cluster.
    """
    from sinks.consume import Pace
    from sinks.run import run_sink
    from uproar.stack.local import attach

    settings = invocation.settings
    pace = Pace(
        flush_seconds=settings.sink_flush_seconds, batch_records=settings.sink_batch_records
    )
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run_sink(attach(settings), topics(settings.topic_prefix), pace, stop.is_set)


@click.command()
@click.option("--port", default=USUAL_PAGE_PORT, show_default=True, help="Port on loopback.")
@click.pass_obj
def page(invocation: Invocation, port: int) -> None:
    """Serve the built-in live page on loopback.

    `uproar up` does this for you.
    """
    from uproar.stack.local import attach

    names = {entity.id: entity.name for entity in read_config(invocation.config).entities}
    asyncio.run(_serve_page(attach(invocation.settings), names, port))


async def _serve_page(endpoints: Endpoints, names: Mapping[str, str], port: int) -> None:
    from dashboards.page import build_page, start_page
    from uproar.clickhouse import connect_to_read, read, reported

    client = connect_to_read(endpoints.reader_url, endpoints.clickhouse_url)

    def query(sql: str) -> "Result":
        with reported(endpoints.reader_url):
            return read(client, sql)

    try:
        runner, url = await start_page(build_page(query, names), port)
    except OSError as error:
        raise StackError(
            f"the page cannot listen on port {port}: {error.strerror}",
            hint="choose another with `--port`, or `UPROAR_PAGE_PORT` for `uproar up`",
        ) from error
    click.echo(url)
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()
    await runner.cleanup()
    client.disconnect()
