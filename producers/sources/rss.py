"""RSS and Atom feeds: asked every so often, and sent again only what has changed in them.

Conditional requests are those of RFC 9110 section 13; a feed that fails is asked less and less
often, and does not keep the others waiting.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence

import aiohttp
import msgspec

from producers.documents import Head
from producers.entries import is_feed, split_entries
from producers.formats import feeds
from producers.parsed import Parsed, Unreadable
from producers.sources.polling import Turns, fetch, remembered
from producers.sources.source import Arrived, Frames, Lost, Quiet, Refused
from uproar.config import Config
from uproar.errors import ConfigError
from uproar.source_config import Rss

AT_ONCE = 8
MOST_KEPT_ITEMS = 1_000
"""Of a feed that are remembered, at least as many as it holds."""
_PIECE = 1 << 16

_HINTS = dict.fromkeys(
    (401, 403, 404, 410), "check the address under `feeds` of `sources: rss` in uproar.yaml"
)


class Feed(msgspec.Struct):
    """What is known of a feed: what it last said of its state, and the items that were in it."""

    etag: str = ""
    modified: str = ""
    items: list[str] = []


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
        self._urls = list(dict.fromkeys(settings.feeds))
        self._known: dict[str, Feed] = {}
        self._turns = Turns(settings.every_seconds)
        self._readers: list[Callable[[bytes], Sequence[Parsed]]] = [feeds.parse] * len(self._urls)

    def frames(self, after: str | None) -> Frames:
        """Yield new and changed items of all feeds. See `Source.frames`."""
        kept = remembered(_KEPT, after)
        self._known = {url: kept.get(url, Feed()) for url in self._urls}
        return self._turns.watched(self._look)

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what an item holds; before it stands the number of its feed."""
        number, _, item = raw.partition(b"\n")
        if not number.isdigit() or int(number) >= len(self._readers):
            return (Unreadable("not-xml", "wanted an item of a feed"),)
        return self._readers[int(number)](item)

    async def _look(self, session: aiohttp.ClientSession) -> Frames:
        due = [url for url in self._urls if self._turns.is_due(url)]
        for start in range(0, len(due), AT_ONCE):
            asked = due[start : start + AT_ONCE]
            answers = await asyncio.gather(
                *(self._items(session, url) for url in asked), return_exceptions=True
            )
            for url, items in zip(asked, answers, strict=True):
                if isinstance(items, Lost | Refused):
                    self._turns.failed(url, items)
                elif isinstance(items, BaseException):
                    raise items
                else:
                    self._turns.went_well(url)
                    for item in items:
                        yield Arrived(item)
            yield Quiet(cursor=_ENCODE(self._known).decode(), troubles=self._turns.troubles())
        self._turns.check(self._urls)

    async def _items(self, session: aiohttp.ClientSession, url: str) -> list[bytes]:
        """Return the items of a feed that are new or changed since the last look."""
        feed = self._known[url]
        state = {"If-None-Match": feed.etag, "If-Modified-Since": feed.modified}
        asked = {name: value for name, value in state.items() if value}
        status, headers, body = await fetch(session, url, {}, _HINTS, asked)
        if status == 304:
            return []
        if not is_feed(body[:65_536]):
            raise Lost("what it answers is no feed: wanted RSS or Atom")
        found = await asyncio.to_thread(self._changed, self._urls.index(url), feed, body)
        feed.etag, feed.modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
        return found

    def _changed(self, number: int, feed: Feed, body: bytes) -> list[bytes]:
        found, digests = [], []
        before = set(feed.items)
        for piece in split_entries(body[at : at + _PIECE] for at in range(0, len(body), _PIECE)):
            if isinstance(piece, Head):
                self._readers[number] = feeds.parse_in(piece.raw)
                continue
            digest = hashlib.blake2b(piece.raw, digest_size=8).hexdigest()
            digests.append(digest)
            if digest not in before:
                found.append(b"%d\n%s" % (number, piece.raw))
        # What has left the feed may come back, where a cache shows an older one.
        there = set(digests)
        older = [digest for digest in feed.items if digest not in there]
        feed.items = [*digests, *older][: max(MOST_KEPT_ITEMS, len(digests))]
        return found
