"""X API v2 as twarc2 writes it: pages of posts, flattened posts, compliance events. Pure.

Fields follow twarc's expansions.py. A repost's own text is cut, so the original's is taken from
`includes` or from the reference itself. An edit has an id of its own on X; here it is a higher
revision of the first id (`edit_history_tweet_ids`).
"""

from collections.abc import Mapping, Sequence

import msgspec

from producers.formats.decode import decode
from producers.parsed import Control, Draft, Parsed, Unreadable, Withdrawal

PLATFORM = "twitter"


class _Note(msgspec.Struct, gc=False):
    text: str | None = None


class _Metrics(msgspec.Struct, gc=False):
    like_count: int | None = None
    retweet_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None


class _Reference(msgspec.Struct, gc=False):
    id: str
    type: str = ""
    text: str | None = None
    note_tweet: _Note | None = None


class _Tweet(_Reference, gc=False):
    created_at: str | None = None
    author_id: str | None = None
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


class _Event(msgspec.Struct, gc=False):
    tweet: _Reference | None = None
    event_at: str | None = None


class _Compliance(msgspec.Struct, gc=False):
    delete: _Event | None = None
    id: str | None = None
    text: str | None = None


_LINE = msgspec.json.Decoder(_Line)
_TWEET = msgspec.json.Decoder(_Tweet)
_PAGE = msgspec.json.Decoder(list[msgspec.Raw])
_COMPLIANCE = msgspec.json.Decoder(_Compliance)
_FLAT_KEYS = frozenset({"author_id", "public_metrics", "edit_history_tweet_ids", "__twarc"})


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is a page, a flattened post or a compliance event."""
    data = record.get("data")
    if isinstance(data, Mapping):
        return ("id" in data and "text" in data) or "delete" in data
    if isinstance(data, list):
        return not data or (isinstance(data[0], Mapping) and "id" in data[0])
    if "data" not in record and "meta" in record:
        return True
    return "id" in record and "text" in record and not _FLAT_KEYS.isdisjoint(record)


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read one line. A page gives one value for each of its posts; a bad one costs no other."""
    line = decode(_LINE, raw)
    if isinstance(line, Unreadable):
        return (line,)
    data = bytes(line.data)
    if data == b"null":
        return (_read_post(raw, {}),) if line.id else (Control("empty-page"),)
    included = line.includes.tweets if line.includes and line.includes.tweets else ()
    originals = {tweet.id: tweet for tweet in included}
    if not data.startswith(b"["):
        return (_read_single(data, originals),)
    posts = decode(_PAGE, data)
    if isinstance(posts, Unreadable):
        return (posts,)
    return tuple(_read_post(bytes(post), originals) for post in posts) or (Control("empty-page"),)


def _read_single(data: bytes, originals: Mapping[str, _Reference]) -> Parsed:
    event = decode(_COMPLIANCE, data)
    if isinstance(event, Unreadable):
        return event
    if event.delete and event.delete.tweet:
        return Withdrawal(
            platform=PLATFORM, post_id=event.delete.tweet.id, at=event.delete.event_at
        )
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
        author=tweet.author_id or "",
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
    return tweet.note_tweet.text if tweet.note_tweet and tweet.note_tweet.text else tweet.text


def _id(reference: _Reference | None) -> str | None:
    return reference.id if reference else None
