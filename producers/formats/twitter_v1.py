"""Twitter API v1.1, as the streams and archives of its time have it. Pure.

Fields and the rule for the text follow twarc's json2csv.py. An edit has an id of its own on
Twitter; here it is a higher revision of the first id (`edit_history.edit_tweet_ids`).
"""

from collections.abc import Mapping, Sequence

import msgspec

from producers.formats.decode import decode
from producers.parsed import Control, Draft, Parsed, Unreadable, Withdrawal

PLATFORM = "twitter"

_NOTICES = frozenset({
    "delete", "scrub_geo", "limit", "status_withheld", "user_withheld", "disconnect", "warning",
    "friends", "event", "control",
})  # fmt: skip
"""Keys of what a stream interleaves with posts."""


class _Long(msgspec.Struct, gc=False):
    full_text: str | None = None


class _User(msgspec.Struct, gc=False):
    id_str: str | None = None
    id: int | None = None
    screen_name: str | None = None


class _Edits(msgspec.Struct, gc=False):
    edit_tweet_ids: list[str | int] = []


class _Referred(msgspec.Struct, gc=False):
    id_str: str | None = None
    id: int | None = None
    text: str | None = None
    full_text: str | None = None
    extended_tweet: _Long | None = None


class _Deleted(msgspec.Struct, gc=False):
    id_str: str | None = None
    id: int | None = None


class _Delete(msgspec.Struct, gc=False):
    status: _Deleted | None = None
    timestamp_ms: str | int | None = None


class _Tweet(_Referred, gc=False):
    created_at: str | int | None = None
    user: _User | None = None
    lang: str | None = None
    in_reply_to_status_id_str: str | None = None
    in_reply_to_status_id: int | None = None
    quoted_status_id_str: str | None = None
    retweeted_status: _Referred | None = None
    edit_history: _Edits | None = None
    favorite_count: int | None = None
    retweet_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None


_TWEET = msgspec.json.Decoder(_Tweet)
_NOTICE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_DELETE = msgspec.json.Decoder(_Delete)


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is a v1.1 tweet or a notice of its streams."""
    if "id_str" in record and ("text" in record or "full_text" in record):
        return True
    return len(record) <= 2 and not _NOTICES.isdisjoint(record) and "id" not in record


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read one line: a tweet, a retweet (with the text of the original), a deletion, a notice.

    What has neither id nor text is a notice, known or not, and counted as one.
    """
    tweet = decode(_TWEET, raw)
    if isinstance(tweet, Unreadable):
        return (tweet,)
    own_id = _id(tweet)
    if own_id is None:
        return (_read_notice(raw) if _text(tweet) is None else _no_id(),)
    original = tweet.retweeted_status
    first_id, revision = _identity(own_id, tweet.edit_history)
    draft = Draft(
        platform=PLATFORM,
        text=_text(original or tweet),
        created_at=tweet.created_at,
        post_id=first_id,
        author=_author(tweet.user),
        revision=revision,
        lang=tweet.lang,
        url=f"https://twitter.com/i/web/status/{own_id}",
        reply_to=tweet.in_reply_to_status_id_str or _shown(tweet.in_reply_to_status_id),
        repost_of=_id(original) if original else None,
        quote_of=tweet.quoted_status_id_str,
        # A retweet repeats the figures of its original.
        likes=0 if original else tweet.favorite_count or 0,
        reposts=0 if original else tweet.retweet_count or 0,
        replies=0 if original else tweet.reply_count or 0,
        quotes=0 if original else tweet.quote_count or 0,
    )
    return (draft,)


def _read_notice(raw: bytes) -> Parsed:
    notice = decode(_NOTICE, raw)
    if isinstance(notice, Unreadable):
        return notice
    if "delete" not in notice:
        return Control(next(iter(sorted(_NOTICES & notice.keys())), "unknown"))
    delete = decode(_DELETE, bytes(notice["delete"]))
    if isinstance(delete, Unreadable):
        return delete
    gone = (delete.status.id_str or _shown(delete.status.id)) if delete.status else None
    if not gone:
        return Control("delete")
    stamp = _shown(delete.timestamp_ms)
    at = int(stamp) / 1000 if stamp and stamp.isdigit() and len(stamp) < 19 else None
    return Withdrawal(platform=PLATFORM, post_id=gone, at=at)


def _no_id() -> Unreadable:
    return Unreadable("not-a-post", "wanted a tweet with `id_str` or `id`, found neither")


def _identity(own_id: str, edits: _Edits | None) -> tuple[str, int]:
    """Return the id of the first version and how many versions came before this one."""
    ids = [str(edit) for edit in edits.edit_tweet_ids] if edits else []
    return (ids[0], ids.index(own_id)) if own_id in ids else (own_id, 0)


def _text(tweet: _Referred) -> str | None:
    extended = tweet.extended_tweet.full_text if tweet.extended_tweet else None
    return next((text for text in (extended, tweet.full_text) if text is not None), tweet.text)


def _author(user: _User | None) -> str:
    if user is None:
        return ""
    return user.id_str or _shown(user.id) or user.screen_name or ""


def _id(tweet: _Referred) -> str | None:
    return tweet.id_str or _shown(tweet.id)


def _shown(number: str | int | None) -> str | None:
    return None if number is None else str(number)
