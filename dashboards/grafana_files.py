"""The files from which Grafana provisions alerting: rules, a contact point, mute timings. Pure.

The form is that of Grafana's documentation on file provisioning, `apiVersion: 1`. It differs from
the API's: rules stand in groups that name their folder, and each names its panel beside the
annotations. No secret stands in a file: Grafana fills variables in from its own environment.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from dashboards.grafana_rules import (
    FOLDER,
    GROUP,
    INTERVAL_SECONDS,
    RECEIVER,
    Routing,
    rules,
)

Json = dict[str, Any]

ALWAYS = "uproar-always"
"""A mute timing that never ends."""

WEBHOOK = "https://${GRAFANA_ALERT_WEBHOOK}"
"""With the scheme before it, a variable that is not set is no URL that Grafana refuses to start
with: it starts, and says with each delivery that there is no host."""


def alerting_files() -> dict[str, str]:
    """Return the committed files, by name: the rules go to the contact point, and that to a URL."""
    return {
        "rules.yaml": _written(rules_file(Routing()), _RULES_COMMENT),
        "contact-points.yaml": _written(contact_points_file(), _CONTACT_COMMENT),
    }


def silent_alerting_files() -> dict[str, str]:
    """Return the files of a Grafana whose rules show what fires and deliver nothing.

    For one beside a watcher that delivers: nobody wants to be told twice.
    """
    muted = Routing(mute_timings=(ALWAYS,))
    return alerting_files() | {
        "rules.yaml": _written(rules_file(muted), _RULES_COMMENT),
        "mute-timings.yaml": _written(mute_timings_file(), _MUTE_COMMENT),
    }


def rules_file(routing: Routing) -> Json:
    """Return the rules as a file's content."""
    group = {
        "orgId": 1,
        "name": GROUP,
        "folder": FOLDER,
        "interval": f"{INTERVAL_SECONDS}s",
        "rules": [_in_file(rule) for rule in rules(routing)],
    }
    return {"apiVersion": 1, "groups": [group]}


def _in_file(rule: Json) -> Json:
    there = ("uid", "title", "condition", "data", "noDataState", "execErrState", "for")
    also = ("annotations", "labels", "isPaused", "notification_settings")
    panel = {
        "dashboardUid": rule["annotations"]["__dashboardUid__"],
        "panelId": int(rule["annotations"]["__panelId__"]),
    }
    return (
        {key: rule[key] for key in there} | panel | {key: rule[key] for key in also if key in rule}
    )


def contact_points_file() -> Json:
    """Return the contact point of the committed rules as a file's content."""
    receiver = {
        "uid": "uproar-webhook",
        "type": "webhook",
        "settings": {"url": WEBHOOK, "httpMethod": "POST"},
        "disableResolveMessage": False,
    }
    return {
        "apiVersion": 1,
        "contactPoints": [{"orgId": 1, "name": RECEIVER, "receivers": [receiver]}],
    }


def mute_timings_file() -> Json:
    """Return the mute timing that never ends as a file's content."""
    whole_day = {"times": [{"start_time": "00:00", "end_time": "24:00"}]}
    timing = {"orgId": 1, "name": ALWAYS, "time_intervals": [whole_day]}
    return {"apiVersion": 1, "muteTimes": [timing]}


_RULES_COMMENT = """\
# Grafana's alert rules: one a signal, with a row for every threshold in the table `thresholds`.
# Generated (`uproar dashboards build`) from dashboards/grafana_rules.py and queries/alerts/*.sql.
"""
_CONTACT_COMMENT = """\
# Where the rules deliver: GRAFANA_ALERT_WEBHOOK is an address without `https://`. Edit it for mail,
# chat and so on, or let `uproar alerts apply` make it from `notify` in uproar.yaml. Generated.
"""
_MUTE_COMMENT = "# Uproar's watcher delivers; this Grafana shows. Generated.\n"


class _Dumper(yaml.SafeDumper):
    """Writes text of many lines as such."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write what stands twice twice."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _written(content: Mapping[str, Any], comment: str) -> str:
    text: str = yaml.dump(dict(content), Dumper=_Dumper, sort_keys=False, width=1000)
    return comment + text
