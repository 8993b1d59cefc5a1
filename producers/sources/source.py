"""What a live source is: it opens a platform's wire, and says what a frame of it holds.

A source decides nothing about what is kept, and knows neither Kafka nor tables; `producers.live`
drives it, `producers.wire` opens it again when it breaks off.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from producers.parsed import Parsed
from uproar.config import Entity


class Arrived(msgspec.Struct, frozen=True):
    """One frame as the platform sent it.

    `cursor` is where the platform may be asked to go on behind it; None where it has no such
    thing, or the frame is none to go on from. `at` is the relay's or platform's time of it, if
    it tells: everything older has then been sent, as far as the platform keeps order. With
    `is_old` it passed while nobody looked: it belongs to the minute it was written in, not to now.
    """

    raw: bytes
    cursor: str | None = None
    at: datetime | None = None
    is_old: bool = False


class Quiet(msgspec.Struct, frozen=True):
    """A sign of life without a post: nothing was left out until `at`, or now where it is None.

    `troubles` says which of several feeds, channels or the like cannot be read, and why, while the
    others can; None where it says nothing of that.
    """

    at: datetime | None = None
    cursor: str | None = None
    troubles: tuple[str, ...] | None = None


class Gap(msgspec.Struct, frozen=True):
    """A stretch that the platform has left out, in silence or not: from `since` until `until`.

    `since` is None where nobody can tell.
    """

    since: datetime | None
    until: datetime
    why: str


Frame = Arrived | Quiet | Gap
Frames = AsyncGenerator[Frame, None]


class Lost(Exception):
    """The wire broke, or the platform asks to wait: open it again after a while.

    `wait_seconds` is how long the platform wants us to wait, at least; 0 where it does not say.
    """

    def __init__(self, why: str, wait_seconds: float = 0.0) -> None:
        super().__init__(why)
        self.wait_seconds = wait_seconds


class Refused(Exception):
    """The platform will not have us, and asking again would not help: a token, a rule, an address.

    `hint` says what a person can do. `status` is that of HTTP; 0 where it came otherwise.
    """

    def __init__(self, why: str, hint: str, status: int = 0) -> None:
        super().__init__(why)
        self.hint = hint
        self.status = status


class Source(Protocol):
    """One platform, or one part of it."""

    name: str
    """Names the producer within the run and its cursor: `bluesky`, `mastodon:example.social`."""

    def frames(self, after: str | None) -> Frames:
        """Open the wire behind a cursor, or now, and yield what comes until it breaks.

        Raises Lost when it may be opened again, Refused when that makes no sense. An end without
        either counts as Lost.
        """
        ...

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what a frame holds. Pure, and total: it raises nothing."""
        ...


@runtime_checkable
class Following(Protocol):
    """A source whose platform filters for us, and must be told of other entities."""

    def follow(self, entities: Sequence[Entity]) -> None:
        """Go by other entities from now on. Returns at once."""
        ...


@runtime_checkable
class Rewinding(Protocol):
    """A source that opens a little before its cursor, so that the frame there comes again."""

    rewinds: bool
