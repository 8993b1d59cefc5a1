"""Brings a Grafana to what it should be over its API, for one that is not provisioned from files.

Guarantee: idempotent. Folders, boards, rules and contact points have fixed uids; what is as it
should be is not sent, and what others put beside them is left alone. The data source is not made
here: its password belongs in Grafana's provisioning.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from dashboards.boards import BOARDS
from dashboards.grafana_changes import Change
from dashboards.grafana_client import Grafana, GrafanaRefused
from dashboards.grafana_query import DATASOURCE
from dashboards.render_grafana import render_board, uid_of
from uproar.errors import InputError

FOLDER = "Uproar"
FOLDER_UID = "uproar"

LEVELS = {"view": 1, "edit": 2, "admin": 4}
"""Grafana's numbers of permissions on a folder."""
ROLES = ("Viewer", "Editor")


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """Who may do what with the boards: a role (`Viewer`, `Editor`) or the name of a team."""

    who: str
    level: str


def carry_out(grafana: Grafana, changes: Iterable[Change]) -> Iterator[Change]:
    """Make the changes that are due, in order, and yield each of all when it is done.

    Raises GrafanaRefused; what was done before stays, and doing it again does the rest.
    """
    for change in changes:
        if change.is_due:
            grafana.send(change.method, change.path, change.body)
        yield change


def folder_changes(grafana: Grafana, uid: str, title: str) -> list[Change]:
    """Return the folder, where it is missing. One that was given another title keeps it."""
    found = grafana.find(f"/folders/{uid}", may_be_hidden=True)
    body = {"uid": uid, "title": title}
    wanted = {"uid": uid} if found else body
    return [
        Change(
            name=f"folder {title}",
            method="POST",
            path="/folders",
            body=body,
            before=found,
            after=wanted,
        )
    ]


def board_changes(grafana: Grafana) -> Iterator[Change]:
    """Yield every board; one that is as it should be is not saved anew."""
    yield from folder_changes(grafana, FOLDER_UID, FOLDER)
    for board in BOARDS:
        uid = uid_of(board.id)
        wanted = render_board(board, tuple(other for other in BOARDS if other is not board))
        stored = grafana.find(f"/dashboards/uid/{uid}")
        compared = {"dashboard": _unversioned(wanted), "folderUid": FOLDER_UID}
        yield Change(
            name=f"board {uid}",
            method="POST",
            path="/dashboards/db",
            body={
                "dashboard": wanted,
                "folderUid": FOLDER_UID,
                "overwrite": True,
                "message": "uproar dashboards apply",
            },
            before=stored
            and {
                "dashboard": stored.get("dashboard", {}),
                "folderUid": stored.get("meta", {}).get("folderUid"),
            },
            after=compared,
        )


def _unversioned(board: dict[str, Any]) -> dict[str, Any]:
    """Return the board without what Grafana counts up by itself."""
    return {key: value for key, value in board.items() if key not in ("version", "schemaVersion")}


def permission_changes(grafana: Grafana, wanted: Sequence[Permission]) -> Iterator[Change]:
    """Yield the permissions of the boards' folder: exactly these, where any are asked for.

    Raises InputError for a team that Grafana does not know.
    """
    if not wanted:
        return
    items = [_item(grafana, one) for one in wanted]
    path = f"/folders/{FOLDER_UID}/permissions"
    stored = grafana.find(path, may_be_hidden=True)
    own = [_plain(one) for one in stored or [] if not one.get("inherited")]
    yield Change(
        name=f"permissions of folder {FOLDER}",
        method="POST",
        path=path,
        body={"items": items},
        before=None if stored is None else {"items": sorted(own, key=str)},
        after={"items": sorted(items, key=str)},
    )


def _item(grafana: Grafana, permission: Permission) -> dict[str, Any]:
    level = LEVELS[permission.level]
    if permission.who in ROLES:
        return {"role": permission.who, "permission": level}
    found = grafana.find(f"/teams/search?perpage=1000&name={_quoted(permission.who)}") or {}
    for team in found.get("teams", []):
        if team["name"] == permission.who:
            return {"teamId": team["id"], "permission": level}
    raise InputError(
        f"Grafana at `{grafana.host}` has no team `{permission.who}`",
        hint=f"wanted the name of a team, or a role: {', '.join(ROLES)}",
    )


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def _plain(stored: dict[str, Any]) -> dict[str, Any]:
    """Return a stored permission in the form in which it is sent."""
    if stored.get("role"):
        return {"role": stored["role"], "permission": stored["permission"]}
    if stored.get("teamId"):
        return {"teamId": stored["teamId"], "permission": stored["permission"]}
    return {"userId": stored.get("userId"), "permission": stored["permission"]}


def has_datasource(grafana: Grafana) -> bool:
    """Tell whether the data source is there that boards and rules ask; a doubt counts as yes."""
    try:
        return grafana.find(f"/datasources/uid/{DATASOURCE['uid']}") is not None
    except GrafanaRefused:  # all but an Admin may not look
        return True
