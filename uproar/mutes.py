"""Stretches of time in which an alert is not delivered, as people write them. Pure.

A mute is days, times of day, or both: `sat-sun`, `22:00-06:00`, `mon-fri 12:00-13:00`; or a stretch
of dates: `2026-12-24/2026-12-26`. All in UTC. Times that run past midnight belong to the day on
which they begin.
"""

import re
from datetime import datetime, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "(?:" + "|".join(DAYS) + ")"
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_DATE = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_DAYS_PART = rf"{_DAY}(?:-{_DAY})?"
_TIMES_PART = rf"{_TIME}-{_TIME}"

MUTE = rf"^(?:{_DAYS_PART}|{_TIMES_PART}|{_DAYS_PART} {_TIMES_PART}|{_DATE}/{_DATE})\Z"
"""What a mute may look like."""


def covers(mute: str, at: datetime) -> bool:
    """Tell whether a mute covers a moment. Raises ValueError where it is none.

    >>> from datetime import UTC
    >>> covers("sat-sun", datetime(2026, 11, 28, 9, tzinfo=UTC))
    True
    >>> covers("fri 22:00-06:00", datetime(2026, 11, 28, 5, 59, tzinfo=UTC))
    True
    >>> covers("2026-12-24/2026-12-26", datetime(2026, 12, 27, tzinfo=UTC))
    False
    """
    if not re.match(MUTE, mute):
        raise ValueError(f"no such mute: `{mute}`")
    if "/" in mute:
        first, last = mute.split("/")
        return first <= at.date().isoformat() <= last
    days, _, times = mute.partition(" ") if mute[0].isalpha() else ("", "", mute)
    began = at
    if times:
        start, end = times.split("-")
        now = at.strftime("%H:%M")
        if start < end:
            inside = start <= now < end
        else:  # past midnight, or the whole day round
            inside = now >= start or now < end
            if now < end:
                began = at - timedelta(days=1)
        if not inside:
            return False
    return not days or _is_among(days, began.weekday())


def _is_among(days: str, weekday: int) -> bool:
    first, _, last = days.partition("-")
    start = DAYS.index(first)
    end = DAYS.index(last or first)
    return start <= weekday <= end if start <= end else weekday >= start or weekday <= end
