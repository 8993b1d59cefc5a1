"""YouTube's comments: threads, replies and pages of them, as its Data API answers. Pure."""

from collections.abc import Mapping, Sequence
from html import unescape

import msgspec

from producers.formats.decode import decode
from producers.formats.fields import Figure, figure, revision_at
from producers.formats.markup import html_to_text
from producers.parsed import Control, Draft, Parsed, Unreadable

PLATFORM = "youtube"

_KIND = "youtube#"


class _Channel(msgspec.Struct, gc=False):
    value: str | None = None


class _Snippet(msgspec.Struct, gc=False, rename="camel"):
    video_id: str | None = None
    text_original: str | None = None
    text_display: str | None = None
    author_display_name: str | None = None
    author_channel_id: _Channel | None = None
    parent_id: str | None = None
    like_count: Figure = None
    published_at: str | None = None
    updated_at: str | None = None
    moderation_status: str | None = None
    top_level_comment: "_Comment | None" = None
    total_reply_count: Figure = None
    is_public: bool = True


class _Replies(msgspec.Struct, gc=False):
    comments: list[msgspec.Raw] | None = None


class _Comment(msgspec.Struct, gc=False):
    kind: str = ""
    id: str | None = None
    snippet: _Snippet | None = None
    replies: _Replies | None = None
    items: list[msgspec.Raw] | None = None


_COMMENT = msgspec.json.Decoder(_Comment)


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is a comment, a thread, or a page of either."""
    kind = record.get("kind")
    return isinstance(kind, str) and kind.startswith(f"{_KIND}comment")


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read a thread (its first comment, then the replies in it), a comment, or a page."""
    found = decode(_COMMENT, raw)
    if isinstance(found, Unreadable):
        return (found,)
    if found.items is not None:
        values = (value for item in found.items for value in _one(bytes(item)))
        return tuple(values) or (Control("empty-page"),)
    return _read(found)


def _one(raw: bytes) -> Sequence[Parsed]:
    found = decode(_COMMENT, raw)
    if isinstance(found, Unreadable):
        return (Unreadable(found.reason, found.detail, payload=raw),)
    return _read(found)


def _read(found: _Comment) -> Sequence[Parsed]:
    snippet = found.snippet
    if not found.kind.startswith(_KIND) or snippet is None:
        return (Unreadable("not-a-post", "wanted a comment of YouTube, found none"),)
    top = snippet.top_level_comment
    if top is None:
        return (_read_comment(found, snippet.video_id, 0),)
    if not snippet.is_public:
        return (Control("not-public"),)
    first = _read_comment(top, snippet.video_id, figure(snippet.total_reply_count))
    replies = (found.replies.comments or ()) if found.replies else ()
    return (first, *(_read_reply(bytes(reply), snippet.video_id) for reply in replies))


def _read_reply(raw: bytes, video_id: str | None) -> Parsed:
    reply = decode(_COMMENT, raw)
    if isinstance(reply, Unreadable):
        return Unreadable(reply.reason, reply.detail, payload=raw)
    return _read_comment(reply, video_id, 0)


def _read_comment(comment: _Comment, video_id: str | None, replies: int) -> Parsed:
    snippet = comment.snippet
    if snippet is None or not comment.id:
        return Unreadable("not-a-post", "wanted a comment with `id` and `snippet`, found none")
    if snippet.moderation_status in ("heldForReview", "rejected", "likelySpam"):
        return Control("not-public")
    video_id = snippet.video_id or video_id
    channel = snippet.author_channel_id
    is_edited = snippet.updated_at is not None and snippet.updated_at != snippet.published_at
    return Draft(
        platform=PLATFORM,
        text=_text(snippet),
        created_at=snippet.published_at,
        post_id=comment.id,
        author=(channel.value if channel else None) or snippet.author_display_name or "",
        revision=revision_at(snippet.updated_at) if is_edited else 0,
        url=f"https://www.youtube.com/watch?v={video_id}&lc={comment.id}" if video_id else None,
        reply_to=snippet.parent_id,
        likes=figure(snippet.like_count),
        replies=replies,
    )


def _text(snippet: _Snippet) -> str | None:
    """Return the text as written; only its author gets that, others get HTML, or what looks so."""
    if snippet.text_original is not None:
        return unescape(snippet.text_original)
    if snippet.text_display is None or "<" not in snippet.text_display:
        return unescape(snippet.text_display) if snippet.text_display else snippet.text_display
    return html_to_text(snippet.text_display)
