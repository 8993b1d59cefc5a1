"""uproar JSON Lines: our own format, documented in docs/formats.md. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from producers.columns import UNKNOWN_PLATFORM
from producers.formats.decode import decode
from producers.parsed import AccountWithdrawal, Draft, Parsed, Unreadable, Withdrawal


class _Line(msgspec.Struct, gc=False):
    text: str | None = None
    id: str | int | None = None
    created_at: str | int | float | None = None
    observed_at: str | int | float | None = None
    author: str | int | None = None
    lang: str | None = None
    platform: str | None = None
    url: str | None = None
    reply_to: str | int | None = None
    repost_of: str | int | None = None
    quote_of: str | int | None = None
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    revision: int | None = None
    deleted: bool = False
    deleted_account: bool = False


_DECODER = msgspec.json.Decoder(_Line)


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record has our keys for a post, its deletion, or that of an account.

    >>> recognises({"text": "Hello", "created_at": 1610962200})
    True
    """
    return ("created_at" in record and "text" in record) or (
        record.get("deleted") is True or record.get("deleted_account") is True
    )


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read one line: a post, its deletion, or that of its author's account."""
    line = decode(_DECODER, raw)
    if isinstance(line, Unreadable):
        return (line,)
    platform = line.platform or UNKNOWN_PLATFORM
    if line.deleted_account:
        author = _named(line.author) or ""
        return (AccountWithdrawal(platform=platform, author=author, at=line.created_at),)
    if line.deleted:
        if not line.id:
            found = "wanted the `id` of the post that was deleted, found none"
            return (Unreadable("not-a-post", found),)
        return (Withdrawal(platform=platform, post_id=str(line.id), at=line.created_at),)
    return (
        Draft(
            platform=platform,
            text=line.text,
            created_at=line.created_at,
            observed_at=line.observed_at,
            post_id=_named(line.id) or "",
            author=_named(line.author) or "",
            revision=line.revision or 0,
            lang=line.lang,
            url=line.url,
            reply_to=_named(line.reply_to),
            repost_of=_named(line.repost_of),
            quote_of=_named(line.quote_of),
            likes=line.likes or 0,
            reposts=line.reposts or 0,
            replies=line.replies or 0,
            quotes=line.quotes or 0,
        ),
    )


def _named(value: str | int | None) -> str | None:
    return None if value is None or value == "" else str(value)
