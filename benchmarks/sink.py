"""`python -m benchmarks.sink`: what storing a row costs the sink and ClickHouse, step by step.

Invented messages go through the sink's own loop into a ClickHouse of the local stack's kind. Kafka
is played from memory, so its client's cost is not in these figures. Processor time of a statement
is what ClickHouse itself reports of it; what is left of the server's is merges and upkeep.
"""

import re
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import click
import msgspec
from clickhouse_driver import Client
from clickhouse_driver.protocol import ServerPacketTypes
from kafka import KafkaConsumer

from benchmarks.server import Server, server
from benchmarks.tape import SHAPES, TOPIC, Message, TapeConsumer, tape
from sinks.batch import Arrival, add_message, empty_batch
from sinks.changes import plan_changes
from sinks.clickhouse import ClickHouseSink
from sinks.consume import Consumption
from sinks.migrate import prepare_tables
from sinks.pace import Pace
from sinks.run import WRITER_SETTINGS
from uproar.clickhouse import connect
from uproar.codec import reactions_decoder
from uproar.operations.collector import spare_collector
from uproar.topics import topics

_STATEMENTS = Path(__file__).with_name("statements")
MERGES = (_STATEMENTS / "merges.sql").read_text("utf-8")
PARTS = (_STATEMENTS / "parts.sql").read_text("utf-8")
TOTALS = (_STATEMENTS / "sink_totals.sql").read_text("utf-8")
MERGES_SETTLE_SECONDS = 20
_CPU_EVENTS = {"UserTimeMicroseconds", "SystemTimeMicroseconds"}


class Spent(msgspec.Struct):
    """On one kind of statement; seconds."""

    count: int = 0
    wall: float = 0.0
    ours: float = 0.0
    theirs: float = 0.0


