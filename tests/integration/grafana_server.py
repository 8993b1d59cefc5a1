"""A server that answers as Grafana's HTTP API does, and refuses what Grafana would refuse.

No registry ships a Grafana to test against. This one checks every request against the documented
form (tests/dashboards/grafana_schema.py), keeps what it is given as Grafana keeps it, adds the
fields that Grafana adds, and never gives a secret back.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from tests.dashboards.grafana_schema import (
    SECRET_SETTINGS,
    URL_IS_SECRET,
    ApiRule,
    ContactPoint,
    NewAnnotation,
    NewFolder,
    Permissions,
    SaveDashboard,
    mistake_in_rule,
    mistake_in_settings,
)
from tests.dashboards.grafana_types import beyond_board, beyond_rule

TOKENS = {"an-editors-token": "Editor", "a-viewers-token": "Viewer", "an-admins-token": "Admin"}
T = TypeVar("T")
Json = dict[str, Any]


class Refused(Exception):
    """Grafana answers with an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class GrafanaServer(ThreadingHTTPServer):
    """What is in it, by uid; `writes` are the requests that changed anything, in order."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folders: dict[str, str] = {}
        self.permissions: dict[str, list[Json]] = {}
        self.boards: dict[str, Json] = {}
        self.rules: dict[str, Json] = {}
        self.points: dict[str, Json] = {}
        self.annotations: dict[int, Json] = {}
        self.teams = {"Trust and safety": 7}
        self.datasources = {"uproar-clickhouse"}
        self.policies: Json = {"receiver": "grafana-default-email", "routes": []}
        self.writes: list[str] = []
        self.count = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def next_id(self) -> int:
        self.count += 1
        return self.count


class Handler(BaseHTTPRequestHandler):
    server: GrafanaServer

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            role = TOKENS.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            if role is None:
                raise Refused(401, "Invalid API key")
            if self.command != "GET" and role == "Viewer":
                raise Refused(403, "You'll need additional permissions to perform this action")
            status, answer = self.route(role, body)
            if self.command != "GET":
                self.server.writes.append(f"{self.command} {self.path}")
        except Refused as error:
            status, answer = error.status, {"message": str(error)}
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def route(self, role: str, body: bytes) -> tuple[int, Any]:
        parts = urlsplit(self.path)
        path = [unquote(part) for part in parts.path.split("/")[1:]]
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        verb = self.command
        if path[:3] == ["api", "v1", "provisioning"] and role != "Admin":
            raise Refused(403, "You'll need additional permissions to perform this action")
        match (verb, *path):
            case ("GET", "api", "folders", uid):
                return 200, self.folder(uid, role)
            case ("POST", "api", "folders"):
                return 200, self.new_folder(read(body, NewFolder))
            case ("GET", "api", "folders", uid, "permissions"):
                self.folder(uid, role)
                return 200, self.server.permissions.get(uid, [])
            case ("POST", "api", "folders", uid, "permissions"):
                return 200, self.permit(uid, read(body, Permissions), role)
            case ("GET", "api", "dashboards", "uid", uid):
                return 200, self.board(uid)
            case ("POST", "api", "dashboards", "db"):
                return 200, self.save_board(read(body, SaveDashboard))
            case ("GET", "api", "datasources", "uid", uid):
                return self.datasource(uid, role)
            case ("GET", "api", "teams", "search"):
                names = self.server.teams.items()
                found = [{"id": n, "name": team} for team, n in names if team == asked.get("name")]
                return 200, {"totalCount": len(found), "teams": found}
            case (_, "api", "annotations", *rest):
                return self.annotation(verb, rest, asked, body)
            case (_, "api", "v1", "provisioning", "alert-rules", *rest):
                return self.rule(verb, rest, body)
            case (_, "api", "v1", "provisioning", "contact-points", *rest):
                return self.point(verb, rest, body)
        raise Refused(404, "Not found")

    def folder(self, uid: str, role: str = "Admin") -> Json:
        if uid not in self.server.folders:
            if role != "Admin":  # whose permissions name each folder, and this one has none
                raise Refused(403, "You'll need additional permissions to perform this action")
            raise Refused(404, "folder not found")
        return {"id": 1, "uid": uid, "title": self.server.folders[uid], "version": 1}

    def new_folder(self, given: NewFolder) -> Json:
        if given.uid in self.server.folders:
            raise Refused(412, "the folder has been changed by someone else")
        if given.title in self.server.folders.values():
            raise Refused(409, "a folder with the same name already exists in the current location")
        self.server.folders[given.uid] = given.title
        return self.folder(given.uid)

    def permit(self, uid: str, given: Permissions, role: str) -> Json:
        self.folder(uid)
        if role != "Admin":
            raise Refused(
                403,
                "You'll need additional permissions. Permissions needed: folders.permissions:write",
            )
        self.server.permissions[uid] = [
            {"uid": uid, "role": one.role or "", "teamId": one.teamId or 0, "userId": 0,
             "permission": one.permission, "inherited": False}
            for one in given.items
        ]  # fmt: skip
        return {"message": "Folder permissions updated"}

    def board(self, uid: str) -> Json:
        if uid not in self.server.boards:
            raise Refused(404, "Dashboard not found")
        return self.server.boards[uid]

    def save_board(self, given: SaveDashboard) -> Json:
        board = given.dashboard
        uid = board.get("uid", "")
        if board.get("id") is not None or not board.get("title"):
            raise Refused(400, "Dashboard title cannot be empty, and no id be chosen")
        if not uid or len(uid) > 40 or given.folderUid not in self.server.folders:
            raise Refused(400, "uid contains illegal characters, or the folder is not there")
        if unknown := beyond_board(board):
            raise Refused(400, f"not of Grafana's schema: {sorted(unknown)}")
        stored = self.server.boards.get(uid)
        if stored and not given.overwrite:
            raise Refused(412, "The dashboard has been changed by someone else")
        version = stored["dashboard"]["version"] + 1 if stored else 1
        kept = {**board, "id": self.server.next_id(), "version": version}
        self.server.boards[uid] = {"dashboard": kept, "meta": {"folderUid": given.folderUid}}
        return {"id": kept["id"], "uid": uid, "status": "success", "version": version}

    def datasource(self, uid: str, role: str) -> tuple[int, Json]:
        if role != "Admin":
            raise Refused(
                403, "You'll need additional permissions. Permissions needed: datasources:read"
            )
        if uid not in self.server.datasources:
            raise Refused(404, "Data source not found")
        return 200, {"uid": uid}

    def annotation(self, verb: str, rest: list[str], asked: Json, body: bytes) -> tuple[int, Any]:
        kept = self.server.annotations
        if verb == "GET" and not rest:
            limit = int(asked.get("limit", 100))
            found = [one for one in kept.values() if asked.get("tags") in (None, *one["tags"])]
            return 200, found[:limit]
        if verb == "POST" and not rest:
            number = self.server.next_id()
            kept[number] = {"id": number, "alertId": 0, **asdict(read(body, NewAnnotation))}
            return 200, {"message": "Annotation added", "id": number}
        number = int(rest[0])
        if number not in kept:
            raise Refused(404, "Annotation not found")
        if verb == "DELETE":
            del kept[number]
            return 200, {"message": "Annotation deleted"}
        kept[number] |= asdict(read(body, NewAnnotation))
        return 200, {"message": "Annotation updated"}

    def rule(self, verb: str, rest: list[str], body: bytes) -> tuple[int, Any]:
        kept = self.server.rules
        if verb == "GET":
            return 200, [*kept.values()]
        if verb == "DELETE":
            kept.pop(rest[0], None)
            return 204, None
        rule = read(body, ApiRule)
        given = json.loads(body)
        if mistake := mistake_in_rule(rule):
            raise Refused(400, f"invalid alert rule: {mistake}")
        if unknown := beyond_rule(given):
            raise Refused(400, f"not of Grafana's schema: {sorted(unknown)}")
        if rule.folderUID not in self.server.folders:
            raise Refused(400, "folder does not exist")
        wanted = rule.notification_settings
        if wanted and wanted.receiver not in {one["name"] for one in self.server.points.values()}:
            raise Refused(400, f"receiver '{wanted.receiver}' does not exist")
        if verb == "POST" and rule.uid in kept:
            raise Refused(409, "an alert rule with this UID already exists")
        if verb == "PUT" and (rest != [rule.uid] or rule.uid not in kept):
            raise Refused(404, "could not find alert rule")
        others = [one for uid, one in kept.items() if uid != rule.uid]
        if any(one["title"] == rule.title for one in others):
            raise Refused(409, "rule title under the same organisation and folder should be unique")
        before = kept.get(rule.uid, {})
        self.check_provenance(before)
        kept[rule.uid] = {
            "notification_settings": None, "record": None, "keep_firing_for": "0s", **given,
            "id": before.get("id") or self.server.next_id(), "provenance": self.provenance(),
            "updated": f"2026-11-28T00:00:{self.server.next_id():02}Z",
        }  # fmt: skip
        return 201 if verb == "POST" else 200, kept[rule.uid]

    def point(self, verb: str, rest: list[str], body: bytes) -> tuple[int, Any]:
        kept = self.server.points
        if verb == "GET":
            return 200, [redacted(one) for one in kept.values()]
        if verb == "DELETE":
            name = kept[rest[0]]["name"]
            is_last = [one["name"] for one in kept.values()].count(name) == 1
            used = [one["notification_settings"] or {} for one in self.server.rules.values()]
            if is_last and name in {one.get("receiver") for one in used}:
                raise Refused(409, "contact point is currently in use by alert rules")
            del kept[rest[0]]
            return 202, {"message": "contactpoint deleted"}
        given = read(body, ContactPoint)
        if mistake := mistake_in_settings(given.type, given.settings):
            raise Refused(400, f"invalid contact point: {mistake}")
        uid = given.uid if verb == "POST" else rest[0]
        if verb == "POST" and uid in kept:
            raise Refused(409, "a receiver with this uid exists")
        if verb == "PUT" and uid not in kept:
            raise Refused(404, "contact point not found")
        self.check_provenance(kept.get(uid, {}))
        kept[uid] = {**json.loads(body), "provenance": self.provenance()}
        answer = redacted(kept[uid]) if verb == "POST" else {"message": "contactpoint updated"}
        return 202, answer

    def provenance(self) -> str:
        return "" if self.headers.get("X-Disable-Provenance") else "api"

    def check_provenance(self, before: Json) -> None:
        if before.get("provenance", "") not in ("", "api"):
            raise Refused(403, "cannot change provenance from 'file' to ''")


def read(body: bytes, kind: type[T]) -> T:
    """Read a body strictly, as its documentation has it."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise Refused(400, f"bad request data: {error}") from error


def asdict(given: Any) -> Json:
    found: Json = msgspec.to_builtins(given)
    return found


def redacted(point: Json) -> Json:
    """Return a contact point as Grafana shows it."""
    secret = SECRET_SETTINGS | ({"url"} if point["type"] in URL_IS_SECRET else set())
    settings = {k: "[REDACTED]" if k in secret else v for k, v in point["settings"].items()}
    return {**point, "settings": settings}


@contextmanager
def serving() -> Iterator[GrafanaServer]:
    """Serve on a free port as long as the block lasts."""
    with GrafanaServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
