"""Brings a Grafana's alert rules and contact point to what they should be, over its API.

Guarantee: idempotent, as `dashboards.apply`. The tree of notification policies is neither read nor
changed: each rule names its contact point itself.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from dashboards.apply import folder_changes
from dashboards.grafana_changes import Change
from dashboards.grafana_client import Grafana
from dashboards.grafana_contacts import REDACTED, Integration, contact_points
from dashboards.grafana_rules import FOLDER, FOLDER_UID, RECEIVER, Routing, rules

RULES = "/v1/provisioning/alert-rules"
POINTS = "/v1/provisioning/contact-points"

SENT_AGAIN = "its secrets cannot be read back, so they are sent again"


def alert_changes(grafana: Grafana, integrations: Sequence[Integration]) -> Iterator[Change]:
    """Yield the contact point, then the folder, then every rule, then what is there no more.

    Without integrations the rules go by the user's own policies.
    """
    stored_points = {one["uid"]: one for one in grafana.find(POINTS) or []}
    yield from _points(stored_points, integrations)
    yield from folder_changes(grafana, FOLDER_UID, FOLDER)
    yield from _rules(grafana, integrations)
    # Last: until the rules have let go of it, Grafana keeps a contact point.
    yield from _stale_points(stored_points, len(integrations))


def _points(stored: dict[str, Any], integrations: Sequence[Integration]) -> Iterator[Change]:
    for body, one in zip(contact_points(RECEIVER, integrations), integrations, strict=True):
        uid = body["uid"]
        shown = {**body, "settings": one.redacted()}
        before = stored.get(uid)
        if before is not None:  # whatever it shows of what may be secret, we do not
            settings = before.get("settings", {})
            told = {
                key: REDACTED if shown["settings"].get(key) == REDACTED else value
                for key, value in settings.items()
            }
            before = {**before, "settings": told}
        yield Change(
            name=f"contact point {RECEIVER}, {uid} ({one.kind})",
            method="POST" if before is None else "PUT",
            path=POINTS if before is None else f"{POINTS}/{uid}",
            body=body,
            before=before,
            after=shown,
            note=SENT_AGAIN if before and REDACTED in shown["settings"].values() else "",
        )


def _stale_points(stored: dict[str, Any], count: int) -> Iterator[Change]:
    wanted = {f"uproar-notify-{number}" for number in range(1, count + 1)}
    for uid, point in sorted(stored.items()):
        if uid.startswith("uproar-notify-") and uid not in wanted:
            shown = {key: point.get(key) for key in ("uid", "name", "type")}
            yield Change(
                name=f"contact point {uid}", method="DELETE", path=f"{POINTS}/{uid}", before=shown
            )


def _rules(grafana: Grafana, integrations: Sequence[Integration]) -> Iterator[Change]:
    stored = {one["uid"]: one for one in grafana.find(RULES) or []}
    wanted = rules(Routing() if integrations else None)
    for rule in wanted:
        before = stored.get(rule["uid"])
        # Where it goes by the policies, a contact point of before has to be taken away.
        shown = {"notification_settings": None, **rule}
        yield Change(
            name=f"rule {rule['uid']}",
            method="POST" if before is None else "PUT",
            path=RULES if before is None else f"{RULES}/{rule['uid']}",
            body=rule,
            before=before and {"notification_settings": None, **before, "orgID": rule["orgID"]},
            after=shown,
        )
    uids = {rule["uid"] for rule in wanted}
    for uid, rule in sorted(stored.items()):
        if rule.get("folderUID") == FOLDER_UID and uid.startswith("uproar-") and uid not in uids:
            shown = {key: rule.get(key) for key in ("uid", "title")}
            yield Change(name=f"rule {uid}", method="DELETE", path=f"{RULES}/{uid}", before=shown)
