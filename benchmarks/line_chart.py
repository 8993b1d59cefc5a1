"""Charts of lines as SVG, straight or logarithmic, one below the other. Pure."""

import math
from collections.abc import Iterator, Sequence
from typing import Literal
from xml.sax.saxutils import escape

import msgspec

from dashboards.palette import PALETTE
from uproar.svg import FAINT, GRID, INK, Point, document, stroke, text

WIDTH, LEFT, RIGHT, TOP = 1000, 70, 230, 66
HEIGHT, GAP = 300, 92
PLOT = WIDTH - LEFT - RIGHT
QUIET = "#c3cad1"
_NAME_HEIGHT = 13


class Axis(msgspec.Struct, frozen=True):
    """From the first of `ticks` to the last; `words` say what is told, and in which unit."""

    words: str
    ticks: Sequence[tuple[float, str]]
    kind: Literal["straight", "logarithmic"] = "straight"

    def share(self, value: float) -> float:
        """Return where a value stands between the first mark and the last: 0 to 1.

        >>> Axis("posts", [(1, "1"), (100, "100")], "logarithmic").share(10)
        0.5
        """
        of = math.log if self.kind == "logarithmic" else float
        least, most = of(self.ticks[0][0]), of(self.ticks[-1][0])
        floor = self.ticks[0][0] if self.kind == "logarithmic" else value
        return min(1.0, max(0.0, (of(max(value, floor)) - least) / (most - least)))


class Line(msgspec.Struct, frozen=True):
    """Points from left to right. One without a colour of the palette is drawn, but not named."""

    name: str
    points: Sequence[Point]
    color: str = ""


class Mark(msgspec.Struct, frozen=True):
    """An upright line at a place of the lower axis, and what happened there."""

    at: float
    words: str


class Chart(msgspec.Struct, frozen=True):
    """Lines over two axes; `limit` is drawn across where there is one."""

    title: str
    across: Axis
    up: Axis
    lines: Sequence[Line]
    marks: Sequence[Mark] = ()
    limit: float | None = None


def picture(title: str, note: str, charts: Sequence[Chart]) -> str:
    """Return the SVG of the charts, below a title and a line of explanation."""
    height = TOP + len(charts) * (HEIGHT + GAP)
    parts = [
        text(12, 24, title, size=17, weight="bold"),
        text(12, 44, note, color=FAINT),
    ]
    for number, chart in enumerate(charts):
        parts += _chart(chart, TOP + number * (HEIGHT + GAP))
    return document(WIDTH, height, parts)


def powers(first: int, last: int, unit: str = "") -> list[tuple[float, str]]:
    """Return marks at the powers of ten.

    >>> powers(2, 4)
    [(100.0, '100'), (1000.0, '1,000'), (10000.0, '10,000')]
    """
    return [(10.0**power, f"{10**power:,}{unit}") for power in range(first, last + 1)]


def even(most: float, count: int = 4) -> list[tuple[float, str]]:
    """Return `count` + 1 marks from 0 on, at round numbers; the last is at `most` or above it.

    >>> even(930)
    [(0.0, '0'), (250.0, '250'), (500.0, '500'), (750.0, '750'), (1000.0, '1,000')]
    """
    step = max(most, 1e-9) / count
    scale = 10.0 ** math.floor(math.log10(step))
    step = next(one * scale for one in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10) if one * scale >= step)
    return [(number * step, f"{number * step:,.4g}" if step < 1 else f"{number * step:,.0f}")
            for number in range(count + 1)]  # fmt: skip


def _chart(chart: Chart, top: int) -> Iterator[str]:
    upper, bottom = top + 34, top + 34 + HEIGHT
    yield text(12, top + 14, chart.title, size=14, weight="bold")
    yield text(LEFT, top + 29, chart.up.words, color=FAINT, size=11)
    yield text(LEFT + PLOT, bottom + 34, chart.across.words, color=FAINT, anchor="end", size=11)

    def place(point: Point) -> Point:
        x, y = chart.across.share(point[0]), chart.up.share(point[1])
        return round(LEFT + x * PLOT, 1), round(bottom - y * HEIGHT, 1)

    for value, words in chart.up.ticks:
        _, y = place((chart.across.ticks[0][0], value))
        yield stroke((LEFT, y), (LEFT + PLOT, y), GRID)
        yield text(LEFT - 8, y + 4, words, color=FAINT, anchor="end")
    for value, words in chart.across.ticks:
        x, _ = place((value, 0))
        yield stroke((x, bottom), (x, bottom + 4), FAINT)
        yield text(x, bottom + 18, words, color=FAINT, anchor="middle")
    for number, mark in enumerate(chart.marks):
        x, _ = place((mark.at, 0))
        yield stroke((x, upper), (x, bottom), PALETTE["vermillion"][0], "3 3")
        y = upper + 11 + 13 * (number % 4)
        yield text(x + 4, y, mark.words, color=PALETTE["vermillion"][0], size=11)
    if chart.limit is not None:
        _, y = place((0, chart.limit))
        yield stroke((LEFT, y), (LEFT + PLOT, y), INK, "6 3")
    yield stroke((LEFT, bottom), (LEFT + PLOT, bottom), INK)
    for line in sorted(chart.lines, key=lambda line: bool(line.color)):  # the named above
        yield _polyline(line, [place(point) for point in line.points])
    yield from _names(
        [(line, place(line.points[-1])) for line in chart.lines if line.color], bottom
    )


def _polyline(line: Line, points: Sequence[Point]) -> str:
    color = PALETTE[line.color][0] if line.color else QUIET
    width = 2 if line.color else 1
    along = " ".join(f"{x:g},{y:g}" for x, y in points)
    return (
        f'<polyline points="{along}" fill="none" stroke="{color}" stroke-width="{width}" '
        f'stroke-linejoin="round"><title>{escape(line.name)}</title></polyline>'
    )


def _names(ends: Sequence[tuple[Line, Point]], bottom: int) -> Iterator[str]:
    """Yield the names at the right end of their lines, moved apart where they would overlap."""
    ordered = sorted(ends, key=lambda end: end[1][1])
    free = 0.0
    heights = []
    for _, (_, y) in ordered:
        free = max(y + 4, free)
        heights.append(free)
        free += _NAME_HEIGHT
    lowest = bottom + 4.0
    for index in reversed(range(len(heights))):  # those pushed out below go up again
        heights[index] = lowest = min(heights[index], lowest)
        lowest -= _NAME_HEIGHT
    for (line, (x, y)), height in zip(ordered, heights, strict=True):
        color = PALETTE[line.color][0]
        yield stroke((x, y), (LEFT + PLOT + 12, height - 4), color, width=0.7)
        yield text(LEFT + PLOT + 15, height, line.name, color=color)
