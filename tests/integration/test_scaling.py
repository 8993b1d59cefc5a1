"""Workers come and go while posts do not stop: each is read, and in the order of its partition.

On the local broker the driver is changed in one place (`streams/transport.py`): this is where that
is seen through every kind of rebalance.
"""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from kafka import KafkaConsumer

from deploy.kafka.node import KafkaNode
from producers.publish import KafkaPublisher
from tests.integration.kafka_stages import NOWHERE, Stage, a_post, settings_of
from tests.uproar.stack.processes import eventually
from uproar.codec import reactions_decoder
from uproar.endpoints import KafkaEndpoint
from uproar.errors import BrokerUnavailable
from uproar.kafka import LOCAL_SESSION_SECONDS, connection, create_topics, producer_settings
from uproar.operations.lag import read_lag
from uproar.packs import partition_of
from uproar.records import Reaction
from uproar.settings import Settings
from uproar.stack.local import stack
from uproar.topics import Topics, topics

pytestmark = pytest.mark.integration

PARTITIONS = 4
PAUSE_SECONDS = 0.01
SETTLED_SECONDS = 60.0


class Place(msgspec.Struct, frozen=True):
    """A Kafka with our topics, and the variables with which a worker finds it."""

    kafka: KafkaEndpoint
    names: Topics
    settings: dict[str, str]

    def read_up_to(self) -> dict[int, int]:
        """Return how far the workers have read each partition; nothing before there is a group."""
        try:
            found = read_lag(self.kafka, self.names)
        except BrokerUnavailable:
            return {}
        return {one.partition: one.committed for one in found if one.stage == "streams"}


class Stream:
    """Posts that are sent, one message after the other, until they are stopped."""

    def __init__(self, place: Place) -> None:
        self.sent = 0
        self._place = place
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def stop(self) -> int:
        """Send no more; return how many posts were acknowledged."""
        self._stop.set()
        self._thread.join()
        return self.sent

    def _send(self) -> None:
        place = self._place
        with KafkaPublisher(producer_settings(place.kafka), place.names) as outlet:
            outlet.begin("january", "test", datetime.now(UTC))
            while not self._stop.wait(PAUSE_SECONDS):
                outlet.send(a_post(self.sent))
                outlet.flush()
                self.sent += 1


@pytest.fixture(params=["local", "apache"])
def place(request: pytest.FixtureRequest, home: Path, run_name: str) -> Iterator[Place]:
    """Either broker, with topics of this test's own."""
    names = topics(run_name)
    if request.param == "apache":
        node: KafkaNode = request.getfixturevalue("apache")
        create_topics(node.endpoint(), names.all(), PARTITIONS, 1)
        yield Place(node.endpoint(), names, settings_of(node.endpoint(), run_name))
        return
    with stack(Settings(home=home, clickhouse_url=NOWHERE)) as running:  # the broker alone
        kafka = running.endpoints.kafka
        create_topics(kafka, names.all(), PARTITIONS, 1)
        settings = {"UPROAR_TOPIC_PREFIX": run_name, "UPROAR_CLICKHOUSE_URL": NOWHERE}
        yield Place(kafka, names, settings)


def test_each_post_is_read_and_in_order_while_workers_come_and_go(
    place: Place, stage: Callable[..., Stage]
) -> None:
    workers = [stage("worker", **place.settings) for _ in range(2)]
    posts = Stream(place)
    try:
        _all_are_read_on(place)
        workers += [stage("worker", **place.settings) for _ in range(2)]
        assert eventually(lambda: all(_has_joined(worker) for worker in workers), SETTLED_SECONDS)
        _all_are_read_on(place)
        workers[0].end()
        _all_are_read_on(place)
        if place.kafka.is_local:  # the other broker waits longer for one that says nothing
            workers[1].kill()
            time.sleep(LOCAL_SESSION_SECONDS)
            _all_are_read_on(place)
        assert all(worker.runs() for worker in workers[2:])
    finally:
        sent = posts.stop()
    read = _read(place, sent)
    assert {number for numbers in read.values() for number in numbers} == set(range(sent))
    for partition, numbers in read.items():
        firsts = list(dict.fromkeys(numbers))
        assert firsts == sorted(firsts)
        assert {partition_of("mastodon", str(one), PARTITIONS) for one in firsts} == {partition}


def _has_joined(worker: Stage) -> bool:
    return "Setting newly assigned partitions" in worker.told()


def _all_are_read_on(place: Place) -> None:
    """Wait until every partition is read further than it is now."""
    before = place.read_up_to()

    def are_further() -> bool:
        now = place.read_up_to()
        return len(now) == PARTITIONS and all(now[one] > before.get(one, 0) for one in now)

    assert eventually(are_further, SETTLED_SECONDS)


def _read(place: Place, sent: int) -> dict[int, list[int]]:
    """Return the numbers of the posts in each partition of reactions, once all are there."""
    decoder = reactions_decoder()
    found: dict[int, list[int]] = {partition: [] for partition in range(PARTITIONS)}
    consumer = KafkaConsumer(
        place.names.reactions,
        **connection(place.kafka),
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    try:
        until = time.monotonic() + SETTLED_SECONDS
        while len({one for each in found.values() for one in each}) < sent:
            assert time.monotonic() < until, "posts are missing"
            for partition, messages in consumer.poll(timeout_ms=200).items():
                for message in messages:
                    records, bad = decoder.decode(message.value)
                    assert not bad
                    found[partition.partition] += [
                        int(one.post.post_id) for one in records if isinstance(one, Reaction)
                    ]
    finally:
        consumer.close()
    return found
