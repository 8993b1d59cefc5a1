"""Bluesky by Jetstream, a relay of everything that is written there; no account is needed.

https://github.com/bluesky-social/jetstream has both protocols. A connection is opened a little
before the cursor, because relays reorder what stands around it; repeats are harmless.
"""

import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import aiohttp
import msgspec

from producers.formats import bluesky
from producers.parsed import Parsed
from producers.sources.http import open_session, told_apart
from producers.sources.source import Arrived, Frame, Gap, Lost, Refused
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
LARGEST_FRAME_BYTES = 32 * 1024 * 1024
WANTED_FRAME_BYTES = 1_000_000
"""What we ask a relay not to exceed; a post has a few kB."""
GAP = timedelta(seconds=30)
"""The whole network is never silent that long: behind such a jump, the relay has left out some."""
PING_SECONDS = 20.0

_HINTS = {400: "check `url` and `version` of `sources: bluesky` in uproar.yaml"}
_TOO_OLD = "the relay no longer has what is so old"


class _Place(msgspec.Struct, gc=False):
    """What of an event tells where it stands: v1 beside the rest, v2 in its envelope."""

    type: str = msgspec.field(default="", name="$type")
    time_us: int | None = None
    seq: int | None = None
    time: str | None = None
    name: str | None = None
    payload: "_Place | None" = None


_PLACE = msgspec.json.Decoder(_Place)


def open_sources(config: Config, _env: Mapping[str, str]) -> "Sequence[Jetstream]":
    """Return the one source there is."""
    return [Jetstream(config.sources.bluesky or Bluesky())]


class Jetstream:
    """One relay after the other: the next one where one is away."""

    name = "bluesky"

    def __init__(self, settings: Bluesky) -> None:
        self._is_v2 = settings.version == "v2"
        path = "/xrpc/network.bsky.jetstream.subscribeEvents" if self._is_v2 else "/subscribe"
        urls = [settings.url] if settings.url else [f"wss://{host}{path}" for host in HOSTS]
        self._urls = itertools.cycle(urls)
        self._failed_at: str | None = None
        self._failures = 0

    async def frames(self, after: str | None) -> AsyncIterator[Frame]:
        """Yield events behind a cursor. See `Source.frames`."""
        if after is not None and self._is_stuck(after):
            yield Gap(_time_of(after), datetime.now(UTC), "the relay breaks off at the same place")
            after = None
        url = f"{next(self._urls)}?{urlencode(self._query(after), doseq=True)}"
        is_first = after is not None
        async with open_session() as session:
            try:
                with told_apart(_HINTS):
                    wire = await session.ws_connect(
                        url, max_msg_size=LARGEST_FRAME_BYTES, heartbeat=PING_SECONDS
                    )
            except Refused as refused:
                if after is None or "HTTP 400" not in str(refused) or not self._is_v2:
                    raise
                # The only thing that was right a moment ago, and is not any more, is the cursor.
                yield Gap(_time_of(after), datetime.now(UTC), _TOO_OLD)
                wire = await self._without_cursor(session)
                is_first = False
            async for message in wire:
                if message.type is aiohttp.WSMsgType.ERROR:
                    break
                raw = message.data.encode() if isinstance(message.data, str) else message.data
                place = _place_of(raw)
                if place is None:
                    yield Arrived(raw)
                    continue
                cursor, at, name = place
                if name is not None or (is_first and after and at - _time_of(after) > REWIND + GAP):
                    yield Gap(_time_of(after) if after else at, at, _TOO_OLD)
                is_first = False
                self._failures = 0
                yield Arrived(raw, cursor, at)
            raise Lost(str(wire.exception() or "") or f"the relay closed ({wire.close_code})")

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what an event holds."""
        return bluesky.parse(raw)

    def _query(self, after: str | None) -> dict[str, object]:
        if self._is_v2:
            query: dict[str, object] = {
                "collections": COLLECTION, "maxMessageSizeBytes": WANTED_FRAME_BYTES,
            }  # fmt: skip
            return query if after is None else {**query, "cursor": after.partition("@")[0]}
        query = {"wantedCollections": COLLECTION, "maxMessageSizeBytes": WANTED_FRAME_BYTES}
        if after is None:
            return query
        microseconds = int((_time_of(after) - REWIND).timestamp() * 1_000_000)
        return {**query, "cursor": microseconds}

    async def _without_cursor(
        self, session: aiohttp.ClientSession
    ) -> "aiohttp.ClientWebSocketResponse":
        with told_apart(_HINTS):
            return await session.ws_connect(
                f"{next(self._urls)}?{urlencode(self._query(None))}",
                max_msg_size=LARGEST_FRAME_BYTES,
                heartbeat=PING_SECONDS,
            )

    def _is_stuck(self, after: str) -> bool:
        """Tell whether the wire broke three times behind the same cursor without an event."""
        self._failures = self._failures + 1 if after == self._failed_at else 1
        self._failed_at = after
        return self._failures > 3


def _place_of(raw: bytes) -> tuple[str, datetime, str | None] | None:
    """Return cursor, time, and the name of a notice that tells of a gap; None for what has none."""
    try:
        place = _PLACE.decode(raw)
        place = place.payload or place
        if place.time_us is not None:
            at = datetime.fromtimestamp(place.time_us / 1_000_000, UTC)
            return (f"@{at.isoformat()}", at, None)
        if place.seq is not None and place.time is not None:
            at = datetime.fromisoformat(place.time)
            name = place.name if place.name == "OutdatedCursor" else None
            return (f"{place.seq}@{at.isoformat()}", at, name)
    except (msgspec.MsgspecError, ValueError, OverflowError, OSError, RecursionError):
        return None
    return None


def _time_of(cursor: str) -> datetime:
    """Return the time in a cursor: `SEQUENCE@TIME`, whose sequence only v2 has."""
    at = datetime.fromisoformat(cursor.partition("@")[2])
    return at if at.tzinfo else at.replace(tzinfo=UTC)
