"""The sink's loop: reactions and dead letters in, batches out, offsets committed behind them.

Guarantee: an offset is committed only after everything before it is stored. A ClickHouse that is
away or overloaded is waited for, with the partitions paused, so that the group keeps its members
and no record is lost; one that refuses what we write ends the process loudly. So it is with Kafka.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from clickhouse_driver.errors import (
    Error,
    ServerException,
    TooLargeStringSize,
    TypeMismatchError,
    UnknownTypeError,
)
from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import CommitFailedError, KafkaError, RebalanceInProgressError

from sinks.batch import Arrival, Batch, add_message, empty_batch
from sinks.clickhouse import ClickHouseSink
from uproar.clickhouse import first_line
from uproar.codec import dead_letters_decoder, reactions_decoder
from uproar.errors import BrokerUnavailable, StoreUnavailable
from uproar.topics import Topics

log = logging.getLogger(__name__)

PASSING_TROUBLE = {159, 202, 209, 210, 236, 241, 242, 243, 252, 319, 394, 425, 439, 999}
"""ClickHouse's error codes that may go by themselves: timeouts, too busy, stopping, out of memory,
read-only table, not enough space, too many parts, no acknowledgement, cancelled, system error, no
thread, Keeper."""

NEVER_PASSING = (TypeMismatchError, TooLargeStringSize, UnknownTypeError)
"""What the driver raises before it sends anything: rows that do not fit the table's columns."""

LONGEST_WAIT_SECONDS = 10.0
POLL_MILLISECONDS = 50
MESSAGES_A_POLL = 200
UNREADABLE_SECONDS = 1.0


def may_pass(error: Exception) -> bool:
    """Tell whether a failed write may succeed later, unchanged: the server or the way to it ails.

    Values that the driver cannot put into a column stay what they are, however often they are sent.
    """
    if isinstance(error, ServerException):
        return error.code in PASSING_TROUBLE
    return not isinstance(error, NEVER_PASSING)


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """When a batch is full: by its records, or by the age of its first one."""

    flush_seconds: float
    batch_records: int


class Consumption:
    """One member of the sink's consumer group."""

    def __init__(
        self, consumer: KafkaConsumer, topics: Topics, sink: ClickHouseSink, pace: Pace
    ) -> None:
        self._consumer = consumer
        self._sink = sink
        self._pace = pace
        self._decoders: dict[str, tuple[str, Any]] = {
            topics.reactions: ("reactions", reactions_decoder()),
            topics.dead_letters: ("dead-letters", dead_letters_decoder()),
        }

    def run(self, stop: Callable[[], bool]) -> None:
        """Consume until `stop` says so. What was not committed then is read again next time.

        Raises BrokerUnavailable or StoreUnavailable when going on makes no sense.
        """
        self._consumer.subscribe(topics=list(self._decoders))
        batch, since = empty_batch(), time.monotonic()
        while not stop():
            self._poll_into(batch)
            if not batch.next_offsets:
                since = time.monotonic()
                continue
            age = time.monotonic() - since
            if len(batch) >= self._pace.batch_records or age >= self._pace.flush_seconds:
                self._write(batch, stop)
                batch, since = empty_batch(), time.monotonic()

    def _poll_into(self, batch: Batch) -> None:
        polled = self._poll(timeout_ms=POLL_MILLISECONDS, max_records=MESSAGES_A_POLL)
        at = datetime.now(UTC)
        for partition, messages in polled.items():
            stream, decoder = self._decoders[partition.topic]
            for message in messages:
                records, bad = decoder.decode(message.value)
                arrival = Arrival(
                    topic=partition.topic,
                    stream=stream,
                    partition=partition.partition,
                    offset=message.offset,
                    at=at,
                )
                add_message(batch, records, bad, arrival)

    def _poll(self, **limits: int) -> Mapping[TopicPartition, Sequence[Any]]:
        """Return what has arrived; nothing while Kafka is away."""
        try:
            return self._consumer.poll(**limits)  # type: ignore[no-any-return]
        except KafkaError as error:
            if not error.retriable:
                raise BrokerUnavailable(f"the sink cannot read from Kafka: {error!r}") from error
            log.warning("cannot read from Kafka, trying again: %r", error)
            time.sleep(UNREADABLE_SECONDS)
            return {}

    def _write(self, batch: Batch, stop: Callable[[], bool]) -> None:
        """Store, then commit."""
        waits = 0
        while True:
            try:
                self._sink.write(batch)
                break
            except (Error, OSError, EOFError) as error:
                if not may_pass(error):
                    raise StoreUnavailable(
                        f"ClickHouse refuses what the sink writes: {first_line(error)}",
                        hint="nothing is lost: what was not written is still in Kafka",
                    ) from error
                waits += 1
                log.warning("cannot write, trying again (%d): %s", waits, first_line(error))
                self._wait(waits, stop)
                if stop():
                    return
        if waits:
            log.info("writing again")
        self._commit(batch, stop)

    def _wait(self, waits: int, stop: Callable[[], bool]) -> None:
        """Wait, longer each time, without leaving the group: polls, but takes nothing."""
        seconds = min(LONGEST_WAIT_SECONDS, 0.1 * 2 ** min(waits, 10))
        deadline = time.monotonic() + seconds * random.uniform(0.7, 1.3)  # noqa: S311
        self._consumer.pause(*self._consumer.assignment())
        while time.monotonic() < deadline and not stop():
            # A partition that is assigned meanwhile is not paused, and is put back to where it was.
            for partition, messages in self._poll(timeout_ms=100).items():
                self._consumer.seek(partition, messages[0].offset)
                self._consumer.pause(partition)
        self._consumer.resume(*self._consumer.paused())

    def _commit(self, batch: Batch, stop: Callable[[], bool]) -> None:
        """Commit; while Kafka is away, try again and take no more."""
        offsets = {
            TopicPartition(topic, partition): OffsetAndMetadata(offset, "", -1)
            for (topic, partition), offset in batch.next_offsets.items()
        }
        waits = 0
        while True:
            try:
                self._consumer.commit(offsets)
                return
            except (CommitFailedError, RebalanceInProgressError):
                log.info("partitions may go to another member, which repeats the last batch")
                return
            except KafkaError as error:
                if not error.retriable:
                    raise BrokerUnavailable(
                        f"the sink cannot commit to Kafka: {error!r}"
                    ) from error
                waits += 1
                log.warning("cannot commit to Kafka, trying again (%d): %r", waits, error)
                self._wait(waits, stop)
                if stop():
                    return
