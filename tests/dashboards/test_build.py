import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards.boards import BOARDS, COMPARED, VARIABLES, panels
from dashboards.build import GRAFANA, build, check, render_all
from dashboards.palette import ACTIONS, PALETTE, SERIES
from dashboards.panels import QUERIES, load_query
from dashboards.render_grafana import DATASOURCE
from dashboards.trust import TRUST

BUILT = [pytest.param(json.loads(text), id=name) for name, text in render_all().items()]


def placed(board: dict[str, Any]) -> Iterator[tuple[int, int]]:
    for panel in board["panels"]:
        grid = panel["gridPos"]
        for x in range(grid["x"], grid["x"] + grid["w"]):
            for y in range(grid["y"], grid["y"] + grid["h"]):
                yield x, y


def test_the_committed_boards_are_those_that_would_be_built() -> None:
    assert check() == [], "run `make dashboards`"


def test_a_board_that_is_missing_changed_or_foreign_is_stale(tmp_path: Path) -> None:
    first, second, *_ = build(tmp_path)
    first.unlink()
    second.write_text("{}")
    (tmp_path / "uproar-made-by-hand.json").write_text("{}")
    assert check(tmp_path) == sorted([first.name, second.name, "uproar-made-by-hand.json"])


@pytest.mark.parametrize("board", BUILT)
def test_no_two_panels_overlap_and_none_leaves_the_grid(board: dict[str, Any]) -> None:
    cells = list(placed(board))
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


@pytest.mark.parametrize("board", BUILT)
def test_every_board_names_what_grafana_asks_of_it(board: dict[str, Any]) -> None:
    assert board["uid"].startswith("uproar-")
    assert len(board["uid"]) <= 40
    assert board["timezone"] == "utc"
    names = [v["name"] for v in board["templating"]["list"]]
    assert names in (list(VARIABLES), [*VARIABLES, COMPARED])
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    for panel in board["panels"]:
        assert panel["title"]
        assert panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["datasource"] == DATASOURCE
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {DATASOURCE["uid"]}


def test_links_between_boards_lead_to_boards_that_exist() -> None:
    uids = {json.loads(text)["uid"] for text in render_all().values()}
    for text in render_all().values():
        assert {link["url"].removeprefix("/d/") for link in json.loads(text)["links"]} <= uids


def test_every_query_belongs_to_a_panel_or_a_variable_and_the_other_way_round() -> None:
    variables = {f"variable_{name}" for name in (*VARIABLES, COMPARED)}
    wanted = {*panels(), TRUST.id, *variables, "annotations", "alerts_in_range"}
    assert {path.stem for path in QUERIES.glob("*.sql")} == wanted


def test_every_query_begins_with_a_comment_that_says_what_it_answers() -> None:
    for path in QUERIES.glob("*.sql"):
        text = path.read_text()
        assert text.startswith("-- "), path.name
        comments = [line for line in text.splitlines() if line.lstrip().startswith("--")]
        assert not any("$" in line for line in comments), f"{path.name}: Grafana would expand it"
        assert " SETTINGS " not in text, f"{path.name}: refused for a user with readonly = 1"


REPLACING = {
    *("reactions", "dead_letters", "calling_reactions", "run_manifests", "deliveries"),
    *("alerts", "spikes", "annotations", "expected_by_minute", "thresholds"),
}


def test_no_table_that_replaces_rows_is_read_without_final() -> None:
    for path in QUERIES.glob("*.sql"):
        for line in path.read_text().splitlines():
            words = line.split()
            if words[:1] == ["FROM"] and set(words[1:2]) & REPLACING:
                assert words[-1] == "FINAL", f"{path.name}: {line}"


def test_colours_are_of_the_palette_and_no_two_actions_share_one() -> None:
    named = {column.color for panel in panels().values() for column in panel.columns}
    assert named - {""} | set(SERIES) | set(ACTIONS.values()) <= PALETTE.keys()
    assert len(set(ACTIONS.values())) == len(ACTIONS)


def test_a_panel_that_stands_on_two_boards_is_the_same_panel() -> None:
    for board in BOARDS:
        for panel in board.panels:
            assert panels()[panel.id] is panel


def test_the_provisioned_data_source_is_the_one_the_boards_ask() -> None:
    text = (GRAFANA / "provisioning" / "datasources" / "uproar.yaml").read_text()
    (source,) = yaml.safe_load(text)["datasources"]
    assert {"type": source["type"], "uid": source["uid"]} == DATASOURCE
    assert source["secureJsonData"]["password"].startswith("${"), "no password in a file"


def test_the_page_about_the_boards_tells_of_every_panel() -> None:
    text = (Path(__file__).parents[2] / "docs" / "boards.md").read_text()
    for board in BOARDS:
        part = text.partition(f"## {board.title}: {board.why[0].lower()}{board.why[1:]}")[2]
        told = part.partition("\n## ")[0]
        assert [panel.id for panel in board.panels if f"`{panel.id}`" not in told] == []


def test_what_is_bound_to_the_newest_posts_says_to_how_many() -> None:
    for panel in panels().values():
        text = load_query(panel.id)
        words = f"{panel.title} {panel.why}"
        told = {int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*000\b", words)}
        assert {int(n) for n in re.findall(r"LIMIT (\d+000)\b", text)} <= told, panel.id
        for bound in told:
            assert re.search(rf"<=? {bound}\b", text), panel.id
