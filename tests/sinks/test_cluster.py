"""Statements of one server as those of a cluster. No database is asked."""

import re

import pytest

from sinks.cluster import SHARDED_BY, Cluster, local, sharding_key
from sinks.migrate import migrations

CLUSTER = Cluster("crowd", "uproar")


def words(statement: str) -> str:
    return " ".join(statement.split())


def test_a_table_becomes_a_replicated_one_on_each_shard_and_one_over_all_of_them() -> None:
    made = CLUSTER.statements(
        "CREATE TABLE IF NOT EXISTS runs\n(\n    run String,\n    at DateTime64(3, 'UTC')\n)\n"
        "ENGINE = ReplacingMergeTree(at)\nPARTITION BY toYear(at)\nORDER BY (run, at)"
    )
    assert [words(one) for one in made] == [
        "CREATE TABLE IF NOT EXISTS runs_local ON CLUSTER `crowd` ( run String, "
        "at DateTime64(3, 'UTC') ) ENGINE = ReplicatedReplacingMergeTree(at) "
        "PARTITION BY toYear(at) ORDER BY (run, at)",
        "CREATE TABLE IF NOT EXISTS runs ON CLUSTER `crowd` AS runs_local "
        "ENGINE = Distributed('crowd', 'uproar', 'runs_local', cityHash64(run, at))",
    ]


def test_a_table_that_copies_another_copies_its_shard() -> None:
    first, _ = CLUSTER.statements(
        "CREATE TABLE IF NOT EXISTS runs_next AS runs\nENGINE = MergeTree\nORDER BY run"
    )
    assert words(first) == (
        "CREATE TABLE IF NOT EXISTS runs_next_local ON CLUSTER `crowd` AS runs_local "
        "ENGINE = ReplicatedMergeTree ORDER BY run"
    )


def test_columns_change_in_both_tables_and_everything_else_where_the_rows_are() -> None:
    both = CLUSTER.statements(
        "ALTER TABLE runs\n    ADD COLUMN IF NOT EXISTS a String COMMENT 'b, (c',\n"
        "    COMMENT COLUMN d 'e'"
    )
    assert [words(one).split(" ON CLUSTER")[0] for one in both] == [
        "ALTER TABLE runs_local",
        "ALTER TABLE runs",
    ]
    for command in (
        "ADD INDEX IF NOT EXISTS i author TYPE bloom_filter(0.01) GRANULARITY 4",
        "MODIFY TTL toDateTime(at) + toIntervalDay(3)",
        "DELETE WHERE run = 'a' SETTINGS mutations_sync = 2",
    ):
        assert CLUSTER.statements(f"ALTER TABLE runs {command}") == (
            f"ALTER TABLE runs_local ON CLUSTER `crowd` {command}",
        )


@pytest.mark.parametrize(
    ("statement", "made"),
    [
        (
            "DELETE FROM runs WHERE run = 'a'",
            ["DELETE FROM runs_local ON CLUSTER `crowd` WHERE run = 'a'"],
        ),
        ("TRUNCATE TABLE runs", ["TRUNCATE TABLE runs_local ON CLUSTER `crowd`"]),
        ("EXCHANGE TABLES a AND b", ["EXCHANGE TABLES a_local AND b_local ON CLUSTER `crowd`"]),
        (
            "DROP TABLE IF EXISTS a",
            [
                "DROP TABLE IF EXISTS a ON CLUSTER `crowd` SYNC",
                "DROP TABLE IF EXISTS a_local ON CLUSTER `crowd` SYNC",
            ],
        ),
        (
            "CREATE VIEW IF NOT EXISTS v AS SELECT 1",
            ["CREATE VIEW IF NOT EXISTS v ON CLUSTER `crowd` AS SELECT 1"],
        ),
        (
            "CREATE DATABASE IF NOT EXISTS d",
            ["CREATE DATABASE IF NOT EXISTS d ON CLUSTER `crowd`"],
        ),
        ("INSERT INTO a SELECT 1", ["INSERT INTO a SELECT 1"]),
    ],
)  # fmt: skip
def test_each_kind_of_statement_has_its_form_on_a_cluster(statement: str, made: list[str]) -> None:
    assert list(CLUSTER.statements(statement)) == made


@pytest.mark.parametrize(
    "statement", ["CREATE MATERIALIZED VIEW v AS SELECT 1", "OPTIMIZE TABLE a"]
)
def test_a_statement_that_no_rule_knows_is_refused(statement: str) -> None:
    with pytest.raises(ValueError, match="no rule"):
        CLUSTER.statements(statement)


def test_every_migration_can_be_run_on_a_cluster() -> None:
    for migration in migrations(400):
        for statement in migration.statements:
            assert CLUSTER.statements(statement), migration.name


def test_all_versions_of_a_row_meet_on_one_shard() -> None:
    """A row is told from another by its sorting key: what shards it must be a part of that."""
    for migration in migrations(400):
        for statement in migration.statements:
            if not (named := re.match(r"CREATE TABLE IF NOT EXISTS (\w+)", statement)):
                continue
            key = sharding_key(named[1], statement)
            order = re.search(r"ORDER BY \(?([^()\n]*)\)?", statement)
            assert order
            sharding = set(re.sub(r"cityHash64|[(),]", " ", key).split())
            assert sharding <= set(order[1].replace(",", " ").split()), named[1]


def test_the_rows_of_a_post_stand_on_one_shard() -> None:
    assert (
        len({SHARDED_BY[name] for name in ("reactions", "post_states", "calling_reactions")}) == 1
    )
    assert local("reactions") == "reactions_local"
