"""Runs in a real ClickHouse: listed, compared by their totals, and dropped without a rest."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from clickhouse_driver import Client

from sinks.batch import Arrival, add_message, empty_batch
from sinks.clickhouse import ClickHouseSink
from sinks.fingerprint import differing_minutes, figures, fingerprint
from sinks.runs import RUN_TABLES, drop_run, list_runs, rows_of
from uproar.records import (
    Action,
    CallToAction,
    DeadLetter,
    Deletion,
    EntityReaction,
    Post,
    Reaction,
    RunReport,
    Sentiment,
    Watermark,
    Waybill,
)

pytestmark = pytest.mark.integration

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
ACTIONS: tuple[Action, ...] = ("boycott", "shutdown")


def reaction(run: str, number: int, key: str = "k", score: float = -0.25) -> Reaction:
    at = NOON + timedelta(seconds=20 * number)
    calls = [
        CallToAction(
            action=action, target="nimbus", direction="against", evidence="x", confidence=1
        )
        for action in ACTIONS[: number % 3]
    ]  # fmt: skip
    post = Post(
        run=run, platform="a\tb" if number % 4 == 0 else "mastodon", post_id=str(number),
        author=f"{key}-{number % 5}", text="invented", created_at=at, observed_at=at,
        received_at=at, repost_of="1" if number % 7 == 0 else None,
    )  # fmt: skip
    mood = Sentiment(score=score, label="negative", model="m", is_sure=number % 6 != 0)
    entities = [EntityReaction(entity="nimbus", sentiment=mood, calls=tuple(calls))]
    if number % 2:
        entities.append(EntityReaction(entity="kestrel", sentiment=None))
    return Reaction(post=post, lang="en" if number % 3 else "fr", entities=tuple(entities))


def write(client: Client, records: Sequence[Any], run: str = "") -> None:
    """Store records as the sink does, as one message with a waybill where a run is given."""
    batch = empty_batch()
    marks = [record for record in records if isinstance(record, Watermark)]
    for stream, those in (("reactions", records), ("dead-letters", marks)):
        bill = [
            Waybill(run=run, source="s", started_at=NOON, stage="streams", number=1,
                    records=len(records), read=len(records))
        ] if run and stream == "reactions" else []  # fmt: skip
        arrival = Arrival(topic=stream, stream=stream, partition=0, offset=0, at=NOON)
        add_message(batch, [*bill, *those], [], arrival)
    ClickHouseSink(client).write(batch)


def report(run: str, **changes: Any) -> RunReport:
    given: dict[str, Any] = {
        "run": run, "source": "s", "started_at": NOON, "state": "finished", "inputs": ("a.jsonl",),
        "reported_at": NOON + timedelta(minutes=5), "read": 40, "kept": 40, "first_at": NOON,
        "last_at": NOON,
    }  # fmt: skip
    return RunReport(**{**given, **changes})


def letter(run: str, position: int = 1) -> DeadLetter:
    return DeadLetter(
        run=run, stage="replay", reason="not-json", detail="malformed", source="a.jsonl",
        position=position, payload=b"{", size_bytes=1, received_at=datetime.now(UTC),
    )  # fmt: skip


def deletion(run: str, number: int) -> Deletion:
    return Deletion(
        run=run, platform="mastodon", post_id=str(number), observed_at=NOON, received_at=NOON
    )


def by_hand(reactions: Sequence[Reaction]) -> str:
    """Compute a fingerprint from the records alone, as docs/runs.md says."""
    totals: dict[tuple[str, int, str, str], list[tuple[Reaction, EntityReaction]]] = {}
    for one in reactions:
        minute = int(one.post.observed_at.timestamp()) // 60 * 60
        for entity in one.entities:
            key = (entity.entity, minute, one.post.platform, one.lang)
            totals.setdefault(key, []).append((one, entity))
    whole = 0
    for (entity_id, minute, platform, lang), pairs in totals.items():
        moods = [entity.sentiment for _, entity in pairs]
        sure = [mood.label for mood in moods if mood and mood.is_sure]
        calls: dict[str, int] = {}
        for _, entity in pairs:
            for name in {f"{call.action} {call.direction}" for call in entity.calls}:
                calls[name] = calls.get(name, 0) + 1
        directions = [{call.direction for call in entity.calls} for _, entity in pairs]
        fields = [
            entity_id.encode().hex(), minute, platform.encode().hex(), lang.encode().hex(),
            len(pairs), sum(one.post.repost_of is not None for one, _ in pairs),
            len({one.post.author for one, _ in pairs} - {""}), sure.count("negative"),
            sure.count("neutral"), sure.count("positive"),
            sum(mood is not None and not mood.is_sure for mood in moods), moods.count(None),
            sum(round(mood.score * 10_000) for mood in moods if mood),
            sum(bool(entity.calls) for _, entity in pairs),
            sum("against" in found for found in directions),
            sum("for" in found for found in directions),
            ",".join(sorted(f"{name.encode().hex()}={count}" for name, count in calls.items())),
        ]  # fmt: skip
        digest = hashlib.sha256(" ".join(map(str, fields)).encode()).digest()
        whole += int.from_bytes(digest[:16], "little")
    return hashlib.sha256(f"{len(totals)} {whole % 2**128}".encode()).hexdigest()[:32]


def test_a_fingerprint_is_what_the_documented_formula_gives(tables: Client) -> None:
    reactions = [reaction("r", number) for number in range(40)]
    write(tables, reactions)
    found = fingerprint(tables, "r")
    assert found.digits == by_hand(reactions)
    assert found.mentions == sum(len(one.entities) for one in reactions)
    assert fingerprint(tables, "nothing").totals == 0


def test_order_repeats_and_the_key_of_pseudonyms_leave_a_fingerprint_as_it_is(
    tables: Client,
) -> None:
    write(tables, [reaction("one", number) for number in range(40)])
    write(tables, [reaction("other", number, key="another") for number in reversed(range(40))])
    write(tables, [reaction("other", number, key="another") for number in range(20)])
    assert fingerprint(tables, "one") == fingerprint(tables, "other")
    assert differing_minutes(tables, "one", "other", 10) == (0, [])


def test_one_differing_score_shows_in_its_minute_and_nowhere_else(tables: Client) -> None:
    write(tables, [reaction("one", number) for number in range(40)])
    changed = [
        reaction("other", number, score=-0.5 if number == 30 else -0.25) for number in range(40)
    ]
    write(tables, changed)
    assert fingerprint(tables, "one").digits != fingerprint(tables, "other").digits
    count, [minute] = differing_minutes(tables, "one", "other", 10)
    assert (count, minute.entity, minute.posts) == (1, "nimbus", (3, 3))
    assert minute.minute == NOON + timedelta(minutes=10)


def test_a_deleted_post_leaves_the_fingerprint_of_a_run_that_never_had_it(tables: Client) -> None:
    write(tables, [reaction("one", number) for number in range(40)])
    write(tables, [reaction("other", number) for number in range(39)])
    write(tables, [deletion("one", 39)])
    assert fingerprint(tables, "one") == fingerprint(tables, "other")


def test_figures_are_those_of_distinct_posts_and_authors(tables: Client) -> None:
    write(tables, [reaction("r", number) for number in range(40)])
    [nimbus, kestrel] = figures(tables, "r")
    assert (nimbus.entity, nimbus.posts, nimbus.authors) == ("nimbus", 40, 5)
    assert (nimbus.negative_share, kestrel.negative_share) == (1.0, None)
    assert (nimbus.calls_against, kestrel.posts) == (26, 20)


def test_runs_are_listed_with_what_is_known_of_each(tables: Client) -> None:
    write(tables, [reaction("old", 1), report("old"), letter("old")])
    late = NOON + timedelta(hours=1)
    done = Watermark(
        run="new", source="s", started_at=NOON, observed_before=late, position=40, is_last=True
    )
    write(tables, [reaction("new", 1), report("new", reported_at=late, read=41), done])
    write(tables, [reaction("left over", 1)])
    new, old, rest = list_runs(tables)
    assert (new.run, new.state, new.read, new.rows) == ("new", "finished", 41, 2)
    assert new.watermark == late
    assert (old.dead_letters, old.watermark, old.inputs) == (1, None, ["a.jsonl"])
    assert (rest.run, rest.state, rest.started_at, rest.heard_at) == ("left over", "", None, None)
    assert list_runs(tables, "old") == [old]


def test_a_dropped_run_leaves_no_row_in_any_table_and_another_loses_none(tables: Client) -> None:
    for run in ("one", "other"):
        write(tables, [reaction(run, number) for number in range(5)], run)
        write(tables, [report(run), letter(run)])
        gone = Deletion(
            run=run, platform="mastodon", post_id="3", observed_at=NOON, received_at=NOON
        )
        write(tables, [gone])
    before = rows_of(tables, "other")
    assert before["reactions"]
    assert before["removals"]
    drop_run(tables, "one")
    assert not any(rows_of(tables, "one").values())
    assert rows_of(tables, "other") == before
    assert [one.run for one in list_runs(tables)] == ["other"]


REMEMBERED = {"dropped_runs"}
"""What tells of a run after it was dropped, so that nothing brings it back."""


def test_every_table_that_has_a_run_is_one_that_a_drop_empties(tables: Client) -> None:
    found = tables.execute(
        "SELECT table FROM system.columns AS c JOIN system.tables AS t ON t.name = c.table "
        "AND t.database = c.database WHERE c.database = currentDatabase() AND c.name = 'run' "
        "AND t.engine LIKE '%MergeTree'"
    )
    assert {table for (table,) in found} - REMEMBERED == set(RUN_TABLES)


def test_what_is_still_on_its_way_of_a_dropped_run_does_not_come_back(tables: Client) -> None:
    late = [reaction("one", number) for number in range(5, 10)]
    write(tables, [reaction("one", number) for number in range(5)], "one")
    write(tables, [report("one")])
    drop_run(tables, "one")
    write(tables, late, "one")
    write(tables, [report("one", read=41)])
    assert not any(rows_of(tables, "one").values())
    write(tables, [report("one", started_at=NOON + timedelta(hours=1))])
    assert rows_of(tables, "one")["runs"] == 1
