"""Records -> Kafka, in packs."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import msgspec
from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from producers.observed import ObservedProducer
from uproar.codec import encode_record, join_pack
from uproar.errors import BrokerUnavailable
from uproar.kafka import COMPRESSION
from uproar.packs import Pack, Packer, partition_of
from uproar.records import AccountDeletion, DeadLetter, Deletion, Note, Post, Watermark, Waybill
from uproar.topics import Topics

IDLE_SECONDS = 0.02
"""How long a record waits for others to travel with, at most twice, when few come."""
_MAX_IN_FLIGHT = 64  # messages; a pack has at most 0.7 MB
_DELIVERY_SECONDS = 180.0  # longer than the client's own limit, which names the cause
_CLOSE_SECONDS = 5

_NOTES_PARTITION = 0


class KafkaPublisher:
    """An outlet into the posts and dead-letters topics.

    Guarantee: at least once. What was taken is acknowledged by the broker when `flush` or
    `send_watermark` returns, or BrokerUnavailable is raised; nothing is lost in silence. A
    watermark stands behind all that was taken before it, in every partition of the posts topic.
    Not promised: order between two records of a partition, when a delivery had to be repeated.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        topics: Topics,
        before_message: Callable[[Callable[[], None]], None] = lambda settle: None,
    ) -> None:
        """Connect. `settings` are arguments of kafka-python's KafkaProducer.

        `before_message` may take its time before each message; what it is handed waits until all
        that was sent is acknowledged.

        Raises BrokerUnavailable where no broker answers or a topic is missing.
        """
        try:
            sure = {"acks": "all", "compression_type": COMPRESSION}
            self._producer = KafkaProducer(**{**settings, **sure})
        except (KafkaError, OSError) as error:
            raise _unreachable(error) from error
        try:
            self._posts = _Lanes(topics.posts, self._partitions(topics.posts))
            self._letters = _Lanes(topics.dead_letters, self._partitions(topics.dead_letters))
        except (KafkaError, OSError) as error:
            self.close()
            raise _unreachable(error) from error
        except BrokerUnavailable:
            self.close()
            raise
        self._in_flight: deque[tuple[str, Any]] = deque()
        self._before_message = before_message
        self._observed = ObservedProducer()
        self.partitions = len(self._posts.packers)

    def begin(self, run: str, source: str, started_at: datetime) -> None:
        """Name the life of the producer whose records follow: their packs are numbered from 1."""
        life = Waybill(run=run, source=source, started_at=started_at, number=0, records=0)
        self._observed.begin()
        self._posts.begin(life)
        self._letters.begin(life)

    def send(self, record: Post | Deletion | AccountDeletion) -> int:
        """Take a record into the pack of its partition; an account's deletion into every one.

        Returns into how many packs it went.
        """
        lanes = self._posts
        encoded = encode_record(record)
        if isinstance(record, AccountDeletion):
            for partition in range(self.partitions):
                self._pack(lanes, partition, encoded)
            return self.partitions
        partition = partition_of(record.platform, record.post_id, self.partitions)
        self._pack(lanes, partition, encoded)
        return 1

    def send_dead_letter(self, letter: DeadLetter) -> None:
        """Take a dead letter; where it stood decides its partition."""
        lanes = self._letters
        self._pack(lanes, letter.position % len(lanes.packers), encode_record(letter))

    def send_note(self, note: Note) -> None:
        """Send a report or manifest into the first partition of the posts topic."""
        self._observed.noted(note)
        self._deliver(self._posts.topic, _NOTES_PARTITION, join_pack([encode_record(note)]))

    def send_watermark(self, watermark: Watermark) -> None:
        """Flush, then send the watermark to every partition of the posts topic.

        Each is told what this life has sent there.
        """
        self.flush()
        for partition in range(self.partitions):
            packs, records = self._posts.sent(partition)
            letter_packs, letters = self._letters.sent(partition)
            told = msgspec.structs.replace(
                watermark,
                packs=packs,
                records=records,
                letter_packs=letter_packs,
                letters=letters,
            )
            self._deliver(self._posts.topic, partition, join_pack([encode_record(told)]))

    def flush_idle(self, seconds: float) -> None:
        """Send the packs that have waited `IDLE_SECONDS` or longer for more."""
        for lanes in (self._posts, self._letters):
            for partition in lanes.idle(seconds):
                pack = lanes.packers[partition].drain()
                self._deliver(lanes.topic, partition, lanes.message(partition, pack))

    def flush(self) -> None:
        """Send every pack and wait until the broker has acknowledged all."""
        self.flush_idle(float("inf"))
        self._settle()

    def close(self) -> None:
        """Let go of the connection; what was not flushed may be lost."""
        try:
            self._producer.close(timeout=_CLOSE_SECONDS)
        except KafkaTimeoutError:  # a broker that is away: the client would rather wait on
            self._producer._sender.force_close()
            self._producer.close(timeout=_CLOSE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _partitions(self, topic: str) -> int:
        found = self._producer.partitions_for(topic)
        if not found:
            raise BrokerUnavailable(
                f"the topic `{topic}` does not exist", hint="`uproar up` creates the topics"
            )
        return len(found)

    def _pack(self, lanes: "_Lanes", partition: int, encoded: bytes) -> None:
        for pack in lanes.packers[partition].add(encoded):
            self._deliver(lanes.topic, partition, lanes.message(partition, pack))

    def _deliver(self, topic: str, partition: int, message: bytes) -> None:
        self._before_message(self._settle)
        while self._in_flight and (
            len(self._in_flight) >= _MAX_IN_FLIGHT or self._in_flight[0][1].is_done
        ):
            self._settle_oldest()
        try:
            self._in_flight.append(
                (topic, self._producer.send(topic, message, partition=partition))
            )
        except KafkaError as error:
            raise _refused(topic, error) from error
        self._observed.sent(len(message), len(self._in_flight))

    def _settle(self) -> None:
        while self._in_flight:
            self._settle_oldest()

    def _settle_oldest(self) -> None:
        topic, delivery = self._in_flight.popleft()
        self._observed.awaits()
        try:
            delivery.get(timeout=_DELIVERY_SECONDS)
        except KafkaError as error:
            raise _refused(topic, error) from error
        self._observed.acknowledged(len(self._in_flight))


class _Lanes:
    """The packs of one topic, one a partition: numbered, and since when each has been waiting."""

    def __init__(self, topic: str, partitions: int) -> None:
        self.topic = topic
        self.packers = [Packer() for _ in range(partitions)]
        self._since: list[float | None] = [None] * partitions
        self._sent = [(0, 0)] * partitions
        self._life: Waybill | None = None

    def begin(self, life: Waybill) -> None:
        """Number from 1 again, for another life."""
        self._life = life
        self._sent = [(0, 0)] * len(self.packers)

    def sent(self, partition: int) -> tuple[int, int]:
        """Return how many packs, and records in them, were made for a partition."""
        return self._sent[partition] if partition < len(self._sent) else (0, 0)

    def message(self, partition: int, pack: Pack) -> bytes:
        """Put the next waybill of the partition on top of a pack."""
        packs, records = self._sent[partition]
        self._sent[partition] = (packs + 1, records + len(pack))
        if self._life is None:
            raise RuntimeError("`begin` comes before the first record")
        bill = msgspec.structs.replace(self._life, number=packs + 1, records=len(pack))
        return join_pack([encode_record(bill), *pack])

    def idle(self, seconds: float) -> list[int]:
        """Return the partitions that have waited; the wait begins at the first look."""
        due = []
        for partition, packer in enumerate(self.packers):
            since = self._since[partition]
            if not len(packer):
                self._since[partition] = None
            elif seconds == float("inf") or (since is not None and seconds - since >= IDLE_SECONDS):
                due.append(partition)
                self._since[partition] = None
            elif since is None:
                self._since[partition] = seconds
        return due


def _unreachable(error: Exception) -> BrokerUnavailable:
    return BrokerUnavailable(
        f"Kafka cannot be reached: {error}",
        hint="check that the broker is running and that `UPROAR_KAFKA_BROKERS` names it",
    )


def _refused(topic: str, error: KafkaError) -> BrokerUnavailable:
    return BrokerUnavailable(
        f"Kafka did not take records for `{topic}`: {error}",
        hint="nothing is lost: the same command goes on from what is stored",
    )
