"""Boards and rules held to Grafana's own types: what those do not know is named.

`grafana-foundation-sdk` is generated from the schemas of Grafana 11.6. Reading JSON into its types
and writing it again loses whatever they have no place for.
"""

import json
from collections.abc import Iterator
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.alerting import Rule
from grafana_foundation_sdk.models.dashboard import Dashboard

BEYOND_THE_TYPES = {
    # The schema knows the targets of Grafana's own annotations only, and no mapping of columns.
    ".annotations.list[].mappings",
    *(
        f".annotations.list[].target.{name}"
        for name in (
            *("datasource", "editorType", "format", "meta", "pluginVersion", "queryType"),
            *("rawSql", "refId"),
        )
    ),
    # What the variable's editor shows.
    ".templating.list[].definition",
    # The editor of thresholds writes the shell of a classic condition around its evaluator.
    *(f".data[].model.conditions[].{name}" for name in ("operator", "query", "reducer", "type")),
}
"""What Grafana's front end reads and writes, but its schema leaves open."""

register_default_plugins()


def beyond_board(board: dict[str, Any]) -> set[str]:
    """Return what a board holds that Grafana's types of boards do not know or read otherwise."""
    return _beyond(board, Dashboard.from_json(board))


def beyond_rule(rule: dict[str, Any]) -> set[str]:
    """Return the same of an alert rule as the API takes it."""
    return _beyond(rule, Rule.from_json(rule))


def _beyond(sent: dict[str, Any], read: Any) -> set[str]:
    written = json.loads(json.dumps(read, cls=JSONEncoder))
    return set(_lost(sent, written, "")) - BEYOND_THE_TYPES


def _lost(sent: Any, read: Any, path: str) -> Iterator[str]:
    if isinstance(sent, dict) and isinstance(read, dict):
        for key, value in sent.items():
            if key in read:
                yield from _lost(value, read[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}"
    elif isinstance(sent, list) and isinstance(read, list) and len(sent) == len(read):
        for one, other in zip(sent, read, strict=True):
            yield from _lost(one, other, f"{path}[]")
    elif sent != read:
        yield f"{path}: {sent!r} is read as {read!r}"
