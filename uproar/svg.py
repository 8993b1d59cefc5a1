"""The elements that our pictures are made of, as SVG: white paper, strokes, words. Pure.

Pictures have no script and no font of their own, so that they can stand in a page, a mail or a
repository.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape

INK, FAINT, GRID = "#1d2329", "#59636e", "#e4e8ec"

Point = tuple[float, float]


def document(width: int, height: int, parts: Iterable[str]) -> str:
    """Return a picture of this size, in pixels, of elements on white."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" font-size="12">'
    )
    paper = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    return "\n".join([head, paper, *parts, "</svg>"]) + "\n"


def stroke(start: Point, end: Point, color: str, dashes: str = "", width: float = 1) -> str:
    """Return a straight line; `dashes` is as in `stroke-dasharray`."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{start[0]:g}" y1="{start[1]:g}" x2="{end[0]:g}" y2="{end[1]:g}" '
        f'stroke="{color}" stroke-width="{width:g}"{dashed}/>'
    )


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 12,
    color: str = INK,
    anchor: str = "start",
    weight: str = "normal",
) -> str:
    """Return words on one line, whatever they hold; `y` is where they stand.

    >>> text(1, 2.5, "a < b").partition(">")[2]
    'a &lt; b</text>'
    """
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{color}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )
