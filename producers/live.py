"""A live source -> the posts topic, for as long as it runs.

Guarantee: at least once within what the platform itself can send again. The cursor is saved after
the broker has acknowledged everything up to it, so that a kill -9 repeats a second or two of frames
and loses none; where the platform's memory is shorter than our absence, the gap is counted as a
dead letter. Not promised: what a platform leaves out without a word that we could notice.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from producers.clock import Clock, SystemClock
from producers.cursors import Cursors
from producers.filter import Matcher
from producers.handover import Handover
from producers.lives import Lives
from producers.outlet import Outlet
from producers.plan import ReplayPlan
from producers.sources.source import Frame, Source
from producers.tally import Tally
from producers.wire import SILENT_SECONDS, Health, keep_open

WATERMARK_SECONDS = 1.0
REPORT_SECONDS = 5.0
IDLE_SECONDS = 0.02
"""How long what was taken may wait for company."""
STOP_SECONDS = 0.2
"""How long a source that is silent takes to notice that it shall stop, at most."""
ASIDE_SECONDS = 300.0
"""A source that cannot be read for so long steps aside: the run's watermark goes on without it."""


class Watching:
    """One source, watched. Whatever may block is done in a thread: the wire is always answered."""

    def __init__(
        self,
        source: Source,
        plan: ReplayPlan,
        matcher: Callable[[], Matcher],
        outlet: Outlet,
        cursors: Cursors,
        *,
        stored: int | None = None,
        clock: Clock | None = None,
        silent_seconds: float = SILENT_SECONDS,
        aside_seconds: float = ASIDE_SECONDS,
    ) -> None:
        """`matcher` is asked before each frame, so that new entities count at once.

        `stored` is how many records of the source are stored, where the broker's word does not
        outlive it (see `producers.cursors`).
        """
        self._clock = clock or SystemClock()
        self.health = Health(since=self._clock.now())
        self._source = source
        self._silent_seconds = silent_seconds
        self._aside_seconds = aside_seconds
        named = msgspec.structs.replace(plan, source=source.name)
        kept = cursors.load(source.name, stored)
        self._after = kept.cursor
        self._lives = Lives(source, named, matcher, outlet, cursors, kept, self._clock)

    @property
    def tally(self) -> Tally:
        """What was read so far, earlier lives included."""
        return self._lives.tally

    @property
    def heard_at(self) -> datetime:
        """When the source last brought something, or a sign of life; at first, when it began."""
        return self._lives.heard_at

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop` is set. Raises Refused, or BrokerUnavailable, when it makes no sense.

        Whatever ends it, what was taken is sent and acknowledged, where the broker still answers.
        """
        waiting = Handover()
        reading = asyncio.create_task(
            keep_open(
                self._source,
                self._after,
                self.health,
                waiting.put,
                clock=self._clock,
                silent_seconds=self._silent_seconds,
            )
        )
        try:
            await self._drain(waiting, reading, stop)
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await reading
        if reading.done() and not reading.cancelled() and (error := reading.exception()):
            await asyncio.to_thread(self._lives.end, "interrupted")
            raise error
        self.health.become("ended", self._clock.now())
        await asyncio.to_thread(self._lives.end, "finished")

    async def _drain(
        self, waiting: Handover, reading: "asyncio.Task[None]", stop: asyncio.Event
    ) -> None:
        """Take what comes until it shall stop, or nothing more comes."""
        seconds = self._clock.seconds()
        self._watermark_due, self._report_due = seconds + WATERMARK_SECONDS, seconds
        is_idle = False
        while not stop.is_set():
            frames = await waiting.take(STOP_SECONDS if is_idle else IDLE_SECONDS)
            is_idle = not frames
            await asyncio.to_thread(self._work, frames)
            if reading.done() and waiting.is_empty:
                return

    def _work(self, frames: Sequence[Frame]) -> None:
        """Send what was taken, and say what is due. May wait for the broker."""
        for frame in frames:
            self._lives.take(frame)
        seconds = self._clock.seconds()
        self._lives.flush_idle(seconds)
        if seconds >= self._report_due:
            self._report_due = seconds + REPORT_SECONDS
            self._lives.report()
        if seconds >= self._watermark_due:
            self._lives.acknowledge()
            self._watermark_due = self._clock.seconds() + WATERMARK_SECONDS
            self._step_aside()

    def _step_aside(self) -> None:
        """Let the run go on without a source that has been away for long; a frame brings it back.

        A watermark is that of the slowest producer: one platform that is down would hold up the
        alerts of all others.
        """
        away = (self._clock.now() - self._lives.heard_at).total_seconds()
        if self.health.state in ("waiting", "connecting") and away > self._aside_seconds:
            self._lives.end("interrupted")
