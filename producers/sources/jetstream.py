"""Where a frame of Jetstream stands in its stream, and cursors made of that. Pure."""

from datetime import UTC, datetime

import msgspec


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the streams of all relays, and the number that one of them gave it.

    >>> at = datetime(2026, 7, 4, tzinfo=UTC)
    >>> read_cursor(str(Cursor(at=at, number=7, relay="wss://a.example"))).number
    7
    """

    at: datetime
    number: int | None = None
    relay: str = ""

    def __str__(self) -> str:
        """Write it as text."""
        number = "" if self.number is None else self.number
        return f"{number}@{self.at.isoformat()}@{self.relay}"


def read_cursor(text: str | None) -> Cursor | None:
    """Read a cursor as text; None where it is none of ours."""
    try:
        number, at, relay = (text or "").split("@", 2)
        return Cursor(at=_aware(at), number=int(number) if number else None, relay=relay)
    except ValueError:
        return None


class Place(msgspec.Struct, frozen=True, gc=False):
    """When the relay saw an event, where it tells; and what it says of the connection."""

    at: datetime | None = None
    number: int | None = None
    is_outdated: bool = False
    """It says that it no longer had what was asked for."""
    error: str = ""


class _Event(msgspec.Struct, gc=False):
    """An event of v1, or of v2 in its envelope or without."""

    type: str = msgspec.field(default="", name="$type")
    time_us: int | None = None
    seq: int | None = None
    time: str | None = None
    name: str | None = None
    error: str | None = None
    payload: "_Event | None" = None


_EVENT = msgspec.json.Decoder(_Event)
_NOWHERE = Place()


def read_place(raw: bytes) -> Place:
    """Return where an event stands; what is no event of Jetstream stands nowhere. Total."""
    try:
        event = _EVENT.decode(raw)
        if event.time_us is not None:
            return Place(datetime.fromtimestamp(event.time_us / 1_000_000, UTC))
        if event.type == "error":
            return Place(error=(event.error or "an error")[:100])
        event = event.payload or event
        is_outdated = event.name == "OutdatedCursor"
        if event.seq is None or event.time is None:
            return Place(is_outdated=True) if is_outdated else _NOWHERE
        return Place(_aware(event.time), event.seq, is_outdated)
    except (msgspec.MsgspecError, ValueError, OverflowError, OSError, RecursionError):
        return _NOWHERE


def _aware(time: str) -> datetime:
    at = datetime.fromisoformat(time)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
