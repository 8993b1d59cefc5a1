"""Reddit's comments and submissions, as Pushshift and Arctic Shift dump them. Pure.

A dump shows each record as it stood when it was fetched. One whose words were gone by then, or that
was removed at a later look (`_meta`), is the deletion of its post: Reddit asks that it be honoured.
"""

from collections.abc import Mapping, Sequence
from html import unescape

import msgspec

from producers.formats.decode import decode
from producers.formats.fields import Figure, Id, figure, joined, named, revision_at, with_link
from producers.parsed import Control, Draft, Parsed, Unreadable, Withdrawal

PLATFORM = "reddit"

_GONE = frozenset({
    "[deleted]", "[removed]", "[deleted by user]", "[removed by reddit]",
    "[ removed by reddit ]", "[ removed by moderator ]",
})  # fmt: skip
"""What stands in the place of words that are gone, in small letters."""
_NOBODY = "[deleted]"


class _Meta(msgspec.Struct, gc=False):
    retrieved_2nd_on: Id = None
    was_deleted_later: bool | None = None
    was_initially_deleted: bool | None = None
    removal_type: str | None = None


class Thing(msgspec.Struct, gc=False):
    """A comment or a submission: what we take of either."""

    id: Id = None
    name: str | None = None
    author: str | None = None
    created_utc: str | int | float | None = None
    body: str | None = None
    title: str | None = None
    selftext: str | None = None
    parent_id: Id = None
    link_id: Id = None
    url: str | None = None
    is_self: bool | None = None
    crosspost_parent: str | None = None
    removed_by_category: str | None = None
    edited: bool | str | int | float | None = None
    retrieved_on: str | int | float | None = None
    retrieved_utc: str | int | float | None = None
    score: Figure = None
    num_comments: Figure = None
    num_crossposts: Figure = None
    meta: _Meta | None = msgspec.field(default=None, name="_meta")


class _Listed(msgspec.Struct, gc=False):
    kind: str = ""
    data: Thing | None = None


_THING = msgspec.json.Decoder(Thing)
_LISTED = msgspec.json.Decoder(_Listed)


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is a comment or a submission, by itself or as the API lists it."""
    if record.get("kind") in ("t1", "t3") and isinstance(record.get("data"), Mapping):
        return True
    if "body" in record:
        return "link_id" in record and "parent_id" in record
    is_submission = "title" in record and "num_comments" in record
    return is_submission and not {"subreddit", "subreddit_id"}.isdisjoint(record)


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read one comment or submission."""
    thing = decode(_THING, raw)
    if isinstance(thing, Unreadable):
        return (thing,)
    if thing.body is not None or thing.title is not None or b'"data"' not in raw:
        return (read(thing),)
    listed = decode(_LISTED, raw)
    if isinstance(listed, Unreadable):
        return (listed,)
    return (read(listed.data) if listed.data else Control("listing"),)


def read(thing: Thing) -> Parsed:
    """Make a draft or a deletion of a comment or a submission."""
    bare_id = named(thing.id) or ""
    if thing.body is None and thing.title is None:
        return Unreadable("not-a-post", "wanted `body` or `title`, found neither")
    is_comment = thing.body is not None
    full_id = thing.name or (f"t1_{bare_id}" if is_comment else f"t3_{bare_id}") if bare_id else ""
    if _is_gone(thing):
        if not full_id:
            return Unreadable("not-a-post", "wanted the `id` of what was removed, found none")
        return Withdrawal(platform=PLATFORM, post_id=full_id, at=_retrieved(thing))
    return Draft(
        platform=PLATFORM,
        text=_text(thing),
        created_at=thing.created_utc,
        post_id=full_id,
        author="" if thing.author in (None, _NOBODY) else thing.author or "",
        revision=_revision(thing.edited),
        url=_address(thing, bare_id),
        reply_to=named(thing.parent_id) if is_comment else None,
        quote_of=thing.crosspost_parent,
        likes=figure(thing.score),
        reposts=figure(thing.num_crossposts),
        replies=figure(thing.num_comments),
    )


def _is_gone(thing: Thing) -> bool:
    if any(map(_stands_for_nothing, (thing.body, thing.selftext, thing.title))):
        return True
    later = thing.meta
    if later is None:
        return bool(thing.removed_by_category)
    # What was gone at first and has its words at the second look was let in by a moderator.
    is_back = later.was_initially_deleted and bool(thing.body or thing.selftext)
    return bool(later.was_deleted_later or (thing.removed_by_category and not is_back))


def _stands_for_nothing(words: str | None) -> bool:
    return words is not None and words[:1] == "[" and words.strip().lower() in _GONE


def _retrieved(thing: Thing) -> str | int | float | None:
    """Return when it was seen to be gone."""
    again = thing.meta.retrieved_2nd_on if thing.meta else None
    return again or thing.retrieved_on or thing.retrieved_utc or thing.created_utc


def _text(thing: Thing) -> str:
    if thing.body is not None:
        return _plain(thing.body)
    text = joined(_plain(thing.title or ""), _plain(thing.selftext or ""))
    is_link = not thing.is_self and thing.url and not thing.url.startswith("/")
    return with_link(text, thing.url) if is_link else text


def _plain(text: str) -> str:
    return unescape(text) if "&" in text else text


def _revision(edited: bool | str | int | float | None) -> int:
    """Return the second of the edit; old dumps only say that there was one."""
    if edited is None or edited is False or edited in ("False", "false", "", 0):
        return 0
    return 1 if edited is True else revision_at(edited)


def _address(thing: Thing, bare_id: str) -> str | None:
    """Return an address without names: `permalink` may name the author."""
    if not bare_id:
        return None
    if thing.body is None:
        return f"https://www.reddit.com/comments/{bare_id}"
    submission = (named(thing.link_id) or "").removeprefix("t3_")
    return f"https://www.reddit.com/comments/{submission}/_/{bare_id}" if submission else None
