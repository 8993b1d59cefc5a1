"""What an alert says in one line: what, how much, against what. Pure."""

from datetime import datetime, timedelta

from dashboards.alerts.judge import SPIKE_MINUTES
from dashboards.alerts.lane import Alert
from dashboards.alerts.thresholds import SHARES
from dashboards.delivery.harmless import harmless

SIGNAL_NAMES = {
    "volume": "posts",
    "spike": "a spike",
    "calls_to_action": "calls to action",
    "calls_share": "the share of calls to action",
    "negative_share": "the share of negative posts",
    "new_term": "a new term",
    "author_share": "one loud author",
    "copies_share": "copies",
    "late": "late data",
}
_TOWARDS = {"against": " against it", "for": " for it", "any": ""}


def headline(alert: Alert) -> str:
    """Say what is seen, in which stretch, and what it is measured against."""
    signal, threshold = alert.threshold.signal, alert.threshold
    seen, limit = amount(alert, alert.value), amount(alert, alert.expected)
    length = stretch(alert)
    towards = _TOWARDS.get(threshold.direction, "")
    if signal == "late":
        return f"no news for {lasting(timedelta(seconds=alert.value))}"
    if signal == "spike":
        return f"{seen} posts in {length}, {limit} expected"
    if signal == "new_term":
        return f"{named(alert)} is new: {seen} authors use it in {length}, {limit} are usual"
    told = {
        "volume": f"{seen} posts",
        "calls_to_action": f"{seen} posts call for action{towards}",
        "calls_share": f"{seen} of {alert.posts:,} posts call for action{towards}",
        "negative_share": f"{seen} of {alert.posts:,} posts are negative",
        "author_share": f"one author wrote {seen} of {alert.posts:,} posts",
        "copies_share": f"{seen} of {alert.posts:,} posts repeat another",
    }.get(signal, f"{seen}")
    return f"{told} in {length}, limit {limit}"


def named(alert: Alert) -> str:
    """Name what rose: the signal, and of a new term the term."""
    return (
        f"“{harmless(alert.term)}”"
        if alert.term
        else SIGNAL_NAMES.get(alert.threshold.signal, alert.threshold.signal)
    )


def amount(alert: Alert, value: float) -> str:
    """Write a value of an alert's signal.

    A share is told in percent, all else is counted.
    """
    if alert.threshold.signal in SHARES:
        return percent(value)
    if alert.threshold.signal == "late":
        return lasting(timedelta(seconds=value))
    return count(value)


def percent(share: float) -> str:
    """Write a share.

    >>> percent(0.843), percent(0.004), percent(0.0)
    ('84 %', '0.4 %', '0 %')
    """
    digits = 1 if 0 < share < 0.01 else 0
    return f"{share * 100:.{digits}f} %"


def count(value: float) -> str:
    """Write a number of posts or authors.

    >>> count(1270.0), count(0.34), count(12.6), count(0.0)
    ('1,270', '0.3', '13', '0')
    """
    if value and value < 10 and value != round(value):
        return f"{value:.1f}"
    return f"{value:,.0f}"


def stretch(alert: Alert) -> str:
    """Write the length of what an alert's value was measured in."""
    threshold = alert.threshold
    minutes = SPIKE_MINUTES if threshold.signal == "spike" else threshold.minutes
    return lasting(timedelta(minutes=minutes))


def lasting(length: timedelta) -> str:
    """Write a length of time as people say it.

    >>> [lasting(timedelta(minutes=n)) for n in (0.5, 1, 43, 60, 130, 3 * 1440)]
    ['30 seconds', '1 minute', '43 minutes', '1 hour', '2 hours 10 minutes', '3 days']
    """
    seconds = max(0, round(length.total_seconds()))
    if seconds < 60:
        return _many(seconds, "second")
    minutes = round(seconds / 60)
    days, hours, left = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "day"), (hours, "hour"), (left if not days else 0, "minute")]
    return " ".join(_many(number, unit) for number, unit in parts if number)


def moment(at: datetime, beside: datetime | None = None) -> str:
    """Write a moment; its day is left out where it is that of the moment beside which it stands.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    >>> moment(at), moment(at, at)
    ('2026-03-02 14:05 UTC', '14:05 UTC')
    """
    is_same_day = beside is not None and beside.date() == at.date()
    return f"{at:%H:%M} UTC" if is_same_day else f"{at:%Y-%m-%d %H:%M} UTC"


def _many(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
