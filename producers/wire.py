"""Keeps a source's wire open: opens it again after a while, longer each time, behind the cursor."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from producers.clock import Clock
from producers.sources.source import Arrived, Frame, Gap, Lost, Refused, Source

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
STEADY_SECONDS = 30.0
"""A wire that held this long is well again: the next wait is the first one."""
SILENT_SECONDS = 60.0
"""Without any frame or sign of life for this long, the wire is taken for dead."""

WireState = Literal["connecting", "connected", "waiting", "refused", "ended"]


class Health(msgspec.Struct, kw_only=True):
    """How a source is, for a person, and since when.

    `until` is when a source that waits is tried again; `hint` says what to do about a refusal;
    `troubles` are of some of its feeds, channels or the like, while the others can be read.
    """

    since: datetime
    state: WireState = "connecting"
    why: str = ""
    hint: str = ""
    until: datetime | None = None
    troubles: tuple[str, ...] = ()
    frames: int = 0
    gaps: int = 0
    reconnects: int = 0

    def become(
        self,
        state: WireState,
        now: datetime,
        why: str = "",
        *,
        hint: str = "",
        until: datetime | None = None,
    ) -> None:
        """Change the state; why it waited stays told while it connects anew."""
        if state != self.state:
            self.since = now
        self.state, self.hint, self.until = state, hint, until
        if why or state == "connected":
            self.why = why


def wait_seconds(attempt: int, asked: float, jitter: float) -> float:
    """Return how long to wait before attempt number `attempt`, from 1; `jitter` is in [0, 1).

    Doubles up to a minute, of which a random half is left out so that many do not come at once
    (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/); never less than
    the platform has asked for.

    >>> wait_seconds(1, 0, 0.999) < 1.0, wait_seconds(20, 0, 0.0), wait_seconds(1, 90, 0.5) >= 90
    (True, 30.0, True)
    """
    most = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** min(attempt - 1, 10))
    return asked + most / 2 + most / 2 * jitter


HandOver = Callable[[Frame], Awaitable[None]]
"""Takes a frame, and takes its time while there is no room."""


async def keep_open(
    source: Source,
    after: str | None,
    health: Health,
    hand_over: HandOver,
    *,
    clock: Clock,
    silent_seconds: float = SILENT_SECONDS,
) -> None:
    """Hand over a source's frames for ever, whatever breaks.

    Opened again behind the newest cursor seen, so that frames repeat rather than lack. Raises
    Refused when the platform will not have us.
    """
    attempt, wire = 0, _Wire(source, after, health, hand_over, clock)
    while True:
        opened = clock.seconds()
        health.become("connecting", clock.now())
        error = await wire.read(silent_seconds)
        if isinstance(error, Refused):
            health.become("refused", clock.now(), str(error), hint=error.hint)
        if error is not None and not isinstance(error, Lost):
            raise error
        attempt = 1 if clock.seconds() - opened >= STEADY_SECONDS else attempt + 1
        health.reconnects += 1
        asked = error.wait_seconds if error else 0.0
        seconds = wait_seconds(attempt, asked, random.random())  # noqa: S311
        now = clock.now()
        why = str(error) if error else "the platform ended the connection"
        health.become("waiting", now, why, until=now + timedelta(seconds=seconds))
        await asyncio.sleep(seconds)


class _Wire:
    """One connection after the other: its cursor, and whether it brings anything."""

    def __init__(
        self,
        source: Source,
        after: str | None,
        health: Health,
        hand_over: HandOver,
        clock: Clock,
    ) -> None:
        self._source = source
        self._cursor = after
        self._health = health
        self._hand_over = hand_over
        self._clock = clock
        self._received = 0
        self._is_handing_over = False

    async def read(self, silent_seconds: float) -> BaseException | None:
        """Read until it breaks; return what broke it. Silence is looked for beside it.

        A time limit on each frame would cost more than the frame.
        """
        reading = asyncio.create_task(self._read())
        received, quiet = self._received, 0.0
        step = silent_seconds / 4
        try:
            while not reading.done():
                await asyncio.wait({reading}, timeout=step)
                is_alive = self._received != received or self._is_handing_over
                received, quiet = self._received, 0.0 if is_alive else quiet + step
                if quiet >= silent_seconds and not reading.done():
                    return Lost(f"nothing came for {silent_seconds:g} s")
            return reading.exception()
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _read(self) -> None:
        health, self._is_handing_over = self._health, False
        async with contextlib.aclosing(self._source.frames(self._cursor)) as frames:
            async for frame in frames:
                self._received += 1
                if health.state != "connected":
                    health.become("connected", self._clock.now())
                if isinstance(frame, Arrived):
                    health.frames += 1
                elif isinstance(frame, Gap):
                    health.gaps += 1
                elif frame.troubles is not None:
                    health.troubles = frame.troubles
                if not isinstance(frame, Gap) and frame.cursor is not None:
                    self._cursor = frame.cursor
                self._is_handing_over = True
                await self._hand_over(frame)
                self._is_handing_over = False
