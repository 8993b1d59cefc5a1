"""Totals by hour and day and the calls, as the sink keeps them, against those by minute."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from clickhouse_driver import Client

from sinks.batch import Placed, empty_batch
from sinks.clickhouse import ClickHouseSink
from sinks.coarser import fill_coarser
from tests.integration.test_sink import START, some_records, write_in_pieces
from uproar.records import Deletion, Post, Reaction

pytestmark = pytest.mark.integration

FIGURES = (
    "sum(posts), sum(reposts), uniqExactMerge(authors), sum(negative), sum(neutral), "
    "sum(positive), sum(unsure), sum(unread), sum(sentiment_sum), sum(calling), "
    "sum(calling_against), sum(calling_for), sumMap(calls)"
)
COARSER = (
    ("reactions_by_hour", "hour", "toStartOfHour"),
    ("reactions_by_day", "day", "toStartOfDay"),
)


def spread(chance: random.Random) -> list[Any]:
    """Records of a few days: each post keeps its time in all its revisions."""
    moved: list[Any] = []
    for record in some_records(chance):
        if isinstance(record, Deletion):
            moved.append(record)
            continue
        post = record.post
        later = START + timedelta(seconds=7919 * int(post.post_id))
        moved.append(_at(record, post, later))
    return moved


def _at(record: Reaction, post: Post, at: datetime) -> Reaction:
    return msgspec.structs.replace(
        record, post=msgspec.structs.replace(post, observed_at=at, created_at=at)
    )


def differences(client: Client) -> list[Any]:
    """Return where a coarser total is not what the minutes in it add up to."""
    found = []
    for table, column, start in COARSER:
        sides = [
            client.execute(
                f"SELECT run, entity, {at} AS stretch, platform, lang, {FIGURES} "
                f"FROM {source} FINAL GROUP BY run, entity, stretch, platform, lang ORDER BY ALL"
            )
            for source, at in (("reactions_by_minute", f"{start}(minute)"), (table, column))
        ]
        found += [pair for pair in zip(*sides, strict=False) if pair[0] != pair[1]]
        if len(sides[0]) != len(sides[1]):
            found.append((table, len(sides[0]), len(sides[1])))
    rows = "run, entity, observed_at, platform, post_id, author, lang, calls.action, calls.evidence"
    calling = [
        client.execute(f"SELECT {rows} FROM {source} ORDER BY ALL")
        for source in (
            "reactions FINAL WHERE notEmpty(calls.action)",
            "calling_reactions FINAL",
        )
    ]
    return found + ([("calls", *calling)] if calling[0] != calling[1] else [])


@pytest.mark.parametrize("seed", range(4))
def test_hours_days_and_calls_are_those_of_the_minutes_whatever_was_repeated_or_broken_off(
    tables: Client, seed: int
) -> None:
    chance = random.Random(seed)
    write_in_pieces(tables, spread(chance), chance, breaking=seed % 2 == 1)
    ((posts,),) = tables.execute("SELECT sum(posts) FROM reactions_by_day FINAL")
    assert posts > 0
    assert differences(tables) == []


def test_a_day_whose_posts_are_all_deleted_has_no_total_left(tables: Client) -> None:
    records = [one for one in spread(random.Random(7)) if isinstance(one, Reaction)]
    gone = [
        Deletion(
            run=one.post.run,
            platform=one.post.platform,
            post_id=one.post.post_id,
            observed_at=one.post.observed_at,
            received_at=one.post.observed_at,
        )
        for one in records
    ]
    for written in (records, gone):
        batch = empty_batch()
        batch.reactions.extend(map(Placed, written))
        ClickHouseSink(tables).write(batch)
    for table in ("reactions_by_hour", "reactions_by_day", "calling_reactions"):
        assert tables.execute(f"SELECT count() FROM {table} FINAL") == [(0,)]


def test_posts_of_the_last_second_of_a_minute_an_hour_and_a_day_are_counted(
    tables: Client,
) -> None:
    at = datetime(2021, 1, 18, 23, 59, 59, tzinfo=UTC)
    posts = [one for one in some_records(random.Random(8)) if isinstance(one, Reaction)]
    for milliseconds in (1, 500, 999):  # each a part of its own
        batch = empty_batch()
        late = at + timedelta(milliseconds=milliseconds)
        batch.reactions.extend(
            Placed(_at(one, msgspec.structs.replace(one.post, post_id=f"{late}-{number}"), late))
            for number, one in enumerate(posts)
        )
        ClickHouseSink(tables).write(batch)
        ((rows,),) = tables.execute("SELECT count() FROM reactions FINAL")
        assert rows > 0
        for table in ("reactions_by_minute", "reactions_by_hour", "reactions_by_day"):
            assert tables.execute(f"SELECT sum(posts) FROM {table} FINAL") == [(rows,)]
        assert differences(tables) == []


def test_totals_from_before_there_were_coarser_ones_are_filled_in(tables: Client) -> None:
    chance = random.Random(5)
    write_in_pieces(tables, spread(chance), chance, breaking=False)
    for table in ("reactions_by_hour", "reactions_by_day", "calling_reactions"):
        tables.execute(f"TRUNCATE TABLE {table}")
    for _ in range(2):
        fill_coarser(tables)
        assert differences(tables) == []


def test_any_range_in_any_step_counts_each_minute_once(tables: Client) -> None:
    chance = random.Random(6)
    write_in_pieces(tables, spread(chance), chance, breaking=False)
    first = int(datetime(2021, 1, 17, tzinfo=UTC).timestamp())
    for _ in range(60):
        begin = first + chance.randrange(9 * 86_400)
        end = begin + chance.choice([1, 59, 3599, 3600, 7300, 86_400, 90_000, 300_000])
        step = chance.choice([60, 600, 3600, 7200, 86_400, 604_800])
        sides = [
            tables.execute(
                f"SELECT intDiv(toUnixTimestamp({at}), {step}) AS bar, "
                f"{FIGURES} FROM {source} GROUP BY bar ORDER BY bar"
            )
            for at, source in (
                (
                    "minute",
                    "reactions_by_minute FINAL WHERE minute >= toDateTime("
                    f"{begin}) AND minute <= toDateTime({end})",
                ),
                ("at", f"totals_between(from_at = {begin}, to_at = {end}, step_seconds = {step})"),
            )
        ]
        assert sides[0] == sides[1], (begin, end, step)
