"""Alerts held against known events: which were caught, and how long before. Pure."""

import statistics
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from dashboards.alerts.events import Event
from dashboards.alerts.judge import SpikeSoFar
from dashboards.alerts.lane import Alert

BEFORE = timedelta(hours=6)
"""So long before an event began an alert may have been about it already."""
AFTER = timedelta(hours=24)
"""So long an event lasts where nobody says when it was over."""


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """What the alerts were to an event; of those that were about it, the first counts.

    Seconds are positive where the alert came first. The peak is that of the largest spike around
    the event, where one is known.
    """

    event: Event
    alert: Alert | None
    peak_at: datetime | None
    before_start_seconds: float | None
    before_peak_seconds: float | None


def stretch_of(event: Event) -> tuple[datetime, datetime]:
    """Return from when until when an alert is taken to be about an event."""
    return event.starts_at - BEFORE, max(event.ends_at or event.starts_at, event.starts_at) + (
        timedelta() if event.ends_at else AFTER
    )


def leads(
    events: Iterable[Event], alerts: Sequence[Alert], spikes: Sequence[tuple[str, SpikeSoFar]]
) -> list[Lead]:
    """Return a lead for each event. Silent alerts catch nothing: nobody got them."""
    heard = [alert for alert in alerts if not alert.silence]
    found = []
    for event in events:
        first, last = stretch_of(event)
        about = [
            alert
            for alert in heard
            if event.concerns(alert.threshold.entity) and first <= alert.fired_at <= last
        ]
        around = [
            (one.posts, one.spike.peak_at)
            for entity, one in spikes
            if event.concerns(entity)
            and one.spike.started_at <= last
            and (one.spike.ended_at or last) >= first
        ]
        alert = min(about, key=lambda one: one.fired_at, default=None)
        peak_at = max(around)[1] if around else None
        found.append(
            Lead(
                event=event,
                alert=alert,
                peak_at=peak_at,
                before_start_seconds=_seconds_before(event.starts_at, alert),
                before_peak_seconds=_seconds_before(peak_at, alert),
            )
        )
    return found


def _seconds_before(at: datetime | None, alert: Alert | None) -> float | None:
    return (at - alert.fired_at).total_seconds() if at and alert else None


def judged_events(events: Iterable[Event], since: datetime, until: datetime) -> list[Event]:
    """Return the events that a stretch can tell of: those that began within it."""
    return [event for event in events if since <= event.starts_at < until]


def middle(values: Iterable[float | None]) -> float | None:
    """Return the median of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
