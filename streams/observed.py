"""What a worker tells of itself: counts around each message, and at a scrape its lag and waits.

The reading itself stays pure: what it is handed here counts on the way through.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import faust
from faust.types import TP

from streams.messages import STAGE, Outcome, PostReader
from uproar import metrics
from uproar.codec import BadRecord, PackDecoder
from uproar.operations.waits import WAITS
from uproar.records import Post, PostsRecord, Reaction

NO_PARTITIONS = "the consumer group has not given this worker any partitions"
SILENT_SECONDS = 10.0
"""A broker that has answered no fetch for so long is away: each asks for an answer in 1.5 s."""


class Account(NamedTuple):
    """Of one message: its records by kind, the parts that were none, the posts not readable."""

    kinds: Counter[str]
    bad: int
    failed: int


class ObservedMessages:
    """Counts the messages of one agent; use its decoder and reader to assess them.

    `delivered` is to be called for each message once all that came of it is acknowledged, with the
    account that was taken before the next one was assessed.
    """

    def __init__(self) -> None:
        self.decoder = _CountingDecoder()
        self._reader = _CountingReader()
        self._acked: dict[TP, int] = {}
        self._queue: Any = None

    def reader(self, reader: PostReader) -> PostReader:
        """Return the reader, which counts what it cannot read."""
        self._reader.reader = reader
        self._reader.failed = 0
        return self._reader

    def account(self) -> "Account":
        """Return what is to be counted of the message just assessed, once it is delivered."""
        return Account(self.decoder.kinds, self.decoder.bad, self._reader.failed)

    def delivered(self, event: Any, outcome: Outcome, account: "Account") -> None:
        """Count what was handed on, and how far the partition is."""
        message = event.message
        self._acked[TP(message.topic, message.partition)] = message.offset + 1
        failed = account.failed
        letters = failed + account.bad
        out = metrics.RECORDS_OUT.labels
        for kind, count in account.kinds.items():
            if kind == "post":
                out(STAGE, "reaction").inc(count - failed)
            elif kind != "waybill":
                out(STAGE, kind).inc(count)
        if letters:
            out(STAGE, "dead-letter").inc(letters)
        if failed:
            metrics.DEAD_LETTERS.labels(STAGE, "reading-failed").inc(failed)
        sent = (*outcome.reactions, *outcome.dead_letters)
        metrics.MESSAGES_OUT.labels(STAGE).inc(len(sent))
        metrics.BYTES_OUT.labels(STAGE).inc(sum(map(len, sent)))

    def watch(self, app: faust.App, stream: Any) -> None:
        """Tell lag, buffer and waits of a started agent whenever somebody asks."""
        is_first = self._queue is None
        self._queue = stream.channel.queue
        metrics.BUFFERED_MESSAGES.labels(STAGE).set_function(self._queue.qsize)
        metrics.LAG_MESSAGES.read_from(lambda: list(self._lags(app)))
        if is_first:
            began = time.time()
            WAITS.look_first(lambda: _look(app, self._queue, began))

    def _lags(self, app: faust.App) -> Iterator[tuple[tuple[str, ...], float]]:
        consumer: Any = app.consumer
        for partition in _assigned(app):
            highwater = consumer.highwater(partition)
            if highwater is not None:
                committed = consumer._committed_offset.get(partition) or 0
                read = max(self._acked.get(partition, 0), committed)
                yield (STAGE, "posts", str(partition.partition)), max(0, highwater - read)


class _CountingDecoder(PackDecoder[PostsRecord]):
    """A decoder that counts; `kinds` and `bad` are those of the last message."""

    def __init__(self) -> None:
        super().__init__(PostsRecord)
        self.kinds: Counter[str] = Counter()
        self.bad = 0

    def decode(self, message: bytes | None) -> tuple[Sequence[PostsRecord], Sequence[BadRecord]]:
        records, bad = super().decode(message)
        types = Counter(map(type, records))
        self.kinds = Counter({metrics.kind_label(type_): count for type_, count in types.items()})
        self.bad = len(bad)
        metrics.MESSAGES_IN.labels(STAGE).inc()
        for kind, count in self.kinds.items():
            metrics.RECORDS_IN.labels(STAGE, kind).inc(count)
        if bad:
            metrics.RECORDS_IN.labels(STAGE, "unreadable").inc(len(bad))
            metrics.DEAD_LETTERS.labels(STAGE, "not-a-record").inc(len(bad))
        return records, bad


class _CountingReader:
    """A reader that counts the posts at which it fails."""

    reader: PostReader
    failed = 0

    def read(self, post: Post) -> Reaction:
        try:
            return self.reader.read(post)
        except Exception:
            self.failed += 1
            raise

    def read_all(self, posts: Sequence[Post]) -> Sequence[Reaction]:
        return self.reader.read_all(posts)


def _assigned(app: faust.App) -> list[TP]:
    try:
        return [tp for tp in app.consumer.assignment() if not tp.topic.startswith("__")]
    except Exception:  # it is just starting, stopping or changing hands
        return []


def _look(app: faust.App, queue: Any, began: float) -> None:
    """Begin or end the waits that show in the state of the consumer."""
    assigned = _assigned(app)
    if assigned:
        WAITS.end("partitions")
    else:
        WAITS.begin("partitions", NO_PARTITIONS)
    consumer: Any = app.consumer
    try:
        inner = consumer._thread._ensure_consumer()
        times = [inner.last_poll_timestamp(partition) or 0 for partition in assigned]
    except Exception:  # as above
        return
    answered = max([began, *(time_ / 1000 for time_ in times)])
    is_silent = time.time() - answered > SILENT_SECONDS
    if assigned and is_silent and queue.qsize() == 0:  # with a full buffer it is we who do not ask
        WAITS.begin("kafka", "Kafka does not answer")
    else:
        WAITS.end("kafka")
