"""When the live run is late, that is told once: silence must mean calm. Pure."""

from datetime import datetime, timedelta

import msgspec

from dashboards.alerts.lane import Alert, alert_id
from dashboards.alerts.thresholds import Threshold

LATE_AFTER = timedelta(minutes=5)
"""So old a live watermark is late: producers send one every few seconds, also without posts."""
CURRENT_AGAIN = timedelta(minutes=1)
WATCHED_FOR = timedelta(minutes=2)
"""So long lateness is looked at first: whoever has just started is about to catch up."""

LATE = Threshold(
    entity="",
    signal="late",
    severity="critical",
    above=LATE_AFTER.total_seconds(),
    cooldown_seconds=0,
    most_per_hour=1000,
)
"""The threshold that stands in an alert about the run itself; its value is in seconds."""


class Lateness:
    """Watches the age of one run's watermark by the clock. `alert` is the one that lasts."""

    def __init__(self, run: str, alert: Alert | None = None) -> None:
        self._run = run
        self.alert = alert
        self._late_since: datetime | None = None

    def look(self, now: datetime, observed_before: datetime, *, is_finished: bool) -> Alert | None:
        """Return the alert where it begins or ends with this look."""
        behind = now - observed_before
        if is_finished or behind < CURRENT_AGAIN:
            self._late_since = None
            return self._ended(now)
        if self.alert is not None or behind < LATE_AFTER:
            return None
        self._late_since = self._late_since or now
        if now - self._late_since < WATCHED_FOR:
            return None
        seconds = behind.total_seconds()
        began = observed_before.replace(microsecond=0)
        self.alert = Alert(
            run=self._run,
            id=alert_id(self._run, LATE, "", began),
            threshold=LATE,
            term="",
            started_at=began,
            fired_at=now.replace(microsecond=0),
            peak_at=now.replace(microsecond=0),
            ended_at=None,
            value=seconds,
            expected=LATE.above,
            peak_value=seconds,
            posts=0,
            silence="",
        )
        return self.alert

    def _ended(self, now: datetime) -> Alert | None:
        if self.alert is None:
            return None
        ended = msgspec.structs.replace(self.alert, ended_at=now.replace(microsecond=0))
        self.alert = None
        return ended
