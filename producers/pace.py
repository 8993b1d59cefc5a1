"""How fast a replay goes, and which part of the past it shows: pure, clocks are passed in."""

import re
from datetime import UTC, datetime, timedelta

from uproar.errors import InputError

_SPEED = re.compile(r"(?P<factor>\d{1,6}(\.\d{1,3})?)x?")


def parse_speed(text: str) -> float | None:
    """Return the seconds of the past that go by in one of ours; None for no waiting at all.

    >>> parse_speed("60x"), parse_speed("max")
    (60.0, None)
    """
    if text.strip().lower() == "max":
        return None
    found = _SPEED.fullmatch(text.strip().lower())
    if found is None or float(found["factor"]) == 0:
        raise InputError(
            f"`--speed`: wanted a factor such as `60x`, or `max`, found `{text}`",
            hint="60x shows an hour in a minute; max sends as fast as it can be read",
        )
    return float(found["factor"])


def parse_bound(text: str, option: str) -> datetime:
    """Read the value of `--from` or `--to`: an RFC 3339 date or time, UTC where it has no zone.

    >>> parse_bound("2021-01-18", "--from").isoformat()
    '2021-01-18T00:00:00+00:00'
    """
    try:
        time = datetime.fromisoformat(text.strip())
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"`{option}`: wanted a date or time as in RFC 3339, found `{text}`",
            hint="for example 2021-01-18 or 2021-01-18T09:30:00Z",
        ) from error


def check_bounds(start: datetime | None, end: datetime | None) -> None:
    """Raise InputError where nothing can lie from `start` until before `end`."""
    if start is not None and end is not None and start >= end:
        raise InputError(
            f"wanted `--from` before `--to`, found {start.isoformat()} and {end.isoformat()}"
        )


class Pace:
    """Ties the past to a clock that only goes forward, from the first time it is asked about.

    `clock` is in seconds from any fixed point. With a speed of None nothing ever waits.
    """

    def __init__(self, speed: float | None) -> None:
        self._speed = speed
        self._origin: tuple[datetime, float] | None = None

    def wait_seconds(self, time: datetime, clock: float) -> float:
        """Return how long to wait until `time` is due; 0 where it is, or is past."""
        if self._speed is None:
            return 0.0
        if self._origin is None:
            self._origin = (time, clock)
        began_at, began_clock = self._origin
        due = began_clock + (time - began_at).total_seconds() / self._speed
        return max(0.0, due - clock)

    def shift(self, seconds: float) -> None:
        """Let the past stand still for a while that has gone by: nothing is caught up with."""
        if self._origin is not None:
            began_at, began_clock = self._origin
            self._origin = (began_at, began_clock + seconds)

    def reached(self, clock: float) -> datetime | None:
        """Return the moment of the past that is due now; None before the first or without pace."""
        if self._speed is None or self._origin is None:
            return None
        began_at, began_clock = self._origin
        return began_at + timedelta(seconds=(clock - began_clock) * self._speed)
