"""How far behind a cluster falls, as SVG: a chart for each incident, a line for each plan. Pure."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

import numpy as np

from uproar.capacity.course import Course
from uproar.capacity.incidents import AT_SECONDS
from uproar.capacity.plan import Plan

WIDTH, LEFT, RIGHT, TOP = 760, 64, 24, 62
HEIGHT, GAP = 120, 56
PLOT = WIDTH - LEFT - RIGHT
INK, FAINT, GRID = "#1d2329", "#59636e", "#e4e8ec"
COLORS = ("#0072b2", "#e69f00", "#009e73", "#c9649c")
MOST_POINTS = 150
LEAST_SECONDS = 180.0


def draw(plans: Sequence[Plan]) -> str:
    """Return the picture. All plans must have gone through the same incidents."""
    incidents = len(plans[0].courses)
    height = TOP + incidents * (HEIGHT + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(12, 22, "How old the oldest post is that is not stored, in seconds", INK, bold=True),
    ]
    for number, plan in enumerate(plans):
        x, color = 12 + number * 200, COLORS[number % len(COLORS)]
        parts.append(f'<rect x="{x}" y="34" width="14" height="4" fill="{color}"/>')
        parts.append(_text(x + 20, 41, f"{plan.load.seen:,.0f} posts/s seen", FAINT))
    for number in range(incidents):
        top = TOP + number * (HEIGHT + GAP)
        parts += _chart([plan.courses[number] for plan in plans], top)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _chart(courses: Sequence[Course], top: int) -> Iterator[str]:
    """Draw one incident, from a minute before it until everybody is well again."""
    ends = [900.0 if one.recovery is None else one.recovery for one in courses]
    last = max([LEAST_SECONDS, *(AT_SECONDS + 1.15 * end for end in ends)])
    most = max(one.worst for one in courses) * 1.05
    bottom = top + HEIGHT
    yield _text(12, top + 10, courses[0].name, INK, bold=True)
    for share in (0.5, 1.0):
        y = bottom - round(share * (HEIGHT - 20))
        yield f'<line x1="{LEFT}" y1="{y}" x2="{LEFT + PLOT}" y2="{y}" stroke="{GRID}"/>'
        yield _text(LEFT - 6, y + 4, f"{most * share:,.0f}", FAINT, anchor="end")
    minute = next(one for one in (1, 2, 5, 10, 30) if last / 60 / one <= 10)
    for at in range(0, int(last / 60) + 1, minute):
        x = LEFT + round(at * 60 / last * PLOT)
        yield f'<line x1="{x}" y1="{bottom}" x2="{x}" y2="{bottom + 4}" stroke="{FAINT}"/>'
        yield _text(x, bottom + 17, f"{at} min", FAINT, anchor="middle")
    x = LEFT + round(AT_SECONDS / last * PLOT)
    place = f'x1="{x}" y1="{top}" x2="{x}" y2="{bottom}"'
    yield f'<line {place} stroke="{FAINT}" stroke-dasharray="2 2"/>'
    for course, color in zip(courses, COLORS, strict=False):
        times = np.linspace(0, min(last, course.at[-1]), MOST_POINTS)
        lag = np.interp(times, course.at, course.lag)
        points = " ".join(
            f"{LEFT + x / last * PLOT:.0f},{bottom - y / most * (HEIGHT - 20):.0f}"
            for x, y in zip(times, lag, strict=True)
        )
        yield f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.6"/>'
    yield f'<line x1="{LEFT}" y1="{bottom}" x2="{LEFT + PLOT}" y2="{bottom}" stroke="{INK}"/>'


def _text(
    x: int, y: int, words: str, color: str, *, anchor: str = "start", bold: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{x}" y="{y}" fill="{color}" text-anchor="{anchor}"{weight}'
    return f"<text {place}>{escape(words)}</text>"
