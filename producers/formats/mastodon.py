"""Mastodon's API (and what speaks it): statuses, and the events of its streams. Pure.

A post is known by the id that the server gives it, for a deletion in a stream names no other. So
the same post read from two servers is two posts.
"""

from collections.abc import Mapping, Sequence

import msgspec

from producers.formats.decode import decode
from producers.formats.fields import (
    Figure,
    Id,
    address_without_name,
    figure,
    host_of,
    joined,
    named,
    revision_at,
)
from producers.formats.markup import html_to_text
from producers.parsed import Control, Draft, Parsed, Unreadable, Withdrawal

PLATFORM = "mastodon"

_PRIVATE = frozenset({"private", "direct", "limited"})


class _Account(msgspec.Struct, gc=False):
    id: Id = None
    acct: str | None = None
    url: str | None = None
    noindex: bool | None = None


class _Named(msgspec.Struct, gc=False):
    id: Id = None


class _Option(msgspec.Struct, gc=False):
    title: str | None = None


class _Poll(msgspec.Struct, gc=False):
    options: list[_Option] | None = None


class _Quote(msgspec.Struct, gc=False):
    quoted_status: _Named | None = None
    quoted_status_id: Id = None


class _Status(msgspec.Struct, gc=False):
    id: Id = None
    created_at: str | None = None
    edited_at: str | None = None
    content: str | None = None
    spoiler_text: str | None = None
    visibility: str | None = None
    language: str | None = None
    uri: str | None = None
    url: str | None = None
    in_reply_to_id: Id = None
    account: _Account | None = None
    reblog: "_Status | None" = None
    poll: _Poll | None = None
    quote: _Quote | None = None
    quote_id: Id = None
    favourites_count: Figure = None
    reblogs_count: Figure = None
    replies_count: Figure = None
    quotes_count: Figure = None


class _Line(_Status, gc=False):
    event: str | None = None
    payload: msgspec.Raw = msgspec.Raw()


_LINE = msgspec.json.Decoder(_Line)
_STATUS = msgspec.json.Decoder(_Status)
_TEXT = msgspec.json.Decoder(str)


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is a status, or an event of a stream."""
    if "account" in record and "content" in record and ("uri" in record or "reblog" in record):
        return True
    return isinstance(record.get("event"), str) and "payload" in record


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read a status, or an event with one; statuses that are not public are left out."""
    line = decode(_LINE, raw)
    if isinstance(line, Unreadable):
        return (line,)
    if line.event is not None and (payload := bytes(line.payload)):
        return (_read_event(line.event, payload),)
    return (_read_status(line),)


def _read_event(event: str, payload: bytes) -> Parsed:
    if event not in ("update", "status.update", "delete"):
        return Control(event[:100])
    if payload.startswith(b'"'):  # over a WebSocket it is JSON within a string
        inner = decode(_TEXT, payload)
        if isinstance(inner, Unreadable):
            return inner
        payload = inner.encode()
    if event == "delete":
        gone = payload.decode(errors="replace").strip()
        if not gone or gone == "null":
            return Unreadable("not-a-post", "wanted the id of the post that is gone, found none")
        return Withdrawal(platform=PLATFORM, post_id=gone)
    status = decode(_STATUS, payload)
    if isinstance(status, Unreadable):
        return Unreadable(status.reason, status.detail, payload=payload)
    return _read_status(status)


def _read_status(status: _Status) -> Parsed:
    if status.id is None:
        return Unreadable("not-a-post", "wanted a status with `id`, found none")
    original = status.reblog or status
    if status.visibility in _PRIVATE or original.visibility in _PRIVATE:
        return Control("not-public")
    if any(one.account and one.account.noindex for one in (status, original)):
        return Control("opted-out")
    is_repost = status.reblog is not None
    quoted = original.quote
    return Draft(
        platform=PLATFORM,
        text=_text(original),
        created_at=status.created_at,
        post_id=str(status.id),
        author=_author(status.account),
        revision=revision_at(original.edited_at) if original.edited_at else 0,
        lang=original.language,
        url=address_without_name(original.uri or original.url),
        reply_to=named(original.in_reply_to_id),
        repost_of=named(original.id) if is_repost else None,
        quote_of=_quoted(quoted) if quoted else named(original.quote_id),
        likes=0 if is_repost else figure(status.favourites_count),
        reposts=0 if is_repost else figure(status.reblogs_count),
        replies=0 if is_repost else figure(status.replies_count),
        quotes=0 if is_repost else figure(status.quotes_count),
    )


def _text(status: _Status) -> str | None:
    if status.content is None:
        return None
    options = (status.poll.options or ()) if status.poll else ()
    return joined(
        status.spoiler_text,
        html_to_text(status.content),
        "\n".join(option.title for option in options if option.title),
    )


def _author(account: _Account | None) -> str:
    """Return name and host, which the server leaves out for its own people."""
    if account is None:
        return ""
    if not account.acct:
        return named(account.id) or ""
    host = host_of(account.url)
    return account.acct if "@" in account.acct or not host else f"{account.acct}@{host}"


def _quoted(quote: _Quote) -> str | None:
    return named(quote.quoted_status.id if quote.quoted_status else quote.quoted_status_id)
