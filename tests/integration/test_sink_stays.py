"""The sink while ClickHouse stands still: it stays in its group, takes no more, and says so."""

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer

from sinks.clickhouse import ClickHouseSink
from sinks.consume import Consumption
from sinks.migrate import prepare_tables
from sinks.pace import Pace
from uproar.clickhouse import connect
from uproar.codec import encode_record, join_pack
from uproar.endpoints import Endpoints
from uproar.kafka import consumer_settings, create_topics, producer_settings
from uproar.operations.lag import read_lag
from uproar.operations.server import Serving, served
from uproar.operations.waits import WAITS
from uproar.records import EntityReaction, Post, Reaction
from uproar.settings import Settings
from uproar.stack.local import stack
from uproar.topics import Topics, topics

pytestmark = pytest.mark.integration

STANDS_SECONDS = 60.0
AT = datetime(2021, 1, 18, 12, 0, tzinfo=UTC)


@pytest.fixture
def servers(home: Path) -> Iterator[Endpoints]:
    """Servers of the test's own, for it stops one of them."""
    with stack(Settings(home=home)) as running:
        prepare_tables(running.endpoints.migrator_url, retention_days=400)
        yield running.endpoints


def clickhouse_pid(home: Path) -> int:
    for path in Path("/proc/self/task").glob("*/children"):
        for child in path.read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_bytes()
            # By its folder: other modules may run a stack beside it.
            if b"uproar.stack.clickhouse_server" in command and str(home).encode() in command:
                return int(child)
    raise AssertionError("no ClickHouse runs")


def a_pack(first: int) -> bytes:
    return join_pack(
        encode_record(
            Reaction(
                post=Post(
                    run="stays", platform="mastodon", post_id=str(first + number), author="a1",
                    text="t", created_at=AT, observed_at=AT, received_at=AT,
                ),
                lang="en",
                entities=(EntityReaction(entity="epik", sentiment=None),),
            )
        )
        for number in range(100)
    )  # fmt: skip


class Sink:
    """A sink in a thread of the test's."""

    def __init__(self, endpoints: Endpoints, names: Topics) -> None:
        self.consumer = KafkaConsumer(**consumer_settings(endpoints.kafka, names.sink_group))
        client = connect(endpoints.clickhouse_url)
        pace = Pace(flush_seconds=0.1, batch_records=1000)
        consumption = Consumption(self.consumer, names, ClickHouseSink(client), pace)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=lambda: consumption.run(self.stop.is_set))
        self.thread.start()

    def membership(self) -> tuple[Any, ...]:
        generation = self.consumer._coordinator._generation
        return (generation.generation_id, generation.member_id)


def eventually(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def readiness(address: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"http://{address}/readyz", timeout=5) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            return dict(json.load(error))


def test_a_clickhouse_that_stands_still_for_a_minute_changes_nothing_but_the_time_it_takes(
    servers: Endpoints, home: Path
) -> None:
    names = topics("stays")
    create_topics(servers.kafka, names.all(), 2, 1)
    producer = KafkaProducer(**producer_settings(servers.kafka))
    reader = connect(servers.clickhouse_url)

    def stored() -> int:
        return int(reader.execute("SELECT count() FROM reactions FINAL")[0][0])

    with served(Serving(home=home, name="sink", stage="sink")) as note:
        sink = Sink(servers, names)
        pid = clickhouse_pid(home)
        try:
            producer.send(names.reactions, a_pack(0), partition=0)
            eventually(lambda: stored() == 100)
            eventually(lambda: readiness(note.address)["ready"])
            # What is stored is committed a moment later, together with what follows it.
            eventually(lambda: sum(one.lag or 0 for one in read_lag(servers.kafka, names)) == 0)
            before = sink.membership()
            os.kill(pid, signal.SIGSTOP)
            began = time.monotonic()
            for first in range(100, 3100, 100):
                producer.send(names.reactions, a_pack(first), partition=first // 100 % 2)
            producer.flush()
            seen = set()
            while time.monotonic() - began < STANDS_SECONDS:
                seen.add(sink.membership())
                assert sink.thread.is_alive()
                time.sleep(0.5)
            assert seen == {before}
            (wait,) = readiness(note.address)["waits_for"]
            assert wait["on"] == "clickhouse"
            behind = sum(one.lag or 0 for one in read_lag(servers.kafka, names))
            assert behind == 30  # messages: nothing was committed that is not stored
        finally:
            os.kill(pid, signal.SIGCONT)
        try:
            eventually(lambda: stored() == 3100)
            eventually(lambda: sum(one.lag or 0 for one in read_lag(servers.kafka, names)) == 0)
            assert sink.membership() == before
            assert readiness(note.address)["ready"]
        finally:
            sink.stop.set()
            sink.thread.join(30)
            sink.consumer.close(autocommit=False)
            producer.close()
            reader.disconnect()


def test_a_sink_that_is_asked_to_stop_does_not_wait_for_a_clickhouse_that_stands_still(
    servers: Endpoints, home: Path
) -> None:
    names = topics("stops")
    create_topics(servers.kafka, names.all(), 1, 1)
    producer = KafkaProducer(**producer_settings(servers.kafka))
    sink = Sink(servers, names)
    pid = clickhouse_pid(home)
    os.kill(pid, signal.SIGSTOP)
    try:
        producer.send(names.reactions, a_pack(0), partition=0).get(timeout=10)
        eventually(lambda: any(wait.on == "clickhouse" for wait in WAITS.open()))
        sink.stop.set()
        sink.thread.join(10)
        assert not sink.thread.is_alive()
    finally:
        os.kill(pid, signal.SIGCONT)
        sink.stop.set()
        sink.thread.join(30)
        sink.consumer.close(autocommit=False)
        producer.close()
