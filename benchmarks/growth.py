"""`python -m benchmarks.growth`: what more reactions cost: writing them, and every panel.

`measure` fills a ClickHouse of its own with so many, asks every panel, writes further ones through
the sink, and keeps the figures as JSON. `draw` makes a picture and tables of several sizes.
"""

import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec
from clickhouse_driver import Client

from benchmarks.archive import reaction
from benchmarks.fill import PARTS, RUN, TO_AT, Filled, fill
from benchmarks.growth_drawn import drawn, tables
from benchmarks.growth_figures import Size, Table, Written
from benchmarks.queries import USUAL, time_queries
from benchmarks.server import Server, server
from dashboards.panels import QUERIES
from sinks.batch import Batch, Placed, empty_batch
from sinks.changes import plan_changes
from sinks.clickhouse import ClickHouseSink
from sinks.migrate import prepare_tables
from sinks.rows import REACTIONS_COLUMNS
from sinks.run import WRITER_SETTINGS
from uproar.clickhouse import connect, read

RETENTION_DAYS = 3650
ROWS_ALONE = (Path(__file__).with_name("statements") / "insert_rows.sql").read_text("utf-8")
BATCHES = {500: 12, 5_000: 8, 20_000: 4}
"""Records in a batch: of a live stream, of one in a hurry, of a replay; and how many of each."""
POSTS_A_SECOND = 500
REPEATS = 2
BEGIN, END = "<!-- growth: written by python -m benchmarks.growth draw -->", "<!-- growth: end -->"


@click.group()
def main() -> None:
    """Measure how the figures grow with what is stored."""


@main.command()
@click.option("--reactions", default=1_000_000, show_default=True, help="How many to invent")
@click.option("--minutes", default=60.0, show_default=True, help="After which filling is cut short")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the data here, or go on")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where figures go")
def measure(reactions: int, minutes: float, folder: Path | None, out: Path) -> None:
    """Fill, ask every panel, write further batches; keep the figures in a file."""
    kept = folder or Path(tempfile.mkdtemp(prefix="uproar-bench-"))
    try:
        with server(kept) as running:
            filled = _filled(running, reactions, minutes, kept / "filled.json")
            size = _measured(running, filled)
        out.write_bytes(msgspec.json.format(msgspec.json.encode(size)))
    finally:
        if folder is None:
            shutil.rmtree(kept)


@main.command()
@click.argument("figures", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--picture", type=click.Path(path_type=Path), help="Draw it here, as SVG")
@click.option("--page", type=click.Path(path_type=Path), help="Put the tables between its marks")
def draw(figures: tuple[Path, ...], picture: Path | None, page: Path | None) -> None:
    """Draw and tabulate what `measure` has kept of several sizes."""
    sizes = [msgspec.json.decode(path.read_bytes(), type=Size) for path in figures]
    sizes.sort(key=lambda size: size.reactions)
    if picture:
        picture.write_text(drawn(sizes), "utf-8")
    text = tables(sizes)
    if page is None:
        click.echo(text)
        return
    whole = page.read_text("utf-8")
    before, found, rest = whole.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        raise click.ClickException(f"`{page}` lacks the marks `{BEGIN}` and `{END}`")
    page.write_text(f"{before}{BEGIN}\n{text}{END}{after}", "utf-8")


def _filled(running: Server, reactions: int, minutes: float, kept: Path) -> Filled:
    """Return what filling came to; where the folder is used again, what it came to then."""
    prepare_tables(running.writer_url, RETENTION_DAYS)
    if kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=Filled)
    deadline = time.monotonic() + 60 * minutes
    client = connect(running.writer_url)
    filled = fill(client, reactions, _tell, running.spent, lambda: time.monotonic() > deadline)
    filled.peak_bytes = running.peak_bytes()
    kept.write_bytes(msgspec.json.encode(filled))
    return filled


def _measured(running: Server, filled: Filled) -> Size:
    writer = connect(running.writer_url, settings=WRITER_SETTINGS)
    held = [Table(*row) for row in writer.execute(PARTS)]
    reader = connect(running.reader_url)
    timings = time_queries(
        QUERIES, lambda sql: len(read(reader, sql).rows), running.spent, _tell, USUAL, REPEATS
    )
    written = [_write(writer, running, size, count) for size, count in BATCHES.items()]
    return Size(
        reactions=next(table.rows for table in held if table.name == "reactions"),
        filled=filled,
        tables=held,
        timings=timings,
        written=written,
        peak_bytes=max(filled.peak_bytes, running.peak_bytes()),
    )


def _write(client: Client, running: Server, size: int, count: int) -> Written:
    """Write batches of posts of the last hour through the sink, and their rows alone."""
    chance = random.Random(size)  # noqa: S311 - repeatable on purpose
    sink = ClickHouseSink(client)
    found = Written(records=size)
    at = TO_AT - timedelta(hours=1)
    for number in range(count):
        batch = _batch(chance, size, number, at)
        at += timedelta(seconds=size / POSTS_A_SECOND)
        rows = plan_changes(list(batch.reactions), {}, {}, datetime.now(UTC), ()).rows
        begun, used = time.monotonic(), running.spent()
        sink.write(batch)
        found.seconds.append(time.monotonic() - begun)
        found.cpu_seconds.append(running.spent() - used)
        begun, used = time.monotonic(), running.spent()
        _insert(client, rows)
        found.rows_alone.append(time.monotonic() - begun)
        found.rows_alone_cpu.append(running.spent() - used)
    return found


def _insert(client: Client, rows: Sequence[Sequence[object]]) -> None:
    names = ", ".join(f"`{column}`" for column in REACTIONS_COLUMNS)
    client.execute(ROWS_ALONE.format(names=names), list(zip(*rows, strict=True)), columnar=True)


def _batch(chance: random.Random, size: int, number: int, at: datetime) -> Batch:
    batch = empty_batch()
    first = size * 1_000_000 + number * size
    batch.reactions.extend(
        Placed(reaction(chance, RUN, -place, at + timedelta(seconds=index / POSTS_A_SECOND)))
        for index, place in enumerate(range(first, first + size))
    )
    return batch


def _tell(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
