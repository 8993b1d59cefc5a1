"""X API v2 as twarc2 writes it: pages of posts, flattened posts, compliance events. Pure.

Fields follow twarc's expansions.py. A repost's own text is cut, so the original's is taken from
`includes` or from the reference itself. An edit has an id of its own on X; here it is a higher
revision of the first id (`edit_history_tweet_ids`).
"""

from collections.abc import Mapping, Sequence

import msgspec

from producers.formats.decode import decode
from producers.formats.fields import Entities, expanded
from producers.parsed import AccountWithdrawal, Control, Draft, Parsed, Unreadable, Withdrawal

PLATFORM = "twitter"


class _Note(msgspec.Struct, gc=False):
    text: str | None = None
    entities: Entities | None = None


class _Metrics(msgspec.Struct, gc=False):
    like_count: int | None = None
    retweet_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None


class _Reference(msgspec.Struct, gc=False):
    id: str
    type: str = ""
    text: str | None = None
    entities: Entities | None = None
    note_tweet: _Note | None = None


class _Named(msgspec.Struct, gc=False):
    id: str


class _Tweet(_Reference, gc=False):
    created_at: str | None = None
    author_id: str | None = None
    author: _Named | None = None
    lang: str | None = None
    referenced_tweets: list[_Reference] | None = None
    edit_history_tweet_ids: list[str] | None = None
    public_metrics: _Metrics | None = None


class _Includes(msgspec.Struct, gc=False):
    tweets: list[_Reference] | None = None


class _Line(msgspec.Struct, gc=False):
    data: msgspec.Raw = msgspec.Raw(b"null")
    includes: _Includes | None = None
    id: str | None = None
    meta: msgspec.Raw = msgspec.Raw()
    errors: msgspec.Raw = msgspec.Raw()


class _Event(msgspec.Struct, gc=False):
    tweet: _Named | None = None
    user: _Named | None = None
    event_at: str | None = None


class _Compliance(msgspec.Struct, gc=False):
    delete: _Event | None = None
    drop: _Event | None = None
    user_delete: _Event | None = None
    id: str | None = None
    text: str | None = None


_LINE = msgspec.json.Decoder(_Line)
_TWEET = msgspec.json.Decoder(_Tweet)
_PAGE = msgspec.json.Decoder(list[msgspec.Raw])
_COMPLIANCE = msgspec.json.Decoder(_Compliance)
_FLAT_KEYS = frozenset({"author_id", "public_metrics", "edit_history_tweet_ids", "__twarc"})
_EVENTS = frozenset({
    "delete", "drop", "undrop", "withheld", "tweet_edit", "user_delete", "user_undelete",
    "user_protect", "user_unprotect", "user_suspend", "user_unsuspend", "user_withheld",
    "user_profile_modification", "scrub_geo",
})  # fmt: skip
"""Compliance events: only what removes something is acted on."""


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is a page, a flattened post or a compliance event."""
    data = record.get("data")
    if isinstance(data, Mapping):
        return ("id" in data and "text" in data) or not _EVENTS.isdisjoint(data)
    if isinstance(data, list):
        return not data or (isinstance(data[0], Mapping) and "id" in data[0])
    if "data" not in record and ("meta" in record or "errors" in record):
        return "id" not in record
    return "id" in record and "text" in record and not _FLAT_KEYS.isdisjoint(record)


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read one line. A page gives one value for each of its posts; a bad one costs no other."""
    line = decode(_LINE, raw)
    if isinstance(line, Unreadable):
        return (line,)
    data = bytes(line.data)
    if data == b"null":
        return (_read_post(raw, {}) if line.id else _read_empty(line),)
    included = line.includes.tweets if line.includes and line.includes.tweets else ()
    originals = {tweet.id: tweet for tweet in included}
    if not data.startswith(b"["):
        return (_read_single(data, originals),)
    posts = decode(_PAGE, data)
    if isinstance(posts, Unreadable):
        return (posts,)
    return tuple(_read_post(bytes(post), originals) for post in posts) or (Control("empty-page"),)


def _read_empty(line: _Line) -> Parsed:
    if not bytes(line.meta) and not bytes(line.errors):
        return Unreadable("not-a-post", "wanted a post with `id`, or a page, found neither")
    return Control("empty-page" if bytes(line.meta) else "errors")


def _read_single(data: bytes, originals: Mapping[str, _Reference]) -> Parsed:
    event = decode(_COMPLIANCE, data)
    if isinstance(event, Unreadable):
        return event
    gone = event.delete or event.drop
    if gone and gone.tweet:
        return Withdrawal(platform=PLATFORM, post_id=gone.tweet.id, at=gone.event_at)
    left = event.user_delete
    if left and left.user:
        return AccountWithdrawal(platform=PLATFORM, author=left.user.id, at=left.event_at)
    return _read_post(data, originals) if event.id else Control("compliance")


def _read_post(raw: bytes, originals: Mapping[str, _Reference]) -> Parsed:
    tweet = decode(_TWEET, raw)
    if isinstance(tweet, Unreadable):
        return Unreadable(tweet.reason, tweet.detail, payload=raw)
    referred = {one.type: one for one in tweet.referenced_tweets or ()}
    reposted = referred.get("retweeted")
    original = originals.get(reposted.id, reposted) if reposted else None
    figures = tweet.public_metrics if tweet.public_metrics and not reposted else _Metrics()
    versions = tweet.edit_history_tweet_ids or []
    is_edit = tweet.id in versions
    return Draft(
        platform=PLATFORM,
        text=(_text(original) if original else None) or _text(tweet),
        created_at=tweet.created_at,
        post_id=versions[0] if is_edit else tweet.id,
        author=tweet.author_id or (tweet.author.id if tweet.author else ""),
        revision=versions.index(tweet.id) if is_edit else 0,
        lang=tweet.lang,
        url=f"https://twitter.com/i/web/status/{tweet.id}",
        reply_to=_id(referred.get("replied_to")),
        repost_of=_id(reposted),
        quote_of=_id(referred.get("quoted")),
        likes=figures.like_count or 0,
        reposts=figures.retweet_count or 0,
        replies=figures.reply_count or 0,
        quotes=figures.quote_count or 0,
    )


def _text(tweet: _Reference) -> str | None:
    note = tweet.note_tweet
    if note and note.text:
        return expanded(note.text, note.entities, tweet.entities)
    return None if tweet.text is None else expanded(tweet.text, tweet.entities)


def _id(reference: _Reference | None) -> str | None:
    return reference.id if reference else None
