"""The picture of a back-test: volume, what was expected, alerts and events, as SVG. Pure.

Each entity has a chart, and below it a row for each threshold of each setting, in which every alert
is a bar from where it fired to where it ended; silent ones are hollow. Heights are square roots, so
that calm and spike can be seen in one.
"""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from dashboards.alerts.course import Course
from dashboards.alerts.events import Event
from dashboards.alerts.lane import Alert
from dashboards.alerts.outcome import Outcome
from dashboards.palette import PALETTE, SERIES
from uproar.svg import FAINT, GRID, INK, document, stroke, text

WIDTH, LEFT, RIGHT = 1100, 190, 24
PLOT = WIDTH - LEFT - RIGHT
HEIGHT, ROW, GAP, TOP = 170, 20, 40, 64
VOLUME = "#a9c4d9"
EVENT = PALETTE["vermillion"][0]
MOST_LETTERS, MOST_OF_TITLE = 26, 48
TICKS = (60, 120, 180, 360, 720, 1440, 2880, 10080, 20160, 43200, 86400)
"""Minutes between two marks of the axis of time."""


def picture(outcome: Outcome, courses: dict[str, Course]) -> str:
    """Return the SVG of an outcome; `courses` are those of its entities."""
    tops = [TOP]
    for entity in courses:
        tops.append(tops[-1] + HEIGHT + len(_rows(outcome, entity)) * ROW + GAP)
    height = tops[-1]
    parts = [
        text(12, 24, f"Back-test of {outcome.run}", size=17, weight="bold"),
        text(
            12, 44,
            f"{outcome.since:%Y-%m-%d %H:%M} to {outcome.until:%Y-%m-%d %H:%M} UTC. "
            "Area: posts (square-root scale); dashed: expected; bars below: alerts, hollow where "
            "silent; upright lines: known events",
            color=FAINT,
        ),
    ]  # fmt: skip
    for top, (entity, course) in zip(tops, courses.items(), strict=False):
        parts += _panel(outcome, entity, course, top)
    return document(WIDTH, height, parts)


def _panel(outcome: Outcome, entity: str, course: Course, top: int) -> Iterator[str]:
    across = _Across(course.since, course.until)
    most = max([*course.posts, *course.expected, 1])
    bottom = top + HEIGHT
    yield text(12, top + 14, _short(entity), size=14, weight="bold")
    yield text(12, top + 31, f"posts per {_length(course.step)}", color=FAINT)
    for share in (0.25, 1.0):
        y = round(_Up(bottom, most).y(most * share))
        yield stroke((LEFT, y), (LEFT + PLOT, y), GRID)
        yield text(LEFT - 8, y + 4, _amount(most * share), color=FAINT, anchor="end")
    for at, words in _ticks(course.since, course.until):
        x = across.x(at)
        yield stroke((x, bottom), (x, bottom + 4), FAINT)
        yield text(x, bottom + 16, words, color=FAINT, anchor="middle")
    scale = _Up(bottom, most)
    yield _area(course, across, scale)
    yield _expected(course, across, scale)
    yield stroke((LEFT, bottom), (LEFT + PLOT, bottom), INK)
    for number, event in enumerate(one for one in outcome.events if one.concerns(entity)):
        yield from _event(event, across, top, bottom, number)
    for place, (words, number, alerts) in enumerate(_rows(outcome, entity)):
        y = bottom + 26 + place * ROW
        color = PALETTE[SERIES[number % len(SERIES)]][0]
        yield text(12, y + 10, _short(words), color=color)
        yield stroke((LEFT, y + 6), (LEFT + PLOT, y + 6), GRID)
        for alert in alerts:
            yield _alert(alert, across, y, color, outcome.until)


def _rows(outcome: Outcome, entity: str) -> list[tuple[str, int, list[Alert]]]:
    """Return a row for each threshold of an entity: its words, its setting's number, its alerts."""
    return [
        (
            f"{threshold.signal} {threshold.severity}" if number == 0
            else setting.name if setting.name.startswith(threshold.signal)
            else f"{threshold.signal} {setting.name}",
            number,
            [alert for alert in setting.alerts if alert.threshold == threshold],
        )
        for number, setting in enumerate(outcome.settings)
        for tally in setting.tallies
        if (threshold := tally.threshold) is not None and threshold.entity == entity
    ]  # fmt: skip


