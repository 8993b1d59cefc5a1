"""`python -m benchmarks`: fill a local ClickHouse with invented reactions and time every panel."""

import shutil
import tempfile
from pathlib import Path

import click
import msgspec

from benchmarks.fill import fill
from benchmarks.queries import time_queries
from benchmarks.report import table
from benchmarks.server import Server, server
from dashboards.panels import QUERIES
from sinks.migrate import prepare_tables
from uproar.clickhouse import connect, read

RETENTION_DAYS = 3650
PARTS = (Path(__file__).with_name("statements") / "parts.sql").read_text("utf-8")
TARGET_MS = {1_000_000: 100, 10_000_000: 100, 100_000_000: 300}


@click.command()
@click.option("--reactions", default=10_000_000, show_default=True, help="How many to invent")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Keep the data here, or use it again"
)
@click.option(
    "--queries", type=click.Path(path_type=Path), default=QUERIES, help="Other .sql files"
)
@click.option(
    "--json", "out", type=click.Path(path_type=Path), help="Write the timings here as well"
)
def main(reactions: int, folder: Path | None, queries: Path, out: Path | None) -> None:
    """Fill, time, print milliseconds (processor time): all entities · one entity."""
    kept = folder or Path(tempfile.mkdtemp(prefix="uproar-bench-"))
    try:
        with server(kept) as running:
            _bench(running, reactions, queries, out)
    finally:
        if folder is None:
            shutil.rmtree(kept)


def _bench(running: Server, reactions: int, queries: Path, out: Path | None) -> None:
    prepare_tables(running.writer_url, RETENTION_DAYS)
    writer = connect(running.writer_url)
    held = {name: count for name, count, *_ in writer.execute(PARTS)}
    if not held.get("reactions"):
        fill(writer, reactions, lambda line: click.echo(line, err=True))
    reader = connect(running.reader_url)
    timings = time_queries(
        queries,
        lambda sql: len(read(reader, sql).rows),
        running.spent,
        lambda line: click.echo(line, err=True),
    )
    if out:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(timings)))
    target = TARGET_MS.get(reactions, 100 if reactions <= 10_000_000 else 300)
    click.echo(table(timings, target))
    for name, rows, parts, size in writer.execute(PARTS):
        click.echo(f"{name}: {rows:,} rows, {parts} parts, {size / 1e6:,.0f} MB")
    for timing in timings:
        if timing.error:
            click.echo(f"{timing.query} ({timing.entities}, {timing.range}): {timing.error}")


if __name__ == "__main__":
    main()
