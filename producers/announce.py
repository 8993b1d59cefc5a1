"""What a replay says of itself in the topic: reports of its counts, and watermarks."""

from datetime import datetime, timedelta
from typing import Literal

from producers.outlet import Outlet
from producers.tally import Tally
from uproar.records import RunReport, Watermark

State = Literal["running", "finished", "interrupted"]


class Announcer:
    """Speaks for one life of one producer of a run."""

    def __init__(
        self, outlet: Outlet, run: str, source: str, inputs: tuple[str, ...], started_at: datetime
    ) -> None:
        self._outlet = outlet
        self._run = run
        self._source = source
        self._inputs = inputs
        self._started_at = started_at
        self._before: datetime | None = None
        self.position = 0
        """What the last watermark said."""

    def report(self, state: State, tally: Tally, reported_at: datetime) -> RunReport:
        """Send the counts so far. Notices of a stream are reported among the filtered."""
        report = RunReport(
            run=self._run,
            source=self._source,
            state=state,
            inputs=self._inputs,
            started_at=self._started_at,
            reported_at=reported_at,
            read=tally.settled,
            kept=tally.kept,
            filtered=tally.filtered + tally.control,
            deletions=tally.deletions,
            dead_letters=dict(tally.dead_letters),
            first_at=tally.first_at,
            last_at=tally.last_at,
        )
        self._outlet.send_report(report)
        return report

    def watermark(self, before: datetime, position: int, *, is_last: bool = False) -> None:
        """Say that all up to `position` is sent, and all observed before `before`.

        The time never goes back. Returns when all that was sent earlier is acknowledged.
        """
        self._before = before if self._before is None else max(self._before, before)
        self._outlet.send_watermark(
            Watermark(
                run=self._run,
                source=self._source,
                started_at=self._started_at,
                observed_before=self._before,
                position=position,
                is_last=is_last,
            )
        )
        self.position = position


def end_of_minute(time: datetime) -> datetime:
    """Return the first full minute after a time: the minute of the last post is over, too.

    >>> from datetime import UTC
    >>> end_of_minute(datetime(2021, 1, 18, 9, 30, 7, tzinfo=UTC)).isoformat()
    '2021-01-18T09:31:00+00:00'
    """
    return time.replace(second=0, microsecond=0) + timedelta(minutes=1)
