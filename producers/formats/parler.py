"""Parler's posts, comments and profiles, as the dump of 2021 has them. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from producers.formats.decode import decode
from producers.formats.fields import Figure, Id, figure, named, spelled_time
from producers.parsed import Control, Draft, Parsed, Unreadable

PLATFORM = "parler"

_HINTS = frozenset({"bodywithurls", "createdAtformatted", "creator", "depthRaw"})


class _Link(msgspec.Struct, gc=False):
    short: str | None = None
    long: str | None = None


class _Post(msgspec.Struct, gc=False):
    id: Id = None
    creator: Id = None
    username: str | None = None
    body: str | None = None
    bodywithurls: str | None = None
    created_at: str | None = msgspec.field(default=None, name="createdAt")
    formatted_at: str | None = msgspec.field(default=None, name="createdAtformatted")
    datatype: str | None = None
    parent: Id = None
    urls: list[_Link] | None = None
    upvotes: Figure = None
    reposts: Figure = None
    comments: Figure = None
    joined: Id = None


_POST = msgspec.json.Decoder(_Post)


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is a post, a comment or a profile."""
    if "body" in record or "bodywithurls" in record:
        return sum(key in record for key in _HINTS) >= 2
    return "joined" in record and "user_followers" in record


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read a post or a comment; a profile is a control record.

    `parent` is what a comment answers; a post with one echoes it, with words of its own or none.
    """
    post = decode(_POST, raw)
    if isinstance(post, Unreadable):
        return (post,)
    text = post.bodywithurls or post.body
    if text is None:
        if post.joined is not None:
            return (Control("profile"),)
        return (Unreadable("not-a-post", "wanted `body` or a profile, found neither"),)
    post_id = named(post.id) or ""
    parent = named(post.parent)
    is_comment = post.datatype == "comments"
    return (
        Draft(
            platform=PLATFORM,
            text=_with_targets(text, post.urls),
            created_at=spelled_time(post.created_at) or post.formatted_at,
            post_id=post_id,
            author=named(post.creator) or post.username or "",
            url=f"https://parler.com/post/{post_id}" if post_id and not is_comment else None,
            reply_to=parent if is_comment else None,
            repost_of=parent if not is_comment and not text.strip() else None,
            quote_of=parent if not is_comment and text.strip() else None,
            likes=figure(post.upvotes),
            reposts=figure(post.reposts),
            replies=figure(post.comments),
        ),
    )


def _with_targets(text: str, links: Sequence[_Link] | None) -> str:
    for link in links or ():
        if link.short and link.long and link.long not in text:
            text = text.replace(link.short, link.long)
    return text
