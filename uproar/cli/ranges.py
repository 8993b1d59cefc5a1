"""Moments on the command line: RFC 3339, or how long ago."""

import re
from datetime import UTC, datetime, timedelta

from uproar.errors import InputError

_AGO = re.compile(r"(\d{1,5})(m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def parse_moment(text: str | None, option: str) -> datetime | None:
    """Read a moment; UTC where it has no zone. Raises InputError; None gives None.

    >>> parse_moment("2021-01-18T09:30:00+01:00", "--since")
    datetime.datetime(2021, 1, 18, 8, 30, tzinfo=datetime.timezone.utc)
    """
    if text is None:
        return None
    if ago := _AGO.fullmatch(text.strip()):
        found = datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    else:
        try:
            found = datetime.fromisoformat(text.strip())
        except ValueError as error:
            raise _unreadable(text, option) from error
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if not EARLIEST <= found <= LATEST:
        raise _unreadable(text, option)
    return found


def _unreadable(text: str, option: str) -> InputError:
    return InputError(
        f"`{option}`: wanted a time between 1990 and 2100, or how long ago, found `{text[:60]}`",
        hint=f"for example: {option} 2021-01-18T09:30:00Z, or {option} 24h",
    )
