"""What follows the rows and minutes of several batches at once: hours, ledger, watermarks."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from clickhouse_driver import Client

from sinks.batch import Arrival, Batch, add_message, empty_batch
from sinks.clickhouse import ClickHouseSink, Unsettled
from sinks.runs import drop_run, rows_of
from tests.integration.test_coarser import differences
from tests.integration.test_sink import RUN, some_reaction
from uproar.records import Watermark, Waybill

pytestmark = pytest.mark.integration

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
LIFE: dict[str, Any] = {"run": RUN, "source": "s", "started_at": NOON}
COUNTS = "SELECT number, records, new_posts, further FROM ledger FINAL ORDER BY number"


def batches() -> list[Batch]:
    """Three of ten posts each, the last of them with the watermark of all."""
    found = []
    for number in range(3):
        batch = empty_batch()
        ids = range(10 * number, 10 * number + 10)
        posts = [some_reaction(random.Random(post_id), post_id, 0) for post_id in ids]
        bill = Waybill(**LIFE, stage="streams", number=number + 1, records=10, read=10)
        mark = [Watermark(**LIFE, observed_before=NOON, position=30)] if number == 2 else []
        arrival = Arrival(topic="t", stream="reactions", partition=0, offset=number, at=NOON)
        add_message(batch, [bill, *posts, *mark], [], arrival)
        found.append(batch)
    return found


def store_all(client: Client) -> tuple[ClickHouseSink, Unsettled]:
    sink, left = ClickHouseSink(client), Unsettled()
    for batch in batches():
        left.add(sink.store(batch))
    return sink, left


def test_many_batches_are_settled_together_and_all_their_offsets_wait_for_that(
    tables: Client,
) -> None:
    sink, left = store_all(tables)
    assert left.next_offsets == {("t", 0): 3}
    for behind in ("ledger", "watermarks", "reactions_by_hour"):
        assert tables.execute(f"SELECT count() FROM {behind}") == [(0,)]
    sink.settle(left)
    assert differences(tables) == []
    assert [row[:2] for row in tables.execute(COUNTS)] == [(1, 10), (2, 10), (3, 10)]
    assert tables.execute("SELECT count() FROM watermarks FINAL") == [(1,)]


def test_what_was_stored_but_not_settled_is_read_again_and_counted_once(tables: Client) -> None:
    store_all(tables)  # and dies
    sink, left = store_all(tables)
    sink.settle(left)
    sink.settle(left)
    again = tables.execute(COUNTS)
    assert [row[3] for row in again] == [0, 0, 0]
    posts = tables.execute("SELECT count() FROM post_states FINAL")
    assert [(sum(row[2] for row in again),)] == posts
    assert differences(tables) == []


def test_a_run_that_is_dropped_before_its_batches_are_settled_does_not_come_back(
    tables: Client,
) -> None:
    sink, left = store_all(tables)
    sink.settle(left)
    left.add(sink.store(batches()[0]))
    drop_run(tables, RUN)
    sink.settle(left)
    assert not any(rows_of(tables, RUN).values())
