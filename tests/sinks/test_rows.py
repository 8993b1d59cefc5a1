"""The columns that rows fill are those that the schema has."""

import re
from importlib.resources import files

import pytest

from sinks import rows

TABLES = {
    "reactions": rows.REACTIONS_COLUMNS,
    "post_states": rows.STATES_COLUMNS,
    "watermarks": rows.WATERMARKS_COLUMNS,
    "dead_letters": rows.DEAD_LETTERS_COLUMNS,
    "runs": rows.RUNS_COLUMNS,
}
FILLED_BY_THE_SERVER = {"stored_at"}


def columns_of(table: str) -> list[str]:
    """Read a table's columns out of the schema, nested ones as `outer.inner`."""
    schema = "\n".join(
        path.read_text("utf-8")
        for path in sorted(files("sinks").joinpath("schema").iterdir(), key=str)
    )
    body = re.search(rf"CREATE TABLE IF NOT EXISTS {table}\n\((.*?)\n\)\n", schema, re.S)
    assert body, f"no table {table}"
    names, outer = [], ""
    for line in body[1].splitlines():
        if found := re.match(r"    (\w+)\s+Nested", line):
            outer = found[1] + "."
        elif found := re.match(r"    (    )?(\w+)\s+\w", line):
            names.append((outer if found[1] else "") + found[2])
    return names


@pytest.mark.parametrize("table", TABLES)
def test_rows_fill_every_column_of_the_schema(table: str) -> None:
    wanted = columns_of(table)
    given = list(TABLES[table])
    if table == "reactions":
        wanted = [name for name in wanted if name not in FILLED_BY_THE_SERVER]
    assert given == wanted


def test_a_removal_has_as_many_values_as_a_reaction() -> None:
    removal = rows.removal_row(("live", "mastodon", "1"), "epik", rows._EPOCH, 1)
    assert len(removal) == len(rows.REACTIONS_COLUMNS)
