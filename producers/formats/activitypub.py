"""`outbox.json` of a Mastodon account's archive: its activities in ActivityPub. Pure.

Only what was addressed to the public is read. Ids of Mastodon are the numbers at the end of their
addresses, so that they are those of its API.
"""

import re
from collections.abc import Mapping, Sequence

import msgspec

from producers.formats.decode import decode
from producers.formats.fields import (
    address_without_name,
    figure,
    host_of,
    joined,
    named,
    revision_at,
)
from producers.formats.markup import html_to_text
from producers.formats.mastodon import PLATFORM
from producers.parsed import Control, Draft, Parsed, Unreadable, Withdrawal

_PUBLIC = frozenset({
    "https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public",
})  # fmt: skip
_NUMBER = re.compile(r"https?://[^/\s]+/(?:ap/)?users/[^/\s]+/statuses/(\d+)(?:/activity)?")
_WRITING = frozenset({"Note", "Question", "Article", "Page", "Event", "Video"})

_Audience = list[str] | str | None


class _Collection(msgspec.Struct, gc=False, rename="camel"):
    total_items: int = 0


class _Option(msgspec.Struct, gc=False):
    name: str | None = None


class _Object(msgspec.Struct, gc=False, rename="camel"):
    id: str | None = None
    type: str = ""
    content: str | None = None
    content_map: dict[str, str] | None = None
    name: str | None = None
    summary: str | None = None
    published: str | None = None
    updated: str | None = None
    in_reply_to: str | None = None
    quote: str | None = None
    quote_url: str | None = None
    attributed_to: str | list[str] | None = None
    to: _Audience = None
    cc: _Audience = None
    one_of: list[_Option] | None = None
    any_of: list[_Option] | None = None
    likes: _Collection | str | None = None
    shares: _Collection | str | None = None


class _Activity(msgspec.Struct, gc=False):
    id: str | None = None
    type: str = ""
    actor: str | None = None
    published: str | None = None
    to: _Audience = None
    cc: _Audience = None
    object: _Object | str | None = None


_ACTIVITY = msgspec.json.Decoder(_Activity)
_KINDS = frozenset({"Create", "Announce", "Update", "Delete", "Undo", "Like", "Add", "Remove"})


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is an activity."""
    kind = record.get("type")
    return isinstance(kind, str) and kind in _KINDS and "actor" in record and "object" in record


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read one activity: a post, its edit or deletion; a repost if the archive has its text."""
    activity = decode(_ACTIVITY, raw)
    if isinstance(activity, Unreadable):
        return (activity,)
    it = activity.object
    if it is None:
        return (Unreadable("not-a-post", "wanted an activity with `object`, found none"),)
    if activity.type in ("Delete", "Undo"):
        gone = it if isinstance(it, str) else it.id
        if not gone or (isinstance(it, _Object) and activity.type == "Undo"):
            return (Control(activity.type.lower()),)
        withdrawn = Withdrawal(platform=PLATFORM, post_id=_short(gone), at=activity.published)
        return (withdrawn,)
    if isinstance(it, str) or activity.type not in ("Create", "Update", "Announce"):
        return (Control(activity.type.lower()[:100] or "activity"),)
    return (_read(activity, it),)


def _read(activity: _Activity, it: _Object) -> Parsed:
    if it.type not in _WRITING or it.id is None:
        return Control(it.type.lower()[:100] or "activity")
    if not _is_public(activity.to, activity.cc, it.to, it.cc):
        return Control("not-public")
    is_repost = activity.type == "Announce"
    own_id = (activity.id if is_repost else None) or it.id
    is_edited = it.updated is not None and it.updated != it.published
    return Draft(
        platform=PLATFORM,
        text=_text(it),
        created_at=(activity.published if is_repost else it.published) or activity.published,
        post_id=_short(own_id),
        author=_author(activity.actor),
        revision=revision_at(it.updated) if is_edited else 0,
        lang=next(iter(it.content_map)) if it.content_map and len(it.content_map) == 1 else None,
        url=address_without_name(it.id),
        reply_to=_short(it.in_reply_to) if it.in_reply_to else None,
        repost_of=_short(it.id) if is_repost else None,
        quote_of=_short(it.quote or it.quote_url or "") or None,
        likes=0 if is_repost else _total(it.likes),
        reposts=0 if is_repost else _total(it.shares),
    )


def _text(it: _Object) -> str | None:
    content = it.content
    if content is None and it.content_map:
        content = next(iter(it.content_map.values()))
    if content is None:
        return None
    options = "\n".join(option.name for option in it.one_of or it.any_of or () if option.name)
    return joined(it.name, it.summary, html_to_text(content), options)


def _is_public(*audiences: _Audience) -> bool:
    return any(
        not _PUBLIC.isdisjoint([audience] if isinstance(audience, str) else audience)
        for audience in audiences
        if audience
    )


def _author(actor: str | None) -> str:
    """Write the actor as Mastodon's API has it: name and host."""
    if not actor:
        return ""
    name = actor.rstrip("/").rpartition("/")[2].removeprefix("@")
    return f"{name}@{host_of(actor)}" if name and host_of(actor) else actor


def _short(address: str) -> str:
    found = _NUMBER.fullmatch(address)
    return found[1] if found else named(address) or ""


def _total(counted: _Collection | str | None) -> int:
    return figure(counted.total_items) if isinstance(counted, _Collection) else 0
