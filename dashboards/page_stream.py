"""What moves the page: one look at each run that somebody watches, told to all who watch it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import msgspec

from dashboards.gate import Busy
from dashboards.trust import Trust
from uproar.errors import UproarError

LOOK_EVERY_SECONDS: Final = 0.5
LOOK_AT_FINISHED_SECONDS: Final = 2.0
REST: Final = 4
"""A look that is slow is followed by a rest this many times as long."""
SAY_EVERY_SECONDS: Final = 2.0
"""Without anything new: how far behind now the run is changes all the same."""
MOST_FOLLOWING: Final = 100
BEAT: Final = b"event: beat\ndata: {}\n\n"
BEAT_EVERY_SECONDS: Final = 5.0
"""Whatever the queries do: it tells that the server is there."""

Look = Callable[[str], Awaitable[Trust]]
News = asyncio.Queue[bytes | None]
"""The newest event to send; None: there will be no other."""


async def events(news: News) -> AsyncIterator[bytes]:
    """Yield what to send, until there is no more of it."""
    while True:
        try:
            event = await asyncio.wait_for(news.get(), BEAT_EVERY_SECONDS)
        except TimeoutError:
            event = BEAT
        if event is None:
            return
        yield event


class Watch:
    """Looks at the runs that are followed, and at no other.

    Guarantee: however many follow a run, one query is made at a time, twice a second at most; what
    is stored is told within that and the time of a query. Who is slow gets the newest news only.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self._followers: dict[str, set[News]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._is_closed = False

    @asynccontextmanager
    async def follow(self, run: str) -> AsyncIterator[News]:
        """Hand out the news of a run. Raises Busy when too many follow already."""
        if self._is_closed or sum(map(len, self._followers.values())) >= MOST_FOLLOWING:
            raise Busy(f"{MOST_FOLLOWING} browsers follow already")
        news: News = asyncio.Queue(maxsize=1)
        followers = self._followers.setdefault(run, set())
        followers.add(news)
        if len(followers) > 1:
            self._tasks.pop(run).cancel()  # begin anew, so that who joins hears at once
        self._tasks[run] = asyncio.create_task(self._watch(run))
        try:
            yield news
        finally:
            followers.discard(news)
            if not followers and self._followers.pop(run, None) is not None:
                self._tasks.pop(run).cancel()

    def close(self) -> None:
        """Send everybody away."""
        self._is_closed = True
        for followers in self._followers.values():
            for news in followers:
                _put(news, None)

    async def _watch(self, run: str) -> None:
        said, said_at = "", 0.0
        while True:
            began = time.monotonic()
            key, event, pause = await self._event(run)
            ended = time.monotonic()
            if key != said or ended - said_at >= SAY_EVERY_SECONDS:
                said, said_at = key, ended
                for news in self._followers.get(run, ()):
                    _put(news, event)
            await asyncio.sleep(max(pause, REST * (ended - began)))

    async def _event(self, run: str) -> tuple[str, bytes, float]:
        """Return what the news are told apart by, the event, and when to look again."""
        try:
            trust = await self._look(run)
        except (UproarError, Busy) as problem:
            told = {"error": str(problem), "hint": getattr(problem, "hint", None)}
            return f"error {problem}", to_event("trouble", told), LOOK_EVERY_SECONDS
        is_still = trust.state == "finished"
        pause = LOOK_AT_FINISHED_SECONDS if is_still else LOOK_EVERY_SECONDS
        return trust.stamp, to_event("trust", trust), pause


def to_event(name: str, value: object) -> bytes:
    r"""Write a server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html).

    >>> to_event("trust", {"state": "late"})
    b'event: trust\ndata: {"state":"late"}\n\n'
    """
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(value) + b"\n\n"


def _put(news: News, event: bytes | None) -> None:
    if news.full():
        news.get_nowait()
    news.put_nowait(event)
