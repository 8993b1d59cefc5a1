"""Bluesky by Jetstream, a relay of everything that is written there; no account is needed.

https://github.com/bluesky-social/jetstream has both protocols. A connection is opened a little
before the cursor, because relays reorder what stands around it; repeats are harmless. Relays keep
a day or two: v1 begins with its oldest event where an older one is asked for, and does not say so.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from producers.formats import bluesky
from producers.parsed import Parsed
from producers.sources.http import open_session
from producers.sources.jetstream import Cursor, Place, read_cursor, read_place
from producers.sources.sockets import Unreceivable, connected, heard
from producers.sources.source import Arrived, Frames, Gap, Lost, Quiet, Refused
from uproar.config import Config
from uproar.source_config import Bluesky

HOSTS = (
    "jetstream2.us-east.bsky.network",
    "jetstream1.us-east.bsky.network",
    "jetstream2.us-west.bsky.network",
    "jetstream1.us-west.bsky.network",
)
COLLECTION = "app.bsky.feed.post"
REWIND = timedelta(seconds=5)
WANTED_FRAME_BYTES = 1_000_000
"""What we ask a relay not to exceed; a post has a few kB."""
GAP = timedelta(seconds=30)
"""The whole network is never silent that long: behind such a jump, the relay has left out some."""
AHEAD = timedelta(minutes=1)
"""An event further in the future than that has a false time: nothing goes on from there."""
MOST_FAILURES = 3

_HINTS = dict.fromkeys(
    (200, 400, 401, 403, 404, 410),
    "check `url` and `version` of `sources: bluesky` in uproar.yaml; without a `url`, the public "
    "relays are used",
)
_TOO_OLD = "the relay no longer has what is so old"


def open_sources(config: Config, _env: Mapping[str, str]) -> "Sequence[Jetstream]":
    """Return the one source there is."""
    return [Jetstream(config.sources.bluesky or Bluesky())]


class Jetstream:
    """One relay after the other: the next one where one is away, or will not have us."""

    name = "bluesky"
    rewinds = True

    def __init__(self, settings: Bluesky) -> None:
        self._is_v2 = settings.version == "v2"
        self._is_public = settings.url is None
        path = "/xrpc/network.bsky.jetstream.subscribeEvents" if self._is_v2 else "/subscribe"
        self._urls = [settings.url] if settings.url else [f"wss://{host}{path}" for host in HOSTS]
        self._tries = 0
        self._refusals = 0
        self._stuck_at: str | None = None
        self._failures = 0

    async def frames(self, after: str | None) -> Frames:
        """Yield events behind a cursor. See `Source.frames`."""
        number = self._tries % len(self._urls)
        self._tries += 1  # another one next time
        cursor = read_cursor(after)
        if cursor is not None and after == self._stuck_at and self._failures >= MOST_FAILURES:
            yield Gap(cursor.at, datetime.now(UTC), "the relay sends what cannot be received")
            cursor, self._stuck_at = None, None
        try:
            async with contextlib.aclosing(self._opened(number, cursor)) as opened:
                async for frame in opened:
                    self._refusals = 0
                    yield frame
        except Unreceivable:
            self._failures = self._failures + 1 if after == self._stuck_at else 1
            self._stuck_at = after
            raise
        except Refused as refused:
            self._refusals += 1
            if self._refusals < len(self._urls):
                raise Lost(f"{refused}; trying another relay") from refused
            raise

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what an event holds."""
        return bluesky.parse(raw)

    async def _opened(self, number: int, cursor: Cursor | None) -> Frames:
        url = self._urls[number]
        async with open_session() as session, contextlib.AsyncExitStack() as open_:
            try:
                opening = connected(session, self._address(url, cursor), _HINTS)
                wire = await open_.enter_async_context(opening)
            except Refused as refused:
                if cursor is None or refused.status != 400 or not self._is_v2:
                    raise
                # What was right a moment ago, and is not any more, is the cursor alone.
                yield Gap(cursor.at, datetime.now(UTC), _TOO_OLD)
                cursor = None
                opening = connected(session, self._address(url, None), _HINTS)
                wire = await open_.enter_async_context(opening)
            raws = await open_.enter_async_context(contextlib.aclosing(heard(wire)))
            frames = self._read(raws, url, cursor)
            async for frame in await open_.enter_async_context(contextlib.aclosing(frames)):
                yield frame

    async def _read(
        self, frames: AsyncIterator[bytes | None], url: str, cursor: Cursor | None
    ) -> Frames:
        """Yield the frames of a connection, with the gap that it may begin with."""
        since = cursor.at if cursor else None
        is_gap = False
        newest = cursor.at if cursor else datetime.min.replace(tzinfo=UTC)
        lag = timedelta(0)
        async for raw in frames:
            if raw is None:
                # A relay of one's own may be silent; a public one that is has lost its way.
                if not self._is_public and newest.year > 1:
                    yield Quiet(datetime.now(UTC) - lag)
                continue
            place = read_place(raw)
            if place.error:
                raise Lost(f"the relay says `{place.error}`")
            is_gap = is_gap or place.is_outdated
            if place.at is None:
                yield Arrived(raw)
                continue
            now = datetime.now(UTC)
            if place.at > now + AHEAD:
                yield Arrived(raw)
                continue
            if is_gap or (since is not None and place.at - since > REWIND + GAP):
                yield Gap(since, place.at, _TOO_OLD)
            since, is_gap = None, False
            if place.at >= newest:
                newest, lag = place.at, max(now - place.at, timedelta(0))
                yield Arrived(raw, self._cursor_at(place, url), place.at)
            else:  # what is asked for once more goes back far enough for this one
                yield Arrived(raw, None, place.at)

    def _cursor_at(self, place: Place, url: str) -> str | None:
        if place.at is None:
            return None
        return str(Cursor(at=place.at, number=place.number, relay=url if place.number else ""))

    def _address(self, url: str, cursor: Cursor | None) -> str:
        of_posts = "collections" if self._is_v2 else "wantedCollections"
        query = {of_posts: COLLECTION, "maxMessageSizeBytes": str(WANTED_FRAME_BYTES)}
        if cursor is not None:
            # Each relay of v2 numbers by itself: another one is asked by time.
            is_number = self._is_v2 and cursor.number is not None and cursor.relay == url
            since = (cursor.at - REWIND).timestamp()
            query["cursor"] = str(cursor.number if is_number else int(since * 1_000_000))
        return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
