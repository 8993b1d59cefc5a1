"""uproar.yaml and the table: which of the two a threshold follows."""

from datetime import UTC, datetime

import msgspec

from dashboards.alerts.sync import (
    Change,
    Table,
    changed,
    differences,
    from_table,
    from_yaml,
    muted_by_command,
    removed_by_command,
    seeding,
    set_by_command,
)
from dashboards.alerts.thresholds import NEVER, Threshold

ONE = Threshold(entity="quill", signal="volume", above=50, per_seconds=60)
OTHER = Threshold(entity="quill", signal="spike", sensitivity="medium")
LOUDER = msgspec.structs.replace(ONE, above=80)
LOUDEST = msgspec.structs.replace(ONE, above=99)
EMPTY = Table(present={}, removed={})
NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = datetime(2026, 3, 2, tzinfo=UTC)


def seeded(table: Table, *wanted: Threshold) -> Table:
    return changed(table, seeding(wanted, table))


def held(table: Table) -> list[tuple[Threshold, str]]:
    return [(known.threshold, known.origin) for _, known in sorted(table.present.items())]


def by_command(table: Table, change: Change) -> Table:
    return changed(table, [change])


def test_what_the_file_has_is_put_in_and_the_second_time_nothing_changes() -> None:
    table = seeded(EMPTY, ONE, OTHER)
    assert held(table) == [(OTHER, "yaml"), (ONE, "yaml")]
    assert seeding([ONE, OTHER], table) == []


def test_what_came_from_the_file_follows_it() -> None:
    table = seeded(seeded(EMPTY, ONE, OTHER), LOUDER)
    assert held(table) == [(LOUDER, "yaml")]


def test_what_a_command_set_wins_over_the_file() -> None:
    table = by_command(seeded(EMPTY, ONE), set_by_command(ONE, LOUDER))
    assert held(seeded(table, LOUDEST)) == [(LOUDER, "command")]
    assert held(seeded(table)) == [(LOUDER, "command")]


def test_what_a_command_removed_stays_removed_until_synced() -> None:
    table = by_command(seeded(EMPTY, ONE), removed_by_command(ONE))
    assert held(seeded(table, LOUDER)) == []
    assert held(changed(table, from_yaml([LOUDER], table))) == [(LOUDER, "yaml")]


def test_what_the_file_removed_comes_back_with_the_file() -> None:
    table = seeded(seeded(EMPTY, ONE))
    assert held(table) == []
    assert held(seeded(table, LOUDER)) == [(LOUDER, "yaml")]


def test_a_mute_is_no_difference_and_outlasts_what_the_file_changes() -> None:
    table = seeded(EMPTY, ONE)
    table = by_command(table, muted_by_command(table.present[ONE.key], NOW, LATER))
    assert seeding([ONE], table) == []
    assert differences([ONE], table) == []
    followed = seeded(table, LOUDER)
    assert held(followed) == [
        (msgspec.structs.replace(LOUDER, muted_from=NOW, muted_until=LATER), "yaml")
    ]
    unmuted = by_command(followed, muted_by_command(followed.present[ONE.key], NOW, NEVER))
    assert held(unmuted) == [(LOUDER, "yaml")]


def test_differences_are_told_by_field() -> None:
    table = by_command(seeded(EMPTY, ONE, OTHER), set_by_command(ONE, LOUDER))
    found = differences([ONE], table)
    assert [(one.key[1], one.in_yaml, one.in_table, list(one.fields)) for one in found] == [
        ("spike", None, OTHER, []),
        ("volume", ONE, LOUDER, ["above"]),
    ]


def test_from_yaml_forgets_what_commands_did() -> None:
    table = by_command(seeded(EMPTY, ONE, OTHER), set_by_command(ONE, LOUDER))
    table = by_command(table, removed_by_command(OTHER))
    table = by_command(table, set_by_command(None, msgspec.structs.replace(OTHER, entity="nib")))
    reset = changed(table, from_yaml([ONE, OTHER], table))
    assert held(reset) == [(OTHER, "yaml"), (ONE, "yaml")]
    assert from_yaml([ONE, OTHER], reset) == []


def test_once_the_file_says_what_the_table_does_all_follow_the_file() -> None:
    table = by_command(seeded(EMPTY, ONE, OTHER), set_by_command(ONE, LOUDER))
    table = by_command(table, removed_by_command(OTHER))
    settled = changed(table, from_table(table))
    assert held(settled) == [(LOUDER, "yaml")]
    assert held(seeded(settled, LOUDEST, OTHER)) == [(OTHER, "yaml"), (LOUDEST, "yaml")]
    assert from_table(settled) == []
