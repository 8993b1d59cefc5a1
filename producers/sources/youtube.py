"""YouTube's comments by the Data API v3, within the quota of a day.

https://developers.google.com/youtube/v3/docs/commentThreads/list: a page of 100 threads costs one
unit of (usually) 10,000 a day, a search 100. The newest comes first; a look stops at what was seen.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime

import aiohttp
import msgspec

from producers.formats import youtube
from producers.parsed import Parsed
from producers.sources.http import open_session
from producers.sources.polling import fetch, rounds
from producers.sources.source import Arrived, Frame, Lost, Quiet
from producers.sources.tokens import token
from uproar.config import Config
from uproar.errors import ConfigError
from uproar.source_config import Youtube

PAGE_THREADS = 100
MOST_PAGES = 10
PAGE_UNITS = 1
SEARCH_UNITS = 100
SEARCH_EVERY_ROUNDS = 12
SECONDS_A_DAY = 86_400.0

_HOW_TO = "make a key for the YouTube Data API v3 at https://console.cloud.google.com"
_HINTS = {
    400: f"YouTube refuses the question, or the key: {_HOW_TO}",
    403: "the key may not ask this, the comments are closed, or the day's quota is used up",
    404: "check `channels` and `videos` of `sources: youtube` in uproar.yaml",
}


class _Snippet(msgspec.Struct, gc=False, rename="camel"):
    updated_at: str = ""
    top_level_comment: "_Item | None" = None


class _Item(msgspec.Struct, gc=False):
    id: str | dict[str, str] = ""
    snippet: _Snippet | None = None


class _Page(msgspec.Struct, gc=False, rename="camel"):
    items: list[msgspec.Raw] = []
    next_page_token: str | None = None


_PAGE = msgspec.json.Decoder(_Page)
_ITEM = msgspec.json.Decoder(_Item)
_SEEN = msgspec.json.Decoder(dict[str, str])


def open_sources(config: Config, env: Mapping[str, str]) -> "Sequence[Comments]":
    """Return one source for all that is named."""
    settings = config.sources.youtube
    if settings is None or not (settings.channels or settings.videos or settings.searches):
        raise ConfigError(
            "uproar.yaml names nothing to read on YouTube",
            hint="add: sources: {youtube: {channels: [UC…]}}",
        )
    return [Comments(settings, token(env, settings.key_env, _HOW_TO))]


class Quota:
    """The units of a day, which end at midnight in California; here: 24 h after the first."""

    def __init__(self, units_a_day: int) -> None:
        self._units = units_a_day
        self._used = 0
        self._began: datetime | None = None

    def spend(self, units: int, now: datetime) -> None:
        """Take units. Raises Lost, with how long to wait, where there are not enough left."""
        if self._began is None or (now - self._began).total_seconds() >= SECONDS_A_DAY:
            self._began, self._used = now, 0
        if self._used + units > self._units:
            left = SECONDS_A_DAY - (now - self._began).total_seconds()
            raise Lost(f"the quota of {self._units:,} units a day is used up", wait_seconds=left)
        self._used += units


class Comments:
    """New comments on videos, on a channel's videos, and on what searches find."""

    name = "youtube"

    def __init__(
        self, settings: Youtube, key: str, api: str = "https://www.googleapis.com/youtube/v3"
    ) -> None:
        self._settings = settings
        self._key = {"X-Goog-Api-Key": key}  # not in the address, which is logged on the way
        self._api = api
        self._quota = Quota(settings.units_a_day)
        self._found: dict[str, None] = {}
        self._round = 0
        self._seen: dict[str, str] = {}

    async def frames(self, after: str | None) -> AsyncIterator[Frame]:
        """Yield threads that are new since the last look. See `Source.frames`."""
        try:
            self._seen = _SEEN.decode(after or "{}")
        except msgspec.MsgspecError:
            self._seen = {}
        async with open_session(self._key) as session:
            async for frame in rounds(lambda: self._look(session), self._settings.every_seconds):
                yield frame

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what a thread holds."""
        return youtube.parse(raw)

    async def _look(self, session: aiohttp.ClientSession) -> AsyncIterator[Frame]:
        if self._settings.searches and self._round % SEARCH_EVERY_ROUNDS == 0:
            for words in self._settings.searches:
                await self._search(session, words)
        self._round += 1
        asked = [{"allThreadsRelatedToChannelId": channel} for channel in self._settings.channels]
        asked += [{"videoId": video} for video in (*self._settings.videos, *self._found)]
        for query in asked:
            async for frame in self._threads(session, query):
                yield frame

    async def _threads(
        self, session: aiohttp.ClientSession, query: Mapping[str, str]
    ) -> AsyncIterator[Frame]:
        (name,) = query.values()
        seen = self._seen.get(name, "")
        newest, new = seen, []
        asked = {**query, "part": "snippet,replies", "order": "time", "textFormat": "plainText",
                 "maxResults": str(PAGE_THREADS)}  # fmt: skip
        for _ in range(MOST_PAGES if seen else 1):
            page = await self._page(session, "commentThreads", asked, PAGE_UNITS)
            times = [_updated_at(bytes(raw)) for raw in page.items]
            new += [
                bytes(raw) for raw, at in zip(page.items, times, strict=True) if at > seen or not at
            ]
            newest = max([newest, *times])
            if page.next_page_token is None or min(times, default="") <= seen:
                break
            asked["pageToken"] = page.next_page_token
        for raw in reversed(new):
            yield Arrived(raw)
        self._seen[name] = newest
        yield Quiet(cursor=msgspec.json.encode(self._seen).decode())

    async def _search(self, session: aiohttp.ClientSession, words: str) -> None:
        query = {"part": "id", "type": "video", "order": "date", "q": words, "maxResults": "25"}
        page = await self._page(session, "search", query, SEARCH_UNITS)
        for raw in page.items:
            id_ = _ITEM.decode(raw).id
            if isinstance(id_, dict) and id_.get("videoId"):
                self._found[id_["videoId"]] = None

    async def _page(
        self, session: aiohttp.ClientSession, what: str, query: Mapping[str, str], units: int
    ) -> _Page:
        self._quota.spend(units, datetime.now(UTC))
        _, _, body = await fetch(session, f"{self._api}/{what}", query, _HINTS)
        try:
            return _PAGE.decode(body)
        except msgspec.MsgspecError as error:
            raise Lost(f"an answer that is no page: {error}") from error


def _updated_at(thread: bytes) -> str:
    """Return when the first comment of a thread was written or edited, in RFC 3339; "" if none."""
    try:
        item = _ITEM.decode(thread)
    except msgspec.MsgspecError:
        return ""
    comment = item.snippet.top_level_comment if item.snippet else None
    return comment.snippet.updated_at if comment and comment.snippet else ""
