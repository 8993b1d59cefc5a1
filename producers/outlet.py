"""Where a producer's records go: what `producers.publish` promises, without Kafka in sight."""

from datetime import datetime
from typing import Protocol

from uproar.records import AccountDeletion, DeadLetter, Deletion, Note, Post, Watermark


class Outlet(Protocol):
    """Takes the records of one producer. Each method raises BrokerUnavailable on a lost one."""

    partitions: int
    """Into how many partitions they go; a watermark goes into each."""

    def begin(self, run: str, source: str, started_at: datetime) -> None:
        """Name the life of the producer whose records follow."""
        ...

    def send(self, record: Post | Deletion | AccountDeletion) -> int:
        """Take a record, which may wait to travel with others; return how often it is sent."""
        ...

    def send_dead_letter(self, letter: DeadLetter) -> None:
        """Take a dead letter; it may wait to travel with others."""
        ...

    def send_note(self, note: Note) -> None:
        """Send a report or manifest."""
        ...

    def send_watermark(self, watermark: Watermark) -> None:
        """Wait until all taken before is acknowledged, then send this to every partition."""
        ...

    def flush_idle(self, seconds: float) -> None:
        """Send what has waited long enough for company; `seconds` is a clock's reading."""
        ...

    def flush(self) -> None:
        """Wait until all that was taken is acknowledged."""
        ...
