"""From "above the limit in this minute" to one alert an event. Pure.

A lane is what one threshold watches: one for most signals, one for each term of `new_term`. It
holds back until it was above for long enough, ends an alert only after some calm, and lets no other
begin before the cool-down is over.
"""

import hashlib
from datetime import datetime, timedelta

import msgspec

from dashboards.alerts.thresholds import Threshold

CALM = timedelta(minutes=15)
"""So long an alert must have been below its limit until it is over: not every dip is an end."""
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """What was announced. Times are observed times; docs/tables.md has each field's meaning."""

    run: str
    id: str
    threshold: Threshold
    term: str
    started_at: datetime
    fired_at: datetime
    peak_at: datetime
    ended_at: datetime | None
    value: float
    expected: float
    peak_value: float
    posts: int
    silence: str


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a threshold's signal is in the stretch that ends with a minute."""

    is_above: bool
    value: float
    expected: float
    posts: int
    started_at: datetime | None = None
    """Where it is known better than by the minute in which it first was above."""


class Lane(msgspec.Struct, kw_only=True):
    """What is remembered between minutes."""

    above_since: datetime | None = None
    below_since: datetime | None = None
    ended_at: datetime | None = None
    alert: Alert | None = None

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to remember."""
        return self.above_since is None and self.alert is None and self.ended_at is None


class Deliveries(msgspec.Struct, kw_only=True):
    """When alerts of a threshold were let through, in the last hour."""

    at: list[datetime] = msgspec.field(default_factory=list)

    def silence(self, threshold: Threshold, fired_at: datetime) -> str:
        """Return why an alert is to be silent, or nothing: then it counts as let through."""
        self.at = [at for at in self.at if fired_at - at < HOUR]
        if threshold.is_muted(fired_at):
            return "muted"
        if len(self.at) >= threshold.most_per_hour:
            return "too many"
        self.at.append(fired_at)
        return ""


def step(
    lane: Lane, run: str, threshold: Threshold, term: str,
    minute: datetime, reading: Reading, deliveries: Deliveries,
) -> Alert | None:  # fmt: skip
    """Take a lane one minute on; return its alert where that began, rose or ended.

    `minute` is the start of the minute with which the reading's stretch ends.
    """
    end = minute + MINUTE
    if not reading.is_above:
        return _below(lane, threshold, minute, end)
    lane.below_since = None
    if lane.above_since is None:
        lane.above_since = reading.started_at or minute
    if lane.alert is not None:
        return _higher(lane, lane.alert, end, reading)
    if (end - lane.above_since).total_seconds() < threshold.for_seconds:
        return None
    cool = timedelta(seconds=threshold.cooldown_seconds)
    if lane.ended_at is not None and minute < lane.ended_at + cool:
        return None
    lane.ended_at = None
    lane.alert = Alert(
        run=run,
        id=alert_id(run, threshold, term, lane.above_since),
        threshold=threshold,
        term=term,
        started_at=lane.above_since,
        fired_at=end,
        peak_at=end,
        ended_at=None,
        value=reading.value,
        expected=reading.expected,
        peak_value=reading.value,
        posts=reading.posts,
        silence=deliveries.silence(threshold, end),
    )
    return lane.alert


def _higher(lane: Lane, alert: Alert, end: datetime, reading: Reading) -> Alert | None:
    if reading.value <= alert.peak_value:
        return None
    lane.alert = msgspec.structs.replace(alert, peak_at=end, peak_value=reading.value)
    return lane.alert


def _below(lane: Lane, threshold: Threshold, minute: datetime, end: datetime) -> Alert | None:
    if lane.alert is None:
        lane.above_since = None
        cool = timedelta(seconds=threshold.cooldown_seconds)
        if lane.ended_at is not None and minute >= lane.ended_at + cool:
            lane.ended_at = None
        return None
    lane.below_since = lane.below_since or minute
    # The tracker of spikes waits for calm by itself.
    if threshold.signal != "spike" and end - lane.below_since < CALM:
        return None
    ended = msgspec.structs.replace(lane.alert, ended_at=lane.below_since)
    lane.alert, lane.above_since, lane.ended_at = None, None, lane.below_since
    lane.below_since = None
    return ended


def alert_id(run: str, threshold: Threshold, term: str, started_at: datetime) -> str:
    """Return the id: who judges the same minutes by the same threshold gives the same."""
    parts = (run, *threshold.key, term, str(int(started_at.timestamp())))
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()
