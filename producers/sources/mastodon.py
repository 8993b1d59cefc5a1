"""A Mastodon instance: its streaming API, and its timelines for what passed while we were away.

https://docs.joinmastodon.org/methods/streaming/: since version 4.2 the public streams want a token
with `read:statuses`. A stream cannot be asked to go on, so the timelines are asked for what is
newer than the last status, and a little older; deletions and edits that passed meanwhile are not in
them.
"""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import aiohttp
import msgspec

from producers.formats import mastodon
from producers.parsed import Parsed
from producers.sources.http import open_session, told_apart
from producers.sources.polling import fetch
from producers.sources.sockets import connected, heard
from producers.sources.source import Arrived, Frames, Gap, Lost, Quiet, Refused
from producers.sources.tokens import token
from uproar.config import Config
from uproar.errors import ConfigError
from uproar.source_config import Mastodon

PAGE_STATUSES = 40
MOST_PAGES = 50
"""Of a timeline that is read for what we missed; what is newer than that is a gap."""
REWIND = timedelta(minutes=1)
"""A status of another instance is numbered by when it was written, and may come later."""

_HOW_TO = (
    "make an application with the scope `read:statuses` in the instance's settings, under "
    "Development, and put its access token into the variable"
)
_HINTS = {
    401: f"the token is not valid: {_HOW_TO}",
    403: f"the token may not read statuses: {_HOW_TO}",
    404: "check `instance` of `sources: mastodon` in uproar.yaml",
    422: "the instance shows its public timelines to nobody: choose other `streams` or `hashtags`, "
    "or another instance",
}


class _Event(msgspec.Struct, gc=False):
    event: str | None = None
    payload: str = ""
    error: str | None = None


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
    if not (settings.streams or settings.hashtags):
        raise ConfigError(
            "uproar.yaml names nothing to follow on Mastodon",
            hint="name `streams` or `hashtags` under `sources: mastodon`",
        )
    return [Instance(settings, token(env, settings.token_env, _HOW_TO))]


class Instance:
    """The streams of one instance over one WebSocket."""

    rewinds = True

    def __init__(self, settings: Mastodon, access_token: str) -> None:
        self._settings = settings
        self._base = settings.instance.rstrip("/")
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self.name = f"mastodon:{self._base.partition('://')[2]}"

    async def frames(self, after: str | None) -> Frames:
        """Yield what is newer than a status, then what comes. See `Source.frames`."""
        url = f"{self._base.replace('http', 'ws', 1)}/api/v1/streaming"
        async with open_session(self._headers) as session, contextlib.AsyncExitStack() as open_:
            wire = await open_.enter_async_context(connected(session, url, _HINTS))
            with told_apart(_HINTS):
                for subscription in self._subscriptions():
                    await wire.send_json({"type": "subscribe", **subscription})
            newest = after
            if after is not None:
                # Asked only once the streams are open: what comes now comes twice, or once.
                missed = self._missed(session, after)
                async for frame in await open_.enter_async_context(contextlib.aclosing(missed)):
                    if isinstance(frame, Arrived):
                        newest = _newer(newest, _id_of(frame.raw))
                    yield frame
                yield Quiet(cursor=newest)  # behind all timelines: each begins at the same place
            else:
                yield Quiet()
            raws = await open_.enter_async_context(contextlib.aclosing(heard(wire)))
            async for raw in raws:
                if raw is None or not raw.strip():
                    yield Quiet()
                    continue
                event = _event_in(raw)
                if event.error:
                    raise Refused(f"the instance says: {event.error[:200]}", _HINTS[401])
                if event.event == "update":  # the id of an edit is older
                    newest = _newer(newest, _id_of(event.payload.encode(errors="replace")))
                yield Arrived(raw, newest)

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what an event of a stream, or a status of a timeline, holds."""
        return mastodon.parse(raw)

    def _subscriptions(self) -> list[dict[str, str]]:
        streams = [{"stream": str(stream)} for stream in self._settings.streams]
        tags = [tag.removeprefix("#") for tag in self._settings.hashtags]
        return [*streams, *({"stream": "hashtag", "tag": tag} for tag in tags)]

    async def _missed(self, session: aiohttp.ClientSession, after: str) -> Frames:
        for path in self._timelines():
            since = rewound(after)
            for page in range(MOST_PAGES):
                query = {"min_id": since, "limit": str(PAGE_STATUSES)}
                _, _, body = await fetch(session, f"{self._base}{path}", query, _HINTS)
                try:
                    statuses = _PAGE.decode(body)
                except msgspec.MsgspecError as error:
                    raise Lost(f"an answer that is no timeline: {error}") from error
                newest: str | None = None
                for raw in reversed(statuses):  # a page has the newest first
                    newest = _newer(newest, _id_of(bytes(raw)))
                    yield Arrived(bytes(raw), is_old=True)
                if len(statuses) < PAGE_STATUSES or newest is None:
                    break
                since = newest
                if page == MOST_PAGES - 1:
                    told = f"more than {MOST_PAGES * PAGE_STATUSES:,} statuses of {path} passed"
                    yield Gap(_time_of(since), datetime.now(UTC), told)

    def _timelines(self) -> list[str]:
        scopes = {"public": "", "public:local": "?local=true", "public:remote": "?remote=true"}
        tags = [quote(tag.removeprefix("#"), safe="") for tag in self._settings.hashtags]
        return [
            *(f"/api/v1/timelines/public{scopes[stream]}" for stream in self._settings.streams),
            *(f"/api/v1/timelines/tag/{tag}" for tag in tags),
        ]


def _event_in(raw: bytes) -> _Event:
    try:
        return _EVENT.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _Event()


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


_MILLISECONDS_SHIFT = 16
_OLDEST_MILLISECONDS = 1_000_000_000_000
"""In 2001: an id that would be older is none of Mastodon's own making."""


def _time_of(id_: str) -> datetime | None:
    """Return the time in an id; other servers that speak Mastodon's API have none in theirs.

    >>> _time_of("116849113473024000").isoformat(), _time_of("9wXyZ"), _time_of("17")
    ('2026-07-02T07:06:14.625000+00:00', None, None)
    """
    milliseconds = int(id_) >> _MILLISECONDS_SHIFT if id_.isascii() and id_.isdigit() else 0
    if not _OLDEST_MILLISECONDS <= milliseconds < 10 * _OLDEST_MILLISECONDS:
        return None
    return datetime.fromtimestamp(milliseconds / 1_000, UTC)


def rewound(id_: str) -> str:
    """Return an id that is a little older, where the id tells its time.

    >>> rewound("116849113473024000"), rewound("9wXyZ")
    ('116849109540864000', '9wXyZ')
    """
    if _time_of(id_) is None:
        return id_
    return str(int(id_) - (int(REWIND.total_seconds() * 1_000) << _MILLISECONDS_SHIFT))
