"""The sink's loop: reactions and dead letters in, batches out, offsets committed behind them.

Guarantee: an offset is committed only after everything before it is stored. A ClickHouse that is
away or overloaded is waited for, with the partitions paused, so that the group keeps its members
and no record is lost; one that refuses what we write ends the process loudly. So it is with Kafka.
"""

import logging
import random
import re
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

from sinks.aside import run_aside
from sinks.batch import STAGE, Arrival, Batch, add_message, empty_batch
from sinks.clickhouse import ClickHouseSink, Unsettled
from sinks.observed import ObservedSink
from uproar import metrics
from uproar.clickhouse import first_line
from uproar.codec import dead_letters_decoder, reactions_decoder
from uproar.errors import BrokerUnavailable, StoreUnavailable
from uproar.fuse import OFF, Failure, Fuse
from uproar.operations.waits import WAITS
from uproar.topics import Topics

log = logging.getLogger(__name__)

PASSING_TROUBLE = {
    159, 202, 209, 210, 236, 241, 242, 243, 252, 285, 286, 289, 319, 394, 425, 439, 999,
}  # fmt: skip
"""ClickHouse's error codes that may go by themselves: timeouts, too busy, stopping, out of memory,
read-only table, not enough space, too many parts, no acknowledgement, cancelled, system error, no
thread, Keeper."""

NEVER_PASSING = (TypeMismatchError, TooLargeStringSize, UnknownTypeError)
"""What the driver raises before it sends anything: rows that do not fit the table's columns."""

FUSE_HINT = "`uproar dead-letters list` shows them; is this sink older than what it reads?"

_COLUMN = re.compile(r'for column "(\w+)"\.?$|Repeat query .*?Column (\w+):')

LONGEST_WAIT_SECONDS = 10.0
POLL_MILLISECONDS = 50
MESSAGES_A_POLL = 20
"""A message has up to 0.7 MB, and what is polled goes into the batch whole."""
UNREADABLE_SECONDS = 1.0
STAY_SECONDS = 0.5
SETTLE_SECONDS = 2.0
"""How long hours, days, watermarks and offsets may stay behind the rows and minutes."""
QUIET_SETTLE_SECONDS = 0.5
"""The same while nothing more arrives."""
PURGE_SECONDS = 30.0
"""How often rows of deleted posts are masked, if there are new ones."""


def may_pass(error: Exception) -> bool:
    """Tell whether a failed write may succeed later, unchanged: the server or the way to it ails.

    Values that the driver cannot put into a column stay what they are, however often they are sent.
    """
    if isinstance(error, ServerException):
        return error.code in PASSING_TROUBLE
    return not isinstance(error, NEVER_PASSING)


