"""The few shapes that a report's charts have, in Vega-Lite. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dashboards.palette import PALETTE

Spec = Mapping[str, Any]

WIDTH = 680
INK, FAINT, GRID = "#1d2329", "#6b7580", "#e4e8ec"
AGAINST, FOR = PALETTE["vermillion"][0], PALETTE["blue"][0]
NEGATIVE, POSITIVE = PALETTE["vermillion"][0], PALETTE["blue"][0]
VOLUME = "#a9c4d9"
SHOWN_PARTS = 8
LONGEST_LABEL = 40

CONFIG: Spec = {
    "aria": False,
    "background": "#ffffff00",
    "font": "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif",
    "padding": {"left": 2, "right": 2, "top": 4, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "labelColor": FAINT, "labelFontSize": 12, "title": None, "domainColor": INK,
        "gridColor": GRID, "tickColor": INK, "labelPadding": 5,
    },
    "axisX": {"grid": False, "tickSize": 5},
    "axisY": {"domain": False, "ticks": False, "tickCount": 4, "labelAlign": "right"},
    "legend": {
        "orient": "top", "title": None, "labelColor": INK, "labelFontSize": 12,
        "symbolType": "square", "symbolSize": 90, "direction": "horizontal", "offset": 8,
        "columnPadding": 14,
    },
    "text": {"fontSize": 12, "color": INK},
    "header": {"title": None, "labelColor": INK, "labelFontSize": 12, "labelFontWeight": "bold"},
}  # fmt: skip


def stacked(
    rows: Sequence[dict[str, Any]],
    span: tuple[datetime, datetime, int],
    scale: tuple[Sequence[str], Sequence[str]],
    *,
    is_share: bool,
) -> Spec:
    """Draw bars over time, one series on the other; `scale` are series and their colours."""
    domain, colors = scale
    from_at, to_at, _ = span
    y: dict[str, Any] = {"field": "bottom", "type": "quantitative"}
    if is_share:
        y |= {"axis": {"format": ".0%"}, "scale": {"domain": [0, 1]}}
    return drawn(
        {
            "width": WIDTH - 40,
            "height": 150,
            "data": {"values": _piled(rows, is_share=is_share)},
            "mark": {"type": "bar"},
            "encoding": {
                "x": {
                    "field": "at", "type": "temporal",
                    "scale": {"type": "utc", "domain": [zulu(from_at), zulu(to_at)]},
                    "axis": time_axis(to_at - from_at),
                },
                "x2": {"field": "end"},
                "y": y,
                "y2": {"field": "top"},
                "color": {
                    "field": "series", "type": "nominal",
                    "scale": {"domain": domain, "range": colors},
                },
            },
        }
    )  # fmt: skip


def _piled(rows: Sequence[dict[str, Any]], *, is_share: bool) -> list[dict[str, Any]]:
    """Put the rows of each moment on top of each other, in the order of their `place`."""
    wholes: Counter[str] = Counter()
    for row in rows:
        wholes[row["at"]] += row["value"]
    heights: Counter[str] = Counter()
    piled = []
    for row in sorted(rows, key=lambda row: (row["at"], row["place"])):
        scale = wholes[row["at"]] if is_share else 1
        if row["value"]:
            bottom = heights[row["at"]]
            heights[row["at"]] += row["value"]
            piled.append({**row, "bottom": bottom / scale, "top": heights[row["at"]] / scale})
    return piled


def ranking(rows: Sequence[Spec], width: int) -> Spec:
    """Draw bars across, with the figure behind each."""
    shown = [{**one, "name": short(one["name"])} for one in rows]
    top = max((one["value"] for one in shown), default=1)
    y = {
        "field": "name", "type": "nominal", "sort": None, "scale": {"paddingInner": 0.35},
        "axis": {"labelColor": INK, "labelLimit": 220},
    }  # fmt: skip
    x = {
        "field": "value", "type": "quantitative", "axis": None,
        "scale": {"domain": [0, top * (1.15 if width > 400 else 1.75)]},
    }  # fmt: skip
    return drawn(
        {
            "width": width - (170 if width > 400 else 100),
            "height": {"step": 25},
            "data": {"values": shown},
            "encoding": {"y": y, "x": x},
            "layer": [
                {
                    "mark": {"type": "bar"},
                    "encoding": {"color": {"field": "color", "type": "nominal", "scale": None}},
                },
                {
                    "mark": {"type": "text", "align": "left", "dx": 5},
                    "encoding": {"text": {"field": "label"}},
                },
            ],
        }
    )


def time_axis(length: timedelta) -> Spec:
    """Return the axis: hours within two days, days within three months, else months."""
    if length <= timedelta(days=2):
        form = "%H:%M" if length <= timedelta(hours=20) else "%-d %b %H:%M"
    else:
        form = "%-d %b" if length <= timedelta(days=100) else "%b %Y"
    return {"format": form, "tickCount": 7, "labelFlush": True, "labelOverlap": True}


def zulu(at: datetime) -> str:
    """Write a moment for a specification: in UTC."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def short(text: str) -> str:
    """Cut a name to what fits beside a chart."""
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"


def drawn(spec: Spec) -> Spec:
    """Return a whole specification."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": CONFIG, **spec
    }  # fmt: skip