class MeteredClient:
    """A client that keeps account of its statements."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.stored: Callable[[], None] = lambda: None
        """Called when rows of reactions can be queried."""
        self.spent: dict[str, Spent] = defaultdict(Spent)
        self._theirs = 0
        receive = client.connection.receive_packet

        def metered() -> Any:
            packet = receive()
            block = getattr(packet, "block", None)
            if packet.type == ServerPacketTypes.PROFILE_EVENTS and block is not None:
                self._theirs += sum(
                    row[-1] for row in block.get_rows() if row[4] in _CPU_EVENTS and row[2] == 0
                )
            return packet

        client.connection.receive_packet = metered

    def execute(self, statement: str, *arguments: Any, **options: Any) -> Any:
        """Run it, and add what it took to its kind."""
        kind = _kind_of(statement)
        spent = self.spent[kind]
        self._theirs = 0
        wall, ours = time.perf_counter(), time.thread_time()
        try:
            return self._client.execute(statement, *arguments, **options)
        finally:
            spent.count += 1
            spent.wall += time.perf_counter() - wall
            spent.ours += time.thread_time() - ours
            spent.theirs += self._theirs / 1e6
            if kind == "rows of reactions":
                self.stored()


def _kind_of(statement: str) -> str:
    """Return the table that rows go to, or that is computed, or that is asked."""
    if found := re.search(r"INSERT INTO (\w+)\s", statement):
        return f"{'rows of' if statement.endswith('VALUES') else 'compute'} {found[1]}"
    found = re.search(r"FROM (\w+)", statement)
    return f"ask {found[1] if found else 'the time'}"


@click.command()
@click.option("--shape", type=click.Choice(list(SHAPES)), default="days", show_default=True)
@click.option("--posts", default=25_000, show_default=True, help="How many to store")
@click.option("--rate", default=10_000, show_default=True, help="Posts a second that arrive")
@click.option("--flush", default=0.25, show_default=True, help="UPROAR_SINK_FLUSH_SECONDS")
@click.option("--batch", default=20_000, show_default=True, help="UPROAR_SINK_BATCH_RECORDS")
def main(shape: str, posts: int, rate: int, flush: float, batch: int) -> None:
    """Print microseconds of processor time a post, by step."""
    seconds = posts / rate
    spare_collector()
    messages = tape(SHAPES[shape], posts, seconds)
    folder = Path(tempfile.mkdtemp(prefix="uproar-bench-"))
    try:
        with server(folder) as running:
            prepare_tables(running.writer_url, 400)
            pace = Pace(flush_seconds=flush, batch_records=batch)
            click.echo(f"{posts:,} posts, {shape}, {rate:,} a second, {len(messages):,} messages")
            for line in _lines(running, messages, posts, seconds, pace):
                click.echo(line)
    finally:
        shutil.rmtree(folder)


def _lines(
    running: Server, messages: list[Message], posts: int, seconds: float, pace: Pace
) -> Iterator[str]:
    client = connect(running.writer_url, settings=WRITER_SETTINGS)
    client.execute(MERGES)
    metered = MeteredClient(client)
    player = TapeConsumer(messages, seconds)
    metered.stored = player.stored
    sink = ClickHouseSink(cast("Client", metered))
    consumption = Consumption(cast("KafkaConsumer", player), topics(), sink, pace)
    wall, ours, theirs = time.monotonic(), time.process_time(), running.spent()
    consumption.run(player.is_done)
    wall, ours = time.monotonic() - wall, time.process_time() - ours
    at_once = running.spent() - theirs
    deadline = time.monotonic() + MERGES_SETTLE_SECONDS
    with connect(running.writer_url) as asking:
        while asking.execute(MERGES)[0][0] and time.monotonic() < deadline:
            time.sleep(0.2)
        in_all = running.spent() - theirs
        totals = asking.execute(TOTALS)[0]
        parts = {name: (rows, count) for name, rows, count, _ in asking.execute(PARTS)}

    def us(spent: float) -> str:
        return f"{spent / posts * 1e6:7.1f}"

    yield "us a post     sink  server   count  ms each"
    for kind, spent in sorted(metered.spent.items(), key=lambda item: -item[1].theirs):
        each = spent.wall / spent.count * 1000
        yield f"  {kind:42}{us(spent.ours)}{us(spent.theirs)}{spent.count:8}{each:9.1f}"
    said = sum(spent.theirs for spent in metered.spent.values())
    yield f"  {'merges and upkeep until the last commit':42}{'':7}{us(at_once - said)}"
    yield f"  {'merges after it':42}{'':7}{us(in_all - at_once)}"
    for name, step in _pure(messages).items():
        began = time.process_time()
        step()
        yield f"  {name + ', of it (alone)':42}{us(time.process_time() - began)}"
    yield f"  {'in all':42}{us(ours)}{us(in_all)}"
    yield f"{wall:.1f} s until all was committed: {posts / wall:,.0f} posts a second"
    minutes = metered.spent["compute reactions_by_minute"].wall / wall
    yield f"the minutes' statement takes {minutes:.0%} of that time"
    delays = sorted(seconds for seconds, count in player.delays for _ in range(count))
    half, most = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
    yield f"from due to queryable: p50 {half * 1000:.0f} ms, p99 {most * 1000:.0f} ms"
    verdict = "agree" if len(set(totals)) == 1 else "DIFFER"
    yield f"rows and totals {totals} {verdict}; rows and parts {parts}"


def _pure(messages: list[Message]) -> dict[str, Callable[[], object]]:
    """Return the steps that need no server, to be run in this order."""
    decoder, now = reactions_decoder(), datetime.now(UTC)
    decoded: list[tuple[Message, Any]] = []
    batch = empty_batch()

    def decode() -> None:
        decoded.extend((message, decoder.decode(message.value)) for message in messages)

    def collect() -> None:
        for message, (records, bad) in decoded:
            place = {"partition": message.partition, "offset": message.offset}
            arrival = Arrival(topic=TOPIC, stream="reactions", **place, at=now)
            add_message(batch, records, bad, arrival)

    def plan() -> None:
        plan_changes(batch.reactions, {}, {}, now, batch.messages)

    return {"decode": decode, "collect": collect, "plan and build rows": plan}


if __name__ == "__main__":
    main()