class _Up:
    """How high a number stands."""

    def __init__(self, bottom: int, most: float) -> None:
        self.bottom, self._most = bottom, most

    def y(self, posts: float) -> float:
        share = math.sqrt(max(0.0, posts) / self._most)
        return round(self.bottom - share * (HEIGHT - 22), 1)


class _Across:
    """Where a moment stands from left to right."""

    def __init__(self, since: datetime, until: datetime) -> None:
        self._since, self._until = since, until

    def x(self, at: datetime) -> int:
        at = min(max(at, self._since), self._until)
        return LEFT + round((at - self._since) / (self._until - self._since) * PLOT)


def _area(course: Course, across: _Across, up: _Up) -> str:
    points = [f"{LEFT},{up.bottom}"]
    for place, posts in enumerate(course.posts):
        ends = course.at(place), course.at(place + 1)
        points += [f"{across.x(at)},{up.y(posts)}" for at in ends]
    points.append(f"{LEFT + PLOT},{up.bottom}")
    return f'<polygon points="{" ".join(points)}" fill="{VOLUME}"/>'


def _expected(course: Course, across: _Across, up: _Up) -> str:
    points = [
        f"{across.x(course.at(place) + course.step / 2)},{up.y(value)}"
        for place, value in enumerate(course.expected)
    ]
    return (
        f'<polyline points="{" ".join(points)}" fill="none" stroke="{INK}" '
        'stroke-width="1.2" stroke-dasharray="4 2"/>'
    )


def _event(event: Event, across: _Across, top: int, bottom: int, number: int) -> Iterator[str]:
    x = across.x(event.starts_at)
    yield (
        f'<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="{EVENT}" '
        f'stroke-dasharray="2 2"><title>{escape(f"{event.starts_at:%Y-%m-%d %H:%M} {event.title}")}'
        "</title></line>"
    )
    is_late = x > LEFT + PLOT * 0.75
    yield text(
        x + (-5 if is_late else 5), top + 10 + 14 * (number % 3),
        _short(event.title, MOST_OF_TITLE), color=EVENT, anchor="end" if is_late else "start",
    )  # fmt: skip


def _alert(alert: Alert, across: _Across, y: int, color: str, until: datetime) -> str:
    start, end = across.x(alert.fired_at), across.x(alert.ended_at or until)
    fill = "#ffffff" if alert.silence else color
    threshold = alert.threshold
    words = (
        f"{alert.fired_at:%Y-%m-%d %H:%M} {threshold.signal} {alert.term} {threshold.severity}: "
        f"{alert.value:g} seen"
    )
    return (
        f'<rect x="{start}" y="{y}" width="{max(3, end - start)}" height="12" rx="1" '
        f'fill="{fill}" stroke="{color}"><title>{escape(words)}</title></rect>'
    )


def _ticks(since: datetime, until: datetime) -> Iterator[tuple[datetime, str]]:
    minutes = (until - since) / timedelta(minutes=1)
    step = next((one for one in TICKS if minutes / one <= 8), TICKS[-1])
    day = since.replace(hour=0, minute=0, second=0, microsecond=0)
    at = day
    while at <= until:
        if at >= since:
            yield at, f"{at.day} {at:%b}" if step >= 1440 or at.hour == 0 else f"{at:%H:%M}"
        at += timedelta(minutes=step)


def _length(step: timedelta) -> str:
    minutes = step // timedelta(minutes=1)
    for unit, size in (("week", 10080), ("day", 1440), ("hour", 60), ("minute", 1)):
        if minutes % size == 0:
            count = minutes // size
            return unit if count == 1 else f"{count} {unit}s"
    return f"{minutes} minutes"


def _amount(posts: float) -> str:
    return f"{posts:,.0f}" if posts >= 10 else f"{posts:.2g}"


def _short(words: str, most: int = MOST_LETTERS) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in words)
    return printable if len(printable) <= most else printable[: most - 1] + "…"
