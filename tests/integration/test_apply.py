"""Pushing the boards: what Grafana's HTTP API is asked.

A stand-in answers by the API's documentation, for no registry ships a Grafana to test against.
"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dashboards.build import render_all
from uproar.cli import main

pytestmark = pytest.mark.integration

TOKEN = "an-invented-token"


class Grafana(ThreadingHTTPServer):
    """Keeps folders and boards; refuses who has not the token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folders: dict[str, str] = {}
        self.boards: dict[str, dict[str, Any]] = {}


class Handler(BaseHTTPRequestHandler):
    server: Grafana

    def do_GET(self) -> None:
        uid = self.path.rpartition("/")[2]
        if self.is_allowed():
            found = uid in self.server.folders
            self.answer(200 if found else 404, {"uid": uid, "message": "folder not found"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.is_allowed():
            return
        if self.path == "/api/folders":
            self.server.folders[body["uid"]] = body["title"]
        else:
            assert self.path == "/api/dashboards/db"
            assert body["overwrite"]
            assert body["folderUid"] in self.server.folders
            self.server.boards[body["dashboard"]["uid"]] = body["dashboard"]
        self.answer(200, {"status": "success"})

    def is_allowed(self) -> bool:
        if self.headers["Authorization"] == f"Bearer {TOKEN}":
            return True
        self.answer(401, {"message": "invalid API key"})
        return False

    def answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def grafana() -> Iterator[Grafana]:
    with Grafana() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def apply(port: int, token: str) -> Result:
    return CliRunner().invoke(
        main,
        ["dashboards", "apply", f"http://127.0.0.1:{port}"],
        env={"UPROAR_GRAFANA_TOKEN": token},
    )


def test_the_boards_arrive_as_they_are_in_the_tree_and_again_change_nothing(
    grafana: Grafana,
) -> None:
    for _ in range(2):
        result = apply(grafana.server_port, TOKEN)
        assert result.exit_code == 0, result.output
        assert grafana.folders == {"uproar": "Uproar"}
        assert grafana.boards == {
            name.removesuffix(".json"): json.loads(text) for name, text in render_all().items()
        }
        assert len(result.stdout.splitlines()) == len(grafana.boards)


def test_a_refusal_says_what_the_token_needs_and_does_not_show_it(grafana: Grafana) -> None:
    result = apply(grafana.server_port, "wrong-token")
    assert result.exit_code == 1
    assert "refused" in result.stderr
    assert "Editor" in result.stderr
    assert "wrong-token" not in result.stderr


def test_a_grafana_that_is_not_there_is_an_error(grafana: Grafana) -> None:
    grafana.shutdown()
    grafana.server_close()
    result = apply(grafana.server_port, TOKEN)
    assert (result.exit_code, "does not answer" in result.stderr) == (1, True)


def test_without_a_token_nothing_is_asked() -> None:
    result = apply(1, "")
    assert result.exit_code == 1
    assert "UPROAR_GRAFANA_TOKEN" in result.stderr
