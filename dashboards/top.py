"""What `uproar top` shows: each entity's last minutes, from rows of `queries/top/`. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from dashboards.trust import Trust

WINDOW_MINUTES = 60
RECENT_MINUTES = 15
"""Over these negative share and calls are told: a minute has too few posts for a share."""
MINUTE = timedelta(minutes=1)
BLOCKS = "▁▂▃▄▅▆▇█"

Order = Literal["posts", "calls", "negative", "name"]
ORDERS: tuple[Order, ...] = ("posts", "calls", "negative", "name")


class Pulse(msgspec.Struct, frozen=True, kw_only=True):
    """One entity. `course` are its mentions minute by minute, the newest last.

    `now` is the newest whole minute that is stored; None of `expected` where no watcher has
    judged, and of `negative_share` where no mood is sure.
    """

    entity: str
    now: int
    expected: float | None
    course: Sequence[int]
    mentions: int
    negative_share: float | None
    calls: int
    alerts: Sequence[str]


def window(trust: Trust, clock: datetime) -> tuple[datetime, datetime] | None:
    """Return the first and last whole minute to show, none after `clock`; None with nothing stored.

    What is after the watermark is not there yet, so it is not shown, and never looks calm.
    """
    if trust.last_at is None:
        return None
    end = trust.last_at + MINUTE
    if trust.watermark is not None and trust.state != "finished":
        end = trust.watermark
    last = min(end, clock).replace(second=0, microsecond=0) - MINUTE
    return last - (WINDOW_MINUTES - 1) * MINUTE, last


def pulses(
    minutes: Iterable[Mapping[str, Any]],
    expected: Iterable[Mapping[str, Any]],
    alerts: Iterable[Mapping[str, Any]],
    last: datetime,
) -> list[Pulse]:
    """Return the entities that were mentioned within the window, or have an open alert."""
    by_entity: dict[str, dict[int, Mapping[str, Any]]] = {}
    for row in minutes:
        ago = round((last - row["minute"]) / MINUTE)
        if 0 <= ago < WINDOW_MINUTES:
            by_entity.setdefault(row["entity"], {})[ago] = row
    expectations = {row["entity"]: row["expected"] for row in expected}
    opened = {row["entity"]: row["signals"] for row in alerts if row["entity"]}
    return [
        _pulse(entity, by_entity.get(entity, {}), expectations.get(entity), opened.get(entity, ()))
        for entity in sorted(by_entity.keys() | opened.keys())
    ]


def ordered(found: Iterable[Pulse], order: Order) -> list[Pulse]:
    """Sort entities: the highest first, those alike by name."""
    return sorted(found, key=lambda one: (*_rank(one, order), one.entity))


def _rank(one: Pulse, order: Order) -> tuple[float, ...]:
    if order == "posts":
        return (-sum(one.course[-5:]), -one.mentions)
    if order == "calls":
        return (-one.calls, -one.mentions)
    if order == "negative":
        return (-(one.negative_share or 0.0), -one.mentions)
    return ()


def sparkline(course: Sequence[int], width: int) -> str:
    """Draw the newest steps that fit, from zero to the highest of them.

    >>> sparkline([0, 1, 4, 8], 4), sparkline([0, 0], 4), sparkline([9, 8, 1, 2], 3)
    ('▁▂▅█', '▁▁', '█▂▃')
    """
    shown = course[max(0, len(course) - width) :]
    top = max(shown, default=0)
    if not top:
        return BLOCKS[0] * len(shown)
    last = len(BLOCKS) - 1
    return "".join(BLOCKS[round(value / top * last + 0.01)] for value in shown)


def heading(trust: Trust, last: datetime | None) -> tuple[str, bool]:
    """Say of which moment this is and how far it can be believed; and whether that is a worry."""
    if last is None:
        return f"{trust.run}: nothing is stored yet", False
    at = f"{last + MINUTE:%Y-%m-%d %H:%M} UTC"
    told = f"{trust.run} at {at}"
    if trust.state == "late":
        behind = trust.behind_seconds or trust.silent_seconds or 0.0
        return f"{told}: LATE by {_span(behind)}, this is not calm", True
    if trust.state == "interrupted":
        return f"{told}: interrupted, newer posts are missing", True
    words = {"current": "current", "replaying": "replaying", "finished": "finished"}
    return f"{told}: {words.get(trust.state, trust.state)}", False


def _pulse(
    entity: str,
    by_ago: Mapping[int, Mapping[str, Any]],
    expected: float | None,
    alerts: Sequence[str],
) -> Pulse:
    course = [
        by_ago[ago]["mentions"] if ago in by_ago else 0 for ago in range(WINDOW_MINUTES - 1, -1, -1)
    ]
    recent = [row for ago, row in by_ago.items() if ago < RECENT_MINUTES]
    sure = sum(row["sure_posts"] for row in recent)
    return Pulse(
        entity=entity,
        now=course[-1],
        expected=expected,
        course=course,
        mentions=sum(course),
        negative_share=sum(row["negative_posts"] for row in recent) / sure if sure else None,
        calls=sum(row["posts_against"] for row in recent),
        alerts=tuple(alerts),
    )


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
