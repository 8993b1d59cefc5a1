"""YouTube's comments by the Data API v3, within the quota of a day.

https://developers.google.com/youtube/v3/docs/commentThreads/list: a page of 100 threads costs one
unit of (usually) 10,000 a day, a search 100. The newest comes first; a look stops at what was seen.
A reply to an old thread, an edit and a deletion are not seen later.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import aiohttp
import msgspec

from producers.formats import youtube
from producers.parsed import Parsed
from producers.sources.http import refusal
from producers.sources.polling import Turns, fetch, remembered
from producers.sources.quota import Quota
from producers.sources.source import Arrived, Frames, Gap, Lost, Quiet, Refused
from producers.sources.tokens import token
from uproar.config import Config
from uproar.errors import ConfigError
from uproar.source_config import Youtube

PAGE_THREADS = 100
MOST_PAGES = 10
PAGE_UNITS = 1
SEARCH_UNITS = 100
SEARCH_PAUSE = timedelta(hours=1)
MOST_FOUND = 50
"""Videos that searches have found, the newest, whose comments are read."""
PAGES_A_LOOK = 1.5
"""On average: where more came than a page holds, a second is read."""

_HOW_TO = "make a key for the YouTube Data API v3 at https://console.cloud.google.com"
_HINTS = {
    400: f"YouTube refuses the key, or what is asked: {_HOW_TO}; then check `sources: youtube`",
    403: f"the key may not ask for this: {_HOW_TO}",
    404: "check `channels` and `videos` of `sources: youtube` in uproar.yaml",
}
_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_OF_ONE = frozenset({
    "commentsDisabled", "videoNotFound", "channelNotFound", "forbidden", "processingFailure",
})  # fmt: skip
"""Reasons that concern one video or channel; any other concerns the key."""


class _Snippet(msgspec.Struct, gc=False, rename="camel"):
    updated_at: str = ""
    top_level_comment: "_Item | None" = None


class _Item(msgspec.Struct, gc=False):
    id: str | dict[str, str] = ""
    snippet: _Snippet | None = None


class _Page(msgspec.Struct, gc=False, rename="camel"):
    items: list[msgspec.Raw] = []
    next_page_token: str | None = None


class _Reason(msgspec.Struct, gc=False, frozen=True):
    reason: str = ""


class _Error(msgspec.Struct, gc=False, frozen=True):
    errors: list[_Reason] = []


class _Failure(msgspec.Struct, gc=False):
    error: _Error = _Error()


_FAILURE = msgspec.json.Decoder(_Failure)
_PAGE = msgspec.json.Decoder(_Page)
_ITEM = msgspec.json.Decoder(_Item)
_SEEN = msgspec.json.Decoder(dict[str, list[str]])


def open_sources(config: Config, env: Mapping[str, str]) -> "Sequence[Comments]":
    """Return one source for all that is named."""
    settings = config.sources.youtube
    if settings is None or not (settings.channels or settings.videos or settings.searches):
        raise ConfigError(
            "uproar.yaml names nothing to read on YouTube",
            hint="add: sources: {youtube: {channels: [UC…]}}",
        )
    return [Comments(settings, token(env, settings.key_env, _HOW_TO))]


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
        self._search_due = datetime.min.replace(tzinfo=UTC)
        self._search_pause, every_seconds = paced(settings)
        self._turns = Turns(every_seconds)
        self._seen: dict[str, list[str]] = {}

    def frames(self, after: str | None) -> Frames:
        """Yield threads that are new since the last look. See `Source.frames`."""
        self._seen = remembered(_SEEN, after)
        return self._turns.watched(self._look, self._key)

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what a thread holds."""
        return youtube.parse(raw)

    async def _look(self, session: aiohttp.ClientSession) -> Frames:
        now = datetime.now(UTC)
        if self._settings.searches and now >= self._search_due:
            for words in self._settings.searches:
                await self._search(session, words)
            self._search_due = now + self._search_pause
        asked = dict.fromkeys(self._settings.channels, "allThreadsRelatedToChannelId")
        asked |= dict.fromkeys((*self._settings.videos, *self._found), "videoId")
        for name, kind in asked.items():
            if not self._turns.is_due(name):
                continue
            try:
                new, is_whole = await self._new(session, {kind: name})
            except Refused as error:
                if error.status not in (403, 404) or error.hint != _HINTS[404]:
                    raise  # the key itself, not what it asks for
                if name in self._found:  # a video whose comments are closed: there are many
                    del self._found[name]
                    continue
                self._turns.failed(name, error)
                continue
            self._turns.went_well(name)
            if not is_whole:
                yield Gap(None, now, f"more than {MOST_PAGES * PAGE_THREADS:,} threads in {name}")
            for raw in reversed(new):
                yield Arrived(raw)
            self._seen = {one: self._seen[one] for one in asked if one in self._seen}
            yield Quiet(cursor=msgspec.json.encode(self._seen).decode())
        yield Quiet(troubles=self._turns.troubles())
        self._turns.check(asked)

    async def _new(
        self, session: aiohttp.ClientSession, query: Mapping[str, str]
    ) -> tuple[list[bytes], bool]:
        """Return new threads, the newest first, and whether they reach back to what was seen.

        What was seen is the newest time, and the ids of that very second.
        """
        (name,) = query.values()
        newest, *ids = self._seen.get(name, [""])
        asked = {**query, "part": "snippet,replies", "order": "time", "textFormat": "plainText",
                 "maxResults": str(PAGE_THREADS)}  # fmt: skip
        found: dict[str, tuple[str, bytes]] = {}
        is_whole = False
        for _ in range(MOST_PAGES if newest else 1):
            page = await self._page(session, "commentThreads", asked, PAGE_UNITS)
            things = {id_: (at, raw) for id_, at, raw in map(_thread, map(bytes, page.items))}
            found |= {
                id_: thing
                for id_, thing in things.items()
                if thing[0] > newest or not thing[0] or (thing[0] == newest and id_ not in ids)
            }
            oldest = min((at for at, _ in things.values() if at), default="")
            if page.next_page_token is None or oldest <= newest:
                is_whole = True
                break
            asked["pageToken"] = page.next_page_token
        at = max([newest, *(time for time, _ in found.values())])
        same = [id_ for id_, (time, _) in found.items() if time == at]
        self._seen[name] = [at, *(ids if at == newest else []), *same]
        return [raw for _, raw in found.values()], is_whole or not newest

    async def _search(self, session: aiohttp.ClientSession, words: str) -> None:
        query = {"part": "id", "type": "video", "order": "date", "q": words, "maxResults": "25"}
        page = await self._page(session, "search", query, SEARCH_UNITS)
        for raw in page.items:
            found = _ITEM.decode(raw).id
            if isinstance(found, dict) and found.get("videoId"):
                self._found.pop(found["videoId"], None)
                self._found[found["videoId"]] = None
        while len(self._found) > MOST_FOUND:
            del self._found[next(iter(self._found))]

    async def _page(
        self, session: aiohttp.ClientSession, what: str, query: Mapping[str, str], units: int
    ) -> _Page:
        now = datetime.now(UTC)
        if wait := self._quota.spend(units, now):
            raise Lost(f"the quota of {self._quota.units:,} units a day is used up", wait)
        answers = frozenset({400, 403, 404})
        status, _, body = await fetch(
            session, f"{self._api}/{what}", query, _HINTS, answers=answers
        )
        if status >= 300:
            raise self._meant_by(status, body, now)
        try:
            return _PAGE.decode(body)
        except msgspec.MsgspecError as error:
            raise Lost(f"an answer that is no page: {error}") from error

    def _meant_by(self, status: int, body: bytes, now: datetime) -> Lost | Refused:
        """Return what an answer means by the reason in it: 403 is said of very different things."""
        try:
            errors = _FAILURE.decode(body).error.errors
        except msgspec.MsgspecError:
            errors = []
        reason = errors[0].reason if errors else ""
        if reason in _USED_UP:
            return Lost("YouTube says that the day's quota is used up", self._quota.until_next(now))
        if reason in _TOO_FAST:
            return Lost("YouTube says that we ask too fast", wait_seconds=60)
        if reason in _OF_ONE or status == 404:
            return Refused(f"HTTP {status}: {reason or 'not found'}", _HINTS[404], status)
        return refusal(status, reason, {}, _HINTS)


def paced(settings: Youtube) -> tuple[timedelta, float]:
    """Return how long to wait between searches, and seconds between looks, within the quota.

    Half of it is for searches, where there are any.

    >>> paced(Youtube(channels=("a",)))[1], paced(Youtube(channels=("a", "b"), units_a_day=100))[1]
    (300.0, 2592.0)
    """
    units: float = settings.units_a_day
    pause = SEARCH_PAUSE
    asked = len(settings.channels) + len(settings.videos)
    if settings.searches:
        units /= 2
        pause = max(pause, timedelta(days=1) * (len(settings.searches) * SEARCH_UNITS / units))
        asked += MOST_FOUND
    return pause, max(settings.every_seconds, 86_400 * asked * PAGES_A_LOOK * PAGE_UNITS / units)


def _thread(raw: bytes) -> tuple[str, str, bytes]:
    """Return the id of a thread, when its first comment was written or edited, and its bytes.

    The time is in RFC 3339; "" where there is none.
    """
    try:
        item = _ITEM.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return f"{hash(raw)}", "", raw
    comment = item.snippet.top_level_comment if item.snippet else None
    at = comment.snippet.updated_at if comment and comment.snippet else ""
    return str(item.id), at, raw
