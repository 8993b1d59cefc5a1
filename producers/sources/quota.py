"""A platform's quota of units a day. Pure: the time is passed in."""

from datetime import UTC, datetime, timedelta, timezone

CALIFORNIA = timezone(timedelta(hours=-8))
"""Google's day begins at midnight there; in summer an hour earlier, so that we wait a little."""


class Quota:
    """The units of a day.

    >>> quota, noon = Quota(10), datetime(2026, 1, 5, 12, tzinfo=UTC)
    >>> quota.spend(8, noon), quota.spend(8, noon), quota.spend(8, noon + timedelta(hours=20))
    (0.0, 72000.0, 0.0)
    """

    def __init__(self, units: int) -> None:
        self.units = units
        self._used = 0
        self._day = datetime.min.replace(tzinfo=UTC).date()

    def spend(self, units: int, now: datetime) -> float:
        """Take units; where there are not enough left, return how many seconds to wait instead."""
        day = now.astimezone(CALIFORNIA).date()
        if day != self._day:
            self._day, self._used = day, 0
        if self._used + units > self.units:
            return self.until_next(now)
        self._used += units
        return 0.0

    def until_next(self, now: datetime) -> float:
        """Return the seconds until the next day begins."""
        there = now.astimezone(CALIFORNIA)
        midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight - there).total_seconds()
