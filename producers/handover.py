"""Frames between a wire and who takes them: bounded in number and in bytes."""

import asyncio
import contextlib
from collections import deque

from producers.sources.source import Arrived, Frame

MOST_FRAMES = 2_000
MOST_BYTES = 16 * 1024 * 1024
"""Of frames that are held; one that is larger is held alone."""
TAKEN_FRAMES = 500
"""At most so many are taken at once, so that nothing else waits for long."""


class Handover:
    """Holds frames while the broker is slow; when it is full, the wire has to wait, too.

    One puts and one takes, both in the same event loop.
    """

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()
        self._bytes = 0
        self._is_there = asyncio.Event()
        self._has_room = asyncio.Event()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held."""
        return not self._frames

    async def put(self, frame: Frame) -> None:
        """Hold a frame, as soon as there is room."""
        size = len(frame.raw) if isinstance(frame, Arrived) else 0
        while self._frames and (
            len(self._frames) >= MOST_FRAMES or self._bytes + size > MOST_BYTES
        ):
            self._has_room.clear()
            await self._has_room.wait()
        self._frames.append(frame)
        self._bytes += size
        self._is_there.set()

    async def take(self, seconds: float) -> list[Frame]:
        """Return what is held, in order; wait so long for something to come."""
        if not self._frames:
            self._is_there.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._is_there.wait()
        taken = [self._frames.popleft() for _ in range(min(len(self._frames), TAKEN_FRAMES))]
        self._bytes -= sum(len(frame.raw) for frame in taken if isinstance(frame, Arrived))
        self._has_room.set()
        return taken
