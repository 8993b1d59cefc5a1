"""What a producer tells of itself: what it read, what is on the way, and whether Kafka keeps it."""

import time
from collections import Counter

from uproar import metrics
from uproar.operations.waits import WAITS
from uproar.records import Note, RunReport

STAGE = "producer"
SLOW_SECONDS = 5.0
"""A broker that has not acknowledged a message for so long is away, or overloaded."""


class ObservedProducer:
    """Counts at the outlet. What was read is counted by the reports, which come every 5 s."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, str]] = Counter()
        self._awaited_since: float | None = None
        self._is_waiting = False
        WAITS.look_first(self._look)

    def begin(self) -> None:
        """Count another life of a producer from nothing."""
        self._counted = Counter()

    def sent(self, size: int, in_flight: int) -> None:
        """Count a message that was handed to the client."""
        metrics.BYTES_OUT.labels(STAGE).inc(size)
        metrics.BUFFERED_MESSAGES.labels(STAGE).set(in_flight)

    def awaits(self) -> None:
        """Tell that the oldest message's acknowledgement is waited for."""
        self._awaited_since = time.monotonic()

    def acknowledged(self, in_flight: int) -> None:
        """Count the message that was waited for."""
        self._awaited_since = None
        metrics.MESSAGES_OUT.labels(STAGE).inc()
        metrics.BUFFERED_MESSAGES.labels(STAGE).set(in_flight)

    def noted(self, note: Note) -> None:
        """Count what a report has more than the last one."""
        if not isinstance(note, RunReport):
            return
        totals = Counter(
            {
                ("in", "record"): note.read,
                ("out", "post"): note.kept,
                ("out", "deletion"): note.deletions,
                ("out", "dead-letter"): sum(note.dead_letters.values()),
                ("filtered", ""): note.filtered,
            }
        )
        totals.update({("reason", reason): count for reason, count in note.dead_letters.items()})
        for (what, kind), count in (totals - self._counted).items():
            if what == "in":
                metrics.RECORDS_IN.labels(STAGE, kind).inc(count)
            elif what == "out":
                metrics.RECORDS_OUT.labels(STAGE, kind).inc(count)
            elif what == "filtered":
                metrics.FILTERED.labels(STAGE).inc(count)
            else:
                metrics.DEAD_LETTERS.labels(STAGE, metrics.reason_label(kind)).inc(count)
        self._counted = totals

    def _look(self) -> None:
        since = self._awaited_since
        if since is not None and time.monotonic() - since > SLOW_SECONDS:
            self._is_waiting = True
            WAITS.begin("kafka", "Kafka does not acknowledge what was sent")
        elif self._is_waiting:  # another producer of the process may wait on
            self._is_waiting = False
            WAITS.end("kafka")