def words_of(error: Exception) -> str:
    """Return what is wrong, for a log: the driver shows the value that does not fit, we do not.

    >>> words_of(TypeMismatchError('Expected String got int: 7 for column "text".'))
    'a value does not fit the column `text` (TypeMismatchError)'
    """
    if not isinstance(error, NEVER_PASSING):
        return first_line(error)
    column = _COLUMN.search(str(error))
    place = f"the column `{column[1] or column[2]}`" if column else "its column"
    return f"a value does not fit {place} ({type(error).__name__})"


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """When a batch is full: by its records, their bytes, or the age of its first one."""

    flush_seconds: float
    batch_records: int
    batch_bytes: int = 16_000_000
    """Of the messages that the records came in; in memory they take some five times as much."""
    fuse_share: float = OFF
    """Of the newest records; where more are none, the sink stops (`uproar.fuse`)."""


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
        self._fuse = Fuse(pace.fuse_share)
        self._left = Unsettled(set(), [], {})
        self._observed = ObservedSink({topic: word for topic, (word, _) in self._decoders.items()})

    def run(self, stop: Callable[[], bool]) -> None:
        """Consume until `stop` says so. What was not committed then is read again next time.

        Raises BrokerUnavailable or StoreUnavailable when going on makes no sense.
        """
        self._consumer.subscribe(topics=list(self._decoders))
        batch, since, size = empty_batch(), time.monotonic(), 0
        purge_due = since + PURGE_SECONDS
        left_since = since
        while not stop():
            if self._sink.has_removed and time.monotonic() >= purge_due:
                self._purge(stop)
                purge_due = time.monotonic() + PURGE_SECONDS
            arrived = self._poll_into(batch)
            size += arrived
            wait = SETTLE_SECONDS if arrived else QUIET_SETTLE_SECONDS
            if self._left.next_offsets and time.monotonic() - left_since >= wait:
                self._settle(stop)
            if not batch.next_offsets:
                since = time.monotonic()
                continue
            age = time.monotonic() - since
            is_full = len(batch) >= self._pace.batch_records or size >= self._pace.batch_bytes
            if is_full or age >= self._pace.flush_seconds:
                if not self._left.next_offsets:
                    left_since = time.monotonic()
                self._write(batch, stop)
                if self._fuse.blown:
                    self._settle(stop)
                    raise self._fuse.error("the sink stops", FUSE_HINT)
                batch, since, size = empty_batch(), time.monotonic(), 0

    def _poll_into(self, batch: Batch) -> int:
        """Add what has arrived to the batch; return its bytes."""
        size = 0
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
                place = f"{partition.topic}/{partition.partition}:{message.offset}"
                failures = [Failure("not-a-record", place) for _ in bad]
                self._fuse.see_message(len(records), failures)
                size += len(message.value or b"")
                self._observed.arrived(records, bad, arrival, len(message.value or b""))
        self._observed.holds(batch)
        return size

    def _poll(self, **limits: int) -> Mapping[TopicPartition, Sequence[Any]]:
        """Return what has arrived; nothing while Kafka is away."""
        try:
            polled: Mapping[TopicPartition, Sequence[Any]] = self._consumer.poll(**limits)
            self._observed.polled(self._consumer)
            return polled
        except KafkaError as error:
            if not error.retriable:
                raise BrokerUnavailable(f"the sink cannot read from Kafka: {error!r}") from error
            metrics.RETRIES.labels(STAGE, "kafka").inc()
            log.warning("cannot read from Kafka, trying again: %r", error)
            time.sleep(UNREADABLE_SECONDS)
            return {}

    def _write(self, batch: Batch, stop: Callable[[], bool]) -> None:
        """Store the batch; what is then left to do waits for others."""
        if self._attempt(lambda: self._left.add(self._sink.store(batch)), stop):
            self._observed.stored(batch)

    def _settle(self, stop: Callable[[], bool]) -> None:
        """Do what the batches stored lately have left to do, then commit their offsets."""
        if self._attempt(lambda: self._sink.settle(self._left), stop):
            self._commit(stop)
            self._left = Unsettled(set(), [], {})

    def _attempt(self, step: Callable[[], None], stop: Callable[[], bool]) -> bool:
        """Do a step, however long ClickHouse is away; False where there is no more time for it."""
        waits = 0
        while True:
            try:
                with metrics.STEP_SECONDS.labels("write").time():
                    if not run_aside(step, lambda: self._stay(stop)):
                        return False
                WAITS.end("clickhouse")
                break
            except (Error, OSError, EOFError) as error:
                if not may_pass(error):
                    raise StoreUnavailable(
                        f"ClickHouse refuses what the sink writes: {words_of(error)}",
                        hint="nothing is lost: what was not written is still in Kafka",
                    ) from error
                waits += 1
                metrics.RETRIES.labels(STAGE, "clickhouse").inc()
                WAITS.begin("clickhouse", "ClickHouse is away or overloaded")
                log.warning("cannot write, trying again (%d): %s", waits, first_line(error))
                self._wait(waits, stop)
                if stop():
                    return False
        if waits:
            log.info("writing again")
        return True

    def _purge(self, stop: Callable[[], bool]) -> None:
        """Mask what is deleted; where that fails, nothing waits for it."""
        try:
            run_aside(self._mask, lambda: self._stay(stop))
        except (Error, OSError, EOFError) as error:
            log.warning("cannot mask deleted rows, trying again later: %s", first_line(error))

    def _mask(self) -> None:
        self._sink.has_removed = self._sink.purge()

    def _wait(self, waits: int, stop: Callable[[], bool]) -> None:
        """Wait, longer each time, without leaving the group: polls, but takes nothing."""
        seconds = min(LONGEST_WAIT_SECONDS, 0.1 * 2 ** min(waits, 10))
        self._idle(seconds * random.uniform(0.7, 1.3), stop)  # noqa: S311

    def _stay(self, stop: Callable[[], bool]) -> bool:
        """Stay in the group while ClickHouse takes its time; False where there is no more of it."""
        WAITS.begin("clickhouse", "ClickHouse has not answered yet")
        self._idle(STAY_SECONDS, stop)
        return not stop()

    def _idle(self, seconds: float, stop: Callable[[], bool]) -> None:
        deadline = time.monotonic() + seconds
        self._consumer.pause(*self._consumer.assignment())
        while time.monotonic() < deadline and not stop():
            # A partition that is assigned meanwhile is not paused, and is put back to where it was.
            for partition, messages in self._poll(timeout_ms=100).items():
                self._consumer.seek(partition, messages[0].offset)
                self._consumer.pause(partition)
        self._consumer.resume(*self._consumer.paused())

    def _commit(self, stop: Callable[[], bool]) -> None:
        """Commit; while Kafka is away, try again and take no more."""
        offsets = {
            TopicPartition(topic, partition): OffsetAndMetadata(offset, "", -1)
            for (topic, partition), offset in self._left.next_offsets.items()
        }
        waits = 0
        while True:
            try:
                with metrics.STEP_SECONDS.labels("commit").time():
                    self._consumer.commit(offsets)
                return
            except (CommitFailedError, RebalanceInProgressError):
                log.info("partitions may go to another member, which repeats the last batch")
                self._observed.dropped()
                return
            except KafkaError as error:
                if not error.retriable:
                    raise BrokerUnavailable(
                        f"the sink cannot commit to Kafka: {error!r}"
                    ) from error
                waits += 1
                metrics.RETRIES.labels(STAGE, "kafka").inc()
                log.warning("cannot commit to Kafka, trying again (%d): %r", waits, error)
                self._wait(waits, stop)
                if stop():
                    return
