"""How each shape of panel looks in Grafana: options, drawing, colours, links. Pure."""

from typing import Any

from dashboards.palette import ACTIONS, PALETTE
from dashboards.panels import Column, Panel

Json = dict[str, Any]

_LEGEND = {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": ["sum"]}
_ALL_FIELDS = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "/.*/", "values": False}}

_BOARD_OF_ENTITY = (
    "/d/uproar-entity?${__url_time_range}&${run:queryparam}&var-entity=${__value.raw}"
)
_BOARD_OF_RUN = (
    "/d/uproar-overview?var-run=${__value.raw}"
    "&from=${__data.fields.first_at.numeric}&to=${__data.fields.last_at.numeric}"
)


def draws_series(panel: Panel) -> bool:
    """Say whether the query names the series of this panel itself."""
    return panel.shape in ("bars", "line") and not panel.columns


def options_of(panel: Panel) -> dict[str, Json]:
    """Return the panel's own options and what holds for all its fields."""
    if panel.shape == "stats":
        return {
            "panel": {**_ALL_FIELDS, "textMode": "value_and_name", "colorMode": "value"}
            | {"graphMode": "none", "justifyMode": "auto", "orientation": "auto"},
            "field": {"color": {"mode": "fixed", "fixedColor": "text"}},
        }
    if panel.shape in ("bars", "line"):
        return {
            "panel": {"legend": _LEGEND, "tooltip": {"mode": "multi", "sort": "desc"}},
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


def _drawing(panel: Panel) -> Json:
    if panel.shape == "line":
        return {"drawStyle": "line", "lineWidth": 2, "fillOpacity": 10, "showPoints": "auto"}
    return {
        "drawStyle": "bars",
        "lineWidth": 0,
        "fillOpacity": 90,
        "showPoints": "never",
        "stacking": {"mode": "normal", "group": "A"},
    }


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
    if is_table and column.is_hidden:
        found.append({"id": "custom.hidden", "value": True})
    if is_table and column.unit == "text":
        found.append({"id": "custom.minWidth", "value": 200})
    return found + _links(panel, column)


def _links(panel: Panel, column: Column) -> list[Json]:
    if panel.id == "entities" and column.name == "entity":
        return [_link("Open the entity", _BOARD_OF_ENTITY, is_new=False)]
    if panel.id == "runs" and column.name == "run":
        return [_link("Open the run in its own time", _BOARD_OF_RUN, is_new=False)]
    if panel.shape == "posts" and column.name == "url":
        return [_link("Open the source", "${__value.raw}", is_new=True)]
    return []


def _link(title: str, url: str, *, is_new: bool) -> Json:
    return {"id": "links", "value": [{"title": title, "url": url, "targetBlank": is_new}]}


def _color(name: str) -> Json:
    return {"id": "color", "value": {"mode": "fixed", "fixedColor": PALETTE[name][0]}}
