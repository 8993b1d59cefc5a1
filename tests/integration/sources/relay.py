"""A relay of Bluesky's and a feed, in a thread of the test: they go on while producers die."""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

DID = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"
MENTIONS_EVERY = 4
RUBBISH_EVERY = 100
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Invented news</title>
<link>https://news.example/</link>{items}</channel></rss>"""
ITEM = """<item><guid>https://news.example/{number}</guid><title>Quillhost, part {number}</title>
<pubDate>{date}</pubDate><description>Quillhost is in the news again.</description></item>"""


class Relay:
    """Sends events of v1 at a rate, and again to whoever asks with a cursor."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.events: list[tuple[int, str]] = []
        self.cursors: list[str | None] = []
        self.is_paused = False
        self.url = ""
        self.feed_url = ""

    @property
    def mentions(self) -> int:
        """How many of the events so far mention what is tracked."""
        return (len(self.events) + MENTIONS_EVERY - 1) // MENTIONS_EVERY

    def add(self) -> None:
        number, now = len(self.events), time.time_ns() // 1_000
        if number % RUBBISH_EVERY == 1:
            self.events.append((now, f'{{"rubbish": {number}}}'))
            return
        text = "Quillhost again" if number % MENTIONS_EVERY == 0 else "nothing of note"
        at = datetime.fromtimestamp(now / 1_000_000, UTC).isoformat()
        record = {"$type": "app.bsky.feed.post", "createdAt": at, "text": text}
        commit = {"rev": "3", "operation": "create", "collection": "app.bsky.feed.post",
                  "rkey": str(number), "record": record, "cid": "b"}  # fmt: skip
        event: dict[str, Any] = {"did": DID, "time_us": now, "kind": "commit", "commit": commit}
        self.events.append((now, json.dumps(event)))

    async def subscribe(self, request: web.Request) -> web.StreamResponse:
        wire = web.WebSocketResponse()
        await wire.prepare(request)
        cursor = request.query.get("cursor")
        self.cursors.append(cursor)
        number = len(self.events)
        if cursor is not None:
            behind = (place for place, (at, _) in enumerate(self.events) if at >= int(cursor))
            number = next(behind, number)
        hearing = asyncio.create_task(self.hear(wire))
        with contextlib.suppress(ConnectionError):
            while not wire.closed:
                while number < len(self.events):
                    await wire.send_str(self.events[number][1])
                    number += 1
                await asyncio.sleep(0.01)
        hearing.cancel()
        return wire

    async def hear(self, wire: web.WebSocketResponse) -> None:
        """Answer pings."""
        async for _ in wire:
            pass

    async def feed(self, _: web.Request) -> web.StreamResponse:
        date = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
        items = "".join(ITEM.format(number=number, date=date) for number in range(3))
        return web.Response(text=FEED.format(items=items), content_type="application/rss+xml")

    async def run(self, stop: threading.Event, ready: threading.Event) -> None:
        app = web.Application()
        app.router.add_get("/subscribe", self.subscribe)
        app.router.add_get("/feed.xml", self.feed)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        place = f"127.0.0.1:{runner.addresses[0][1]}"
        self.url, self.feed_url = f"ws://{place}/subscribe", f"http://{place}/feed.xml"
        ready.set()
        due = time.monotonic()
        while not stop.is_set():
            due = max(due, time.monotonic() - 1)
            while due <= time.monotonic():
                due += 1 / self.rate
                if not self.is_paused:
                    self.add()
            await asyncio.sleep(0.005)
        await runner.cleanup()


@contextlib.contextmanager
def relaying(rate: float) -> Iterator[Relay]:
    relay, stop, ready = Relay(rate), threading.Event(), threading.Event()
    relay.is_paused = True
    thread = threading.Thread(target=lambda: asyncio.run(relay.run(stop, ready)))
    thread.start()
    assert ready.wait(10)
    try:
        yield relay
    finally:
        stop.set()
        thread.join()
