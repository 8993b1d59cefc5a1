"""A Grafana brought to what it should be, over its API: what it holds after each command."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from clickhouse_driver import Client

from dashboards.alerts.annotations import write_events
from dashboards.alerts.events import Event
from dashboards.build import render_all
from dashboards.grafana_rules import RECEIVER, rule_uid
from dashboards.grafana_wording import COUNTED, JUDGED
from tests.integration.grafana_server import GrafanaServer, serving
from uproar.cli import main
from uproar.cli.alerting_grafana import alerts_apply
from uproar.cli.invocation import CommandGroup, Invocation

pytestmark = pytest.mark.integration

EDITOR, VIEWER, ADMIN = "an-editors-token", "a-viewers-token", "an-admins-token"
TOKEN_OF_CHAT = "123456:an-invented-bot-token"
NOTIFY = f"""
entities: [{{id: nimbus, name: Nimbus}}]
notify:
  - tgram://{TOKEN_OF_CHAT}/-1001
  - mailto://robot:a-mail-password@mail.example/?to=watch@mail.example
  - ntfys://a-secret-topic
  - {{url: "slack://Tinvented/Binvented/a-slack-secret/#alarm", severity: critical, name: duty}}
  - json://192.168.7.7/hook
"""
SECRETS = ("an-invented-bot-token", "a-mail-password", "a-secret-topic", "a-slack-secret")


@pytest.fixture
def grafana() -> Iterator[GrafanaServer]:
    with serving() as server:
        yield server


def apply(url: str, token: str, *words: str, **env: str) -> Result:
    return CliRunner().invoke(
        main, ["dashboards", "apply", url, *words], env={"UPROAR_GRAFANA_TOKEN": token, **env}
    )


def apply_alerts(
    url: str, folder: Path, *words: str, notify: str = NOTIFY, token: str = ADMIN
) -> Result:
    config = folder / "uproar.yaml"
    config.write_text(notify, "utf-8")

    @click.group(cls=CommandGroup)
    @click.pass_context
    def root(context: click.Context) -> None:
        context.obj = Invocation(config)

    root.add_command(alerts_apply)
    return CliRunner().invoke(root, ["apply", url, *words], env={"UPROAR_GRAFANA_TOKEN": token})


def test_the_boards_arrive_as_they_are_in_the_tree_and_again_nothing_is_sent(
    grafana: GrafanaServer,
) -> None:
    result = apply(grafana.url, EDITOR)
    assert result.exit_code == 0, result.output
    assert grafana.folders == {"uproar": "Uproar"}
    wanted = {name.removesuffix(".json"): json.loads(text) for name, text in render_all().items()}
    for uid, board in wanted.items():
        assert board | grafana.boards[uid]["dashboard"] == grafana.boards[uid]["dashboard"]
        assert f"created board {uid}" in result.stdout
    assert grafana.boards.keys() == wanted.keys()
    grafana.writes.clear()
    again = apply(grafana.url, EDITOR)
    assert (again.exit_code, again.stdout, grafana.writes) == (0, "", [])
    assert "as it should be" in again.stderr


def test_a_board_that_was_edited_is_shown_as_a_difference_and_then_overwritten(
    grafana: GrafanaServer,
) -> None:
    apply(grafana.url, EDITOR)
    grafana.boards["uproar-overview"]["dashboard"]["title"] = "My own title"
    grafana.writes.clear()
    told = apply(grafana.url, EDITOR, "--dry-run")
    assert (told.exit_code, grafana.writes) == (0, [])
    assert '-    "title": "My own title"' in told.stdout
    assert '+    "title": "Uproar: Overview"' in told.stdout
    assert apply(grafana.url, EDITOR).stdout == "changed board uproar-overview\n"
    assert grafana.writes == ["POST /api/dashboards/db"]


def test_a_dry_run_on_an_empty_grafana_changes_nothing_and_shows_everything(
    grafana: GrafanaServer,
) -> None:
    told = apply(grafana.url, EDITOR, "--dry-run", "--permission", "Viewer=view")
    assert (told.exit_code, grafana.writes) == (0, [])
    assert told.stdout.count("+++ board ") == len(render_all())
    assert "+++ permissions of folder Uproar" in told.stdout


def test_the_folder_is_for_whom_it_was_said_and_for_nobody_else(grafana: GrafanaServer) -> None:
    wanted = ("--permission", "Viewer=view", "--permission", "Trust and safety=edit")
    for _ in range(2):
        grafana.writes.clear()
        assert apply(grafana.url, ADMIN, *wanted).exit_code == 0
    assert grafana.writes == []
    assert {
        (one["role"], one["teamId"], one["permission"]) for one in grafana.permissions["uproar"]
    } == {("Viewer", 0, 1), ("", 7, 2)}
    assert "no team `Nobody`" in apply(grafana.url, ADMIN, "--permission", "Nobody=edit").stderr
    assert "Viewer=view" in apply(grafana.url, ADMIN, "--permission", "Viewer").stderr
    assert "Admin" in apply(grafana.url, EDITOR, "--permission", "Viewer=edit").stderr


def event(number: int, **given: Any) -> Event:
    at = datetime(2021, 1, 10, number, tzinfo=UTC)
    usual: dict[str, Any] = {
        "id": f"event-{number}", "entity": "nimbus", "starts_at": at, "ends_at": None,
        "title": f"Event {number}", "text": "", "url": "", "author": "somebody",
    }  # fmt: skip
    return Event(**{**usual, **given})


def test_known_events_are_pushed_changed_and_taken_back_and_others_annotations_stay(
    grafana: GrafanaServer, tables: Client, server_url: str
) -> None:
    def push(*words: str) -> Result:
        url = f"{server_url}/uproar"
        return apply(
            grafana.url, EDITOR, "--annotations", *words,
            UPROAR_CLICKHOUSE_URL=url, UPROAR_KAFKA_BROKERS="127.0.0.1:1",
        )  # fmt: skip

    grafana.annotations[99] = {
        "id": 99,
        "tags": ["uproar"],
        "text": "Mine",
        "time": 1,
        "timeEnd": 1,
    }
    ends = event(2).starts_at + timedelta(hours=1)
    now = datetime.now(UTC)
    write_events(tables, [event(1), event(2, ends_at=ends, url="https://news.example/2")], now)
    assert push("--dry-run").exit_code == 0
    assert len(grafana.annotations) == 1
    for _ in range(2):
        grafana.writes.clear()
        result = push()
        assert result.exit_code == 0, result.output
    assert grafana.writes == []
    second = next(one for one in grafana.annotations.values() if "Event 2" in one["text"])
    assert second["text"] == "Event 2\nhttps://news.example/2"
    assert second["tags"] == ["entity:nimbus", "uproar", "uproar:event-2"]
    assert second["timeEnd"] - second["time"] == 3_600_000
    write_events(tables, [event(1, text="More is known")], now + timedelta(seconds=1))
    write_events(tables, [event(2)], now + timedelta(seconds=1), are_removed=True)
    assert push().exit_code == 0
    assert {one["text"] for one in grafana.annotations.values()} == {
        "Mine",
        "Event 1\nMore is known",
    }


def test_every_rule_arrives_with_its_contact_point_and_the_policies_are_left_alone(
    grafana: GrafanaServer, tmp_path: Path
) -> None:
    policies = json.dumps(grafana.policies)
    result = apply_alerts(grafana.url, tmp_path)
    assert result.exit_code == 0, result.output
    assert grafana.rules.keys() == {rule_uid(signal) for signal in (*COUNTED, *JUDGED, "late")}
    receivers = {one["notification_settings"]["receiver"] for one in grafana.rules.values()}
    names = {one["name"] for one in grafana.points.values()}
    assert receivers == names == {RECEIVER}
    assert grafana.folders == {"uproar-alerts": "Uproar alerts"}
    assert json.dumps(grafana.policies) == policies
    assert not any("policies" in path for path in grafana.writes)
    assert {one["provenance"] for one in grafana.rules.values()} == {""}, "editable in Grafana"


def test_channels_become_what_grafana_calls_them_and_the_rest_is_named(
    grafana: GrafanaServer, tmp_path: Path
) -> None:
    result = apply_alerts(grafana.url, tmp_path)
    assert [(one["type"], one["settings"]) for one in grafana.points.values()] == [
        ("telegram", {"bottoken": TOKEN_OF_CHAT, "chatid": "-1001"}),
        ("email", {"addresses": "watch@mail.example", "singleEmail": True}),
    ]
    told = [line for line in result.stderr.splitlines() if "watch` only" in line]
    assert [line.partition("only: ")[2] for line in told] == [
        "number 3, `ntfys://…`: Grafana cannot do what `ntfys://…` asks",
        "duty: it takes only some alerts",
        "number 5, `json://…`: it is on the local network, which `local: true` would allow",
    ]


def test_no_secret_is_printed_by_a_dry_run_or_by_the_real_one(
    grafana: GrafanaServer, tmp_path: Path
) -> None:
    told = [apply_alerts(grafana.url, tmp_path, "--dry-run"), apply_alerts(grafana.url, tmp_path)]
    grafana.points["uproar-notify-1"]["settings"]["bottoken"] = SECRETS[0] + "-of-before"
    told.append(apply_alerts(grafana.url, tmp_path, "--dry-run"))
    for result in told:
        assert result.exit_code == 0
        assert not any(secret in result.output for secret in SECRETS)
    assert '"bottoken": "[REDACTED]"' in told[0].stdout


def test_rules_that_are_as_they_should_be_are_not_sent_again_and_secrets_are(
    grafana: GrafanaServer, tmp_path: Path
) -> None:
    assert apply_alerts(grafana.url, tmp_path, "--dry-run").exit_code == 0
    assert grafana.writes == []
    apply_alerts(grafana.url, tmp_path)
    grafana.points["uproar-notify-1"]["settings"]["bottoken"] = "a token of before"
    grafana.writes.clear()
    again = apply_alerts(grafana.url, tmp_path)
    assert (again.exit_code, again.stdout) == (0, "")
    assert grafana.writes == ["PUT /api/v1/provisioning/contact-points/uproar-notify-1"]
    assert grafana.points["uproar-notify-1"]["settings"]["bottoken"] == TOKEN_OF_CHAT
    assert "sent again" in again.stderr


def test_a_rule_that_was_edited_is_set_right_and_one_that_is_no_more_goes(
    grafana: GrafanaServer, tmp_path: Path
) -> None:
    apply_alerts(grafana.url, tmp_path)
    grafana.rules["uproar-volume"]["title"] = "Edited"
    old = {**grafana.rules["uproar-spike"], "uid": "uproar-of-before", "title": "Of before"}
    theirs = {**old, "uid": "theirs", "title": "Theirs"}
    grafana.rules |= {"uproar-of-before": old, "theirs": theirs}
    told = apply_alerts(grafana.url, tmp_path, "--dry-run")
    assert '-  "title": "Edited"' in told.stdout
    result = apply_alerts(grafana.url, tmp_path)
    assert result.stdout == "changed rule uproar-volume\nremoved rule uproar-of-before\n"
    assert grafana.rules["uproar-volume"]["title"] == "Many posts"
    assert "theirs" in grafana.rules


def test_without_a_channel_for_grafana_the_rules_go_by_the_users_policies(
    grafana: GrafanaServer, tmp_path: Path
) -> None:
    apply_alerts(grafana.url, tmp_path)
    bare = "entities: [{id: nimbus, name: Nimbus}]\n"
    for _ in range(2):
        grafana.writes.clear()
        result = apply_alerts(grafana.url, tmp_path, notify=bare)
        assert result.exit_code == 0, result.output
    assert "own notification policies" in result.stderr
    assert {one["notification_settings"] for one in map(dict, grafana.rules.values())} == {None}
    assert grafana.points == {}, "nothing is left of the contact point, which no rule uses"
    assert grafana.writes == []


def test_rules_from_provisioning_files_are_not_touched_and_the_error_says_why(
    grafana: GrafanaServer, tmp_path: Path
) -> None:
    apply_alerts(grafana.url, tmp_path)
    grafana.rules["uproar-volume"] |= {"provenance": "file", "title": "From a file"}
    result = apply_alerts(grafana.url, tmp_path)
    assert result.exit_code == 1
    assert "provisioning files" in result.stderr


def test_an_address_may_stand_in_a_variable_or_a_file_and_a_missing_one_is_an_error(
    grafana: GrafanaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entities = "entities: [{id: nimbus, name: Nimbus}]\n"
    (tmp_path / "address").write_text("jsons://hooks.example/of-file\n")
    monkeypatch.setenv("THE_HOOK", "jsons://me:pass@hooks.example:8443/of-variable?method=put")
    notify = f"notify: [{{url_env: THE_HOOK}}, {{url_file: {tmp_path}/address}}]\n"
    assert apply_alerts(grafana.url, tmp_path, notify=entities + notify).exit_code == 0
    assert [one["settings"] for one in grafana.points.values()] == [
        {
            "url": "https://hooks.example:8443/of-variable", "httpMethod": "PUT",
            "username": "me", "password": "pass",
        },
        {"url": "https://hooks.example/of-file", "httpMethod": "POST"},
    ]  # fmt: skip
    monkeypatch.delenv("THE_HOOK")
    result = apply_alerts(grafana.url, tmp_path, notify=entities + notify)
    assert (result.exit_code, "`THE_HOOK`" in result.stderr) == (1, True)


def test_a_missing_data_source_is_told_where_the_token_may_look(grafana: GrafanaServer) -> None:
    grafana.datasources.clear()
    assert "no data source `uproar-clickhouse`" in apply(grafana.url, ADMIN).stderr
    assert "data source" not in apply(grafana.url, EDITOR).stderr


def test_a_refusal_says_what_the_token_needs_and_does_not_show_it(grafana: GrafanaServer) -> None:
    unknown = apply(grafana.url, "wrong-token")
    assert (unknown.exit_code, "does not know the token" in unknown.stderr) == (1, True)
    assert "wrong-token" not in unknown.stderr
    viewer = apply(grafana.url, VIEWER)
    assert (viewer.exit_code, "role Editor" in viewer.stderr) == (1, True)


class Page(BaseHTTPRequestHandler):
    """Something that is no Grafana, or sends everybody elsewhere."""

    def do_GET(self) -> None:
        if self.path.startswith("/moved"):
            self.send_response(301)
            self.send_header("Location", "https://elsewhere.example/")
            self.end_headers()
            return
        self.send_response(502 if self.path.startswith("/broken") else 200)
        self.end_headers()
        self.wfile.write(b"<html>A page with a message</html>")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def page() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "is no Grafana"),
        ("/broken", "is no Grafana"),
        ("/moved", "sends us elsewhere"),
    ],
)
def test_what_answers_but_is_no_grafana_is_called_so(page: str, path: str, words: str) -> None:
    result = apply(page + path, EDITOR)
    assert (result.exit_code, words in result.stderr) == (1, True), result.stderr


def test_a_grafana_that_is_not_there_is_told_in_plain_words() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    result = apply(f"http://127.0.0.1:{port}", EDITOR)
    assert result.exit_code == 1
    assert "does not answer: nothing listens there" in result.stderr
    assert "HTTPConnectionPool" not in result.stderr


@pytest.mark.parametrize(
    "url", ["grafana.example", "ftp://grafana.example", "http://a:pw@g.example"]
)
def test_a_url_that_cannot_be_used_is_an_error_and_shows_no_password(url: str) -> None:
    result = apply(url, EDITOR)
    assert (result.exit_code, "as the URL of Grafana" in result.stderr) == (1, True)
    assert "pw" not in result.stderr


def test_alert_rules_need_an_admin_and_the_error_says_so(
    grafana: GrafanaServer, tmp_path: Path
) -> None:
    result = apply_alerts(grafana.url, tmp_path, token=EDITOR)
    assert (result.exit_code, "role Admin" in result.stderr) == (1, True)
    assert grafana.writes == []


def test_a_folder_that_the_token_may_not_see_is_told_from_one_that_is_not_there(
    grafana: GrafanaServer,
) -> None:
    grafana.folders["another"] = "Uproar"
    result = apply(grafana.url, EDITOR)
    assert (result.exit_code, "name or uid is taken" in result.stderr) == (1, True)


def test_without_a_token_nothing_is_asked() -> None:
    result = apply("http://127.0.0.1:1", "")
    assert result.exit_code == 1
    assert "UPROAR_GRAFANA_TOKEN" in result.stderr


def test_open_names_the_board_of_the_running_grafana_or_says_how_to_get_one(home: Path) -> None:
    runner = CliRunner()
    env = {"UPROAR_HOME": str(home)}
    missing = runner.invoke(main, ["dashboards", "open", "--print"], env=env)
    assert (missing.exit_code, "--url" in missing.stderr) == (1, True)
    (home / "stack.json").write_text(
        '{"owner_pid":1,"kafka_port":1,"clickhouse_port":2,"clickhouse_http_port":3,"grafana_port":9}'
    )
    found = runner.invoke(main, ["dashboards", "open", "entity", "--print"], env=env)
    assert found.stdout == "http://127.0.0.1:9/d/uproar-entity\n"
    wrong = runner.invoke(main, ["dashboards", "open", "entities", "--print"], env=env)
    assert "`overview`" in wrong.stderr
