"""A query as Grafana's ClickHouse plugin stores it, in a panel, an alert rule or annotations. Pure.

The form is that of `grafana-clickhouse-datasource` 4 (https://github.com/grafana/clickhouse-datasource,
`src/types/sql.ts`): `format` is 0 for time series and 1 for tables, which alone the back end reads;
without `pluginVersion` the plugin would take the query for one of version 3 and rewrite it.
"""

from typing import Any

import msgspec

Json = dict[str, Any]

DATASOURCE = {"type": "grafana-clickhouse-datasource", "uid": "uproar-clickhouse"}
"""The uid is the one that `grafana/provisioning/datasources/uproar.yaml` gives."""

PLUGIN_VERSION = "4.0.0"
"""The oldest version of the plugin that reads what is written here."""

TIME_SERIES = 0
TABLE = 1


class ClickHouseQuery(msgspec.Struct, frozen=True, kw_only=True):
    """One query; `is_series` where it answers a time first, and values to be drawn over it."""

    sql: str
    is_series: bool = False

    def target(self, ref_id: str = "A") -> Json:
        """Return it as a panel's target."""
        return {
            "refId": ref_id,
            "datasource": DATASOURCE,
            "pluginVersion": PLUGIN_VERSION,
            "editorType": "sql",
            "queryType": "timeseries" if self.is_series else "table",
            "format": TIME_SERIES if self.is_series else TABLE,
            "rawSql": self.sql,
            "meta": {"timezone": "UTC"},
        }

    def alert_model(self, ref_id: str = "A") -> Json:
        """Return it as the model of an alert rule's query: with what Grafana would add to it."""
        return {**self.target(ref_id), "intervalMs": 60_000, "maxDataPoints": 43_200, "hide": False}
