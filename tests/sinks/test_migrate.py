"""Files of the schema: numbered, cut into statements, filled in. No database is asked."""

import re

import pytest

from sinks.migrate import migrations, prepare_tables, split_statements
from sinks.runs import RUN_TABLES
from uproar.errors import StoreUnavailable


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("", ()),
        ("-- nothing yet;\n", ()),
        ("SELECT 1;\n", ("SELECT 1",)),
        ("SELECT 1", ("SELECT 1",)),
        ("SELECT 1;\n\n\nSELECT 2;\n", ("SELECT 1", "SELECT 2")),
        ("SELECT 1;  \nSELECT 2;\n-- the end\n", ("SELECT 1", "SELECT 2")),
        ("-- why; and how;\nSELECT\n    1;\n", ("SELECT\n    1",)),
        ("SELECT 'a; b';\n", ("SELECT 'a; b'",)),
        ("SELECT 1;\r\nSELECT 2;\r\n", ("SELECT 1", "SELECT 2")),
        ("SELECT 1 -- one\n;\n", ("SELECT 1 -- one",)),
    ],
)
def test_a_statement_ends_with_the_line_that_ends_in_a_semicolon(
    text: str, statements: tuple[str, ...]
) -> None:
    assert split_statements(text) == statements


def test_migrations_are_numbered_from_one_without_a_gap_and_named_for_what_they_do() -> None:
    found = migrations(400)
    assert [migration.number for migration in found] == list(range(1, len(found) + 1))
    for migration in found:
        assert re.fullmatch(rf"{migration.number:04}_[a-z]+_[a-z_]+\.sql", migration.name)


def test_each_statement_is_one_and_may_be_run_again() -> None:
    statements = [one for migration in migrations(400) for one in migration.statements]
    assert statements
    for statement in statements:
        assert re.match(r"(CREATE|ALTER|DROP) [\s\S]*?\bIF (NOT )?EXISTS\b", statement), statement
        assert not statement.endswith(";")
        assert "{" not in statement


def test_the_retention_is_filled_in_and_leaves_the_checksum_alone() -> None:
    short, long = migrations(7), migrations(36_500)
    assert [one.checksum for one in short] == [one.checksum for one in long]
    joined = "\n".join(statement for one in short for statement in one.statements)
    assert "INTERVAL 7 DAY" in joined
    assert "36500" not in joined


def test_only_live_reactions_expire_before_they_are_dropped() -> None:
    by_table = {
        found[1]: statement
        for migration in migrations(7)
        for statement in migration.statements
        if (found := re.match(r"CREATE TABLE IF NOT EXISTS (\w+)", statement))
    }
    assert set(RUN_TABLES) == set(by_table)
    for table in ("reactions", "post_states"):
        assert by_table[table].endswith("INTERVAL 7 DAY DELETE WHERE run = 'live'")
    for table in ("reactions_by_minute", "watermarks", "runs"):
        assert "TTL" not in by_table[table]


@pytest.mark.parametrize("database", ["", "uproar;", "a b", "1st", "a/b", "a.b"])
def test_a_database_of_an_unusable_name_is_refused_before_anything_is_asked(database: str) -> None:
    with pytest.raises(StoreUnavailable, match="names no usable database") as refused:
        prepare_tables(f"clickhouse://ada:invented@db.example:9000/{database}", 400)
    assert "invented" not in str(refused.value)


def test_a_password_that_hides_the_database_is_not_shown() -> None:
    with pytest.raises(StoreUnavailable) as refused:
        prepare_tables("clickhouse://ada:12/invented@db.example:9000/uproar", 400)
    assert "invented" not in str(refused.value)
