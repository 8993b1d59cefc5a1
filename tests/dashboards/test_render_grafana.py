"""How each shape of panel, and each property of a board, reads in Grafana."""

from collections.abc import Iterator
from typing import Any

import pytest

from dashboards.boards import BOARDS, COMPARED, VARIABLES
from dashboards.grafana_query import DATASOURCE, PLUGIN_VERSION, TABLE, TIME_SERIES
from dashboards.panels import Board, Column, Panel
from dashboards.render_grafana import GRAFANA_UNITS, number_of, render_board
from dashboards.trust import TRUST

Json = dict[str, Any]


def rendered(**given: Any) -> Json:
    """Return the panel below the trust bar, of a board with that panel alone."""
    usual: dict[str, Any] = {
        "id": "volume", "title": "A title", "why": "A reason.", "unit": "posts", "shape": "bars",
    }  # fmt: skip
    panel = Panel(**{**usual, **given})
    board = Board(id="overview", title="A board", why="A reason", panels=(panel,))
    found: Json = render_board(board, ())["panels"][1]
    return found


def properties(panel: Json, name: str) -> Json:
    """Return the overrides of one column."""
    (found,) = (
        one["properties"]
        for one in panel["fieldConfig"]["overrides"]
        if one["matcher"] == {"id": "byName", "options": name}
    )
    return {one["id"]: one["value"] for one in found}


def queries(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        if "rawSql" in node:
            yield node
        for value in node.values():
            yield from queries(value)
    elif isinstance(node, list):
        for value in node:
            yield from queries(value)


MARKED = (
    Column(name="originals", label="Originals", unit="posts", mark="bar"),
    Column(name="repeats", label="Reposts", unit="posts", mark="bar"),
    Column(name="expected", label="Expected", unit="posts", mark="line"),
    Column(name="spikes", label="Spikes", unit="posts", mark="point"),
)


def test_a_combined_panel_stacks_its_bars_and_draws_lines_and_points_over_them() -> None:
    panel = rendered(shape="combined", columns=MARKED)
    drawn = {column.name: properties(panel, column.name) for column in MARKED}
    assert panel["type"] == "timeseries"
    assert {name: one["custom.drawStyle"] for name, one in drawn.items()} == {
        "originals": "bars",
        "repeats": "bars",
        "expected": "line",
        "spikes": "points",
    }
    stacked = {name for name, one in drawn.items() if "custom.stacking" in one}
    assert stacked == {"originals", "repeats"}
    assert "stacking" not in panel["fieldConfig"]["defaults"]["custom"]


def test_a_bar_alone_is_not_stacked() -> None:
    panel = rendered(shape="combined", columns=MARKED[1:])
    assert "custom.stacking" not in properties(panel, "repeats")


def test_multiples_are_lines_on_one_scale_that_a_list_singles_out() -> None:
    panel = rendered(shape="multiples")
    assert panel["type"] == "timeseries"
    assert panel["options"]["legend"]["placement"] == "right"
    assert "stacking" not in panel["fieldConfig"]["defaults"]["custom"]
    assert panel["fieldConfig"]["defaults"]["displayName"] == "${__field.labels.series}"


@pytest.mark.parametrize("shape", ["stats", "bars", "line", "combined", "multiples", "ranking"])
def test_what_is_drawn_over_time_asks_for_time_series_and_all_else_for_tables(shape: str) -> None:
    over_time = shape in ("bars", "line", "combined", "multiples")
    columns = MARKED if shape != "multiples" else ()
    (target,) = rendered(shape=shape, columns=columns)["targets"]
    assert target["format"] == (TIME_SERIES if over_time else TABLE)
    assert target["queryType"] == ("timeseries" if over_time else "table")


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.id)
def test_every_query_is_of_the_fourth_version_of_the_plugin_and_asks_our_source(
    board: Board,
) -> None:
    """Without a version the plugin takes a query for one of its third, and rewrites it."""
    for query in queries(render_board(board, ())):
        assert query["pluginVersion"] == PLUGIN_VERSION
        assert (query["editorType"], query["datasource"]) == ("sql", DATASOURCE)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.id)
def test_the_trust_bar_stands_on_top_of_every_board(board: Board) -> None:
    first = render_board(board, ())["panels"][0]
    assert (first["title"], first["gridPos"]["y"]) == (TRUST.title, 0)
    assert number_of(board, TRUST.id) == first["id"]


def test_a_board_that_compares_runs_has_one_variable_more_without_all() -> None:
    panel = Panel(id="volume", title="t", why="w", unit="posts", shape="bars")
    plain = Board(id="one", title="t", why="w", panels=(panel,))
    both = Board(id="two", title="t", why="w", panels=(panel,), compares_runs=True)
    names = [one["name"] for one in render_board(plain, ())["templating"]["list"]]
    assert names == list(VARIABLES)
    *rest, last = render_board(both, ())["templating"]["list"]
    assert [one["name"] for one in rest] == names
    assert (last["name"], last["includeAll"], last["multi"]) == (COMPARED, False, False)


def test_known_events_and_alerts_are_marked_where_the_board_wants_them() -> None:
    panel = Panel(id="volume", title="t", why="w", unit="posts", shape="bars")
    marked = Board(id="one", title="t", why="w", panels=(panel,))
    bare = Board(id="two", title="t", why="w", panels=(panel,), has_annotations=False)
    own, events, alerts = render_board(marked, ())["annotations"]["list"]
    assert own["builtIn"] == 1
    assert [one["builtIn"] for one in render_board(bare, ())["annotations"]["list"]] == [1]
    for one in (events, alerts):
        columns = {mapping["value"] for mapping in one["mappings"].values()}
        for column in columns:
            assert f" AS {column}" in one["target"]["rawSql"], one["name"]


def test_a_click_on_an_entity_or_run_opens_its_board_and_one_on_a_url_its_source() -> None:
    table = rendered(
        shape="table",
        columns=(
            Column(name="entity", label="Entity", unit="name", opens="entity"),
            Column(name="run", label="Run", unit="name", opens="run"),
            Column(name="from_at", label="From", unit="time"),
            Column(name="to_at", label="To", unit="time"),
        ),
    )
    (entity,) = properties(table, "entity")["links"]
    assert entity["url"].startswith("/d/uproar-entity?")
    assert "var-entity=${__value.raw}" in entity["url"]
    (run,) = properties(table, "run")["links"]
    assert "var-run=${__value.raw}&from=${__data.fields.from_at.numeric}" in run["url"]
    posts = rendered(shape="posts", columns=(Column(name="url", label="Source", unit="text"),))
    (source,) = properties(posts, "url")["links"]
    assert (source["url"], source["targetBlank"]) == ("${__value.raw}", True)


def test_a_run_without_a_known_span_is_opened_in_the_time_that_is_chosen() -> None:
    column = Column(name="run", label="Run", unit="name", opens="run")
    (link,) = properties(rendered(shape="table", columns=(column,)), "run")["links"]
    assert "from=" not in link["url"]


def test_every_unit_has_a_name_in_grafana() -> None:
    assert GRAFANA_UNITS["rate"] == "suffix: /s"
    assert GRAFANA_UNITS["times"] == "suffix:×"
    for board in BOARDS:
        for panel in board.panels:
            assert {panel.unit, *(column.unit for column in panel.columns)} <= GRAFANA_UNITS.keys()
