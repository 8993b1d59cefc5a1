"""A life of a producer that sends what dead letters have become.

Guarantee: as of a replay: at least once, every record counted, and the watermark that ends it
stands behind all that was sent. The same letters make the same source, so that a life that broke
off is replaced by the next one.
"""

from datetime import datetime

import msgspec

from producers.announce import NOTHING_YET, Announcer, end_of_minute
from producers.clock import Clock
from producers.outlet import Outlet
from producers.plan import ReplayPlan
from producers.tally import Tally
from uproar.records import AccountDeletion, Deletion, Post, RunReport

REPORT_SECONDS = 5.0


class Mending:
    """One such life; `plan` says of which run and source it is."""

    def __init__(self, outlet: Outlet, plan: ReplayPlan, clock: Clock) -> None:
        self._outlet = outlet
        self._clock = clock
        self._tally = Tally()
        self._reached: datetime | None = None
        started_at = clock.now()
        self._announcer = Announcer(outlet, plan, ("dead letters",), started_at)
        self._report_due = clock.seconds() + REPORT_SECONDS
        outlet.begin(plan.run, plan.source, started_at)
        self._announcer.manifest()
        self._announcer.report("running", self._tally, started_at)

    def send(self, record: Post | Deletion | AccountDeletion | None) -> None:
        """Send a record; None was read, but is not to be sent."""
        if record is None:
            self._tally.filtered += 1
        else:
            if isinstance(record, Post):
                self._tally.kept += 1
                self._tally.see(record.created_at)
            else:
                self._tally.deletions += 1
            if self._reached is None or record.observed_at > self._reached:
                self._reached = record.observed_at
            now = self._clock.now()
            self._tally.sent += self._outlet.send(msgspec.structs.replace(record, received_at=now))
        if self._clock.seconds() >= self._report_due:
            self._report_due = self._clock.seconds() + REPORT_SECONDS
            self._announcer.report("running", self._tally, self._clock.now())

    def end(self) -> RunReport:
        """Say that this was all. Returns when the broker has acknowledged everything."""
        report = self._announcer.report("finished", self._tally, self._clock.now())
        before = end_of_minute(self._reached) if self._reached else NOTHING_YET
        self._announcer.watermark(before, self._tally.settled, is_last=True)
        self._outlet.flush()
        return report
