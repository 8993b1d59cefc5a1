"""Live posts and replays never mix in a panel unless the panel is there to list runs."""

import re
from collections import Counter
from pathlib import Path

import pytest

from dashboards.panels import QUERIES

LISTING_RUNS = {"runs", "variable_run", "variable_compared"}
COMPARING_RUNS = {"replay_totals", "replay_volume", "replay_entities", "replay_calls"}
OF_NO_RUN = {"annotations", "thresholds"}
"""Tables whose rows hold for every run."""
READ = re.compile(r"(?<!ARRAY )\b(?:FROM|JOIN)\s+(\w+)(?:\(.*\))?\s+AS\s+(\w+)")


@pytest.mark.parametrize("path", sorted(QUERIES.glob("*.sql")), ids=lambda path: str(path.stem))
def test_a_panel_reads_one_run_of_each_table_unless_it_lists_them(path: Path) -> None:
    text = re.sub(r"--[^\n]*", "", path.read_text("utf-8"))
    found = READ.findall(text)
    assert len(found) == len(re.findall(r"(?<!ARRAY )\b(?:FROM|JOIN)\s+\w", text)) > 0
    for alias, count in Counter(alias for table, alias in found if table not in OF_NO_RUN).items():
        of_one = text.count(f"WHERE {alias}.run = ${{run:singlequote}}")
        if path.stem in COMPARING_RUNS:
            of_one += text.count(f"WHERE {alias}.run = ${{compared:singlequote}}")
        if path.stem in {*COMPARING_RUNS, "replay_readings"}:  # tells the two apart row by row
            of_one += text.count(f"WHERE {alias}.run IN (${{run:singlequote}}, ${{compared:single")
        assert of_one == (0 if path.stem in LISTING_RUNS else count), alias
