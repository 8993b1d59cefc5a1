"""Files of the schema: numbered, cut into statements, filled in. No database is asked."""

import re

import pytest

from sinks.migrate import migrations, prepare_tables, split_statements
from sinks.retention import KEPT
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


def test_migrations_have_rising_numbers_and_are_named_for_what_they_do() -> None:
    numbers = [migration.number for migration in migrations(400)]
    assert numbers == sorted(set(numbers))
    for migration in migrations(400):
        assert re.fullmatch(rf"{migration.number:04}_[a-z]+_[a-z_]+\.sql", migration.name)


REPEATABLE = (
    r"(CREATE|ALTER|DROP) [\s\S]*?\bIF (NOT )?EXISTS\b",
    r"INSERT INTO (\w+)[\s\S]*?\bFROM\b",  # into tables that replace rows by their keys
    r"EXCHANGE TABLES (\w+)_next AND \1\Z",
    r"ALTER TABLE \w+ MODIFY SETTING \w+ = \d+\Z",
)


def test_each_statement_is_one_and_may_be_run_again() -> None:
    statements = [one for migration in migrations(400) for one in migration.statements]
    assert statements
    for statement in statements:
        assert any(re.match(pattern, statement) for pattern in REPEATABLE), statement
        assert not statement.endswith(";")
        assert not re.search(r"\{\w+\}", statement), "a setting is not filled in"


def test_what_is_exchanged_starts_as_an_empty_copy_however_often_it_is_begun() -> None:
    for migration in migrations(400):
        names = [found[1] for one in migration.statements if (found := EXCHANGE.match(one))]
        for name in names:
            kinds = [one.split("\n")[0] for one in migration.statements if f"{name}_next" in one]
            assert [kind.split(f" {name}")[0] for kind in kinds] == [
                "DROP TABLE IF EXISTS",
                "CREATE TABLE IF NOT EXISTS",
                "INSERT INTO",
                "EXCHANGE TABLES",
                "DROP TABLE IF EXISTS",
            ]


EXCHANGE = re.compile(r"EXCHANGE TABLES \w+ AND (\w+)\Z")


def test_the_retention_is_filled_in_and_leaves_the_checksum_alone() -> None:
    short, long = migrations(7), migrations(36_500)
    assert [one.checksum for one in short] == [one.checksum for one in long]
    joined = "\n".join(statement for one in short for statement in one.statements)
    assert "INTERVAL 7 DAY" in joined
    assert "36500" not in joined


def test_live_reactions_expire_with_their_totals_and_all_else_stays_until_it_is_dropped() -> None:
    by_table = {
        found[1]: statement
        for migration in migrations(7)
        for statement in migration.statements
        if (found := re.match(r"CREATE TABLE IF NOT EXISTS (\w+?)(?:_next)?\b(?!_)", statement))
    }
    assert set(RUN_TABLES) <= set(by_table)
    for table, kept in KEPT.items():
        assert "INTERVAL 7 DAY" in by_table[table], table
        assert ("WHERE run = 'live'" in by_table[table]) is kept.is_live_only, table
    for table in by_table.keys() - KEPT.keys():
        assert "TTL" not in by_table[table], table


@pytest.mark.parametrize("database", ["", "uproar;", "a b", "1st", "a/b", "a.b"])
def test_a_database_of_an_unusable_name_is_refused_before_anything_is_asked(database: str) -> None:
    with pytest.raises(StoreUnavailable, match="names no usable database") as refused:
        prepare_tables(f"clickhouse://ada:invented@db.example:9000/{database}", 400)
    assert "invented" not in str(refused.value)


def test_a_password_that_hides_the_database_is_not_shown() -> None:
    with pytest.raises(StoreUnavailable) as refused:
        prepare_tables("clickhouse://ada:12/invented@db.example:9000/uproar", 400)
    assert "invented" not in str(refused.value)
