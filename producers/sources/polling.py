"""For platforms that have to be asked: look, wait, look again, with a sign of life in between."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import aiohttp
import msgspec

from producers.sources.http import open_session, refusal, told_apart
from producers.sources.source import Arrived, Frames, Lost, Quiet, Refused

log = logging.getLogger(__name__)

T = TypeVar("T")

BEAT_SECONDS = 10.0
"""What is observed is what has been fetched, so that all up to now is told by then."""
ANSWER_SECONDS = 60.0
LARGEST_ANSWER_BYTES = 32 * 1024 * 1024
LONGEST_PAUSE_SECONDS = 6 * 3600.0


def remembered(decoder: "msgspec.json.Decoder[dict[str, T]]", cursor: str | None) -> dict[str, T]:
    """Return what a cursor says was seen; nothing where it is none, or none of ours."""
    try:
        return decoder.decode(cursor or "{}")
    except msgspec.MsgspecError:
        return {}


class _Failure(msgspec.Struct):
    why: Lost | Refused
    times: int
    due: float


class Turns:
    """When several feeds, channels or the like are asked, and which of them.

    One that fails is left alone for a while, longer each time, and keeps no other waiting.
    """

    def __init__(self, every_seconds: float) -> None:
        self._every_seconds = every_seconds
        self._failures: dict[str, _Failure] = {}
        self._looked_at: float | None = None

    async def rounds(self, look: Callable[[], Frames]) -> Frames:
        """Yield what each look finds, for ever. What the first one behind a pause finds is old."""
        while True:
            now = time.monotonic()
            pause = max(2 * self._every_seconds, BEAT_SECONDS)
            is_late = self._looked_at is None or now - self._looked_at > pause
            async with contextlib.aclosing(look()) as found:
                async for frame in found:
                    if is_late and isinstance(frame, Arrived):
                        frame = msgspec.structs.replace(frame, is_old=True)
                    yield frame
            self._looked_at = time.monotonic()
            yield Quiet()
            left = self._every_seconds
            while left > 0:
                await asyncio.sleep(min(left, BEAT_SECONDS))
                left -= BEAT_SECONDS
                yield Quiet()

    async def watched(
        self,
        look: Callable[[aiohttp.ClientSession], Frames],
        headers: Mapping[str, str] | None = None,
    ) -> Frames:
        """Yield the same with a session for all looks, which is closed with the wire."""
        async with (
            open_session(headers) as session,
            contextlib.aclosing(self.rounds(lambda: look(session))) as frames,
        ):
            async for frame in frames:
                yield frame

    def is_due(self, name: str) -> bool:
        """Tell whether it is asked now."""
        failure = self._failures.get(name)
        return failure is None or time.monotonic() >= failure.due

    def went_well(self, name: str) -> None:
        """Take note that it was read."""
        if self._failures.pop(name, None):
            log.info("%s can be read again", name)

    def failed(self, name: str, why: Lost | Refused) -> None:
        """Take note that it could not be read."""
        before = self._failures.get(name)
        times = before.times + 1 if before else 1
        asked = why.wait_seconds if isinstance(why, Lost) else 0.0
        pause = min(LONGEST_PAUSE_SECONDS, self._every_seconds * 2.0 ** min(times, 20))
        wait = max(asked, pause)
        log.warning("%s: %s; asking again in %.0f s", name, why, wait)
        self._failures[name] = _Failure(why, times, time.monotonic() + wait)

    def troubles(self) -> tuple[str, ...]:
        """Return a sentence for each that could not be read."""
        return tuple(f"{name}: {failure.why}" for name, failure in self._failures.items())

    def check(self, names: Iterable[str]) -> None:
        """Raise what is wrong where none can be read: Refused where all are, else Lost."""
        failures = [self._failures.get(name) for name in names]
        there = [failure for failure in failures if failure is not None]
        if not there or len(there) < len(failures):
            return
        first = there[0].why
        told = f"{self.troubles()[0]}" + (f"; and {len(there) - 1:,} more" if there[1:] else "")
        if isinstance(first, Refused) and all(isinstance(one.why, Refused) for one in there):
            raise Refused(told, first.hint, first.status)
        raise Lost(told, wait_seconds=max(0.0, min(one.due for one in there) - time.monotonic()))


async def fetch(
    session: aiohttp.ClientSession,
    url: str,
    query: Mapping[str, Any],
    hints: Mapping[int, str],
    headers: Mapping[str, str] | None = None,
    answers: frozenset[int] = frozenset({304}),
) -> tuple[int, Mapping[str, str], bytes]:
    """Return status, headers and body of an answer, which is 2xx or one of `answers`.

    Raises Lost or Refused for any other, and Lost for one that is too slow or too large.
    """
    with told_apart(hints):
        async with (
            asyncio.timeout(ANSWER_SECONDS),
            session.get(url, params=query, headers=headers) as answer,
        ):
            if answer.status >= 300 and answer.status not in answers:
                raise refusal(answer.status, answer.reason or "", answer.headers, hints)
            return answer.status, answer.headers, await read_body(answer)


async def read_body(answer: aiohttp.ClientResponse) -> bytes:
    """Return the body. Raises Lost where it is too large."""
    body = bytearray()
    async for piece in answer.content.iter_chunked(1 << 16):
        body += piece
        if len(body) > LARGEST_ANSWER_BYTES:
            raise Lost(f"an answer of more than {LARGEST_ANSWER_BYTES:,} bytes")
    return bytes(body)
