"""What Grafana is given as files, against its schemas; boards and rules against its own types."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from click.testing import CliRunner

from dashboards.alerts.thresholds import SIGNALS
from dashboards.apply import FOLDER as BOARDS_FOLDER
from dashboards.apply import FOLDER_UID as BOARDS_UID
from dashboards.boards import BOARDS
from dashboards.build import ALERTING, GRAFANA, build, render_all, render_files
from dashboards.grafana_files import ALWAYS, silent_alerting_files
from dashboards.grafana_query import DATASOURCE
from dashboards.grafana_rules import FOLDER, RECEIVER, Routing, load_alert_query, rules
from dashboards.grafana_wording import COUNTED, JUDGED, LATE, SHOWN
from dashboards.render_grafana import uid_of
from tests.dashboards.grafana_schema import (
    ApiRule,
    ContactPointsFile,
    DatasourcesFile,
    MuteTimingsFile,
    ProvidersFile,
    RulesFile,
    mistake_in_rule,
    mistake_in_settings,
)
from tests.dashboards.grafana_types import beyond_board, beyond_rule
from uproar.cli import main

RULES = list(rules(Routing()))
BOARD_TEXTS = [pytest.param(json.loads(text), id=name) for name, text in render_all().items()]


def parsed(text: str, kind: Any) -> Any:
    return msgspec.convert(yaml.safe_load(text), kind)


@pytest.mark.parametrize("board", BOARD_TEXTS)
def test_grafanas_types_lose_nothing_of_a_board(board: dict[str, Any]) -> None:
    assert beyond_board(board) == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["uid"]))
def test_a_rule_is_what_the_api_takes_and_grafanas_types_lose_nothing_of_it(
    rule: dict[str, Any],
) -> None:
    assert mistake_in_rule(msgspec.convert(rule, ApiRule)) == ""
    assert beyond_rule(rule) == set()


def test_there_is_one_rule_for_every_signal_and_one_for_lateness() -> None:
    assert {*COUNTED, *JUDGED} == set(SIGNALS)
    assert SHOWN.keys() == {*SIGNALS, LATE}
    assert len({rule["title"] for rule in RULES}) == len(RULES) == len(SIGNALS) + 1


def test_the_types_do_see_what_grafana_does_not_know() -> None:
    board = json.loads(next(iter(render_all().values())))
    board["panels"][0]["colour"] = "red"
    board["panels"][1]["fieldConfig"]["defaults"]["units"] = "short"
    assert beyond_board(board) == {".panels[].colour", ".panels[].fieldConfig.defaults.units"}


@pytest.mark.parametrize("files", [render_files(), silent_alerting_files()], ids=["shared", "own"])
def test_alerting_files_are_of_grafanas_schema_and_name_only_what_they_bring(
    files: dict[str, str],
) -> None:
    named = {name.rpartition("/")[2]: text for name, text in files.items()}
    (group,) = parsed(named["rules.yaml"], RulesFile).groups
    (point,) = parsed(named["contact-points.yaml"], ContactPointsFile).contactPoints
    timings = named.get("mute-timings.yaml")
    muted = {one.name for one in parsed(timings, MuteTimingsFile).muteTimes} if timings else set()
    assert muted == ({ALWAYS} if timings else set())
    for rule in group.rules:
        assert mistake_in_rule(rule) == ""
        assert rule.notification_settings.receiver == point.name == RECEIVER
        assert set(rule.notification_settings.mute_time_intervals) == muted
    for receiver in point.receivers:
        assert mistake_in_settings(receiver.type, receiver.settings) == ""


def test_a_files_rule_is_the_apis_but_for_where_it_stands() -> None:
    (group,) = yaml.safe_load(render_files()[f"{ALERTING}/rules.yaml"])["groups"]
    api = {rule["uid"]: rule for rule in RULES}
    for rule in group["rules"]:
        placed = {key: rule.pop(key) for key in ("dashboardUid", "panelId")}
        assert placed["dashboardUid"] == rule["annotations"]["__dashboardUid__"]
        assert str(placed["panelId"]) == rule["annotations"]["__panelId__"]
        known = api[rule["uid"]]
        assert rule == {key: known[key] for key in rule}
        assert known.keys() - rule.keys() == {"orgID", "folderUID", "ruleGroup"}


def test_the_data_source_and_the_boards_are_provisioned_by_grafanas_schema() -> None:
    provisioning = GRAFANA / "provisioning"
    (source,) = parsed(
        (provisioning / "datasources" / "uproar.yaml").read_text(), DatasourcesFile
    ).datasources
    assert {"type": source.type, "uid": source.uid} == DATASOURCE
    (provider,) = parsed(
        (provisioning / "dashboards" / "uproar.yaml").read_text(), ProvidersFile
    ).providers
    assert (provider.folderUid, provider.folder) == (BOARDS_UID, BOARDS_FOLDER)


def test_boards_and_rules_get_folders_of_their_own() -> None:
    """Each of Grafana's provisioners makes its folder by its title, and the other's would clash."""
    providers = yaml.safe_load((GRAFANA / "provisioning/dashboards/uproar.yaml").read_text())
    (provider,) = providers["providers"]
    assert provider["folder"] != FOLDER


def test_every_rule_links_to_a_panel_that_is_there() -> None:
    boards = {
        uid_of(board.id): json.loads(render_all()[f"{uid_of(board.id)}.json"]) for board in BOARDS
    }
    for rule in RULES:
        board = boards[rule["annotations"]["__dashboardUid__"]]
        ids = {str(panel["id"]): panel["title"] for panel in board["panels"]}
        assert rule["annotations"]["__panelId__"] in ids
        assert ids[rule["annotations"]["__panelId__"]] != board["panels"][0]["title"]


@pytest.mark.parametrize("signal", [*COUNTED, *JUDGED, LATE])
def test_a_rules_query_leaves_nothing_for_grafana_to_expand(signal: str) -> None:
    sql = load_alert_query(signal)
    assert sql.startswith("-- ")
    assert not re.search(r"[${}]", sql)


def test_annotations_of_rules_have_nothing_that_provisioning_takes_for_a_variable() -> None:
    for rule in RULES:
        assert "$" not in json.dumps(rule["annotations"])


def test_what_a_rule_tells_is_among_the_labels_of_its_query() -> None:
    for rule, signal in zip(RULES, (*COUNTED, *JUDGED, LATE), strict=True):
        asked = set(re.findall(r"\.Labels\.(\w+)", json.dumps(rule["annotations"])))
        given = set(re.findall(r"AS (\w+),?$", load_alert_query(signal), re.M))
        assert asked <= given, signal


def test_committed_files_hold_no_secret_and_ask_the_right_data_source() -> None:
    files = {name: text for name, text in render_files().items() if name.endswith(".yaml")}
    for name, text in files.items():
        for found in re.findall(r"(?<!_)\b(?:url|password|token): (.*)", text):
            assert "${" in found, name
        for uid in re.findall(r"datasourceUid: (\S+)", text):
            assert uid in (DATASOURCE["uid"], "__expr__")


def test_every_rule_names_a_part_of_its_page_that_is_there() -> None:
    page, _, _ = RULES[0]["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^### (\S+)$", (GRAFANA.parents[1] / page).read_text("utf-8"), re.M)
    named = [rule["annotations"]["runbook"].partition("#")[2] for rule in RULES]
    assert named == headings


def test_a_dry_build_shows_what_differs_and_writes_nothing(tmp_path: Path) -> None:
    first, *_ = build(tmp_path)
    first.write_text("{}\n")
    result = CliRunner().invoke(main, ["dashboards", "build", str(tmp_path), "--dry-run"])
    assert result.exit_code == 0
    assert f"--- {first.name} (there)" in result.stdout
    assert first.read_text() == "{}\n"
    assert CliRunner().invoke(main, ["dashboards", "build", str(tmp_path)]).exit_code == 0
    again = CliRunner().invoke(main, ["dashboards", "build", str(tmp_path), "--dry-run"])
    assert (again.exit_code, again.stdout) == (0, "")


def test_a_rule_file_that_was_edited_is_stale(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / ALERTING / "rules.yaml").write_text("apiVersion: 1\n")
    result = CliRunner().invoke(main, ["dashboards", "check", str(tmp_path)])
    assert (result.exit_code, f"`{ALERTING}/rules.yaml`" in result.stderr) == (1, True)
