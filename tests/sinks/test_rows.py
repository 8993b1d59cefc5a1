"""The columns that rows fill are those that the schema has."""

import re
from datetime import UTC, datetime
from importlib.resources import files

import msgspec
import pytest

from sinks import rows
from uproar.records import CallToAction, Counts, EntityReaction, Post, Reaction

TABLES = {
    "reactions": rows.REACTIONS_COLUMNS,
    "post_states": rows.STATES_COLUMNS,
    "watermarks": rows.WATERMARKS_COLUMNS,
    "dead_letters": rows.DEAD_LETTERS_COLUMNS,
    "runs": rows.RUNS_COLUMNS,
    "run_files": rows.FILES_COLUMNS,
    "run_manifests": rows.MANIFESTS_COLUMNS,
    "ledger": rows.LEDGER_COLUMNS,
    "erased_authors": rows.ERASED_COLUMNS,
    "removals": rows.REMOVALS_COLUMNS,
}
FILLED_BY_THE_SERVER = {
    "dead_letters": {"replayed_at"},
    "reactions": {"stored_at"},
    "post_states": {"changed_at"},
}


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
    for change in re.findall(rf"ALTER TABLE {table}\n(.*?);\n", schema, re.S):
        for name, before in re.findall(
            r"ADD COLUMN IF NOT EXISTS (\w+) .*?(?:AFTER (\w+))?,?$", change, re.M
        ):
            names.insert(names.index(before) + 1 if before else len(names), name)
    return names


@pytest.mark.parametrize("table", TABLES)
def test_rows_fill_every_column_of_the_schema(table: str) -> None:
    wanted = columns_of(table)
    given = list(TABLES[table])
    by_server = FILLED_BY_THE_SERVER.get(table, set())
    assert given == [name for name in wanted if name not in by_server]


def test_a_removal_has_as_many_values_as_a_reaction() -> None:
    removal = rows.removal_row(("live", "mastodon", "1"), "epik", 0, 1)
    assert len(removal) == len(rows.REACTIONS_COLUMNS)


NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
POST = Post(
    run="live",
    platform="mastodon",
    post_id="1",
    author="a",
    text="an invented post",
    created_at=NOON,
    observed_at=NOON,
    received_at=NOON,
)
CALL = CallToAction(
    action="boycott", target=None, direction="against", evidence="boycott", confidence=0.5
)


def reaction_to(post: Post, entity: EntityReaction) -> dict[str, object]:
    at = rows.milliseconds(NOON)
    row = rows.reaction_row(Reaction(post=post, lang="en", entities=(entity,)), entity, at)
    return dict(zip(rows.REACTIONS_COLUMNS, row, strict=True))


def test_a_post_whose_sentiment_no_model_read_is_not_a_neutral_one() -> None:
    row = reaction_to(POST, EntityReaction(entity="epik", sentiment=None))
    assert (row["sentiment_score"], row["sentiment_label"], row["sentiment_model"]) == (
        0.0,
        "unread",
        "",
    )


def test_calls_are_stored_as_columns_of_equal_length() -> None:
    row = reaction_to(POST, EntityReaction(entity="epik", sentiment=None, calls=(CALL, CALL)))
    nested = {name: value for name, value in row.items() if name.startswith("calls.")}
    assert [len(list(value)) for value in nested.values() if isinstance(value, list)] == [2] * 6
    assert (nested["calls.action"], nested["calls.target"]) == (["boycott"] * 2, ["", ""])


def test_a_count_that_no_column_holds_is_stored_as_the_nearest_that_one_does() -> None:
    post = msgspec.structs.replace(POST, counts=Counts(likes=2**40, replies=-1))
    row = reaction_to(post, EntityReaction(entity="epik", sentiment=None))
    assert (row["likes"], row["replies"]) == (2**32 - 1, 0)


def test_times_are_whole_milliseconds_rounded_down_as_the_columns_keep_them() -> None:
    post = msgspec.structs.replace(POST, created_at=NOON.replace(microsecond=999_999))
    row = reaction_to(post, EntityReaction(entity="epik", sentiment=None))
    seconds = int(NOON.timestamp())
    assert (row["created_at"], row["received_at"]) == (seconds * 1000 + 999, seconds * 1000)


def test_no_revision_reaches_the_version_of_a_deletion() -> None:
    highest = msgspec.json.encode({**msgspec.to_builtins(POST), "revision": 2**63 - 1})
    assert msgspec.json.decode(highest, type=Post).revision < rows.DELETED_VERSION
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(
            highest.replace(str(2**63 - 1).encode(), str(2**63).encode()), type=Post
        )
