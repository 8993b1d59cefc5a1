"""For platforms that have to be asked: look, wait, look again, with a sign of life in between."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import aiohttp

from producers.sources.http import refusal, told_apart
from producers.sources.source import Frame, Lost, Quiet

BEAT_SECONDS = 10.0
"""What is observed is what has been fetched, so that all up to now is told by then."""
ANSWER_SECONDS = 60.0
LARGEST_ANSWER_BYTES = 32 * 1024 * 1024


async def rounds(
    look: Callable[[], AsyncIterator[Frame]], every_seconds: float
) -> AsyncIterator[Frame]:
    """Yield what each look finds, for ever."""
    while True:
        async for frame in look():
            yield frame
        yield Quiet()
        left = every_seconds
        while left > 0:
            await asyncio.sleep(min(left, BEAT_SECONDS))
            left -= BEAT_SECONDS
            yield Quiet()


async def fetch(
    session: aiohttp.ClientSession,
    url: str,
    query: Mapping[str, Any],
    hints: Mapping[int, str],
    headers: Mapping[str, str] | None = None,
) -> tuple[int, Mapping[str, str], bytes]:
    """Return status, headers and body of an answer, which is 2xx or 304.

    Raises Lost or Refused for any other, and Lost for one that is too slow or too large.
    """
    with told_apart(hints):
        async with (
            asyncio.timeout(ANSWER_SECONDS),
            session.get(url, params=query, headers=headers) as answer,
        ):
            body = b""
            async for piece in answer.content.iter_chunked(1 << 16):
                body += piece
                if len(body) > LARGEST_ANSWER_BYTES:
                    raise Lost(f"an answer of more than {LARGEST_ANSWER_BYTES:,} bytes")
            if answer.status >= 300 and answer.status != 304:
                raise refusal(answer.status, answer.reason or "", answer.headers, hints)
            return answer.status, answer.headers, body
