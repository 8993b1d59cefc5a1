"""What a sink tells of itself: counts around each batch, its lag, and its runs' watermarks."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from sinks.batch import STAGE, Arrival, Batch
from uproar import metrics
from uproar.codec import BadRecord
from uproar.operations.waits import WAITS
from uproar.records import Watermark

MOST_RUNS = 20
"""Runs whose watermark is told; where there are more, those that moved last."""
LOOK_SECONDS = 1.0
ASK_SECONDS = 10.0
"""How often the broker is asked for the ends of partitions that are paused, so not fetched."""
ANSWER_MILLISECONDS = 1000
SILENT_SECONDS = 10.0

Lane = tuple[str, str, int]
"""source, stream, partition"""


class Told(msgspec.Struct, frozen=True):
    """The last watermark of one lane of a run, and when it was stored."""

    started_at: datetime
    before: datetime
    is_last: bool
    stored_at: float


class ObservedSink:
    """Follows what a sink reads, holds and has stored."""

    def __init__(self, streams: Mapping[str, str]) -> None:
        """Take the word for each topic."""
        self._streams = streams
        self._kinds: Counter[str] = Counter()
        self._watermarks: list[tuple[Watermark, str, int]] = []
        self._bytes = 0
        self._stored: dict[TopicPartition, int] = {}
        self._lags: dict[tuple[str, ...], float] = {}
        self._runs: dict[str, dict[Lane, Told]] = {}
        self._looked = self._asked = 0.0
        metrics.LAG_MESSAGES.read_from(lambda: list(self._lags.items()))
        metrics.OBSERVED_BEFORE.read_from(lambda: list(self._observed_before()))
        metrics.WATERMARK_STORED.read_from(lambda: list(self._watermark_stored()))

    def arrived(
        self, records: Sequence[Any], bad: Sequence[BadRecord], arrival: Arrival, size: int
    ) -> None:
        """Count a message that goes into the open batch."""
        types = Counter(map(type, records))
        kinds = Counter({metrics.kind_label(type_): count for type_, count in types.items()})
        for kind, count in kinds.items():
            metrics.RECORDS_IN.labels(STAGE, kind).inc(count)
        if bad:
            metrics.RECORDS_IN.labels(STAGE, "unreadable").inc(len(bad))
            metrics.DEAD_LETTERS.labels(STAGE, "not-a-record").inc(len(bad))
            kinds["dead-letter"] += len(bad)
        if Watermark in types:
            self._watermarks += [
                (record, arrival.stream, arrival.partition)
                for record in records
                if isinstance(record, Watermark)
            ]
        self._kinds += kinds
        self._bytes += size
        metrics.MESSAGES_IN.labels(STAGE).inc()

    def holds(self, batch: Batch) -> None:
        """Tell how much the open batch holds."""
        metrics.BUFFERED_RECORDS.labels(STAGE).set(len(batch))
        metrics.BUFFERED_BYTES.labels(STAGE).set(self._bytes)

    def stored(self, batch: Batch) -> None:
        """Count a batch that is stored; the next one starts empty."""
        for kind, count in self._kinds.items():
            metrics.RECORDS_OUT.labels(STAGE, kind).inc(count)
        metrics.BATCH_RECORDS.observe(len(batch))
        metrics.BATCH_BYTES.observe(self._bytes)
        for (topic, partition), offset in batch.next_offsets.items():
            self._stored[TopicPartition(topic, partition)] = offset
        for watermark, stream, partition in self._watermarks:
            self._tell(watermark, stream, partition)
        self.dropped()

    def dropped(self) -> None:
        """Forget the open batch: it will be read again."""
        self._kinds, self._watermarks, self._bytes = Counter(), [], 0

    def polled(self, consumer: KafkaConsumer) -> None:
        """Look at lag and waits, once in a while. To be called in the consumer's own thread."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        assigned = consumer.assignment()
        if assigned:
            WAITS.end("partitions")
        else:
            WAITS.begin("partitions", "the consumer group has not given this sink any partitions")
        ends: Mapping[TopicPartition, int] = {}
        if (paused := consumer.paused()) and now - self._asked > ASK_SECONDS:
            self._asked = now
            with suppress(KafkaError):
                ends = consumer.end_offsets(list(paused), timeout_ms=ANSWER_MILLISECONDS)
        lags: dict[tuple[str, ...], float] = {}
        for one in assigned:
            place = (STAGE, self._streams[one.topic], str(one.partition))
            end = max(consumer.highwater(one) or 0, ends.get(one, 0))
            if one not in self._stored:
                with suppress(KafkaError):  # None: it has never committed
                    self._stored[one] = consumer.committed(one, timeout_ms=1000) or 0
            if end and one in self._stored:
                lag = max(0.0, end - self._stored[one])
                # Asked for now and then only; meanwhile it does not get smaller by itself.
                lags[place] = max(lag, self._lags.get(place, 0.0)) if one in paused else lag
        self._lags = lags
        for gone in self._stored.keys() - assigned:
            del self._stored[gone]
        self._look_for_kafka(consumer)

    def _look_for_kafka(self, consumer: KafkaConsumer) -> None:
        heartbeat = getattr(getattr(consumer, "_coordinator", None), "heartbeat", None)
        received = getattr(heartbeat, "last_receive", None)
        if received is None or received == -float("inf"):
            return
        if time.monotonic() - received > SILENT_SECONDS:
            WAITS.begin("kafka", "Kafka does not answer")
        else:
            WAITS.end("kafka")

    def _tell(self, watermark: Watermark, stream: str, partition: int) -> None:
        lanes = self._runs.pop(watermark.run, {})  # at the end again: it moved last
        lane = (watermark.source, stream, partition)
        known = lanes.get(lane)
        if known is None or watermark.started_at >= known.started_at:
            before = watermark.observed_before
            if known is not None and known.started_at == watermark.started_at:
                before = max(before, known.before)
            lanes[lane] = Told(watermark.started_at, before, watermark.is_last, time.time())
        if not all(told.is_last for told in lanes.values()):
            self._runs[watermark.run] = lanes
        while len(self._runs) > MOST_RUNS:
            del self._runs[next(iter(self._runs))]

    def _observed_before(self) -> Iterator[tuple[tuple[str, ...], float]]:
        for run, lanes in list(self._runs.items()):
            times = [
                told.before.timestamp()
                for (_, stream, _), told in list(lanes.items())
                if stream == "reactions"
            ]
            if times:
                yield (run,), min(times)

    def _watermark_stored(self) -> Iterator[tuple[tuple[str, ...], float]]:
        for run, lanes in list(self._runs.items()):
            yield (run,), max(told.stored_at for told in list(lanes.values()))
