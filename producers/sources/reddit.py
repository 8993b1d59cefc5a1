"""Reddit by its API: what is new in subreddits, and what a search finds.

https://www.reddit.com/dev/api and https://github.com/reddit-archive/reddit/wiki/OAuth2 (application
only). A listing is read back from its newest to what was seen; Reddit keeps a thousand. What is
edited or deleted later is not seen.
"""

import asyncio
import base64
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

import aiohttp
import msgspec

from producers.formats import reddit
from producers.parsed import Parsed
from producers.sources.http import refusal, told_apart
from producers.sources.polling import ANSWER_SECONDS, Turns, fetch, read_body, remembered
from producers.sources.source import Arrived, Frames, Gap, Lost, Quiet, Refused
from producers.sources.tokens import token
from uproar.config import Config
from uproar.errors import ConfigError
from uproar.source_config import Reddit

PAGE_THINGS = 100
MOST_PAGES = 10
SECONDS_A_REQUEST = 0.75
"""Reddit allows an app a hundred requests a minute; some are for second pages."""
_EARLY_SECONDS = 60.0  # before it runs out, a token is made anew

_HOW_TO = "make an app of type `script` at https://www.reddit.com/prefs/apps"
_HINTS = {
    401: f"the app's id and secret are not valid: {_HOW_TO}",
    403: "the app may not read this: private or quarantined subreddits are left out",
    404: "check `subreddits` of `sources: reddit` in uproar.yaml",
}


class _Named(msgspec.Struct, frozen=True, gc=False):
    name: str = ""


class _Child(msgspec.Struct, frozen=True, gc=False):
    data: _Named = _Named()


class _Data(msgspec.Struct, frozen=True, gc=False):
    children: list[msgspec.Raw] = []
    after: str | None = None


class _Listing(msgspec.Struct, frozen=True, gc=False):
    data: _Data = _Data()


class _Token(msgspec.Struct, gc=False):
    access_token: str
    expires_in: float = 3600.0


_LISTING = msgspec.json.Decoder(_Listing)
_CHILD = msgspec.json.Decoder(_Child)
_SEEN = msgspec.json.Decoder(dict[str, list[str]])


def open_sources(config: Config, env: Mapping[str, str]) -> "Sequence[Listings]":
    """Return one source for all that is named."""
    settings = config.sources.reddit
    if settings is None or not (settings.subreddits or settings.searches):
        raise ConfigError(
            "uproar.yaml names nothing to read on Reddit",
            hint="add: sources: {reddit: {subreddits: [technology]}}",
        )
    app = (token(env, settings.id_env, _HOW_TO), token(env, settings.secret_env, _HOW_TO))
    return [Listings(settings, app)]


