"""A Mastodon instance: its streaming API, and its timelines for what passed while we were away.

https://docs.joinmastodon.org/methods/streaming/: since version 4.2 the public streams want a token
with `read:statuses`. A stream cannot be asked to go on, so the timelines are asked for what is
newer than the last status; deletions and edits that passed meanwhile are not in them.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import aiohttp
import msgspec

from producers.formats import mastodon
from producers.parsed import Parsed
from producers.sources.http import open_session, refusal, told_apart
from producers.sources.source import Arrived, Frame, Gap, Lost, Quiet
from producers.sources.tokens import token
from uproar.config import Config
from uproar.errors import ConfigError
from uproar.source_config import Mastodon

PAGE_STATUSES = 40
MOST_PAGES = 50
"""Of a timeline that is read for what we missed; what is older than that is a gap."""
PING_SECONDS = 20.0
LARGEST_FRAME_BYTES = 32 * 1024 * 1024

_HOW_TO = (
    "make an application with the scope `read:statuses` in the instance's settings, under "
    "Development, and put its access token into the variable"
)
_HINTS = {
    401: f"the token is not valid: {_HOW_TO}",
    403: f"the token may not read statuses: {_HOW_TO}",
    404: "check `instance` of `sources: mastodon` in uproar.yaml",
    422: "the instance shows its public streams to nobody",
}


class _Event(msgspec.Struct, gc=False):
    event: str | None = None
    payload: str = ""


class _Numbered(msgspec.Struct, gc=False):
    id: str | None = None


_EVENT = msgspec.json.Decoder(_Event)
_STATUS = msgspec.json.Decoder(_Numbered)
_PAGE = msgspec.json.Decoder(list[msgspec.Raw])


def open_sources(config: Config, env: Mapping[str, str]) -> "Sequence[Instance]":
    """Return the source of the instance that is named."""
    settings = config.sources.mastodon
    if settings is None:
        raise ConfigError(
            "uproar.yaml names no instance of Mastodon",
            hint='add: sources: {mastodon: {instance: "https://mastodon.social"}}',
        )
    return [Instance(settings, token(env, settings.token_env, _HOW_TO))]


class Instance:
    """The streams of one instance over one WebSocket."""

    def __init__(self, settings: Mastodon, access_token: str) -> None:
        self._settings = settings
        self._base = settings.instance.rstrip("/")
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self.name = f"mastodon:{self._base.partition('://')[2]}"

    async def frames(self, after: str | None) -> AsyncIterator[Frame]:
        """Yield what is newer than a status, then what comes. See `Source.frames`."""
        async with open_session(self._headers) as session:
            with told_apart(_HINTS):
                wire = await session.ws_connect(
                    f"{self._base.replace('http', 'ws', 1)}/api/v1/streaming",
                    max_msg_size=LARGEST_FRAME_BYTES,
                    heartbeat=PING_SECONDS,
                )
                for subscription in self._subscriptions():
                    await wire.send_json({"type": "subscribe", **subscription})
            newest = after
            if after is not None:
                # Asked only once the streams are open: what comes now comes twice, or once.
                async for frame in self._missed(session, after):
                    if isinstance(frame, Arrived):
                        newest = _newer(newest, frame.cursor)
                    yield frame
            async for message in wire:
                if message.type is aiohttp.WSMsgType.ERROR:
                    break
                raw = message.data.encode() if isinstance(message.data, str) else message.data
                newest = _newer(newest, _id_in(raw))
                yield Arrived(raw, newest) if raw.strip() else Quiet()
            raise Lost(str(wire.exception() or "") or f"it closed the stream ({wire.close_code})")

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what an event of a stream, or a status of a timeline, holds."""
        return mastodon.parse(raw)

    def _subscriptions(self) -> list[dict[str, str]]:
        streams = [{"stream": str(stream)} for stream in self._settings.streams]
        tags = [tag.removeprefix("#") for tag in self._settings.hashtags]
        return [*streams, *({"stream": "hashtag", "tag": tag} for tag in tags)]

    async def _missed(self, session: aiohttp.ClientSession, after: str) -> AsyncIterator[Frame]:
        for path in self._timelines():
            since = after
            for page in range(MOST_PAGES):
                query = {"min_id": since, "limit": str(PAGE_STATUSES)}
                with told_apart(_HINTS):
                    statuses = _PAGE.decode(await self._get(session, path, query))
                for raw in reversed(statuses):  # a page has the newest first
                    since = _newer(since, _id_of(bytes(raw))) or since
                    yield Arrived(bytes(raw), since)
                if len(statuses) < PAGE_STATUSES:
                    break
                if page == MOST_PAGES - 1:
                    now = datetime.now(UTC)
                    yield Gap(now, now, f"more than {MOST_PAGES * PAGE_STATUSES:,} statuses missed")

    def _timelines(self) -> list[str]:
        scopes = {"public": "", "public:local": "?local=true", "public:remote": "?remote=true"}
        tags = [quote(tag.removeprefix("#"), safe="") for tag in self._settings.hashtags]
        return [
            *(f"/api/v1/timelines/public{scopes[stream]}" for stream in self._settings.streams),
            *(f"/api/v1/timelines/tag/{tag}" for tag in tags),
        ]

    async def _get(
        self, session: aiohttp.ClientSession, path: str, query: Mapping[str, Any]
    ) -> bytes:
        async with session.get(f"{self._base}{path}", params=query) as answer:
            body = await answer.read()
            if answer.status >= 300:
                raise refusal(answer.status, answer.reason or "", answer.headers, _HINTS)
            return body


def _id_in(raw: bytes) -> str | None:
    """Return the id of the status that an event tells of; None for an edit, whose id is older."""
    try:
        event = _EVENT.decode(raw)
        return _id_of(event.payload.encode()) if event.event == "update" else None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _id_of(status: bytes) -> str | None:
    try:
        return _STATUS.decode(status).id
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _newer(one: str | None, other: str | None) -> str | None:
    """Return the newer of two ids, which are numbers that may be long.

    >>> _newer("99", "112"), _newer(None, "7"), _newer("7", None)
    ('112', '7', '7')
    """
    if one is None or other is None:
        return other if one is None else one
    return max(one, other, key=lambda id_: (len(id_), id_))
