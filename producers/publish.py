"""Records -> Kafka, in packs."""

from collections import deque
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from uproar.codec import encode_record, join_pack
from uproar.errors import BrokerUnavailable
from uproar.packs import Packer, partition_of
from uproar.records import DeadLetter, Deletion, Post, RunReport, Watermark
from uproar.topics import Topics

IDLE_SECONDS = 0.02
"""How long a record waits for others to travel with, at most twice, when few come."""
_MAX_IN_FLIGHT = 64  # messages; a pack has at most 0.7 MB
_DELIVERY_SECONDS = 180.0  # longer than the client's own limit, which names the cause
_CLOSE_SECONDS = 5

_REPORTS_PARTITION = 0


class KafkaPublisher:
    """An outlet into the posts and dead-letters topics.

    Guarantee: at least once. What was taken is acknowledged by the broker when `flush` or
    `send_watermark` returns, or BrokerUnavailable is raised; nothing is lost in silence. A
    watermark stands behind all that was taken before it, in every partition of the posts topic.
    Not promised: order between two records of a partition, when a delivery had to be repeated.
    """

    def __init__(self, settings: Mapping[str, Any], topics: Topics) -> None:
        """Connect. `settings` are arguments of kafka-python's KafkaProducer.

        Raises BrokerUnavailable where no broker answers or a topic is missing.
        """
        try:
            self._producer = KafkaProducer(**{**settings, "acks": "all", "compression_type": "lz4"})
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
        self.partitions = len(self._posts.packers)

    def send(self, record: Post | Deletion) -> None:
        """Take a record into the pack of its partition."""
        lanes = self._posts
        partition = partition_of(record.platform, record.post_id, len(lanes.packers))
        self._pack(lanes, partition, encode_record(record))

    def send_dead_letter(self, letter: DeadLetter) -> None:
        """Take a dead letter; where it stood decides its partition."""
        lanes = self._letters
        self._pack(lanes, letter.position % len(lanes.packers), encode_record(letter))

    def send_report(self, report: RunReport) -> None:
        """Take a report into the first partition of the posts topic."""
        self._pack(self._posts, _REPORTS_PARTITION, encode_record(report))

    def send_watermark(self, watermark: Watermark) -> None:
        """Flush, then send the watermark to every partition of the posts topic."""
        self.flush()
        message = join_pack([encode_record(watermark)])
        for partition in range(len(self._posts.packers)):
            self._deliver(self._posts.topic, partition, message)

    def flush_idle(self, seconds: float) -> None:
        """Send the packs that have waited `IDLE_SECONDS` or longer for more."""
        for lanes in (self._posts, self._letters):
            for partition in lanes.idle(seconds):
                self._deliver(lanes.topic, partition, lanes.packers[partition].drain())

    def flush(self) -> None:
        """Send every pack and wait until the broker has acknowledged all."""
        self.flush_idle(float("inf"))
        while self._in_flight:
            self._settle_oldest()

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
        for message in lanes.packers[partition].add(encoded):
            self._deliver(lanes.topic, partition, message)

    def _deliver(self, topic: str, partition: int, message: bytes) -> None:
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

    def _settle_oldest(self) -> None:
        topic, delivery = self._in_flight.popleft()
        try:
            delivery.get(timeout=_DELIVERY_SECONDS)
        except KafkaError as error:
            raise _refused(topic, error) from error


class _Lanes:
    """The packs of one topic, one a partition, and since when each has been waiting."""

    def __init__(self, topic: str, partitions: int) -> None:
        self.topic = topic
        self.packers = [Packer() for _ in range(partitions)]
        self._since: list[float | None] = [None] * partitions

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
