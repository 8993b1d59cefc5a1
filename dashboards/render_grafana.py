"""A board as Grafana reads it: the classic dashboard JSON, for Grafana 11.6 and what is near. Pure.

The schema is that of Grafana's own kinds (https://github.com/grafana/grafana,
`kinds/dashboard/dashboard_kind.cue`). The version written is 37, which Grafana 9.4 knows and
later ones raise by themselves; `displayMode` of table cells is of that version. Why this is written
out and not built with Grafana's own types: docs/decisions/0010-grafana-json.md.
"""

from collections.abc import Mapping
from typing import Any

from dashboards.boards import COMPARED, COMPARED_LABEL, VARIABLES
from dashboards.grafana_query import DATASOURCE, ClickHouseQuery
from dashboards.panels import Board, Column, Panel, Unit, load_query
from dashboards.render_options import (
    OVER_TIME,
    column_overrides,
    draws_series,
    options_of,
    series_overrides,
)
from dashboards.trust import TRUST

__all__ = ["DATASOURCE", "number_of", "render_board", "uid_of"]

Json = dict[str, Any]

SCHEMA_VERSION = 37

GRAFANA_UNITS: Mapping[Unit, str] = {
    "posts": "locale",
    "authors": "locale",
    "records": "locale",
    "share": "percentunit",
    "score": "none",
    "times": "suffix:×",
    "rate": "suffix: /s",
    "seconds": "s",
    "time": "dateTimeAsIso",
    "text": "string",
    "name": "string",
    "state": "string",
}

_PANEL_TYPES = {
    "stats": "stat",
    "bars": "timeseries",
    "line": "timeseries",
    "combined": "timeseries",
    "multiples": "timeseries",
    "ranking": "barchart",
    "table": "table",
    "posts": "table",
}

_OWN_ANNOTATIONS: Json = {
    "builtIn": 1,
    "datasource": {"type": "grafana", "uid": "-- Grafana --"},
    "enable": True,
    "hide": True,
    "iconColor": "rgba(0, 211, 255, 1)",
    "name": "Annotations & Alerts",
    "type": "dashboard",
}
"""Grafana's own, on every board: when an alert rule that belongs to a panel changed its state."""


def uid_of(board_id: str) -> str:
    """Return the fixed uid of a board.

    >>> uid_of("overview")
    'uproar-overview'
    """
    return f"uproar-{board_id}"


def render_board(board: Board, others: tuple[Board, ...]) -> Json:
    """Return the dashboard; `others` are the boards that it links to."""
    return {
        "uid": uid_of(board.id),
        "title": f"Uproar: {board.title}",
        "description": board.why,
        "tags": ["uproar"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "timezone": "utc",
        "time": {"from": "now-24h", "to": "now"},
        "refresh": "10s",
        "timepicker": {"refresh_intervals": ["5s", "10s", "30s", "1m", "5m"]},
        "annotations": {"list": [_OWN_ANNOTATIONS, *_marked(board)]},
        "templating": {"list": [_variable(name, board) for name in _variables(board)]},
        "links": [_link(other) for other in others],
        "panels": _place((TRUST, *board.panels)),
    }


def number_of(board: Board, panel_id: str) -> int:
    """Return the number that a panel has on its board in Grafana; alerts link to it by that."""
    return 1 + [panel.id for panel in (TRUST, *board.panels)].index(panel_id)


def _place(panels: tuple[Panel, ...]) -> list[Json]:
    """Lay panels out in rows of Grafana's 24 columns."""
    placed: list[Json] = []
    left = top = row_height = 0
    for number, panel in enumerate(panels, start=1):
        width = panel.width * 2
        if left + width > 24:
            left, top, row_height = 0, top + row_height, 0
        grid = {"x": left, "y": top, "w": width, "h": panel.height}
        placed.append({"id": number, "gridPos": grid, **_panel(panel)})
        left, row_height = left + width, max(row_height, panel.height)
    return placed


def _panel(panel: Panel) -> Json:
    defaults = {**_field(panel.unit), **options_of(panel)["field"]}
    if panel.shape in (*OVER_TIME, "ranking"):  # elsewhere it would stand in every empty cell
        defaults["noValue"] = panel.empty
    return {
        "type": _PANEL_TYPES[panel.shape],
        "title": panel.title,
        "description": panel.why,
        "datasource": DATASOURCE,
        "interval": "1m",
        "maxDataPoints": 150,
        "fieldConfig": {"defaults": defaults, "overrides": _overrides(panel)},
        "options": options_of(panel)["panel"],
        "targets": [_query(panel).target()],
        "transformations": [],
    }


def _field(unit: Unit) -> Json:
    field: Json = {"unit": GRAFANA_UNITS[unit]}
    if unit == "score":
        field |= {"decimals": 2}
    if unit in ("times", "rate"):
        field |= {"decimals": 1}
    if unit == "share":
        field |= {"min": 0, "max": 1, "decimals": 0}
    return field


def _overrides(panel: Panel) -> list[Json]:
    overrides = [_override(panel, column) for column in panel.columns]
    if draws_series(panel):
        overrides += series_overrides(panel)
    return overrides


def _override(panel: Panel, column: Column) -> Json:
    named = [{"id": "displayName", "value": column.label}]
    units = [{"id": name, "value": value} for name, value in _field(column.unit).items()]
    return {
        "matcher": {"id": "byName", "options": column.name},
        "properties": [*named, *units, *column_overrides(panel, column)],
    }


def _query(panel: Panel) -> ClickHouseQuery:
    return ClickHouseQuery(sql=load_query(panel.id), is_series=panel.shape in OVER_TIME)


def _marked(board: Board) -> list[Json]:
    """Return what is marked on everything that is drawn over time."""
    if not board.has_annotations:
        return []
    return [
        _marks("Known events", "purple", "annotations", title="title", text="text"),
        _marks("Alerts", "red", "alerts_in_range", title="signal", text="severity"),
    ]


def _marks(name: str, color: str, query: str, **fields: str) -> Json:
    fields |= {"time": "time", "timeEnd": "ended_at", "tags": "entity", "id": "id"}
    return {
        "name": name,
        "datasource": DATASOURCE,
        "enable": True,
        "hide": False,
        "iconColor": color,
        "target": ClickHouseQuery(sql=load_query(query)).target("annotation"),
        "mappings": {
            event: {"source": "field", "value": column} for event, column in fields.items()
        },
    }


def _variables(board: Board) -> tuple[str, ...]:
    return (*VARIABLES, COMPARED) if board.compares_runs else tuple(VARIABLES)


def _variable(name: str, board: Board) -> Json:
    takes_one = name in ("run", COMPARED) or (name == "entity" and board.takes_one_entity)
    everything = {"selected": True, "text": ["All"], "value": ["$__all"]}
    return {
        "name": name,
        "label": {**VARIABLES, COMPARED: COMPARED_LABEL}[name],
        "type": "query",
        "datasource": DATASOURCE,
        "definition": load_query(f"variable_{name}"),
        "query": load_query(f"variable_{name}"),
        "refresh": 2,
        "sort": 0,
        "regex": "",
        "hide": 0,
        "skipUrlSync": False,
        "includeAll": not takes_one,
        "multi": not takes_one,
        "options": [],
        "current": {} if takes_one else everything,
    }


def _link(board: Board) -> Json:
    return {
        "title": board.title,
        "tooltip": board.why,
        "type": "link",
        "icon": "dashboard",
        "url": f"/d/{uid_of(board.id)}",
        "tags": [],
        "asDropdown": False,
        "includeVars": True,
        "keepTime": True,
        "targetBlank": False,
    }