class Listings:
    """New comments and submissions of the subreddits, and what the searches find."""

    name = "reddit"

    def __init__(
        self,
        settings: Reddit,
        app: tuple[str, str],
        login: str = "https://www.reddit.com",
        api: str = "https://oauth.reddit.com",
    ) -> None:
        self._settings = settings
        known = base64.b64encode(":".join(app).encode()).decode()
        self._app = {"Authorization": f"Basic {known}"}
        self._login = login
        self._api = api
        self._token = ""
        self._until = 0.0
        self._rests_until = 0.0
        requests = 2 * len(settings.subreddits) + len(settings.searches)
        self._turns = Turns(max(settings.every_seconds, requests * SECONDS_A_REQUEST))
        self._seen: dict[str, list[str]] = {}

    def frames(self, after: str | None) -> Frames:
        """Yield what is newer than what was seen. See `Source.frames`."""
        self._seen = remembered(_SEEN, after)
        return self._turns.watched(self._look)

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what a comment or submission holds."""
        return reddit.parse(raw)

    def _listings(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Return what to ask by its name: a path and a query.

        Each subreddit by itself, so that a private one does not take the others with it.
        """
        found: dict[str, tuple[str, dict[str, str]]] = {}
        for name in (name.removeprefix("r/").strip("/") for name in self._settings.subreddits):
            for what in ("new", "comments"):
                found[f"r/{name}/{what}"] = (f"/r/{quote(name, safe='')}/{what}", {})
        for words in self._settings.searches:
            query = {"q": words, "sort": "new", "type": "link"}
            found[f"the search `{words}`"] = ("/search", query)
        return found

    async def _look(self, session: aiohttp.ClientSession) -> Frames:
        listings = self._listings()
        for name in filter(self._turns.is_due, listings):
            seen = self._seen.get(name, [])
            try:
                new, is_whole = await self._new(session, *listings[name], frozenset(seen))
            except (Lost, Refused) as error:
                if isinstance(error, Refused) and error.status == 401:
                    raise  # the app itself, not what it asks for
                if time.monotonic() < self._rests_until:
                    raise
                self._turns.failed(name, error)
                continue
            self._turns.went_well(name)
            if not is_whole:
                yield Gap(None, datetime.now(UTC), f"more than Reddit lists came in {name}")
            for _, raw in reversed(new):  # a listing has the newest first
                yield Arrived(raw)
            # More than one, for the newest may be deleted by the next look.
            self._seen[name] = ([fullname for fullname, _ in new] + seen)[:PAGE_THINGS]
            yield Quiet(cursor=msgspec.json.encode(self._seen).decode())
        yield Quiet(troubles=self._turns.troubles())
        self._turns.check(listings)

    async def _new(
        self,
        session: aiohttp.ClientSession,
        path: str,
        query: Mapping[str, str],
        seen: frozenset[str],
    ) -> tuple[list[tuple[str, bytes]], bool]:
        """Return names and bytes of what is new, and whether it reaches back to what was seen."""
        new: list[tuple[str, bytes]] = []
        after: str | None = None
        for _ in range(MOST_PAGES if seen else 1):
            page = await self._page(session, path, query, after)
            things = [(_name_of(raw), bytes(raw)) for raw in page.children]
            fresh = [thing for thing in things if thing[0] not in seen]
            new += fresh
            after = page.after
            if len(fresh) < len(things):
                return new, True
            if after is None:
                break
        return new, not seen or len(new) < MOST_PAGES * PAGE_THINGS // 2

    async def _page(
        self,
        session: aiohttp.ClientSession,
        path: str,
        query: Mapping[str, str],
        after: str | None,
    ) -> _Data:
        asked = {**query, "limit": str(PAGE_THINGS), "raw_json": "1"}
        if after:
            asked["after"] = after
        rests = self._rests_until - time.monotonic()
        if rests > 0:
            raise Lost("the requests that Reddit allows are used up", wait_seconds=rests)
        try:
            body = await self._asked(session, path, asked)
        except Refused as refused:
            if refused.status != 401:
                raise
            self._until = 0.0  # the token may have been withdrawn early: once more with a new one
            body = await self._asked(session, path, asked)
        try:
            return _LISTING.decode(body).data
        except msgspec.MsgspecError as error:
            raise Lost(f"an answer that is no listing: {error}") from error

    async def _asked(
        self, session: aiohttp.ClientSession, path: str, query: Mapping[str, str]
    ) -> bytes:
        headers = {"Authorization": f"Bearer {await self._access(session)}"}
        _, told, body = await fetch(session, f"{self._api}{path}", query, _HINTS, headers)
        if _number(told.get("X-Ratelimit-Remaining"), 100) < 1:
            reset = _number(told.get("X-Ratelimit-Reset"), 60)
            self._rests_until = time.monotonic() + reset
        return body

    async def _access(self, session: aiohttp.ClientSession) -> str:
        if time.monotonic() < self._until:
            return self._token
        with told_apart(_HINTS):
            async with (
                asyncio.timeout(ANSWER_SECONDS),
                session.post(
                    f"{self._login}/api/v1/access_token",
                    data={"grant_type": "client_credentials"},
                    headers=self._app,
                ) as answer,
            ):
                body = await read_body(answer)
                if answer.status >= 300:
                    raise refusal(answer.status, answer.reason or "", answer.headers, _HINTS)
        try:
            given = msgspec.json.decode(body, type=_Token)
        except msgspec.MsgspecError as error:
            raise Lost(f"an answer that is no token: {error}") from error
        self._token = given.access_token
        self._until = time.monotonic() + max(0.0, given.expires_in - _EARLY_SECONDS)
        return self._token


def _name_of(raw: msgspec.Raw) -> str:
    try:
        return _CHILD.decode(raw).data.name
    except msgspec.MsgspecError:
        return ""


def _number(written: str | None, otherwise: float) -> float:
    """Return the number in a header, within a day.

    >>> _number("596.0", 1), _number("soon", 1), _number(None, 1), _number("nan", 1)
    (596.0, 1, 1, 1)
    """
    try:
        number = float(written or "")
    except ValueError:
        return otherwise
    return number if 0 <= number <= 86_400 else otherwise
