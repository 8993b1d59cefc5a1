"""Where a producer's records go: what `producers.publish` promises, without Kafka in sight."""

from typing import Protocol

from uproar.records import DeadLetter, Deletion, Post, RunReport, Watermark


class Outlet(Protocol):
    """Takes the records of one producer. Each method raises BrokerUnavailable on a lost one."""

    partitions: int
    """Into how many partitions they go; a watermark goes into each."""

    def send(self, record: Post | Deletion) -> None:
        """Take a record; it may wait to travel with others."""
        ...

    def send_dead_letter(self, letter: DeadLetter) -> None:
        """Take a dead letter; it may wait to travel with others."""
        ...

    def send_report(self, report: RunReport) -> None:
        """Take a report; it may wait to travel with others."""
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
