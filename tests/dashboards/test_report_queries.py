"""What holds for each query of reports, exports and `uproar top`."""

import re
from pathlib import Path

import pytest

from dashboards.panels import QUERIES

FOLDERS = ("reports", "exports", "top")
PATHS = sorted(path for name in FOLDERS for path in (QUERIES / name).glob("*.sql"))
OF_EVERY_RUN = {"annotations"}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.stem))
def test_a_query_says_what_it_answers_and_asks_one_run(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("-- ")
    asked = text.count(".run = ${run:singlequote}")
    assert asked >= 1 or path.stem in OF_EVERY_RUN


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.stem))
def test_a_table_that_replaces_rows_is_read_final(path: Path) -> None:
    text = path.read_text("utf-8")
    for table, alias in re.findall(r"FROM (\w+)(?: AS (\w+))?(?! AS \w+ FINAL)", text):
        assert table.startswith(("totals_between", "run_sources", "run_manifests")) or re.search(
            rf"FROM {table} AS {alias} FINAL", text
        ), table
