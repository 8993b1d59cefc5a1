"""Publishing to real brokers: the local one, and Apache Kafka where Java and Maven are here."""

import socket
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Protocol
from uuid import uuid4

import pytest
from kafka import KafkaConsumer, TopicPartition

from producers.plan import ReplayPlan
from producers.publish import KafkaPublisher
from producers.replay import replay
from uproar.codec import dead_letters_decoder, posts_decoder
from uproar.endpoints import KafkaEndpoint
from uproar.errors import BrokerUnavailable
from uproar.kafka import create_topics, producer_settings
from uproar.packs import partition_of
from uproar.pseudonym import Pseudonyms
from uproar.records import DeadLetter, Deletion, Post, RunReport, Watermark, Waybill
from uproar.stack.servers import broker_binary
from uproar.topics import Topics, topics

pytestmark = pytest.mark.integration

PARTITIONS = 3
RECORDINGS = Path(__file__).parents[1] / "recordings"
BEGAN = datetime(2021, 1, 18, 9, 30, tzinfo=UTC)
DEADLINE_SECONDS = 20.0


class Broker(Protocol):
    """A broker of either kind."""

    @property
    def address(self) -> str: ...

    def endpoint(self) -> KafkaEndpoint: ...

    def kill(self) -> None: ...


class LocalBroker:
    """The local stack's broker in a process of our own."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        self._binary = broker_binary()
        self.start()

    def start(self) -> None:
        url = f"tcp://{self.address}"
        self.process = subprocess.Popen(
            [self._binary, "broker", "--listener-url", url, "--advertised-listener-url", url,
             "--silent"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        host, _, port = self.address.partition(":")
        until = monotonic() + DEADLINE_SECONDS
        while monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex((host, int(port))) == 0:
                    return
            sleep(0.02)
        pytest.fail("the broker did not start")

    def endpoint(self) -> KafkaEndpoint:
        return KafkaEndpoint(brokers=(self.address,), is_local=True)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def local_broker() -> Iterator[LocalBroker]:
    broker = LocalBroker()
    yield broker
    broker.kill()


@pytest.fixture(params=["local_broker", "apache"])
def shared_broker(request: pytest.FixtureRequest) -> Broker:
    broker: Broker = request.getfixturevalue(request.param)
    return broker


@pytest.fixture
def own_local_broker() -> Iterator[LocalBroker]:
    broker = LocalBroker()
    yield broker
    broker.kill()


@pytest.fixture(params=["own_local_broker", "own_node"])
def own_broker(request: pytest.FixtureRequest) -> Broker:
    broker: Broker = request.getfixturevalue(request.param)
    return broker


def new_topics(broker: Broker) -> Topics:
    names = topics(f"test-{uuid4().hex}")
    create_topics(broker.endpoint(), names.all(), PARTITIONS, 1)
    return names


def publisher(broker: Broker, names: Topics, **settings: Any) -> KafkaPublisher:
    outlet = KafkaPublisher({**producer_settings(broker.endpoint()), **settings}, names)
    outlet.begin("january", "test", BEGAN)
    return outlet


def stored(broker: Broker, topic: str, decoder: Any) -> list[list[Any]]:
    """Return the records of each partition, in order, without the waybills of their packs."""
    places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    found: list[list[Any]] = [[] for _ in places]
    consumer = KafkaConsumer(
        bootstrap_servers=broker.address, auto_offset_reset="earliest", fetch_max_wait_ms=50
    )
    try:
        consumer.assign(places)
        consumer.seek_to_beginning()
        until = monotonic() + DEADLINE_SECONDS
        while monotonic() < until:
            for place, messages in consumer.poll(timeout_ms=200).items():
                for message in messages:
                    good, bad = decoder.decode(message.value)
                    assert not bad
                    assert isinstance(good[0], Waybill) or len(good) == 1
                    found[place.partition] += [one for one in good if not isinstance(one, Waybill)]
            # Only what a fetch says of the end is true of the local broker.
            ends = [consumer.highwater(place) for place in places]
            if all(
                end is not None and consumer.position(place) >= end
                for end, place in zip(ends, places, strict=True)
            ):
                return found
    finally:
        consumer.close()
    pytest.fail("the topic could not be read to its end")


def flat(partitions: list[list[Any]]) -> list[Any]:
    return list(chain.from_iterable(partitions))


def posts(count: int, text: str = "Quillhost again") -> list[Post]:
    return [
        Post(
            run="january", platform="mastodon", post_id=str(number), author="", text=text,
            created_at=BEGAN, observed_at=BEGAN, received_at=BEGAN,
        )
        for number in range(count)
    ]  # fmt: skip


def watermark(position: int, *, is_last: bool = False) -> Watermark:
    return Watermark(
        run="january", source="test", started_at=BEGAN, observed_before=BEGAN, position=position,
        is_last=is_last,
    )  # fmt: skip


def kinds(records: Sequence[object]) -> list[str]:
    return [type(record).__name__ for record in records]


def test_every_post_stands_in_its_partition_before_the_watermark_of_it(
    shared_broker: Broker,
) -> None:
    names = new_topics(shared_broker)
    sent = posts(2_500)
    with publisher(shared_broker, names) as outlet:
        for post in sent:
            outlet.send(post)
        outlet.send_watermark(watermark(2_500))
        outlet.send(sent[0])
        outlet.send_watermark(watermark(2_501, is_last=True))
        outlet.flush()
    partitions = stored(shared_broker, names.posts, posts_decoder())
    found = []
    for number, records in enumerate(partitions):
        positions = [one.position if isinstance(one, Watermark) else 0 for one in records]
        first = positions.index(2_500)
        assert (positions[-1], records[-1].is_last) == (2_501, True)
        before = records[:first]
        assert all(
            partition_of(post.platform, post.post_id, PARTITIONS) == number for post in before
        )
        found += before
    assert sorted(found, key=lambda post: int(post.post_id)) == sent


def test_packs_that_wait_are_sent_after_a_moment_without_a_flush(shared_broker: Broker) -> None:
    names = new_topics(shared_broker)
    with publisher(shared_broker, names, linger_ms=0) as outlet:
        outlet.send(posts(1)[0])
        outlet.flush_idle(1.0)
        outlet.flush_idle(1.01)
        assert flat(stored(shared_broker, names.posts, posts_decoder())) == []
        outlet.flush_idle(1.03)
        until = monotonic() + DEADLINE_SECONDS
        while not (found := flat(stored(shared_broker, names.posts, posts_decoder()))):
            assert monotonic() < until, "it was never sent"
        assert found == posts(1)


def test_large_posts_are_spread_over_messages_that_the_broker_takes(shared_broker: Broker) -> None:
    names = new_topics(shared_broker)
    sent = posts(12, text="\x01" * 100_000)
    with publisher(shared_broker, names) as outlet:
        for post in sent:
            outlet.send(post)
        outlet.flush()
    assert len(flat(stored(shared_broker, names.posts, posts_decoder()))) == 12


def test_a_replay_arrives_whole_with_its_dead_letters_report_and_end(
    shared_broker: Broker,
) -> None:
    class Everything:
        def may_mention(self, text: str) -> bool:
            return True

    names = new_topics(shared_broker)
    plan = ReplayPlan(
        files=(RECORDINGS / "uproar.jsonl", RECORDINGS / "airline.csv"),
        run="january",
        names=Pseudonyms("an invented key, long enough"),
    )
    with publisher(shared_broker, names) as outlet:
        result = replay(plan, Everything(), outlet, lambda _: None)
    partitions = stored(shared_broker, names.posts, posts_decoder())
    records = flat(partitions)
    assert sum(isinstance(record, Post) for record in records) == result.report.kept == 7
    assert sum(isinstance(record, Deletion) for record in records) == 1
    assert [kinds(part)[-1] for part in partitions] == ["Watermark"] * PARTITIONS
    assert all(part[-1].is_last and part[-1].position == 15 for part in partitions)
    assert [record for record in partitions[0] if isinstance(record, RunReport)][-1] == (
        result.report
    )
    letters = flat(stored(shared_broker, names.dead_letters, dead_letters_decoder()))
    assert len(letters) == sum(result.report.dead_letters.values()) == 7
    assert all(isinstance(letter, DeadLetter) for letter in letters)


def test_a_broker_that_dies_is_an_error_and_never_a_silent_loss(own_broker: Broker) -> None:
    names = new_topics(own_broker)
    outlet = publisher(
        own_broker, names, delivery_timeout_ms=1_500, request_timeout_ms=1_000, max_block_ms=1_000
    )
    with outlet:
        outlet.send(posts(1)[0])
        outlet.flush()
        own_broker.kill()
        outlet.send(posts(1)[0])
        with pytest.raises(BrokerUnavailable) as lost:
            outlet.send_watermark(watermark(2))
    assert names.posts in str(lost.value)
    assert lost.value.hint


def test_no_broker_at_all_is_an_error_that_says_so() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        settings = producer_settings(KafkaEndpoint(brokers=(address,), is_local=True))
        with pytest.raises(BrokerUnavailable, match="cannot be reached") as refused:
            KafkaPublisher(
                {**settings, "bootstrap_timeout_ms": 1_000, "max_block_ms": 1_000}, topics()
            )
    assert refused.value.hint


def test_a_paced_replay_arrives_as_it_goes_and_not_at_its_end(
    shared_broker: Broker, tmp_path: Path
) -> None:
    """Stop a replay that would last an hour after one look: its first post must be there."""
    path = tmp_path / "two.jsonl"
    path.write_text(
        "\n".join(
            f'{{"id": "{number}", "text": "a", "created_at": "{time.isoformat()}"}}'
            for number, time in enumerate([BEGAN, BEGAN + timedelta(hours=1)])
        )
    )
    names = new_topics(shared_broker)
    looks: list[object] = []
    plan = ReplayPlan(
        files=(path,), run="january", names=Pseudonyms("an invented key, long enough"),
        speed=1.0, keep_all=True,
    )  # fmt: skip
    with publisher(shared_broker, names) as outlet:
        result = replay(plan, _Nothing(), outlet, looks.append, should_stop=lambda: len(looks) > 3)
    assert (result.report.state, result.position) == ("interrupted", 1)
    records = flat(stored(shared_broker, names.posts, posts_decoder()))
    assert [record.post_id for record in records if isinstance(record, Post)] == ["0"]
    assert not any(record.is_last for record in records if isinstance(record, Watermark))


class _Nothing:
    def may_mention(self, text: str) -> bool:
        return False
