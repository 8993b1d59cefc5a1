"""Tables that are there: do they differ from the schema, and how long do they keep rows?"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from clickhouse_driver import Client

from sinks.drift import find_drift
from sinks.expire import apply_retention
from sinks.migrate import migrate
from sinks.retention import KEPT, Retention
from uproar.cli.reference_data import tables as described

pytestmark = pytest.mark.integration


def test_freshly_migrated_tables_are_what_the_schema_says_and_stay_alone(tables: Client) -> None:
    before = tables.execute("SHOW TABLES")
    assert find_drift(tables) == []
    assert tables.execute("SHOW TABLES") == before


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "ALTER TABLE runs MODIFY COLUMN read UInt32",
            "`runs`: column `read`: wanted `UInt64`, found `UInt32`",
        ),
        (
            "ALTER TABLE reactions DROP COLUMN quotes",
            "`reactions`: column `quotes`: wanted `UInt32`, found none",
        ),
        (
            "ALTER TABLE watermarks ADD COLUMN own String",
            "`watermarks`: column `own`: wanted none, found `String`",
        ),
        ("DROP TABLE dead_letters SYNC", "`dead_letters` is missing"),
        (
            "ALTER TABLE runs ADD COLUMN own String, MODIFY ORDER BY "
            "(run, source, started_at, own)",
            "`runs`: sorting key: wanted `run, source, started_at`, "
            "found `run, source, started_at, own`",
        ),
    ],
)
def test_what_was_altered_by_hand_is_named(tables: Client, statement: str, said: str) -> None:
    tables.execute(statement)
    assert said in find_drift(tables)


def test_times_to_live_are_changed_once_and_only_where_they_differ(tables: Client) -> None:
    by_platform = {"twitter": 30, "bluesky": 90}
    assert apply_retention(tables, Retention(400), None) == []
    assert apply_retention(tables, Retention(400, by_platform), None) == [
        name for name in KEPT if name not in ("ledger", "expected_by_minute")
    ]
    assert apply_retention(tables, Retention(400, by_platform), None) == []
    assert apply_retention(tables, Retention(20_000), None) == list(KEPT)
    assert apply_retention(tables, Retention(20_000), None) == []


def left(client: Client) -> set[tuple[str, str]]:
    client.execute("OPTIMIZE TABLE reactions FINAL")
    return set(client.execute("SELECT run, platform FROM reactions"))


@pytest.mark.parametrize(
    ("days", "by_platform", "gone"),
    [
        (400, {}, set()),
        (400, {"twitter": 30}, {("live", "twitter")}),
        (30, {"twitter": 400}, {("live", "bluesky")}),
        (30, {}, {("live", "bluesky"), ("live", "twitter")}),
        (36_500, {}, set()),
    ],
)
def test_live_posts_go_by_the_time_of_their_platform_and_replays_stay(
    tables: Client, days: int, by_platform: Mapping[str, int], gone: set[tuple[str, str]]
) -> None:
    stored = {(run, name) for run in ("live", "replay") for name in ("bluesky", "twitter")}
    at = datetime.now(UTC) - timedelta(days=100)
    tables.execute(
        "INSERT INTO reactions (run, platform, observed_at) VALUES",
        [(run, platform, at) for run, platform in stored],
    )
    migrate(tables, days, by_platform)
    assert left(tables) == stored - gone


def test_the_reference_names_every_column_that_the_tables_have(tables: Client) -> None:
    found = {
        (table, column)
        for table, column in tables.execute(
            "SELECT table, name FROM system.columns WHERE database = 'uproar' AND table IN ("
            "SELECT name FROM system.tables WHERE database = 'uproar' AND engine LIKE '%MergeTree')"
        )
        if table != "schema_migrations"
    }
    named = {(table.name, column.name) for table in described() for column in table.columns}
    assert named == found
