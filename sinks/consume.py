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
from sinks.batch import STAGE, Arrival, Batch, add_message, empty_batch, may_be_live
from sinks.clickhouse import ClickHouseSink, Unsettled
from sinks.observed import ObservedSink
from sinks.pace import QUIET_SECONDS, Pace, is_settling_due
from uproar import metrics
from uproar.clickhouse import first_line
from uproar.codec import dead_letters_decoder, reactions_decoder
from uproar.errors import BrokerUnavailable, StoreUnavailable
from uproar.fetch_wait import FetchWait
from uproar.fuse import Failure, Fuse
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
IDLE_POLL_MILLISECONDS = 500
"""With nothing to write or to settle: a poll ends as soon as something comes."""
MESSAGES_A_POLL = 20
"""A message has up to 0.7 MB, and what is polled goes into the batch whole."""
UNREADABLE_SECONDS = 1.0
STAY_SECONDS = 0.5
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


class Consumption:
    """One member of the sink's consumer group."""

    def __init__(
        self,
        consumer: KafkaConsumer,
        topics: Topics,
        sink: ClickHouseSink,
        pace: Pace,
        fetch_wait: FetchWait | None = None,
    ) -> None:
        """Consume. `fetch_wait` is for a broker that must be asked anew, as the local one."""
        self._consumer = consumer
        self._fetch_wait = fetch_wait
        self._sink = sink
        self._pace = pace
        self._decoders: dict[str, tuple[str, Any]] = {
            topics.reactions: ("reactions", reactions_decoder()),
            topics.dead_letters: ("dead-letters", dead_letters_decoder()),
        }
        self._fuse = Fuse(pace.fuse_share)
        self._left = Unsettled()
        self._is_live = self._is_live_left = False
        """Whether the open batch, and what is left to do, may be of the live run."""
        self._observed = ObservedSink({topic: word for topic, (word, _) in self._decoders.items()})

    def run(self, stop: Callable[[], bool]) -> None:
        """Consume until `stop` says so. What was not committed then is read again next time.

        Raises BrokerUnavailable or StoreUnavailable when going on makes no sense.
        """
        self._consumer.subscribe(topics=list(self._decoders))
        batch, since, size = empty_batch(), time.monotonic(), 0
        purge_due = since + PURGE_SECONDS
        left_since = arrived_at = since
        while not stop():
            if self._sink.has_removed and time.monotonic() >= purge_due:
                self._purge(stop)
                purge_due = time.monotonic() + PURGE_SECONDS
            if arrived := self._poll_into(batch):
                size, arrived_at = size + arrived, time.monotonic()
            now = time.monotonic()
            is_quiet = now - arrived_at >= QUIET_SECONDS
            is_live = self._is_live or self._is_live_left
            if self._left.next_offsets and is_settling_due(
                now - left_since, is_live=is_live, is_quiet=is_quiet
            ):
                self._settle(stop)
            if not batch.next_offsets:
                since = time.monotonic()
                continue
            if self._pace.is_full(len(batch), size) or self._pace.is_due(
                time.monotonic() - since, is_live=self._is_live, is_quiet=is_quiet
            ):
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
        has_work = bool(batch.next_offsets or self._left.next_offsets)
        wait = POLL_MILLISECONDS if has_work else IDLE_POLL_MILLISECONDS
        polled = self._poll(timeout_ms=wait, max_records=MESSAGES_A_POLL)
        self._wait_as_needed(has_come=bool(polled))
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
                self._is_live = self._is_live or may_be_live(records)
                place = f"{partition.topic}/{partition.partition}:{message.offset}"
                failures = [Failure("not-a-record", place) for _ in bad]
                self._fuse.see_message(len(records), failures)
                size += len(message.value or b"")
                self._observed.arrived(records, bad, arrival, len(message.value or b""))
        self._observed.holds(batch)
        return size

    def _wait_as_needed(self, *, has_come: bool) -> None:
        """Let the next fetch wait as long as what came lately suggests."""
        if self._fetch_wait is not None:
            wait = self._fetch_wait.after(has_come=has_come, seconds=time.monotonic())
            self._consumer._fetcher.config["fetch_max_wait_ms"] = wait

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
            self._is_live, self._is_live_left = False, self._is_live or self._is_live_left

    def _settle(self, stop: Callable[[], bool]) -> None:
        """Do what the batches stored lately have left to do, then commit their offsets."""
        if self._attempt(lambda: self._sink.settle(self._left), stop):
            self._commit(stop)
            self._left, self._is_live_left = Unsettled(), False

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
