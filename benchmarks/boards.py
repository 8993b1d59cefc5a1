"""`python -m benchmarks.boards`: time whole boards of the page, as a browser asks for them."""

import shutil
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click

from benchmarks.fill import RUN, TO_AT, fill
from benchmarks.page import page
from benchmarks.server import Server, server
from dashboards.boards import BOARDS
from dashboards.panels import Board
from sinks.migrate import prepare_tables
from uproar.clickhouse import connect, read

PARTS = (Path(__file__).with_name("statements") / "parts.sql").read_text("utf-8")
RETENTION_DAYS = 3650
REPEATS = 5
REQUESTS_AT_ONCE = 6
"""As many as a browser makes to one server."""
RANGES_SECONDS = {"6 h": 6 * 3600, "1 d": 86_400, "year": 364 * 86_400}


@click.command()
@click.option("--reactions", default=1_000_000, show_default=True, help="How many to invent")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the data here")
@click.option("--connections", default=4, show_default=True, help="To ClickHouse")
def main(reactions: int, folder: Path | None, connections: int) -> None:
    """Fill, then print for each board and range: queries, milliseconds, processor time."""
    kept = folder or Path(tempfile.mkdtemp(prefix="uproar-bench-"))
    try:
        with server(kept) as running:
            _bench(running, reactions, connections)
    finally:
        if folder is None:
            shutil.rmtree(kept)


def _bench(running: Server, reactions: int, connections: int) -> None:
    prepare_tables(running.writer_url, RETENTION_DAYS)
    with connect(running.writer_url) as writer:
        held = {name: count for name, count, *_ in writer.execute(PARTS)}
        if not held.get("reactions"):
            fill(writer, reactions, lambda line: click.echo(line, err=True))
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(running.reader_url)) for _ in range(connections)]
        url = stack.enter_context(page([partial(read, client) for client in clients]))
        for board in BOARDS:
            for name, seconds in RANGES_SECONDS.items():
                paths = list(_paths(board, seconds))
                times, spent = _time(url, paths, running)
                click.echo(
                    f"{board.title:16} {name:5} {len(paths):3} queries {times * 1000:6.0f} ms "
                    f"({spent * 1000:.0f} ms of processors)"
                )


def _paths(board: Board, seconds: int) -> Iterator[str]:
    end = int(TO_AT.timestamp()) - 1
    query = f"run={RUN}&from={end - seconds}&to={end}"
    query += "&entity=entity-01" if board.takes_one_entity else ""
    if board.has_annotations:
        yield f"api/marks?{query}"
    for panel in board.panels:
        yield f"api/panel/{panel.id}?{query}"


def _time(url: str, paths: Sequence[str], running: Server) -> tuple[float, float]:
    def ask(path: str) -> None:
        with urllib.request.urlopen(url + path) as answer:  # noqa: S310
            answer.read()

    times = []
    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as browser:
        list(browser.map(ask, paths))  # warms up
        before = running.spent()
        for _ in range(REPEATS):
            begun = time.perf_counter()
            list(browser.map(ask, paths))
            times.append(time.perf_counter() - begun)
    return statistics.median(times), (running.spent() - before) / REPEATS


if __name__ == "__main__":
    main()
