"""How each shape of panel looks in Grafana: options, drawing, colours, links. Pure."""

from typing import Any

from dashboards.palette import ACTIONS, PALETTE
from dashboards.panels import Column, Mark, Panel

Json = dict[str, Any]

_LEGEND = {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": ["sum"]}
_ALL_FIELDS = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "/.*/", "values": False}}

_BOARD_OF_ENTITY = (
    "/d/uproar-entity?${__url_time_range}&${run:queryparam}&var-entity=${__value.raw}"
)
_BOARD_OF_RUN = "/d/uproar-overview?var-run=${__value.raw}"
_SPANS = (("first_at", "last_at"), ("from_at", "to_at"))
"""Columns that tell the time which a run covers, in a table that has them."""

OVER_TIME = ("bars", "line", "combined", "multiples")
"""Shapes whose query answers a time first."""


def draws_series(panel: Panel) -> bool:
    """Say whether the query names the series of this panel itself."""
    return panel.shape in OVER_TIME and not panel.columns


def options_of(panel: Panel) -> dict[str, Json]:
    """Return the panel's own options and what holds for all its fields."""
    if panel.shape == "stats":
        return {
            "panel": {**_ALL_FIELDS, "textMode": "value_and_name", "colorMode": "value"}
            | {"graphMode": "none", "justifyMode": "auto", "orientation": "auto"},
            "field": {"color": {"mode": "fixed", "fixedColor": "text"}},
        }
    if panel.shape in OVER_TIME:
        return {
            "panel": {"legend": _legend(panel), "tooltip": {"mode": "multi", "sort": "desc"}},
            "field": {"color": {"mode": "palette-classic"}, "custom": _drawing(panel)}
            | ({"displayName": "${__field.labels.series}"} if draws_series(panel) else {}),
        }
    if panel.shape == "ranking":
        return {
            "panel": {"orientation": "horizontal", "xField": panel.columns[0].name}
            | {"showValue": "always", "legend": {**_LEGEND, "showLegend": False}},
            "field": {"color": {"mode": "fixed", "fixedColor": PALETTE["blue"][0]}}
            | {"custom": {"fillOpacity": 90, "lineWidth": 0}},
        }
    return {
        "panel": {"showHeader": True, "cellHeight": "sm"},
        "field": {"custom": {"align": "auto", "filterable": True}},
    }


def _legend(panel: Panel) -> Json:
    # Grafana repeats a panel over a variable alone, and not where that is All: the small charts
    # stand in one, and the list beside it singles each out by a click.
    if panel.shape == "multiples":
        return {**_LEGEND, "displayMode": "table", "placement": "right", "calcs": ["max", "sum"]}
    return _LEGEND if panel.shape != "combined" else {**_LEGEND, "calcs": []}


def _drawing(panel: Panel) -> Json:
    if panel.shape == "bars":
        return _MARKS["bar"] | {"stacking": {"mode": "normal", "group": "A"}}
    return _MARKS["line"] | ({"fillOpacity": 10} if panel.shape == "line" else {})


_MARKS: dict[Mark, Json] = {
    "bar": {"drawStyle": "bars", "lineWidth": 0, "fillOpacity": 90, "showPoints": "never"},
    "line": {"drawStyle": "line", "lineWidth": 2, "fillOpacity": 0, "showPoints": "auto"},
    "point": {"drawStyle": "points", "pointSize": 9, "showPoints": "always"},
}


def _mark(panel: Panel, column: Column) -> list[Json]:
    """Return how a column of a combined panel is drawn; its bars stand upon each other."""
    drawing = dict(_MARKS[column.mark])
    if column.mark == "bar" and sum(one.mark == "bar" for one in panel.columns) > 1:
        drawing["stacking"] = {"mode": "normal", "group": "A"}
    return [{"id": f"custom.{name}", "value": value} for name, value in drawing.items()]


def series_overrides(panel: Panel) -> list[Json]:
    """Return the colours of calls by action, and which of them are drawn downwards."""
    if not panel.mirrors:
        return []
    colors = [
        {
            "matcher": {"id": "byRegexp", "options": f"/^{action} /"},
            "properties": [_color(color)],
        }
        for action, color in ACTIONS.items()
    ]
    downwards = {
        "matcher": {"id": "byRegexp", "options": f"/{panel.mirrors}$/"},
        "properties": [{"id": "custom.transform", "value": "negative-Y"}],
    }
    return [*colors, downwards]


def column_overrides(panel: Panel, column: Column) -> list[Json]:
    """Return what sets one column apart: colour, gauge, link, hiding."""
    is_table = panel.shape in ("table", "posts")
    found: list[Json] = []
    if column.color:
        found.append(_color(column.color))
    if column.color and is_table:
        found.append({"id": "custom.displayMode", "value": "lcd-gauge"})
    if panel.shape == "combined":
        found += _mark(panel, column)
    if is_table and column.is_hidden:
        found.append({"id": "custom.hidden", "value": True})
    if is_table and column.unit == "text":
        found.append({"id": "custom.minWidth", "value": 200})
    return found + _links(panel, column)


def _links(panel: Panel, column: Column) -> list[Json]:
    if column.opens == "entity":
        return [_link("Open the entity", _BOARD_OF_ENTITY, is_new=False)]
    if column.opens == "run":
        return [_link("Open the run in its own time", _run_url(panel), is_new=False)]
    if panel.shape == "posts" and column.name == "url":
        return [_link("Open the source", "${__value.raw}", is_new=True)]
    return []


def _run_url(panel: Panel) -> str:
    names = {column.name for column in panel.columns}
    for first, last in _SPANS:
        if {first, last} <= names:
            fields = (f"${{__data.fields.{name}.numeric}}" for name in (first, last))
            return "{}&from={}&to={}".format(_BOARD_OF_RUN, *fields)
    return _BOARD_OF_RUN


def _link(title: str, url: str, *, is_new: bool) -> Json:
    return {"id": "links", "value": [{"title": title, "url": url, "targetBlank": is_new}]}


def _color(name: str) -> Json:
    return {"id": "color", "value": {"mode": "fixed", "fixedColor": PALETTE[name][0]}}
