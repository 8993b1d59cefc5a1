"""Public channels of Telegram, by the preview that t.me shows to everybody: no account is needed.

A page of https://t.me/s/CHANNEL holds the twenty newest messages, `?before=ID` the twenty before.
Of those on the newest page, an edit shows as another text, and a deletion as an id that is no
longer between two others. What happens to older ones is not seen.
"""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import unescape

import aiohttp
import msgspec

from producers.formats.markup import html_to_text
from producers.parsed import Draft, Parsed, Unreadable, Withdrawal
from producers.sources.polling import Turns, fetch, remembered
from producers.sources.source import Arrived, Frames, Gap, Lost, Quiet, Refused
from uproar.config import Config
from uproar.errors import ConfigError
from uproar.source_config import Telegram

PLATFORM = "telegram"
MOST_PAGES = 25
"""Of a channel that are read back for what we missed; what is older than that is a gap."""
MOST_KNOWN = 60
"""Messages of a channel that are remembered."""

_HINTS = {404: "check `channels` of `sources: telegram` in uproar.yaml"}

_WRAP = '<div class="tgme_widget_message_wrap'
_POST = re.compile(r'data-post="([^"/]{1,64})/(\d{1,12})"')
_TEXT = re.compile(r'<div class="tgme_widget_message_text js-message_text"[^>]*>(.*?)</div>', re.S)
_TIME = re.compile(r'<time datetime="([^"]{10,40})"')
_VIEWS = re.compile(r'tgme_widget_message_views">([^<]{1,20})<')
_REPLY = re.compile(r'tgme_widget_message_reply"[^>]*href="https://t\.me/([^"]{1,80})"')
_FORWARD = re.compile(
    r'tgme_widget_message_forwarded_from_name"[^>]*href="https://t\.me/([^"]{1,80})"'
)


class Message(msgspec.Struct, frozen=True):
    """A message of a page, or that one is gone. `seen_at` is when it was found so, RFC 3339."""

    channel: str
    number: int
    html: str | None
    created_at: str | None = None
    reply_to: str | None = None
    forwarded: str | None = None
    seen_at: str | None = None
    is_edit: bool = False
    is_gone: bool = False


_DECODER = msgspec.json.Decoder(Message)
_ENCODE = msgspec.json.Encoder().encode
_KNOWN = msgspec.json.Decoder(dict[str, dict[str, int]])


def open_sources(config: Config, _env: Mapping[str, str]) -> "Sequence[Channels]":
    """Return one source for all channels."""
    if config.sources.telegram is None:
        raise ConfigError(
            "uproar.yaml names no channel of Telegram",
            hint="add: sources: {telegram: {channels: [telegram]}}",
        )
    return [Channels(config.sources.telegram)]


