"""Live posts and replays never mix in a panel unless the panel is there to list runs."""

import re
from collections import Counter
from pathlib import Path

import pytest

from dashboards.panels import QUERIES

LISTING_RUNS = {"runs", "variable_run"}
READ = re.compile(r"(?<!ARRAY )\b(?:FROM|JOIN)\s+(\w+)(?:\(.*\))?\s+AS\s+(\w+)")


@pytest.mark.parametrize("path", sorted(QUERIES.glob("*.sql")), ids=lambda path: str(path.stem))
def test_a_panel_reads_one_run_of_each_table_unless_it_lists_them(path: Path) -> None:
    text = re.sub(r"--[^\n]*", "", path.read_text("utf-8"))
    reads = Counter(alias for _, alias in READ.findall(text))
    assert reads.total() == len(re.findall(r"(?<!ARRAY )\b(?:FROM|JOIN)\s+\w", text)) > 0
    for alias, count in reads.items():
        of_one = text.count(f"{alias}.run = ${{run:singlequote}}")
        assert of_one == (0 if path.stem in LISTING_RUNS else count), alias
