"""Drives a live source into memory, and serves what it reads: on loopback, for one test."""

import asyncio
import base64
import contextlib
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from aiohttp import web

from producers.cursors import Cursors
from producers.live import Watching
from producers.plan import ReplayPlan
from producers.sources.source import Source
from tests.producers.test_replay import NAMES, Memory, Quillhost
from uproar.records import LIVE_RUN

QUILLHOST = Quillhost()
MOST_SECONDS = 20.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def watched(
    source: Source,
    folder: Path,
    outlet: Memory,
    until: Callable[[Watching], bool] = lambda _: False,
    silent_seconds: float = 10.0,
) -> Watching:
    """Watch until the condition holds; raises what ends it before."""
    plan = ReplayPlan(files=(), run=LIVE_RUN, names=NAMES)
    watching = Watching(
        source,
        plan,
        lambda: QUILLHOST,
        outlet,
        Cursors(folder),
        silent_seconds=silent_seconds,
    )
    stop = asyncio.Event()
    running = asyncio.create_task(watching.run(stop))
    try:
        async with asyncio.timeout(MOST_SECONDS):
            while not until(watching) and not running.done():
                await asyncio.sleep(0.01)
    finally:
        stop.set()
        await running
    return watching


@contextlib.asynccontextmanager
async def served(**handlers: Handler) -> AsyncIterator[str]:
    """Serve each handler under its name, and the one called `every` under all other paths."""
    app = web.Application(client_max_size=1 << 26)
    every = handlers.pop("every", None)
    for name, handler in handlers.items():
        app.router.add_route("*", f"/{name}", handler)
    if every is not None:
        app.router.add_route("*", "/{path:.*}", every)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def raw_server(
    answer: Callable[[bytes, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """Serve on a bare socket: `answer` gets the request's head, and the connection to write to."""
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await answer(await reader.readuntil(b"\r\n\r\n"), writer)
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


def upgraded(head: bytes) -> bytes:
    """Return the answer that makes a WebSocket of a request (RFC 6455 section 4.2.2)."""
    key = re.search(rb"(?i)sec-websocket-key: *(\S+)", head)
    assert key is not None
    accept = hashlib.sha1(key[1] + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(accept) + b"\r\n\r\n"
    )


def frame_of(payload: bytes, kind: int = 0x1) -> bytes:
    """Return a WebSocket frame as servers send it; kind 1 is text, 2 binary."""
    size = len(payload)
    if size < 126:
        head = bytes([0x80 | kind, size])
    elif size < 65_536:
        head = bytes([0x80 | kind, 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([0x80 | kind, 127]) + size.to_bytes(8, "big")
    return head + payload
