"""Twitter API v1.1, as the streams and archives of its time have it. Pure.

Fields and the rule for the text follow twarc's json2csv.py. An edit has an id of its own on
Twitter; here it is a higher revision of the first id (`edit_history.edit_tweet_ids`).
"""

from collections.abc import Mapping, Sequence

import msgspec

from producers.formats.decode import decode
from producers.formats.fields import Entities, Figure, Id, expanded, figure, named
from producers.parsed import AccountWithdrawal, Control, Draft, Parsed, Unreadable, Withdrawal

PLATFORM = "twitter"

_NOTICES = frozenset({
    "delete", "scrub_geo", "limit", "status_withheld", "user_withheld", "disconnect", "warning",
    "friends", "friends_str", "event", "control", "user_update", "user_delete", "user_undelete",
    "user_protect", "user_unprotect", "user_suspend", "user_unsuspend",
})  # fmt: skip
"""Keys of what a stream interleaves with posts."""


class Long(msgspec.Struct, gc=False):
    """The whole text of a tweet that was cut for clients of its time."""

    full_text: str | None = None
    entities: Entities | None = None


class User(msgspec.Struct, gc=False):
    """Whose tweet it is."""

    id_str: str | None = None
    id: Id = None
    screen_name: str | None = None


class Edits(msgspec.Struct, gc=False):
    """The ids of all versions, the first one first."""

    edit_tweet_ids: list[str | int] = []


class Original(msgspec.Struct, gc=False):
    """What a tweet says and which one it is: all that is needed of one that is repeated."""

    id_str: str | None = None
    id: Id = None
    text: str | None = None
    full_text: str | None = None
    extended_tweet: Long | None = None
    entities: Entities | None = None


class Tweet(Original, gc=False):
    """A tweet with what we take of it."""

    created_at: str | int | None = None
    timestamp_ms: str | int | None = None
    user: User | None = None
    lang: str | None = None
    in_reply_to_status_id_str: str | None = None
    in_reply_to_status_id: Id = None
    quoted_status_id_str: str | None = None
    quoted_status_id: Id = None
    retweeted_status: Original | None = None
    edit_history: Edits | None = None
    favorite_count: Figure = None
    retweet_count: Figure = None
    reply_count: Figure = None
    quote_count: Figure = None


class _Named(msgspec.Struct, gc=False):
    id_str: str | None = None
    id: Id = None


class _Notice(msgspec.Struct, gc=False):
    status: _Named | None = None
    id_str: str | None = None
    id: Id = None
    timestamp_ms: str | int | None = None


_TWEET = msgspec.json.Decoder(Tweet)
_KINDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NOTICE = msgspec.json.Decoder(_Notice)


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is a v1.1 tweet or a notice of its streams."""
    if "text" in record or "full_text" in record:
        return "id_str" in record or ("id" in record and isinstance(record.get("user"), Mapping))
    return len(record) <= 2 and not _NOTICES.isdisjoint(record) and "id" not in record


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read one line: a tweet, a retweet (with the text of the original), a deletion, a notice.

    What has neither id nor text is a notice, known or not, and counted as one.
    """
    tweet = decode(_TWEET, raw)
    if isinstance(tweet, Unreadable):
        return (tweet,)
    if _id(tweet) is None:
        return (_read_notice(raw) if text_of(tweet) is None else no_id(),)
    return (to_draft(tweet, author_of(tweet.user)),)


def to_draft(tweet: Tweet, author: str) -> Draft:
    """Make a draft of a tweet that has an id."""
    own_id = _id(tweet) or ""
    original = tweet.retweeted_status
    first_id, revision = identity(own_id, tweet.edit_history)
    return Draft(
        platform=PLATFORM,
        text=text_of(original or tweet),
        created_at=tweet.created_at or seconds(tweet.timestamp_ms),
        post_id=first_id,
        author=author,
        revision=revision,
        lang=tweet.lang,
        url=f"https://twitter.com/i/web/status/{own_id}",
        reply_to=tweet.in_reply_to_status_id_str or named(tweet.in_reply_to_status_id),
        repost_of=_id(original) if original else None,
        quote_of=tweet.quoted_status_id_str or named(tweet.quoted_status_id),
        # A retweet repeats the figures of its original.
        likes=0 if original else figure(tweet.favorite_count),
        reposts=0 if original else figure(tweet.retweet_count),
        replies=0 if original else figure(tweet.reply_count),
        quotes=0 if original else figure(tweet.quote_count),
    )


def text_of(tweet: Original) -> str | None:
    """Return the longest form of the text there is, with links expanded and escapes undone."""
    long = tweet.extended_tweet
    if long and long.full_text is not None:
        return expanded(long.full_text, long.entities, tweet.entities)
    text = tweet.full_text if tweet.full_text is not None else tweet.text
    return None if text is None else expanded(text, tweet.entities)


def author_of(user: User | None) -> str:
    """Return the author's id, for a name can be changed; the name where there is no id."""
    if user is None:
        return ""
    return user.id_str or named(user.id) or user.screen_name or ""


def identity(own_id: str, edits: Edits | None) -> tuple[str, int]:
    """Return the id of the first version and how many versions came before this one."""
    ids = [str(edit) for edit in edits.edit_tweet_ids] if edits else []
    return (ids[0], ids.index(own_id)) if own_id in ids else (own_id, 0)


def seconds(milliseconds: str | int | None) -> float | None:
    """Return seconds since 1970, None where there is no such number.

    >>> seconds("1610962320500")
    1610962320.5
    """
    stamp = named(milliseconds)
    return int(stamp) / 1000 if stamp and _is_number(stamp) and len(stamp) < 19 else None


def no_id() -> Unreadable:
    """Say that a tweet cannot be used, for nothing tells it from others."""
    return Unreadable("not-a-post", "wanted a tweet with `id_str` or `id`, found neither")


def _read_notice(raw: bytes) -> Parsed:
    notices = decode(_KINDS, raw)
    if isinstance(notices, Unreadable):
        return notices
    kind = next(iter(sorted(_NOTICES & notices.keys())), "unknown")
    if kind not in ("delete", "user_delete"):
        return Control(kind)
    notice = decode(_NOTICE, bytes(notices[kind]))
    if isinstance(notice, Unreadable):
        return notice
    at = seconds(notice.timestamp_ms)
    gone = notice.status if kind == "delete" else notice
    name = (gone.id_str or named(gone.id)) if gone else None
    if not name:
        return Control(kind)
    if kind == "delete":
        return Withdrawal(platform=PLATFORM, post_id=name, at=at)
    return AccountWithdrawal(platform=PLATFORM, author=name, at=at)


def _id(tweet: Original) -> str | None:
    return tweet.id_str or named(tweet.id)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
