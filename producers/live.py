"""A live source -> the posts topic, for as long as it runs.

Guarantee: at least once within what the platform itself can send again. The cursor is saved after
the broker has acknowledged everything up to it, so that a kill -9 repeats a second or two of frames
and loses none; where the platform's memory is shorter than our absence, the gap is counted as a
dead letter. Not promised: what a platform leaves out without a word that we could notice.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import msgspec

from producers.announce import NOTHING_YET, Announcer, State
from producers.clock import Clock, SystemClock
from producers.cursors import Cursor, Cursors
from producers.filter import Matcher
from producers.intake import Intake, Timed
from producers.outlet import Outlet
from producers.parsed import Control, Draft, Parsed, Unreadable
from producers.parsed import Frame as Judged
from producers.plan import ReplayPlan
from producers.sources.source import Arrived, Frame, Gap, Source
from producers.tally import Tally
from producers.wire import SILENT_SECONDS, Health, held_open
from uproar.records import DeadLetter, Post

WATERMARK_SECONDS = 1.0
REPORT_SECONDS = 5.0
IDLE_SECONDS = 0.02
WAITING_FRAMES = 2_000
"""Frames that are held while the broker is slow; then the platform's wire has to wait, too."""


class Watching:
    """One life of one live source."""

    def __init__(
        self,
        source: Source,
        plan: ReplayPlan,
        matcher: Callable[[], Matcher],
        outlet: Outlet,
        cursors: Cursors,
        *,
        clock: Clock | None = None,
        silent_seconds: float = SILENT_SECONDS,
    ) -> None:
        """`matcher` is asked before each frame, so that new entities count at once."""
        self.health = Health()
        self.tally = Tally()
        self._source = source
        self._matcher = matcher
        self._outlet = outlet
        self._cursors = cursors
        self._clock = clock or SystemClock()
        self._silent_seconds = silent_seconds
        kept = cursors.load(source.name)
        self._cursor = kept.cursor
        _count_on(self.tally, kept)
        self._plan = msgspec.structs.replace(
            plan, source=source.name, resume_position=self.tally.settled
        )
        self._known = matcher()
        self._intake = Intake(self._plan, self._known)
        self._announcer = Announcer(outlet, self._plan, (source.name,), self._clock.now())
        self._before = NOTHING_YET
        self._is_new = False

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop` is set. Raises Refused, or BrokerUnavailable, when it makes no sense.

        Whatever ends it, what was taken is sent and acknowledged, where the broker still answers.
        """
        self._outlet.begin(self._plan.run, self._plan.source, self._announcer.started_at)
        self._announcer.manifest()
        self._announcer.report("running", self.tally, self._clock.now())
        waiting: asyncio.Queue[Frame] = asyncio.Queue(WAITING_FRAMES)
        reading = asyncio.create_task(self._fill(waiting))
        try:
            await self._drain(waiting, reading, stop)
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await reading
            self.health.state = "ended" if self.health.state != "refused" else "refused"
        await asyncio.to_thread(self._settle, "finished", is_last=True)

    async def _fill(self, waiting: "asyncio.Queue[Frame]") -> None:
        frames: AsyncIterator[Frame] = held_open(
            self._source,
            self._cursor,
            self.health,
            seconds=self._clock.seconds,
            silent_seconds=self._silent_seconds,
        )
        async for frame in frames:
            await waiting.put(frame)

    async def _drain(
        self, waiting: "asyncio.Queue[Frame]", reading: "asyncio.Task[None]", stop: asyncio.Event
    ) -> None:
        watermark_due = self._clock.seconds() + WATERMARK_SECONDS
        report_due = self._clock.seconds() + REPORT_SECONDS
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(IDLE_SECONDS):
                    self._take(await waiting.get())
            while not waiting.empty() and self._clock.seconds() < watermark_due:
                self._take(waiting.get_nowait())
            seconds = self._clock.seconds()
            self._outlet.flush_idle(seconds)
            if seconds >= report_due:
                report_due = seconds + REPORT_SECONDS
                self._announcer.report("running", self.tally, self._clock.now())
            if seconds >= watermark_due:
                await asyncio.to_thread(self._acknowledge)
                watermark_due = self._clock.seconds() + WATERMARK_SECONDS
            if reading.done() and waiting.empty():
                await asyncio.to_thread(self._acknowledge)
                reading.result()  # raises what ended it
                return

    def _take(self, frame: Frame) -> None:
        now = self._clock.now()
        if isinstance(frame, Gap):
            told = f"{frame.why}: {frame.since.isoformat()} to {frame.until.isoformat()} is missing"
            self._judge(b"", Unreadable("gap", told), now)
            return
        if isinstance(frame, Arrived):
            for value in self._source.parse(frame.raw):
                self._judge(frame.raw, value, now, frame.at)
        if frame.cursor is not None:
            self._cursor = frame.cursor
        self._is_new = True
        # Others of the same millisecond may follow.
        self._before = max(self._before, (frame.at or now) - timedelta(milliseconds=1))

    def _judge(self, raw: bytes, value: Parsed, now: datetime, at: datetime | None = None) -> None:
        if isinstance(value, Draft) and value.observed_at is None:
            # The author's own time may be made up: what counts is when it was seen.
            value = msgspec.structs.replace(value, observed_at=(at or now).isoformat())
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

    def _acknowledge(self) -> None:
        """Wait until all that was taken is acknowledged, say so, and only then save the cursor."""
        self._announcer.watermark(self._before, self.tally.settled)
        self._outlet.flush()
        if self._is_new:
            self._is_new = False
            self._cursors.save(_kept(self._source.name, self._cursor, self.tally))

    def _settle(self, state: State, *, is_last: bool) -> None:
        self._announcer.report(state, self.tally, self._clock.now())
        self._announcer.watermark(self._before, self.tally.settled, is_last=is_last)
        self._outlet.flush()
        self._cursors.save(_kept(self._source.name, self._cursor, self.tally))


_COUNTED = ("kept", "filtered", "deletions", "control")


def _kept(source: str, cursor: str | None, tally: Tally) -> Cursor:
    counts = {name: getattr(tally, name) for name in _COUNTED}
    return Cursor(
        source=source, cursor=cursor, counts=counts, dead_letters=dict(tally.dead_letters)
    )


def _count_on(tally: Tally, kept: Cursor) -> None:
    """Begin with what earlier lives have counted, up to the cursor."""
    for name in _COUNTED:
        setattr(tally, name, kept.counts.get(name, 0))
    tally.dead_letters.update(kept.dead_letters)
    tally.resumed = tally.kept + tally.deletions
