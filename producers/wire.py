"""Keeps a source's wire open: opens it again after a while, longer each time, behind the cursor."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from typing import Literal

import msgspec

from producers.sources.source import Arrived, Frame, Lost, Quiet, Source

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
STEADY_SECONDS = 30.0
"""A wire that held this long is well again: the next wait is the first one."""
SILENT_SECONDS = 60.0
"""Without any frame for this long, the wire is taken for dead."""


class Health(msgspec.Struct):
    """How a source is, for a person: its state and since when, by a clock in seconds."""

    state: Literal["connecting", "connected", "waiting", "refused", "ended"] = "connecting"
    why: str = ""
    reconnects: int = 0
    wait_seconds: float = 0.0


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


async def held_open(
    source: Source,
    after: str | None,
    health: Health,
    *,
    seconds: Callable[[], float],
    silent_seconds: float = SILENT_SECONDS,
) -> AsyncIterator[Frame]:
    """Yield a source's frames for ever, whatever breaks.

    Opened again behind the newest cursor seen, so that frames repeat rather than lack. Raises
    Refused when the platform will not have us.
    """
    attempt, cursor = 0, after
    while True:
        opened = seconds()
        health.state = "connecting"
        frames = source.frames(cursor)
        try:
            while True:
                async with asyncio.timeout(silent_seconds):
                    frame = await anext(frames)
                if health.state != "connected":
                    health.state, health.why = "connected", ""
                if isinstance(frame, Arrived | Quiet) and frame.cursor is not None:
                    cursor = frame.cursor
                yield frame
        except (Lost, StopAsyncIteration, TimeoutError) as error:
            asked = error.wait_seconds if isinstance(error, Lost) else 0.0
            health.why = _told(error, silent_seconds)
        finally:
            closing = getattr(frames, "aclose", None)
            if closing is not None:
                await closing()
        attempt = 1 if seconds() - opened >= STEADY_SECONDS else attempt + 1
        health.reconnects += 1
        health.wait_seconds = wait_seconds(attempt, asked, random.random())  # noqa: S311
        health.state = "waiting"
        await asyncio.sleep(health.wait_seconds)


def _told(error: BaseException, silent_seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"nothing came for {silent_seconds:g} s"
    if isinstance(error, StopAsyncIteration):
        return "the platform ended the connection"
    return str(error)
