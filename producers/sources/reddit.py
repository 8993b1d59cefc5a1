"""Reddit by its API: what is new in subreddits, and what a search finds.

https://www.reddit.com/dev/api and https://github.com/reddit-archive/reddit/wiki/OAuth2 (application
only). A listing is read back from its newest to what was seen; Reddit keeps a thousand.
"""

import time
from collections.abc import AsyncIterator, Mapping, Sequence

import aiohttp
import msgspec

from producers.formats import reddit
from producers.parsed import Parsed
from producers.sources.http import open_session, refusal, told_apart
from producers.sources.polling import fetch, rounds
from producers.sources.source import Arrived, Frame, Lost, Quiet
from producers.sources.tokens import token
from uproar.config import Config
from uproar.errors import ConfigError
from uproar.source_config import Reddit

PAGE_THINGS = 100
MOST_PAGES = 10
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
        self._app = aiohttp.BasicAuth(*app)
        self._login = login
        self._api = api
        self._token = ""
        self._until = 0.0
        self._seen: dict[str, list[str]] = {}

    async def frames(self, after: str | None) -> AsyncIterator[Frame]:
        """Yield what is newer than what was seen. See `Source.frames`."""
        try:
            self._seen = _SEEN.decode(after or "{}")
        except msgspec.MsgspecError:
            self._seen = {}
        async with open_session() as session:
            async for frame in rounds(lambda: self._look(session), self._settings.every_seconds):
                yield frame

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what a comment or submission holds."""
        return reddit.parse(raw)

    def _listings(self) -> dict[str, dict[str, str]]:
        """Return the paths to ask, with their queries."""
        found: dict[str, dict[str, str]] = {}
        if names := "+".join(name.removeprefix("r/") for name in self._settings.subreddits):
            found[f"/r/{names}/new"] = {}
            found[f"/r/{names}/comments"] = {}
        for words in self._settings.searches:
            found[f"/search?{words}"] = {"q": words, "sort": "new", "type": "link"}
        return found

    async def _look(self, session: aiohttp.ClientSession) -> AsyncIterator[Frame]:
        for name, query in self._listings().items():
            seen = self._seen.get(name, [])
            new: list[tuple[str, bytes]] = []
            after: str | None = None
            for _ in range(MOST_PAGES if seen else 1):
                page = await self._page(session, name.partition("?")[0], query, after)
                things = [(_CHILD.decode(raw).data.name, bytes(raw)) for raw in page.children]
                fresh = [thing for thing in things if thing[0] not in seen]
                new += fresh
                after = page.after
                if after is None or len(fresh) < len(things):
                    break
            for _, raw in reversed(new):  # a listing has the newest first
                yield Arrived(raw)
            # More than one, for the newest may be deleted by the next look.
            self._seen[name] = ([fullname for fullname, _ in new] + seen)[:PAGE_THINGS]
            yield Quiet(cursor=msgspec.json.encode(self._seen).decode())

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
        headers = {"Authorization": f"Bearer {await self._access(session)}"}
        _, told, body = await fetch(session, f"{self._api}{path}", asked, _HINTS, headers)
        if float(told.get("X-Ratelimit-Remaining", 100)) < 1:
            wait = float(told.get("X-Ratelimit-Reset", 60))
            raise Lost("the quota of requests is used up", wait_seconds=wait)
        try:
            return _LISTING.decode(body).data
        except msgspec.MsgspecError as error:
            raise Lost(f"an answer that is no listing: {error}") from error

    async def _access(self, session: aiohttp.ClientSession) -> str:
        if time.monotonic() < self._until:
            return self._token
        with told_apart(_HINTS):
            async with session.post(
                f"{self._login}/api/v1/access_token",
                data={"grant_type": "client_credentials"},
                auth=self._app,
            ) as answer:
                body = await answer.read()
                if answer.status >= 300:
                    raise refusal(answer.status, answer.reason or "", answer.headers, _HINTS)
        try:
            given = msgspec.json.decode(body, type=_Token)
        except msgspec.MsgspecError as error:
            raise Lost(f"an answer that is no token: {error}") from error
        self._token = given.access_token
        self._until = time.monotonic() + max(0.0, given.expires_in - _EARLY_SECONDS)
        return self._token
