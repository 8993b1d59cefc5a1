"""Stacks as a flame graph (SVG), or as a file for https://www.speedscope.app. Pure.

In the graph a bar is a function, as wide as the share of samples that went through it; what stands
on it was called by it. Callers stand below. Pointing at a bar tells its figures.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec

from uproar.operations.stacks import Frame, Stack

WIDTH, BAR, TOP, SIDE = 1200, 17, 52, 10
LEAST_WIDTH = 0.6
LETTER = 6.6
COLORS = {
    "streams": "#e69f00", "sinks": "#e69f00", "producers": "#e69f00", "uproar": "#f0c75e",
    "dashboards": "#e69f00", "faust": "#9fc9e8", "aiokafka": "#9fc9e8", "kafka": "#9fc9e8",
    "mode": "#9fc9e8", "asyncio": "#c5cbd1", "clickhouse_driver": "#8fd3bd",
}  # fmt: skip
OTHER = "#d9d3e8"


class Node(msgspec.Struct):
    """A function in the place from which it was called."""

    frame: Frame
    samples: int
    below: "dict[tuple[str, str], Node]"


def tree(stacks: Sequence[Stack]) -> Node:
    """Put stacks together that begin with the same functions, whatever the lines."""
    root = Node(Frame("all", "", 0), 0, {})
    for stack in stacks:
        node = root
        node.samples += stack.samples
        for frame in stack.frames:
            key = (frame.file, frame.function)
            node = node.below.setdefault(key, Node(frame, 0, {}))
            node.samples += stack.samples
    return root


def flame_graph(stacks: Sequence[Stack], title: str) -> str:
    """Return the graph as SVG."""
    root = tree(stacks)
    height = TOP + _depth(root) * BAR + SIDE
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="ui-monospace, monospace" font-size="11">'
    )
    parts = [
        head,
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{SIDE}" y="24" font-size="15" fill="#1d2329">{escape(title)}</text>',
        *_bars(root, float(SIDE), WIDTH - 2 * SIDE, height - SIDE - BAR, root.samples),
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _depth(node: Node) -> int:
    return 1 + max((_depth(below) for below in node.below.values()), default=0)


def _bars(node: Node, x: float, width: float, y: int, total: int) -> Iterator[str]:
    if width < LEAST_WIDTH:
        return
    frame, share = node.frame, node.samples / max(total, 1)
    words = f"{frame.function} ({frame.file})" if frame.file else frame.function
    color = COLORS.get(frame.file.partition("/")[0], OTHER)
    yield f"<g><title>{escape(words)}: {share:.1%}, {node.samples:,} samples</title>"
    yield (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR - 1}" rx="1" '
        f"fill={quoteattr(color)}/>"
    )
    letters = int(width / LETTER) - 1
    if letters >= 3:
        short = words if len(words) <= letters else words[: letters - 1] + "…"
        yield f'<text x="{x + 3:.1f}" y="{y + 12}" fill="#1d2329">{escape(short)}</text>'
    yield "</g>"
    for key in sorted(node.below):
        below = node.below[key]
        part = width * below.samples / max(node.samples, 1)
        yield from _bars(below, x, part, y - BAR, total)
        x += part


def speedscope(stacks: Sequence[Stack], title: str) -> bytes:
    """Return a file for speedscope, with the lines."""
    places: dict[Frame, int] = {}
    samples = [
        [places.setdefault(frame, len(places)) for frame in stack.frames] for stack in stacks
    ]
    weights = [stack.samples for stack in stacks]
    profile: dict[str, Any] = {
        "type": "sampled", "name": title, "unit": "none", "startValue": 0,
        "endValue": sum(weights), "samples": samples, "weights": weights,
    }  # fmt: skip
    frames = [{"name": one.function, "file": one.file, "line": one.line} for one in places]
    return msgspec.json.encode(
        {
            "$schema": "https://www.speedscope.app/file-format-schema.json",
            "shared": {"frames": frames},
            "profiles": [profile],
        }
    )