class Channels:
    """All channels of a configuration."""

    name = "telegram"

    def __init__(self, settings: Telegram, site: str = "https://t.me") -> None:
        self._settings = settings
        self._site = site
        self._turns = Turns(settings.every_seconds)
        self._names = list(dict.fromkeys(map(_channel, settings.channels)))
        self._known: dict[str, dict[str, int]] = {}

    def frames(self, after: str | None) -> Frames:
        """Yield new, edited and deleted messages of all channels. See `Source.frames`."""
        self._known = remembered(_KNOWN, after)
        return self._turns.watched(self._look)

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what a message holds."""
        return parse(raw)

    async def _look(self, session: aiohttp.ClientSession) -> Frames:
        for name in filter(self._turns.is_due, self._names):
            known = dict(self._known.get(name, {}))
            try:
                messages, is_whole = await self._read_back(session, name, known)
            except (Lost, Refused) as error:
                self._turns.failed(name, error)
                continue
            self._turns.went_well(name)
            now = datetime.now(UTC)
            if not is_whole:
                told = f"more than {MOST_PAGES} pages of messages in `{name}`"
                yield Gap(None, now, told)
            for message in changes(messages, known, now):
                yield Arrived(_ENCODE(message))
            newest = sorted(known, key=int)[-MOST_KNOWN:]
            self._known[name] = {number: known[number] for number in newest}
            yield Quiet(cursor=msgspec.json.encode(self._known).decode())
        yield Quiet(troubles=self._turns.troubles())
        self._turns.check(self._names)

    async def _read_back(
        self, session: aiohttp.ClientSession, channel: str, known: Mapping[str, int]
    ) -> tuple[list[Message], bool]:
        """Return the messages of the newest pages, oldest first, back to what is known.

        And whether all that are new are among them.
        """
        found: dict[int, Message] = {}
        query: dict[str, str] = {}
        for _ in range(MOST_PAGES if known else 1):
            _, _, body = await fetch(session, f"{self._site}/s/{channel}", query, _HINTS)
            page = list(read_page(body.decode("utf-8", errors="replace")))
            if not page and not found:
                raise Refused(
                    "it shows no messages",
                    "only public channels have a preview: check `channels` of `sources: telegram` "
                    "in uproar.yaml",
                )
            is_met = not page or any(str(message.number) in known for message in page)
            found |= {message.number: message for message in page}
            if is_met:
                break
            query = {"before": str(min(message.number for message in page))}
        is_whole = not known or is_met or min(found) <= max(map(int, known))
        return [found[number] for number in sorted(found)], is_whole


def _channel(name: str) -> str:
    """Return the bare name of a channel, however it is written.

    >>> _channel("https://t.me/s/quillnews"), _channel("@quillnews")
    ('quillnews', 'quillnews')
    """
    return name.rstrip("/").rpartition("/")[2].removeprefix("@")


def read_page(page: str) -> Iterator[Message]:
    """Yield the messages of a page of t.me, in its order. What is no message is passed over."""
    for wrap in page.split(_WRAP)[1:]:
        place = _POST.search(wrap)
        if place is None:
            continue
        text, time = _TEXT.search(wrap), _TIME.findall(wrap)
        reply, forward = _REPLY.search(wrap), _FORWARD.search(wrap)
        yield Message(
            channel=unescape(place[1]),
            number=int(place[2]),
            html=text[1] if text else None,
            created_at=time[-1] if time else None,
            reply_to=reply[1] if reply else None,
            forwarded=forward[1] if forward else None,
        )


def changes(messages: Sequence[Message], known: dict[str, int], now: datetime) -> Iterator[Message]:
    """Yield what is new, edited or gone since the last look, and remember what there is.

    `known` holds a hash of each message's text. Only what lies between two messages of these pages
    can be told to be gone: the newest may be missing on a page that is a moment old.
    """
    there = {message.number for message in messages}
    for message in messages:
        number, digest = str(message.number), hash_of(message.html or "")
        before = known.get(number)
        known[number] = digest
        if before != digest:
            yield msgspec.structs.replace(
                message, is_edit=before is not None, seen_at=now.isoformat()
            )
    for number in [n for n in known if there and min(there) < int(n) < max(there)]:
        if int(number) in there:
            continue
        del known[number]
        yield Message(messages[0].channel, int(number), None, seen_at=now.isoformat(), is_gone=True)


def hash_of(text: str) -> int:
    """Return 32 bits of a text, the same on every machine."""
    return zlib.crc32(text.encode(errors="surrogatepass"))


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read a message: a post, its edit or its deletion; one with pictures alone has no text."""
    try:
        message = _DECODER.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return (Unreadable("not-json", f"wanted a message of a channel, found {error}"),)
    post_id = f"{message.channel}/{message.number}"
    if message.is_gone:
        return (Withdrawal(platform=PLATFORM, post_id=post_id, at=message.seen_at),)
    revision = 0
    if message.is_edit and message.seen_at is not None:
        revision = int(datetime.fromisoformat(message.seen_at).timestamp())
    return (
        Draft(
            platform=PLATFORM,
            text=html_to_text(message.html or ""),
            created_at=message.created_at,
            post_id=post_id,
            author=message.channel,
            revision=revision,
            url=f"https://t.me/{post_id}",
            reply_to=message.reply_to,
            repost_of=message.forwarded,
        ),
    )
