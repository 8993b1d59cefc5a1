"""Grafana's alert rules: one generic rule a signal, with a row for every threshold. Pure.

A rule asks ClickHouse for rows of labels and one value, which is above 0 where an alert is due; so
an edited threshold counts at the next evaluation, and no rule is ever edited. What the totals tell
is counted by the rule itself; what needs single posts, or what is usual, is read from the alerts
that the watcher (`uproar watch`) has judged. That either is behind is a rule of its own.

The form is that of the provisioning API (https://github.com/grafana/grafana,
`pkg/services/ngalert/api/tooling/definitions/provisioning_alert_rules.go`).
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from dashboards.alerts.lateness import WATCHED_FOR
from dashboards.grafana_query import DATASOURCE, ClickHouseQuery
from dashboards.grafana_wording import (
    COUNTED,
    JUDGED,
    LATE,
    LATE_SECONDS,
    SHOWN,
    annotations,
)
from dashboards.panels import QUERIES

Json = dict[str, Any]

FOLDER = "Uproar alerts"
FOLDER_UID = "uproar-alerts"
"""Not that of the boards: each of Grafana's provisioners makes its folder by itself."""
GROUP = "Uproar"
INTERVAL_SECONDS = 60
RECEIVER = "Uproar"
"""The contact point that the rules go to."""

EXPRESSION = {"type": "__expr__", "uid": "__expr__"}


class Routing(msgspec.Struct, frozen=True, kw_only=True):
    """Where alerts of the rules go, without a word in the tree of notification policies."""

    receiver: str = RECEIVER
    mute_timings: tuple[str, ...] = ()

    def settings(self) -> Json:
        """Return the rule's `notification_settings`."""
        found: Json = {
            "receiver": self.receiver,
            "group_by": ["grafana_folder", "alertname", "entity"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "12h",
        }
        return found | ({"mute_time_intervals": [*self.mute_timings]} if self.mute_timings else {})


def load_alert_query(signal: str) -> str:
    """Return the SQL of a signal's rule."""
    name = "counted" if signal in COUNTED else "judged" if signal in JUDGED else LATE
    text = (QUERIES / "alerts" / f"{name}.sql").read_text(encoding="utf-8")
    return text.replace("{signal}", signal).replace("{late_seconds}", str(LATE_SECONDS))


def rules(routing: Routing | None) -> Sequence[Json]:
    """Return every rule as the API takes it; without a routing, by the user's own policies."""
    return [_rule(signal, routing) for signal in (*COUNTED, *JUDGED, LATE)]


def rule_uid(signal: str) -> str:
    """Return the fixed uid of a signal's rule.

    >>> rule_uid("negative_share")
    'uproar-negative-share'
    """
    return f"uproar-{signal.replace('_', '-')}"


def _rule(signal: str, routing: Routing | None) -> Json:
    rule: Json = {
        "uid": rule_uid(signal),
        "orgID": 1,
        "folderUID": FOLDER_UID,
        "ruleGroup": GROUP,
        "title": SHOWN[signal].title,
        "condition": "B",
        "data": [_asked(signal), _above_zero()],
        # No row: nobody asked for an alert of this signal, or, of what is judged, none lasts.
        "noDataState": "OK",
        # ClickHouse cannot be asked: that is not calm either.
        "execErrState": "Error",
        # "For" is a property of each threshold and counted in SQL; late is late after a while.
        "for": f"{round(WATCHED_FOR.total_seconds()) // 60}m" if signal == LATE else "0s",
        "annotations": annotations(signal),
        "labels": {"service": "uproar"},
        "isPaused": False,
    }
    return rule | ({"notification_settings": routing.settings()} if routing else {})


def _asked(signal: str) -> Json:
    return {
        "refId": "A",
        "queryType": "",
        "relativeTimeRange": {"from": 600, "to": 0},
        "datasourceUid": DATASOURCE["uid"],
        "model": ClickHouseQuery(sql=load_alert_query(signal)).alert_model(),
    }


def _above_zero() -> Json:
    condition = {
        "type": "query",
        "evaluator": {"type": "gt", "params": [0]},
        "operator": {"type": "and"},
        "query": {"params": ["B"]},
        "reducer": {"type": "last", "params": []},
    }
    return {
        "refId": "B",
        "queryType": "",
        "relativeTimeRange": {"from": 0, "to": 0},
        "datasourceUid": EXPRESSION["uid"],
        "model": {
            "refId": "B",
            "datasource": EXPRESSION,
            "type": "threshold",
            "expression": "A",
            "conditions": [condition],
            "intervalMs": 1000,
            "maxDataPoints": 43_200,
            "hide": False,
        },
    }
