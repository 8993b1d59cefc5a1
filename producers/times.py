"""Times as inputs write them -> aware times in UTC: pure and total."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from producers.parsed import ClaimedTime, Unreadable

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No public post that we read is older: an earlier time is a mistake, such as 1970."""
LATEST_AHEAD = timedelta(days=2)
"""How far ahead of our clock another's may be: a day for zones, a day for the clock."""

_EPOCH_SECONDS = re.compile(r"[+-]?\d+(\.\d+)?")
_ZONE_WORD = re.compile(r"\s*(?:UTC|GMT|z)$")
_TWITTER = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<month>[A-Z][a-z]{2}) (?P<day>\d\d) "
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) "
    r"(?P<sign>[+-])(?P<zone_hours>\d\d)(?P<zone_minutes>\d\d) (?P<year>\d{4})"
)
_TWITTER_CHARACTERS = 30
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}


def read_time(claimed: ClaimedTime, received_at: datetime) -> datetime | Unreadable:
    """Return the time in UTC, or why there is none: `no-time`, `bad-time`, `time-out-of-range`.

    Reads ISO 8601 as RFC 3339 has it (and with a space before the zone), epoch seconds as a
    number or digits, and Twitter's v1.1 form. A time without a zone is taken as UTC. Usable is
    1990 until two days after `received_at`.

    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> read_time("2015-02-16 23:36:05 -0800", now).isoformat()
    '2015-02-17T07:36:05+00:00'
    >>> read_time(1610962200, now).isoformat()
    '2021-01-18T09:30:00+00:00'
    >>> read_time("9999-12-31T23:59:59-05:00", now).reason
    'time-out-of-range'
    """
    if claimed is None or claimed == "":
        return Unreadable("no-time", "wanted a time of creation, found none")
    try:
        time = _from_text(claimed) if isinstance(claimed, str) else _from_epoch(claimed)
        if time.tzinfo is None:
            time = time.replace(tzinfo=UTC)
        elif time.tzinfo is not UTC:
            time = time.astimezone(UTC)
    except (OverflowError, OSError):
        return _out_of_range(claimed)
    except ValueError:
        return Unreadable(
            "bad-time", f"wanted RFC 3339 or epoch seconds, found `{str(claimed)[:80]}`"
        )
    if EARLIEST <= time <= received_at + LATEST_AHEAD:
        return time
    return _out_of_range(claimed)


def _from_text(text: str) -> datetime:
    if text[0].isdigit() and not text.isdigit():
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    text = text.strip()
    if len(text) == _TWITTER_CHARACTERS and (time := _from_twitter(text)):
        return time
    if _EPOCH_SECONDS.fullmatch(text):
        return _from_epoch(float(text))
    return datetime.fromisoformat(_ZONE_WORD.sub("+00:00", text))


@lru_cache(maxsize=256)  # many tweets are of the same second
def _from_twitter(text: str) -> datetime | None:
    found = _TWITTER.fullmatch(text)
    if found is None:
        return None
    offset = timedelta(hours=int(found["zone_hours"]), minutes=int(found["zone_minutes"]))
    month = _MONTHS.get(found["month"], 0)  # 0 is refused by datetime
    return datetime(
        int(found["year"]),
        month,
        int(found["day"]),
        int(found["hour"]),
        int(found["minute"]),
        int(found["second"]),
        tzinfo=timezone(offset if found["sign"] == "+" else -offset),
    )


def _from_epoch(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except ValueError as error:  # a year that no calendar has, or not a number
        raise OverflowError from error


def _out_of_range(claimed: ClaimedTime) -> Unreadable:
    hint = ""
    if isinstance(claimed, int | float) or (claimed and claimed.isdigit()):
        hint = "; epoch times are read as seconds, not milliseconds"
    return Unreadable(
        "time-out-of-range",
        f"wanted a time from 1990 until two days from now, found `{str(claimed)[:80]}`{hint}",
    )
