"""What is known of a producer that started more than once, and of silent partitions."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from clickhouse_driver import Client

from sinks.batch import Arrival, add_message, empty_batch
from sinks.clickhouse import ClickHouseSink
from tests.integration.test_sink import expected, found, some_records, write_in_pieces
from uproar.cli.summary import statement
from uproar.records import RunReport, Watermark

pytestmark = pytest.mark.integration

BEGAN = datetime(2021, 1, 18, 9, 0, tzinfo=UTC)
AGAIN = BEGAN + timedelta(hours=1)
PARTITIONS = 2
EVERYWHERE = [(s, p) for s in ("reactions", "dead-letters") for p in range(PARTITIONS)]


def mark(position: int, **changed: Any) -> Watermark:
    given: dict[str, Any] = {
        "run": "r", "source": "s", "started_at": BEGAN, "plan": "a", "partitions": PARTITIONS,
        "observed_before": BEGAN + timedelta(seconds=position), "position": position,
    }  # fmt: skip
    return Watermark(**{**given, **changed})


def write(client: Client, watermark: Watermark, places: list[tuple[str, int]]) -> None:
    batch = empty_batch()
    for stream, partition in places:
        arrival = Arrival(topic=stream, stream=stream, partition=partition, offset=0, at=BEGAN)
        add_message(batch, [watermark], [], arrival)
    ClickHouseSink(client).write(batch)


def resumed_at(client: Client, plan: str = "a") -> int:
    life = {"run": "r", "source": "s", "plan": plan}
    ((position,),) = client.execute(statement("resume_position"), life)
    return int(position)


def run_watermark(client: Client) -> tuple[datetime, bool]:
    ((before, is_finished),) = client.execute(
        "SELECT observed_before, is_finished FROM run_watermarks WHERE run = 'r'"
    )
    return before, is_finished


def test_a_replay_goes_on_where_the_slowest_partition_of_both_streams_is_stored(
    tables: Client,
) -> None:
    write(tables, mark(100), EVERYWHERE)
    write(tables, mark(200), EVERYWHERE[1:])
    assert resumed_at(tables) == 100
    write(tables, mark(200), EVERYWHERE[:1])
    assert resumed_at(tables) == 200


def test_nothing_is_known_while_a_partition_is_silent(tables: Client) -> None:
    assert resumed_at(tables) == 0
    write(tables, mark(100, is_last=True), EVERYWHERE[1:])
    assert resumed_at(tables) == 0
    before, is_finished = run_watermark(tables)
    assert (before.year, is_finished) == (1970, False)
    write(tables, mark(100, is_last=True), EVERYWHERE[:1])
    assert run_watermark(tables) == (BEGAN + timedelta(seconds=100), True)


def test_a_replay_of_something_else_starts_from_the_first_record(tables: Client) -> None:
    write(tables, mark(100), EVERYWHERE)
    assert resumed_at(tables, plan="b") == 0


def test_a_replay_that_came_to_its_end_starts_from_the_first_record(tables: Client) -> None:
    write(tables, mark(100), EVERYWHERE)
    write(tables, mark(500, is_last=True), EVERYWHERE)
    assert resumed_at(tables) == 0


def test_only_the_newest_life_says_where_to_go_on(tables: Client) -> None:
    write(tables, mark(500, is_last=True), EVERYWHERE)
    write(tables, mark(100, started_at=AGAIN), EVERYWHERE[:1])
    assert resumed_at(tables) == 0
    assert run_watermark(tables)[1] is False
    write(tables, mark(100, started_at=AGAIN), EVERYWHERE[1:])
    assert resumed_at(tables) == 100


def test_the_last_record_is_stored_only_when_it_is_in_every_partition(tables: Client) -> None:
    life = {"run": "r", "source": "s", "started_at": int(BEGAN.timestamp() * 1000)}
    write(tables, mark(500, is_last=True), EVERYWHERE[:3])
    assert tables.execute(statement("is_stored"), life) == [(0,)]
    write(tables, mark(500, is_last=True), EVERYWHERE[3:])
    assert tables.execute(statement("is_stored"), life) == [(1,)]


def test_a_run_is_held_back_by_the_producer_that_is_least_far(tables: Client) -> None:
    write(tables, mark(500, is_last=True), EVERYWHERE)
    write(tables, mark(100, source="other"), EVERYWHERE)
    assert run_watermark(tables) == (BEGAN + timedelta(seconds=100), False)
    write(tables, mark(300, source="other", is_last=True), EVERYWHERE)
    assert run_watermark(tables) == (BEGAN + timedelta(seconds=500), True)


def test_the_counts_of_a_producer_that_started_again_are_not_added_to_those_before(
    tables: Client,
) -> None:
    batch = empty_batch()
    for began, read in ((BEGAN, 60), (AGAIN, 100)):
        report = RunReport(
            run="r", source="s", state="finished", inputs=("a",), started_at=began,
            reported_at=began, read=read, kept=read, first_at=began if read == 60 else None,
        )  # fmt: skip
        arrival = Arrival(topic="t", stream="reactions", partition=0, offset=0, at=began)
        add_message(batch, [report], [], arrival)
    ClickHouseSink(tables).write(batch)
    assert tables.execute("SELECT read, kept, first_at FROM run_sources") == [(100, 100, None)]


def test_a_total_is_replaced_also_where_the_clock_was_set_back(tables: Client) -> None:
    random_ = random.Random(5)
    records = some_records(random_)
    write_in_pieces(tables, records[:40], random_, breaking=False)
    tables.execute(
        "INSERT INTO reactions_by_minute SELECT * REPLACE (version + 1000000000000 AS version) "
        "FROM reactions_by_minute FINAL"
    )
    write_in_pieces(tables, records, random_, breaking=False)
    assert found(tables) == expected(records)
