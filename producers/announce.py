"""What a replay says of itself in the topic: reports of its counts, and watermarks."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from producers.inputs import Input
from producers.outlet import Outlet
from producers.plan import ReplayPlan
from producers.tally import FileTally, Tally
from uproar.records import FileReport, RunManifest, RunReport, Watermark

State = Literal["running", "finished", "interrupted"]

NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
"""The watermark of a replay that has sent nothing yet."""

MOST_INPUTS = 100
"""Names that a report lists: it is sent every few seconds, and must fit a message."""


class Announcer:
    """Speaks for one life of one producer of a run."""

    def __init__(
        self, outlet: Outlet, plan: ReplayPlan, inputs: tuple[str, ...], started_at: datetime
    ) -> None:
        self._outlet = outlet
        self._plan = plan
        self._inputs = _shortened(inputs)
        self.started_at = started_at
        self.before = NOTHING_YET
        """What the last watermark said."""
        self.position = 0
        """What the last watermark said."""

    def report(self, state: State, tally: Tally, reported_at: datetime) -> RunReport:
        """Send the counts so far. Notices of a stream are reported among the filtered."""
        report = RunReport(
            run=self._plan.run,
            source=self._plan.source,
            state=state,
            inputs=self._inputs,
            started_at=self.started_at,
            reported_at=reported_at,
            read=tally.settled,
            kept=tally.kept,
            filtered=tally.filtered + tally.control,
            deletions=tally.deletions,
            dead_letters=dict(tally.dead_letters),
            first_at=tally.first_at,
            last_at=tally.last_at,
            resume_position=self._plan.resume_position,
            resumed=tally.resumed,
            sent=tally.sent,
        )
        self._outlet.send_note(report)
        return report

    def manifest(self) -> None:
        """Tell what this life goes by."""
        self._outlet.send_note(
            RunManifest(
                run=self._plan.run,
                source=self._plan.source,
                started_at=self.started_at,
                facts=self._plan.facts,
            )
        )

    def file(self, number: int, source: Input, sha256: str, counts: FileTally) -> None:
        """Tell what the file `number` of the replay, from 1, has come to."""
        self._outlet.send_note(
            FileReport(
                run=self._plan.run,
                source=self._plan.source,
                started_at=self.started_at,
                number=number,
                name=source.name,
                format=source.format,
                size_bytes=source.size_bytes,
                sha256=sha256,
                read=counts.read,
                kept=counts.kept,
                filtered=counts.filtered,
                deletions=counts.deletions,
                dead_letters=dict(counts.dead_letters),
                record_bytes=dict(counts.bytes),
            )
        )

    def watermark(self, before: datetime, position: int, *, is_last: bool = False) -> None:
        """Say that all up to `position` is sent, and all observed before `before`.

        The time never goes back. Returns when all that was sent earlier is acknowledged.
        """
        before = max(self.before, before)
        self._outlet.send_watermark(
            Watermark(
                run=self._plan.run,
                source=self._plan.source,
                started_at=self.started_at,
                plan=self._plan.digest,
                partitions=self._outlet.partitions,
                observed_before=before,
                position=position,
                is_last=is_last,
            )
        )
        self.before, self.position = before, position


def end_of_minute(time: datetime) -> datetime:
    """Return the first full minute after a time: the minute of the last post is over, too.

    >>> from datetime import UTC
    >>> end_of_minute(datetime(2021, 1, 18, 9, 30, 7, tzinfo=UTC)).isoformat()
    '2021-01-18T09:31:00+00:00'
    """
    return time.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _shortened(inputs: tuple[str, ...]) -> tuple[str, ...]:
    more = len(inputs) - MOST_INPUTS
    return (*inputs[:MOST_INPUTS], f"and {more:,} more") if more > 0 else inputs
