"""What the tests of the page in a browser share: hostile posts, and the page in a thread."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from aiohttp import web

from dashboards.page import start_page
from uproar.records import CallToAction, Reaction, Watermark

AT = datetime(2021, 1, 11, 13, 0, tzinfo=UTC)
LAST_CALLS_SECONDS = 0.3
"""In which closed connections say so to the loop."""
EVIDENCE = "Boycott <b class=evil>nimbus</b>"
HOSTILE = (
    "<img src=x onerror=\"document.title='taken over'\">"
    "<script>document.title='taken over'</script> "
    f"\u202eright to left\u202c \u200f{EVIDENCE} & co {{{{7*7}}}} ${{alert(1)}}"
)
LONG = ("Nimbus" * 1600 + " and so on ").ljust(10_000, "x")


def hostile(base: Reaction) -> list[Reaction]:
    """Return posts that would take the page over or break it, and lead to what is no web page."""
    call = CallToAction(
        action="boycott", target="nimbus", direction="against", evidence=EVIDENCE, confidence=0.9
    )
    post = msgspec.structs.replace(
        base.post, post_id="hostile", text=HOSTILE, url="javascript:alert(1)", observed_at=AT,
        created_at=AT,
    )  # fmt: skip
    entities = (msgspec.structs.replace(base.entities[0], calls=(call,)),)
    long = msgspec.structs.replace(
        post, post_id="long", text=LONG, observed_at=AT - timedelta(seconds=1)
    )
    return [
        msgspec.structs.replace(base, lang="en", post=post, entities=entities),
        msgspec.structs.replace(base, lang="en", post=long),
    ]


def watermark(at: datetime) -> Watermark:
    """Say that everything before `at` is stored."""
    return Watermark(run="wave", source="test", started_at=AT, observed_before=at, position=1)


@contextmanager
def served(app: web.Application) -> Iterator[str]:
    """Serve an application from a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def wait_for(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(30)

    runner, address = wait_for(start_page(app, port=0))
    try:
        yield address
    finally:
        wait_for(runner.cleanup())
        wait_for(asyncio.sleep(LAST_CALLS_SECONDS))
        wait_for(loop.shutdown_asyncgens())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
