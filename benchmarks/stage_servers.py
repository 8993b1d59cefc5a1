"""The stages that need servers: produce, Faust without reading, and the sink by its steps."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import msgspec
from clickhouse_driver import Client
from kafka import KafkaConsumer

from benchmarks.grounds import RETENTION_DAYS, statement
from benchmarks.processes import cpu_seconds
from benchmarks.sink import MeteredClient
from benchmarks.tape import SHAPES, TapeConsumer, tape
from producers.publish import KafkaPublisher
from sinks.clickhouse import ClickHouseSink
from sinks.consume import Consumption
from sinks.migrate import prepare_tables
from sinks.pace import Pace
from sinks.run import WRITER_SETTINGS
from uproar.clickhouse import connect
from uproar.endpoints import Endpoints, KafkaEndpoint
from uproar.kafka import create_topics, producer_settings
from uproar.operations.collector import spare_collector
from uproar.records import Post, Reaction
from uproar.topics import topics

PARTITIONS = 4
BATCH_RECORDS = 20_000
FLUSH_SECONDS = 0.25
POSTS_A_SECOND = 10_000
AFTER_SECONDS = 0.5
"""For acknowledgements behind the last post."""


class Cost(msgspec.Struct, frozen=True):
    """Processor seconds of our process, and of the server's."""

    ours: float
    theirs: float


def produce(kafka: KafkaEndpoint, prefix: str, broker: int, posts: Sequence[Post]) -> Cost:
    """Send posts in packs and wait for all acknowledgements."""
    names = topics(prefix)
    create_topics(kafka, names.all(), PARTITIONS, 1)
    with KafkaPublisher(producer_settings(kafka), names) as publisher:
        ours, theirs = time.process_time(), cpu_seconds([broker])
        publisher.begin("benchmark", "stages", posts[0].received_at)
        for post in posts:
            publisher.send(post)
        publisher.flush()
        return Cost(time.process_time() - ours, cpu_seconds([broker]) - theirs)


class _NoReading:
    """Stands in for the reader: what is left is the worker's own share."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self.count = 0
        self.began = 0.0
        self.all_came = threading.Event()

    def read(self, post: Post) -> Reaction:
        """Return the post as it is."""
        return self.read_all([post])[0]

    def read_all(self, posts: Sequence[Post]) -> list[Reaction]:
        """Return the posts as they are."""
        if self.count == 0:
            self.began = time.process_time()
        self.count += len(posts)
        if self.count >= self._wanted:
            self.all_came.set()
        return [Reaction(post=post, lang="en") for post in posts]


def faust(kafka: KafkaEndpoint, prefix: str, posts: int, data: Path, told: Any) -> None:
    """Run the app over what `produce` has sent, without reading; tell the processor seconds.

    To be run in a process of its own, which it ends. `told` is the end of a pipe. What comes before
    the first post is handed over is not counted.
    """
    from faust import Worker

    from streams.app import build_app

    reader = _NoReading(posts)
    app = build_app(kafka, topics(prefix), data, lambda: reader)

    def end_when_done() -> None:
        reader.all_came.wait()
        time.sleep(AFTER_SECONDS)
        told.send(time.process_time() - reader.began)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end_when_done, daemon=True).start()
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        worker = Worker(app, loglevel="ERROR", quiet=True, redirect_stdouts=False, stdout=nowhere)
        worker.execute_from_commandline()


def cost_of_faust(kafka: KafkaEndpoint, prefix: str, broker: int, posts: int, data: Path) -> Cost:
    """Run `faust` in a process of its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=faust, args=(kafka, prefix, posts, data, there))
    theirs = cpu_seconds([broker])
    child.start()
    ours = here.recv()
    theirs = cpu_seconds([broker]) - theirs
    child.join()
    return Cost(ours, theirs)


def empty_tables(endpoints: Endpoints) -> None:
    """Make the tables, or empty them."""
    prepare_tables(endpoints.migrator_url, RETENTION_DAYS)
    client = connect(endpoints.migrator_url)
    for (table,) in client.execute(statement("tables")):
        client.execute(statement("truncate").format(table=table))
    client.disconnect()


def sink(endpoints: Endpoints, posts: int, clickhouse: int) -> dict[str, Cost]:
    """Store invented reactions, a fresh table's first; return the cost of each step.

    The steps' costs are those of their statements; "sink, all of it" is everything, merges until
    the last commit included.
    """
    spare_collector()
    client = connect(endpoints.clickhouse_url, settings=WRITER_SETTINGS)
    metered = MeteredClient(client)
    seconds = posts / POSTS_A_SECOND
    player = TapeConsumer(tape(SHAPES["days"], posts, seconds), seconds)
    writer = ClickHouseSink(cast("Client", metered))
    pace = Pace(flush_seconds=FLUSH_SECONDS, batch_records=BATCH_RECORDS)
    consumption = Consumption(cast("KafkaConsumer", player), topics(), writer, pace)
    ours, theirs = time.process_time(), cpu_seconds([clickhouse])
    consumption.run(player.is_done)
    whole = Cost(time.process_time() - ours, cpu_seconds([clickhouse]) - theirs)
    client.disconnect()
    steps = {"insert": Cost(0, 0), "recompute": Cost(0, 0), "look up": Cost(0, 0)}
    for kind, spent in metered.spent.items():
        name = next(word for word, begin in _KINDS.items() if kind.startswith(begin))
        steps[name] = Cost(steps[name].ours + spent.ours, steps[name].theirs + spent.theirs)
    return {"sink, all of it": whole} | {f"sink: {name}": cost for name, cost in steps.items()}


_KINDS = {"insert": "rows of", "recompute": "compute", "look up": "ask"}
