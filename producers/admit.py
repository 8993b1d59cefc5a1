"""Which drafts are fit to be sent, and what becomes of them: pure.

Every format is held to these rules. A text may be empty: such a post is well formed, mentions
nothing and is counted as filtered. A record without any text field is no post we can use.
"""

import hashlib
from datetime import datetime

from producers.parsed import Draft, Unreadable
from producers.times import read_time
from uproar.pseudonym import Pseudonyms
from uproar.records import Counts, Post

TEXT_LIMIT_CHARACTERS = 100_000
FIELD_LIMIT_CHARACTERS = 4_096
PLATFORM_LIMIT_CHARACTERS = 64
_LANG_LIMIT_CHARACTERS = 35  # of a language tag, RFC 5646 section 4.4.1
_COUNT_LIMIT = 2**32 - 1  # columns and versions are unsigned
_NO_COUNTS = Counts()


def admit(draft: Draft, received_at: datetime) -> datetime | Unreadable:
    """Return the time of creation of a draft that is fit to be sent, or why it is not.

    Where its author claims none that can be, that of its observation stands for it.
    """
    if draft.text is None:
        return Unreadable("no-text", "wanted a text, found none")
    if len(draft.text) > TEXT_LIMIT_CHARACTERS:
        found = f"wanted at most {TEXT_LIMIT_CHARACTERS:,} characters, found {len(draft.text):,}"
        return Unreadable("text-too-long", found)
    if fault := _overlong(draft):
        return fault
    created_at = read_time(draft.created_at, received_at)
    if not isinstance(created_at, Unreadable) or draft.observed_at is None:
        return created_at
    observed_at = read_time(draft.observed_at, received_at)
    return created_at if isinstance(observed_at, Unreadable) else observed_at


def observed(draft: Draft, created_at: datetime, received_at: datetime) -> datetime:
    """Return when a draft was first seen: by the platform's word, else when it was created."""
    if draft.observed_at is None:
        return created_at
    observed_at = read_time(draft.observed_at, received_at)
    return created_at if isinstance(observed_at, Unreadable) else observed_at


def to_post(
    draft: Draft, run: str, created_at: datetime, received_at: datetime, names: Pseudonyms
) -> Post:
    """Make a post of an admitted draft that has an id. The author becomes a pseudonym here."""
    return Post(
        run=run,
        platform=draft.platform,
        post_id=draft.post_id,
        author=names.name(draft.platform, draft.author),
        text=draft.text or "",
        created_at=created_at,
        observed_at=observed(draft, created_at, received_at),
        received_at=received_at,
        revision=clamp(draft.revision),
        lang=draft.lang if draft.lang and len(draft.lang) <= _LANG_LIMIT_CHARACTERS else None,
        url=draft.url,
        reply_to=draft.reply_to,
        repost_of=draft.repost_of,
        quote_of=draft.quote_of,
        counts=_counts(draft),
    )


def derive_id(draft: Draft, source: str, place: tuple[int, int]) -> str:
    """Return an id for a post that has none: the same whenever the same file is read again.

    32 hexadecimal digits of BLAKE2b over file name, place in it, author, time as written, and
    text. The place tells people apart who write the same words, without names, in one second.
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in (source, str(place), draft.author, str(draft.created_at), draft.text or ""):
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def clamp(count: int) -> int:
    """Fit a figure into what the tables hold.

    >>> clamp(-1), clamp(7), clamp(2**40)
    (0, 7, 4294967295)
    """
    return min(max(count, 0), _COUNT_LIMIT)


def _counts(draft: Draft) -> Counts:
    if not (draft.likes or draft.reposts or draft.replies or draft.quotes):
        return _NO_COUNTS
    return Counts(
        likes=clamp(draft.likes),
        reposts=clamp(draft.reposts),
        replies=clamp(draft.replies),
        quotes=clamp(draft.quotes),
    )


def _overlong(draft: Draft) -> Unreadable | None:
    if len(draft.platform) > PLATFORM_LIMIT_CHARACTERS:
        return _too_long("platform", draft.platform, PLATFORM_LIMIT_CHARACTERS)
    limit = FIELD_LIMIT_CHARACTERS
    if (
        len(draft.post_id) <= limit
        and len(draft.author) <= limit
        and (draft.url is None or len(draft.url) <= limit)
        and (draft.reply_to is None or len(draft.reply_to) <= limit)
        and (draft.repost_of is None or len(draft.repost_of) <= limit)
        and (draft.quote_of is None or len(draft.quote_of) <= limit)
    ):
        return None  # nearly every post, and looking up attributes by name takes far longer
    for field in ("post_id", "author", "url", "reply_to", "repost_of", "quote_of"):
        value = getattr(draft, field)
        if value and len(value) > FIELD_LIMIT_CHARACTERS:
            return _too_long(field, value, FIELD_LIMIT_CHARACTERS)
    return None


def _too_long(field: str, value: str, limit: int) -> Unreadable:
    found = f"wanted at most {limit:,} characters in `{field}`, found {len(value):,}"
    return Unreadable("field-too-long", found)
