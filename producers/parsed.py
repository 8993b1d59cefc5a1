"""What a reader of a format makes of one input record: plain values, nothing else.

A reader only says which field is which; `producers.admit` judges times and lengths, so that every
format is held to the same rules.
"""

from datetime import datetime

import msgspec

ClaimedTime = str | int | float | None
"""A time as an input writes it; `producers.times` reads it."""


class Draft(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A post as an input has it, not yet checked. `author` is the platform's own name or id.

    `observed_at` is when the platform or its relay saw it, where the input tells that, too.
    """

    platform: str
    text: str | None
    created_at: ClaimedTime
    observed_at: ClaimedTime = None
    post_id: str = ""
    author: str = ""
    revision: int = 0
    lang: str | None = None
    url: str | None = None
    reply_to: str | None = None
    repost_of: str | None = None
    quote_of: str | None = None
    likes: int = 0
    reposts: int = 0
    replies: int = 0
    quotes: int = 0


class Passed(msgspec.Struct, frozen=True, gc=False):
    """A post that was looked at ahead (`producers.ahead`) and goes no further.

    `at` is when it was seen, `characters` the length of its text.
    """

    at: datetime
    characters: int


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An input's word that a post was deleted; `at` is None where it does not say when."""

    platform: str
    post_id: str
    at: ClaimedTime = None


class AccountWithdrawal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An input's word that an author is gone, with all posts until then.

    `author` is the platform's own name or id, as in the posts; `at` is None where it does not say.
    """

    platform: str
    author: str
    at: ClaimedTime = None


class Control(msgspec.Struct, frozen=True, gc=False):
    """A record that is well formed and of use, but speaks of no post: a notice of a stream."""

    kind: str


class Unreadable(msgspec.Struct, frozen=True, gc=False):
    """A record that cannot be used. `reason` is countable; `detail` says wanted and found.

    `payload` is the part that is at fault, where that is not the whole record.
    """

    reason: str
    detail: str
    payload: bytes | None = None


Parsed = Draft | Withdrawal | AccountWithdrawal | Control | Unreadable


class Frame(msgspec.Struct, frozen=True, gc=False):
    """The bytes of one input record and where they stood.

    `position` is the number of its first line, from 1, and `part` its place in an array.
    `size_bytes` is its true size; `raw` is shorter than that only where `fault` says why.
    """

    position: int
    raw: bytes
    size_bytes: int
    part: int = 0
    fault: Unreadable | None = None


class Damage(msgspec.Struct, frozen=True, gc=False):
    """The point from which on an archive cannot be unpacked; the last thing in a stream."""

    reason: str
    detail: str


Chunk = bytes | Damage
"""A stretch of an unpacked file."""
