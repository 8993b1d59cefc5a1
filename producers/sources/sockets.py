"""WebSockets as frames: bytes as they came, whatever is in them, and pings that were answered."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Literal

import aiohttp

from producers.sources.http import told_apart
from producers.sources.source import Lost

LARGEST_FRAME_BYTES = 32 * 1024 * 1024
PING_SECONDS = 15.0
"""A connection that was silent for so long is pinged; one that then does not answer is broken."""

GOODBYE_SECONDS = 1.0


class Unreceivable(Lost):
    """What comes next cannot be received at all, and will be sent again: too large, or torn."""


@contextlib.asynccontextmanager
async def connected(
    session: aiohttp.ClientSession, url: str, hints: Mapping[int, str]
) -> AsyncIterator["aiohttp.ClientWebSocketResponse[Literal[False]]"]:
    """Hold a WebSocket open. Raises Lost or Refused."""
    with told_apart(hints):
        wire = await session.ws_connect(
            url,
            max_msg_size=LARGEST_FRAME_BYTES,
            heartbeat=PING_SECONDS,
            autoping=False,
            decode_text=False,  # what is no UTF-8 is a dead letter, not the end of the connection
            timeout=aiohttp.ClientWSTimeout(ws_close=GOODBYE_SECONDS),
        )
    try:
        yield wire
    finally:
        with contextlib.suppress(TimeoutError):
            # What still comes would be waited for, frame by frame.
            async with asyncio.timeout(GOODBYE_SECONDS):
                await wire.close()


async def heard(
    wire: "aiohttp.ClientWebSocketResponse[Literal[False]]",
) -> AsyncGenerator[bytes | None, None]:
    """Yield each frame; None for a ping that was answered: all that was sent before has come.

    Raises Unreceivable, or Lost when the other side has closed.
    """
    while True:
        message = await wire.receive()
        kind = message.type
        if kind in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            yield message.data
        elif kind is aiohttp.WSMsgType.PING:
            with told_apart({}):
                await wire.pong(message.data)
        elif kind is aiohttp.WSMsgType.PONG:
            yield None
        elif isinstance(message.data, aiohttp.WebSocketError):
            raise Unreceivable(f"a frame that cannot be received: {message.data}")
        else:
            raise Lost(_ending(wire))


def _ending(wire: "aiohttp.ClientWebSocketResponse[Literal[False]]") -> str:
    error = wire.exception()
    if isinstance(error, aiohttp.ServerTimeoutError):
        return "the platform does not answer any more"
    if error is not None and str(error):
        return str(error)
    if wire.close_code in (None, aiohttp.WSCloseCode.ABNORMAL_CLOSURE):
        return "the connection broke off"
    return f"the platform closed the connection ({wire.close_code})"
