"""Charts of bars as SVG, one below the other, in the dress of `line_chart`. Pure.

A bar may have parts, and a thin line from the least to the most that was measured.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

import msgspec

from benchmarks.line_chart import even
from dashboards.palette import PALETTE
from uproar.svg import FAINT, GRID, INK, document, stroke, text

WIDTH, LEFT, RIGHT, TOP = 1000, 240, 90, 66
PLOT = WIDTH - LEFT - RIGHT
ROW, THICK, HEAD, FOOT, GAP = 24, 14, 48, 30, 26


class Part(msgspec.Struct, frozen=True):
    """A stretch of a bar: what it is, how long, and its colour of the palette."""

    name: str
    value: float
    color: str


class Bar(msgspec.Struct, frozen=True):
    """A row: its name, its parts from left to right, and what is written behind it."""

    name: str
    parts: Sequence[Part]
    words: str
    spread: tuple[float, float] | None = None
    """Least and most of what the whole bar was."""

    @property
    def length(self) -> float:
        """All parts together."""
        return sum(part.value for part in self.parts)


class BarChart(msgspec.Struct, frozen=True):
    """Bars over one axis, whose unit stands in `words`; `goal` is a dashed upright line."""

    title: str
    words: str
    bars: Sequence[Bar]
    goal: tuple[float, str] | None = None


def picture(title: str, note: str, charts: Sequence[BarChart]) -> str:
    """Return the SVG of the charts, below a title and a line of explanation."""
    tops = [TOP]
    for chart in charts:
        tops.append(tops[-1] + HEAD + len(chart.bars) * ROW + FOOT + GAP)
    parts = [
        text(12, 24, title, size=17, weight="bold"),
        text(12, 44, note, color=FAINT),
    ]
    for chart, top in zip(charts, tops, strict=False):
        parts += _chart(chart, top)
    return document(WIDTH, tops[-1], parts)


def _chart(chart: BarChart, top: int) -> Iterator[str]:
    yield text(12, top + 14, chart.title, size=14, weight="bold")
    yield from _legend(chart, top + 14)
    upper, bottom = top + HEAD - 6, top + HEAD + len(chart.bars) * ROW
    most = max(max(bar.length, bar.spread[1] if bar.spread else 0) for bar in chart.bars)
    marks = even(max(most, chart.goal[0] if chart.goal else 0))
    scale = PLOT / marks[-1][0]
    for value, words in marks:
        x = LEFT + value * scale
        yield stroke((x, upper), (x, bottom), GRID)
        yield text(x, bottom + 16, words, color=FAINT, anchor="middle")
    yield text(LEFT + PLOT, upper - 5, chart.words, color=FAINT, anchor="end", size=11)
    for number, bar in enumerate(chart.bars):
        yield from _bar(bar, top + HEAD + number * ROW, scale)
    if chart.goal:
        x = LEFT + chart.goal[0] * scale
        yield stroke((x, upper), (x, bottom), INK, "6 3")
        yield text(x + 4, upper - 5, chart.goal[1], size=11)
    yield stroke((LEFT, upper), (LEFT, bottom), INK)


def _bar(bar: Bar, top: int, scale: float) -> Iterator[str]:
    middle = top + ROW / 2
    yield text(LEFT - 8, middle + 4, bar.name, anchor="end")
    x = float(LEFT)
    for part in bar.parts:
        width = part.value * scale
        yield (
            f'<rect x="{x:.1f}" y="{middle - THICK / 2:g}" width="{width:.1f}" height="{THICK}" '
            f'fill="{PALETTE[part.color][0]}"><title>{escape(part.name)}: {part.value:,.4g}'
            "</title></rect>"
        )
        x += width
    end = x
    if bar.spread:
        least, most = (LEFT + one * scale for one in bar.spread)
        yield stroke((least, middle), (most, middle), INK)
        for at in (least, most):
            yield stroke((at, middle - 4), (at, middle + 4), INK)
        end = max(end, most)
    yield text(end + 6, middle + 4, bar.words, color=FAINT)


def _legend(chart: BarChart, y: int) -> Iterator[str]:
    """Yield the names of the parts, where a bar has several."""
    if all(len(bar.parts) < 2 for bar in chart.bars):
        return
    named = {part.name: part.color for bar in chart.bars for part in bar.parts}
    x = max(LEFT + 60, 30 + 8 * len(chart.title))
    for name, color in named.items():
        yield f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{PALETTE[color][0]}"/>'
        yield text(x + 14, y, name, color=FAINT, size=11)
        x += 30 + 7 * len(name)
