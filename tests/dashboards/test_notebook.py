"""The cells of the notebook, run as a notebook would, on invented reactions."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from clickhouse_driver import Client

from uproar.records import Reaction

pytestmark = pytest.mark.integration

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"


def test_every_cell_of_the_notebook_runs_and_its_charts_are_drawn(
    invented: list[Reaction],
    write: Callable[[Sequence[Any]], None],
    store: Client,
    server_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(invented)
    ((database,),) = store.execute("SELECT currentDatabase()")
    monkeypatch.setenv("UPROAR_HOME", str(tmp_path))
    monkeypatch.setenv("UPROAR_CLICKHOUSE_URL", f"{server_url}/{database}")
    monkeypatch.setenv("UPROAR_KAFKA_BROKERS", "127.0.0.1:9")
    cells = [
        "".join(cell["source"])
        for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    assert 'RUN = "demo"' in cells[0]
    names: dict[str, Any] = {}
    for number, cell in enumerate(cells):
        code = compile(cell.replace('RUN = "demo"', 'RUN = "wave"'), f"cell {number}", "exec")
        exec(code, names)
    assert names["volume"]._repr_svg_().startswith("<svg")
    assert names["calls"]._repr_svg_().startswith("<svg")
    assert "nimbus" in capsys.readouterr().out
    assert names["terms"].rows


def test_the_notebook_ships_without_outputs() -> None:
    for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]:
        assert not cell.get("outputs")
