"""The SQL that the documents show runs as it stands there."""

import re
from pathlib import Path

import pytest
from clickhouse_driver import Client

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def statements() -> list[str]:
    found = []
    for page in PAGES:
        text = page.read_text("utf-8")
        for block in re.findall(r"```sql\n(.*?)```", text, re.S):
            found += [part.strip() for part in block.split(";\n") if part.strip()]
        found += re.findall(r'uproar query "([^"]*)"', text)
    return [statement for statement in found if statement.lstrip("- ").split()[0] != "SQL"]


@pytest.mark.parametrize("statement", statements())
def test_a_statement_of_the_documents_runs(tables: Client, statement: str) -> None:
    tables.execute(statement.replace("…", ""))
