"""How far behind a cluster falls, as SVG: a chart for each incident, a line for each plan. Pure."""

from collections.abc import Iterator, Sequence

import numpy as np

from uproar.capacity.course import Course
from uproar.capacity.incidents import AT_SECONDS
from uproar.capacity.plan import Plan
from uproar.svg import FAINT, GRID, INK, document, stroke, text

WIDTH, LEFT, RIGHT, TOP = 760, 64, 24, 62
HEIGHT, GAP = 120, 56
PLOT = WIDTH - LEFT - RIGHT
COLORS = ("#0072b2", "#e69f00", "#009e73", "#c9649c")
MOST_POINTS = 150
LEAST_SECONDS = 180.0


def draw(plans: Sequence[Plan]) -> str:
    """Return the picture. All plans must have gone through the same incidents."""
    incidents = len(plans[0].courses)
    height = TOP + incidents * (HEIGHT + GAP)
    parts = [
        text(12, 22, "How old the oldest post is that is not stored, in seconds", weight="bold"),
    ]
    for number, plan in enumerate(plans):
        x, color = 12 + number * 200, COLORS[number % len(COLORS)]
        parts.append(f'<rect x="{x}" y="34" width="14" height="4" fill="{color}"/>')
        parts.append(text(x + 20, 41, f"{plan.load.seen:,.0f} posts/s seen", color=FAINT))
    for number in range(incidents):
        top = TOP + number * (HEIGHT + GAP)
        parts += _chart([plan.courses[number] for plan in plans], top)
    return document(WIDTH, height, parts)


def _chart(courses: Sequence[Course], top: int) -> Iterator[str]:
    """Draw one incident, from a minute before it until everybody is well again."""
    ends = [900.0 if one.recovery is None else one.recovery for one in courses]
    last = max([LEAST_SECONDS, *(AT_SECONDS + 1.15 * end for end in ends)])
    most = max(one.worst for one in courses) * 1.05
    bottom = top + HEIGHT
    yield text(12, top + 10, courses[0].name, weight="bold")
    for share in (0.5, 1.0):
        y = bottom - round(share * (HEIGHT - 20))
        yield stroke((LEFT, y), (LEFT + PLOT, y), GRID)
        yield text(LEFT - 6, y + 4, f"{most * share:,.0f}", color=FAINT, anchor="end")
    minute = next(one for one in (1, 2, 5, 10, 30) if last / 60 / one <= 10)
    for at in range(0, int(last / 60) + 1, minute):
        x = LEFT + round(at * 60 / last * PLOT)
        yield stroke((x, bottom), (x, bottom + 4), FAINT)
        yield text(x, bottom + 17, f"{at} min", color=FAINT, anchor="middle")
    x = LEFT + round(AT_SECONDS / last * PLOT)
    yield stroke((x, top), (x, bottom), FAINT, "2 2")
    for course, color in zip(courses, COLORS, strict=False):
        times = np.linspace(0, min(last, course.at[-1]), MOST_POINTS)
        lag = np.interp(times, course.at, course.lag)
        points = " ".join(
            f"{LEFT + x / last * PLOT:.0f},{bottom - y / most * (HEIGHT - 20):.0f}"
            for x, y in zip(times, lag, strict=True)
        )
        yield f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.6"/>'
    yield stroke((LEFT, bottom), (LEFT + PLOT, bottom), INK)
