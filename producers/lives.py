"""What becomes of a live source's frames: judged, sent, acknowledged; then the cursor is saved.

A life of the producer begins with its manifest and ends with its last watermark. A source that
steps aside has several, in one process. All of it may wait for the broker, so no event loop
may be here.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from producers.admit import derive_id
from producers.announce import NOTHING_YET, Announcer, State
from producers.clock import Clock
from producers.cursors import Cursor, Cursors
from producers.filter import Matcher
from producers.intake import Intake, Timed
from producers.outlet import Outlet
from producers.parsed import Control, Draft, Parsed, Unreadable
from producers.parsed import Frame as Judged
from producers.plan import ReplayPlan
from producers.sources.source import Arrived, Frame, Gap, Rewinding, Source
from producers.tally import Tally
from uproar.records import DeadLetter, Post

REORDERED = timedelta(seconds=1)
"""How far apart two frames may be that come in the wrong order."""


class Lives:
    """The lives of one source in this process, one after the other."""

    def __init__(
        self,
        source: Source,
        plan: ReplayPlan,
        matcher: Callable[[], Matcher],
        outlet: Outlet,
        cursors: Cursors,
        kept: Cursor,
        clock: Clock,
    ) -> None:
        self.tally = Tally()
        _count_on(self.tally, kept)
        self.heard_at = clock.now()
        """When the source was last heard of."""
        self._source = source
        self._plan = plan
        self._matcher = matcher
        self._outlet = outlet
        self._cursors = cursors
        self._clock = clock
        self._cursor = kept.cursor
        self._saved = (kept.cursor, self.tally.settled)
        self._is_first = kept.at is None
        self._before = kept.before or NOTHING_YET
        self._known = matcher()
        self._intake = Intake(plan, self._known)
        self._announcer: Announcer | None = None
        self._is_ended = False

    def begin(self) -> None:
        """Begin a life, where none is open."""
        if self._announcer is not None:
            return
        plan = msgspec.structs.replace(self._plan, resume_position=self.tally.settled)
        self.tally.resumed, self.tally.sent = self.tally.kept + self.tally.deletions, 0
        started_at = self._clock.now()
        self._announcer = Announcer(self._outlet, plan, (self._source.name,), started_at)
        self._outlet.begin(plan.run, plan.source, started_at)
        self._announcer.manifest()
        self.report()
        self._is_ended = False

    def take(self, frame: Frame) -> None:
        """Judge what a frame holds, and hand on what goes further."""
        self.begin()
        now = self.heard_at = self._clock.now()
        if self._is_first:
            self._is_first = False
            self._save_beginning(frame, now)
        if isinstance(frame, Gap):
            since = frame.since.isoformat() if frame.since else "an unknown time"
            told = f"{frame.why}: {since} to {frame.until.isoformat()} is missing"
            self._judge(b"", Unreadable("gap", told), now)
            return
        # A relay's clock that is ahead must not make us skip what is still to come.
        at = min(frame.at, now) if frame.at else None
        if isinstance(frame, Arrived):
            for index, value in enumerate(self._source.parse(frame.raw)):
                if isinstance(value, Draft):
                    value = self._placed(value, at or now, index, is_old=frame.is_old)
                self._judge(frame.raw, value, now)
        if frame.cursor is not None:
            self._cursor = frame.cursor
        if not (isinstance(frame, Arrived) and frame.is_old):
            self._before = max(self._before, (at or now) - REORDERED)

    def flush_idle(self, seconds: float) -> None:
        """Send what has waited long enough for company."""
        self._outlet.flush_idle(seconds)

    def report(self, state: State = "running") -> None:
        """Tell the counts, where a life is open."""
        if self._announcer is not None:
            self._announcer.report(state, self.tally, self._clock.now())

    def acknowledge(self, *, is_last: bool = False) -> None:
        """Wait until all that was taken is acknowledged, say so, and only then save the cursor."""
        if self._announcer is None:
            return
        self._announcer.watermark(self._before, self.tally.settled, is_last=is_last)
        self._outlet.flush()
        if (place := (self._cursor, self.tally.settled)) != self._saved or is_last:
            self._saved = place
            self._cursors.save(self._kept())

    def end(self, state: State) -> None:
        """End the life, also that of a process that was killed; nothing waits for it then."""
        if self._is_ended:
            return
        self.begin()
        if self._before == NOTHING_YET:  # it never was connected, so it has missed nothing
            self._before = self._clock.now() - REORDERED
        self.report(state)
        self.acknowledge(is_last=True)
        self._announcer, self._is_ended = None, True

    def _save_beginning(self, frame: Frame, now: datetime) -> None:
        """Save a cursor that covers nothing: if nothing of what follows is stored, it begins there.

        A source that opens a little before its cursor begins at its first frame, another anew.
        """
        is_place = isinstance(frame, Arrived) and isinstance(self._source, Rewinding)
        cursor = frame.cursor if is_place and not isinstance(frame, Gap) else None
        self._cursors.save(Cursor(source=self._source.name, cursor=cursor, at=now))

    def _judge(self, raw: bytes, value: Parsed, now: datetime) -> None:
        known = self._matcher()
        if known is not self._known:
            self._known, self._intake = known, Intake(self._plan, known)
        place = Judged(self.tally.settled + 1, raw, len(raw))
        outcome = self._intake.judge(place, 0, value, self._source.name, now)
        if isinstance(outcome, Control):
            self.tally.control += 1
        elif isinstance(outcome, DeadLetter):
            self._outlet.send_dead_letter(outcome)
            self.tally.dead_letters[outcome.reason] += 1
        else:
            self._send(outcome)

    def _placed(self, draft: Draft, at: datetime, index: int, *, is_old: bool) -> Draft:
        """Give a draft the time at which it was seen, and an id that a repeat has, too."""
        if not draft.post_id:
            id_ = derive_id(draft, self._source.name, (0, index))
            draft = msgspec.structs.replace(draft, post_id=id_)
        if draft.observed_at is None and not (is_old and draft.created_at is not None):
            # The author's own time may be made up: what counts is when it was seen.
            draft = msgspec.structs.replace(draft, observed_at=at.isoformat())
        return draft

    def _send(self, timed: Timed) -> None:
        if timed.record is None:
            self.tally.filtered += 1
        else:
            self.tally.sent += self._outlet.send(timed.record)
            if isinstance(timed.record, Post):
                self.tally.kept += 1
            else:
                self.tally.deletions += 1
        self.tally.see(timed.time)

    def _kept(self) -> Cursor:
        return Cursor(
            source=self._source.name,
            cursor=self._cursor,
            at=self._clock.now(),
            position=self.tally.settled,
            before=self._before,
            counts={name: getattr(self.tally, name) for name in _COUNTED},
            dead_letters=dict(self.tally.dead_letters),
        )


_COUNTED = ("kept", "filtered", "deletions", "control")


def _count_on(tally: Tally, kept: Cursor) -> None:
    """Begin with what earlier lives have counted, up to the cursor."""
    for name in _COUNTED:
        setattr(tally, name, kept.counts.get(name, 0))
    tally.dead_letters.update(kept.dead_letters)
