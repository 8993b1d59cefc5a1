"""`python -m benchmarks.live`: how fast a source of Bluesky reads from a relay on this machine.

A process of its own sends frames of Jetstream v1 as fast as they are taken; what is kept goes
nowhere. Processor time is that of the reading process, all of its threads.
"""

import asyncio
import contextlib
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import click
from aiohttp import WSMsgType, web

from benchmarks.firehose import entities
from producers.cursors import Cursors
from producers.live import Watching
from producers.plan import ReplayPlan
from producers.sources.bluesky import Jetstream
from producers.sources.jetstream import read_place
from uproar.mentions import MentionMatcher
from uproar.pseudonym import Pseudonyms
from uproar.records import (
    LIVE_RUN,
    AccountDeletion,
    DeadLetter,
    Deletion,
    Note,
    Post,
    Watermark,
)
from uproar.source_config import Bluesky

_DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
_WORDS = "the baker opened early today and the bread was warm, so we stayed until the rain ended "


@click.command()
@click.option("--frames", default=100_000, show_default=True, help="How many to read")
@click.option("--matching", default=0.01, show_default=True, help="Share that is kept")
def main(frames: int, matching: float) -> None:
    """Read, and print frames a second and processor time a frame."""
    here, there = multiprocessing.Pipe()
    relay = multiprocessing.Process(target=_serve, args=(there, matching), daemon=True)
    relay.start()
    port = here.recv()
    with tempfile.TemporaryDirectory() as folder:
        seconds, cpu, read, kept = asyncio.run(_read(port, frames, Path(folder)))
    relay.terminate()
    relay.join()
    text = MentionMatcher(entities())
    draft, pieces = _frame(1, mentions=False), Jetstream(Bluesky())
    steps: dict[str, Callable[[], object]] = {
        "where it stands": lambda: read_place(draft),
        "decode": lambda: pieces.parse(draft),
        "match": lambda: text.find(_WORDS * 3),
    }
    click.echo(f"{read:,} frames of {len(draft)} bytes, {kept:,} kept: {read / seconds:,.0f} a s")
    click.echo(f"processor time: {cpu / read * 1e6:.1f} us a frame; of these")
    for name, step in steps.items():
        began = time.process_time()
        for _ in range(20_000):
            step()
        click.echo(f"  {name}: {(time.process_time() - began) / 20_000 * 1e6:.1f} us")


async def _read(port: int, frames: int, folder: Path) -> tuple[float, float, int, int]:
    known = MentionMatcher(entities())
    plan = ReplayPlan(files=(), run=LIVE_RUN, names=Pseudonyms("an invented key, long enough"))
    source = Jetstream(Bluesky(url=f"ws://127.0.0.1:{port}/subscribe"))
    watching = Watching(source, plan, lambda: known, _Nowhere(), Cursors(folder))
    stop = asyncio.Event()
    running = asyncio.create_task(watching.run(stop))
    while watching.tally.settled < frames // 10:  # warm
        await asyncio.sleep(0.01)
    began, cpu, first = time.perf_counter(), _cpu(), watching.tally.settled
    while watching.tally.settled < first + frames:
        await asyncio.sleep(0.01)
    read = watching.tally.settled - first
    seconds, used = time.perf_counter() - began, _cpu() - cpu
    stop.set()
    await running
    return seconds, used, read, watching.tally.kept


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _frame(number: int, *, mentions: bool) -> bytes:
    now = datetime.now(UTC)
    text = (f"{entities()[0].name} again. " if mentions else "") + _WORDS * 3
    parent = {"cid": "b" * 59, "uri": f"at://{_DID}/app.bsky.feed.post/2"}
    record = {"$type": "app.bsky.feed.post", "createdAt": now.isoformat(), "langs": ["en"],
              "text": text, "reply": {"root": parent, "parent": parent}}  # fmt: skip
    commit = {"rev": "3mptbypoy522s", "operation": "create", "collection": "app.bsky.feed.post",
              "rkey": str(number), "record": record, "cid": "b" * 59}  # fmt: skip
    event = {"did": _DID, "time_us": int(now.timestamp() * 1e6), "kind": "commit", "commit": commit}
    return json.dumps(event).encode()


def _serve(pipe: Connection, matching: float) -> None:
    """Send the same thousand frames for ever: what they cost to make is not measured."""
    share = round(1 / matching) if matching else 0
    frames = [_frame(n, mentions=bool(share and n % share == 0)) for n in range(1_000)]

    async def subscribe(request: web.Request) -> web.StreamResponse:
        wire = web.WebSocketResponse(compress=False)
        await wire.prepare(request)
        with contextlib.suppress(ConnectionError):
            while not wire.closed:
                for frame in frames:
                    await wire.send_frame(frame, WSMsgType.TEXT)
        return wire

    async def run() -> None:
        app = web.Application()
        app.router.add_get("/subscribe", subscribe)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        pipe.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


class _Nowhere:
    partitions = 1

    def begin(self, run: str, source: str, started_at: datetime) -> None:
        """Take nothing."""

    def send(self, record: Post | Deletion | AccountDeletion) -> int:
        """Take nothing."""
        return 1

    def send_dead_letter(self, letter: DeadLetter) -> None:
        """Take nothing."""

    def send_note(self, note: Note) -> None:
        """Take nothing."""

    def send_watermark(self, watermark: Watermark) -> None:
        """Take nothing."""

    def flush_idle(self, seconds: float) -> None:
        """Take nothing."""

    def flush(self) -> None:
        """Take nothing."""


if __name__ == "__main__":
    main()
