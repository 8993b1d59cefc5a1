"""RSS and Atom feeds: asked every so often, and sent again only what has changed in them.

Conditional requests are those of RFC 9110 section 13; a feed that fails is asked less and less
often, and does not keep the others waiting.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import aiohttp
import msgspec

from producers.documents import Head
from producers.entries import is_feed, split_entries
from producers.formats import feeds
from producers.parsed import Parsed, Unreadable
from producers.sources.http import open_session
from producers.sources.polling import fetch, rounds
from producers.sources.source import Arrived, Frame, Lost, Quiet, Refused
from uproar.config import Config
from uproar.errors import ConfigError
from uproar.source_config import Rss

log = logging.getLogger(__name__)

AT_ONCE = 8
MOST_KEPT_ITEMS = 1_000
LONGEST_PAUSE_ROUNDS = 32

_HINTS = dict.fromkeys((401, 403, 404, 410), "check the feed's address in uproar.yaml")


class Feed(msgspec.Struct):
    """What is known of a feed: what it last said of its state, and the items that were in it."""

    etag: str = ""
    modified: str = ""
    items: list[str] = []
    failures: int = 0
    pause: int = 0
    """Rounds that it is left alone."""


_KEPT = msgspec.json.Decoder(dict[str, Feed])
_ENCODE = msgspec.json.Encoder(order="sorted").encode


def open_sources(config: Config, _env: Mapping[str, str]) -> "Sequence[Feeds]":
    """Return one source for all feeds."""
    if config.sources.rss is None:
        raise ConfigError(
            "uproar.yaml names no feed",
            hint='add: sources: {rss: {feeds: ["https://example.org/feed.xml"]}}',
        )
    return [Feeds(config.sources.rss)]


class Feeds:
    """All feeds of a configuration."""

    name = "rss"

    def __init__(self, settings: Rss) -> None:
        self._settings = settings
        self._known: dict[str, Feed] = {}
        self._readers: list[Callable[[bytes], Sequence[Parsed]]] = [feeds.parse] * len(
            settings.feeds
        )

    async def frames(self, after: str | None) -> AsyncIterator[Frame]:
        """Yield new and changed items of all feeds. See `Source.frames`."""
        kept = _kept(after)
        self._known = {url: kept.get(url, Feed()) for url in self._settings.feeds}
        async with open_session() as session:
            async for frame in rounds(lambda: self._look(session), self._settings.every_seconds):
                yield frame

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what an item holds; before it stands the number of its feed."""
        number, _, item = raw.partition(b"\n")
        if not number.isdigit() or int(number) >= len(self._readers):
            return (Unreadable("not-xml", "wanted an item of a feed"),)
        return self._readers[int(number)](item)

    async def _look(self, session: aiohttp.ClientSession) -> AsyncIterator[Frame]:
        due = [url for url, feed in self._known.items() if not _is_left_alone(feed)]
        failed = 0
        for start in range(0, len(due), AT_ONCE):
            asked = due[start : start + AT_ONCE]
            answers = await asyncio.gather(
                *(self._items(session, url) for url in asked), return_exceptions=True
            )
            for url, items in zip(asked, answers, strict=True):
                if isinstance(items, Lost | Refused):
                    failed += 1
                    _put_off(url, self._known[url], items)
                elif isinstance(items, BaseException):
                    raise items
                else:
                    for item in items:
                        yield Arrived(item)
            yield Quiet(cursor=_ENCODE(self._known).decode())
        if due and failed == len(self._known):
            raise Lost("no feed can be read; the log has each")

    async def _items(self, session: aiohttp.ClientSession, url: str) -> list[bytes]:
        """Return the items of a feed that are new or changed since the last look."""
        feed = self._known[url]
        state = {"If-None-Match": feed.etag, "If-Modified-Since": feed.modified}
        asked = {name: value for name, value in state.items() if value}
        status, headers, body = await fetch(session, url, {}, _HINTS, asked)
        feed.failures = 0
        if status == 304:
            return []
        if not is_feed(body[:65_536]):
            raise Lost("it is no feed: wanted RSS or Atom")
        number = self._settings.feeds.index(url)
        found, digests = [], []
        for piece in split_entries([body]):
            if isinstance(piece, Head):
                self._readers[number] = feeds.parse_in(piece.raw)
                continue
            digest = hashlib.blake2b(piece.raw, digest_size=8).hexdigest()
            digests.append(digest)
            if digest not in feed.items:
                found.append(b"%d\n%s" % (number, piece.raw))
        feed.items = digests[:MOST_KEPT_ITEMS]
        feed.etag, feed.modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
        return found


def _kept(cursor: str | None) -> dict[str, Feed]:
    try:
        return _KEPT.decode(cursor or "{}")
    except msgspec.MsgspecError:
        return {}


def _is_left_alone(feed: Feed) -> bool:
    feed.pause = max(0, feed.pause - 1)
    return feed.pause > 0


def _put_off(url: str, feed: Feed, why: Lost | Refused) -> None:
    feed.failures += 1
    feed.pause = min(LONGEST_PAUSE_ROUNDS, 2 ** min(feed.failures, 10))
    log.warning("the feed %s: %s; asking again in %d rounds", url, why, feed.pause)
