"""The watcher over real tables: each alert once, whatever happens to it on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from clickhouse_driver import Client

from dashboards.alerts import store
from dashboards.alerts.thresholds import Threshold
from dashboards.alerts.watch import Watcher
from sinks.runs import drop_run
from tests.dashboards.alerts.invented import (
    MINUTE,
    START,
    calm,
    store_minutes,
    store_watermark,
)

pytestmark = pytest.mark.integration

DAYS = 2
RUN = "past"
THRESHOLDS = (
    Threshold(entity="quill", signal="volume", above=60, per_seconds=300),
    Threshold(entity="quill", signal="spike", sensitivity="medium", at_least=10),
    Threshold(
        entity="quill",
        signal="calls_to_action",
        above=15,
        per_seconds=600,
        for_seconds=120,
        cooldown_seconds=1200,
    ),
    Threshold(entity="other", signal="negative_share", above=0.7, per_seconds=900, at_least=30),
)


@pytest.fixture
def minutes(tables: Client) -> dict[str, list[int]]:
    """Two entities, of which one is in an uproar on the second day, for two hours."""
    counts = {"quill": calm(DAYS * 1440, 1.0, 1), "other": calm(DAYS * 1440, 3.0, 2)}
    calling = {"quill": [0] * (DAYS * 1440)}
    for index in range(120):
        at = 1440 + 600 + index
        counts["quill"][at] += 40
        calling["quill"][at] = 10 if index % 60 < 20 else 0
    store_minutes(tables, RUN, counts, calling)
    put_thresholds(tables, THRESHOLDS)
    return counts


def put_thresholds(client: Client, thresholds: tuple[Threshold, ...], version: int = 1) -> None:
    names = Threshold.__struct_fields__
    rows = [
        (*(getattr(one, name) for name in names), "command", "ada", datetime.now(UTC), version, 0)
        for one in thresholds
    ]
    client.execute(
        f"INSERT INTO thresholds ({', '.join(names)}, origin, author, changed_at, version, "
        "is_deleted) VALUES",
        rows,
    )


def watcher(client: Client) -> Watcher:
    return Watcher(
        client,
        lambda: ["other", "quill"],
        lambda alert: f"why {alert.id}",
        lambda: datetime.now(UTC),
    )


def stored(client: Client, run: str = RUN) -> list[tuple[Any, ...]]:
    return client.execute(  # type: ignore[no-any-return]
        "SELECT id, entity, signal, started_at, fired_at, peak_at, ended_at, value, expected, "
        "peak_value, posts, explanation FROM alerts FINAL WHERE run = %(run)s "
        "ORDER BY fired_at, id",
        {"run": run},
    )


def whole(client: Client) -> list[tuple[Any, ...]]:
    """Judge everything at one go, and return what came of it."""
    store_watermark(client, RUN, START + timedelta(days=DAYS), is_last=True)
    watcher(client).evaluate()
    return stored(client)


def test_an_uproar_is_announced_in_its_first_minutes_and_once_by_each_threshold(
    tables: Client, minutes: dict[str, list[int]]
) -> None:
    found = whole(tables)
    began = START + timedelta(days=1, hours=10)
    by_signal = {signal: [row for row in found if row[2] == signal] for _, _, signal, *_ in found}
    assert set(by_signal) == {"volume", "spike", "calls_to_action"}
    assert len(by_signal["volume"]) == len(by_signal["spike"]) == 1
    assert began < by_signal["volume"][0][4] <= began + 3 * MINUTE
    assert began < by_signal["spike"][0][4] <= began + 5 * MINUTE
    # The second wave of calls comes after the cool-down, and is another alert.
    assert [row[4] - began < timedelta(minutes=10) for row in by_signal["calls_to_action"]] == [
        True,
        False,
    ]
    assert all(row[6] is not None and row[11] == f"why {row[0]}" for row in found)


def steps(size: timedelta) -> Iterator[datetime]:
    at, end = START + size, START + timedelta(days=DAYS)
    while at < end:
        yield at
        at += size


def test_step_by_step_with_a_new_watcher_each_time_gives_the_same_alerts(
    tables: Client, minutes: dict[str, list[int]]
) -> None:
    for at in steps(timedelta(minutes=97)):
        store_watermark(tables, RUN, at)
        watcher(tables).evaluate()
    in_steps = whole(tables)
    spikes = tables.execute("SELECT * EXCEPT version FROM spikes FINAL ORDER BY started_at")
    expected = tables.execute("SELECT * EXCEPT version FROM expected_by_minute FINAL ORDER BY ALL")
    drop_run_keeping_minutes(tables)
    assert whole(tables) == in_steps
    assert tables.execute("SELECT * EXCEPT version FROM spikes FINAL ORDER BY started_at") == spikes
    again = tables.execute("SELECT * EXCEPT version FROM expected_by_minute FINAL ORDER BY ALL")
    assert again == expected


def drop_run_keeping_minutes(client: Client) -> None:
    for table in ("alerts", "spikes", "expected_by_minute", "watch_marks", "watch_states"):
        client.execute(f"TRUNCATE TABLE {table}")


def test_a_watcher_that_is_killed_between_any_two_writes_loses_and_repeats_nothing(
    tables: Client, minutes: dict[str, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Exception):
        pass

    insert = store.insert
    left = 0

    def insert_until(*arguments: Any) -> None:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        insert(*arguments)

    monkeypatch.setattr(store, "insert", insert_until)
    for round_, at in enumerate(steps(timedelta(minutes=143))):
        store_watermark(tables, RUN, at)
        left = round_ % 6
        with pytest.raises(Killed):
            while True:  # judge until it is killed
                watcher(tables).evaluate()
                left -= 1 if left else 0
                store.write_mark(tables, "nothing", at, at)
    monkeypatch.setattr(store, "insert", insert)
    killed = whole(tables)
    drop_run_keeping_minutes(tables)
    assert whole(tables) == killed


def test_what_is_late_is_not_looked_at(tables: Client, minutes: dict[str, list[int]]) -> None:
    store_watermark(tables, RUN, START + timedelta(days=1, hours=10, minutes=0, seconds=59))
    watcher(tables).evaluate()
    assert stored(tables) == []
    ((before,),) = tables.execute("SELECT max(judged_before) FROM watch_marks")
    assert before == START + timedelta(days=1, hours=10)


def test_a_threshold_that_is_changed_holds_from_the_next_pass_on(
    tables: Client, minutes: dict[str, list[int]]
) -> None:
    one = watcher(tables)
    store_watermark(tables, RUN, START + timedelta(days=1))
    one.evaluate()
    assert stored(tables) == []
    put_thresholds(
        tables, (Threshold(entity="quill", signal="volume", above=1e6, per_seconds=300),), 2
    )
    store_watermark(tables, RUN, START + timedelta(days=DAYS), is_last=True)
    one.evaluate()
    assert {row[2] for row in stored(tables)} == {"spike", "calls_to_action"}


def test_a_run_that_was_dropped_and_made_again_is_judged_again(
    tables: Client, minutes: dict[str, list[int]]
) -> None:
    one = watcher(tables)
    store_watermark(tables, RUN, START + timedelta(days=DAYS), is_last=True)
    one.evaluate()
    first = stored(tables)
    drop_run(tables, RUN)
    assert stored(tables) == []
    one.evaluate()
    store_minutes(tables, RUN, minutes, {"quill": [0] * len(minutes["quill"])})
    store_watermark(tables, RUN, START + timedelta(days=DAYS), is_last=True)
    one.evaluate()
    assert [row for row in stored(tables) if row[2] == "volume"] == [
        row for row in first if row[2] == "volume"
    ]


def test_a_stretch_that_the_platform_left_out_is_neither_calm_nor_a_spike(
    tables: Client, minutes: dict[str, list[int]]
) -> None:
    gap = (START + timedelta(days=1, hours=9, minutes=50), START + timedelta(days=1, hours=12))
    tables.execute(
        "INSERT INTO dead_letters (run, stage, reason, detail, received_at) VALUES",
        [
            (RUN, "producer", "gap",
             f"too old: {gap[0].isoformat()} to {gap[1].isoformat()} is missing", START)
        ],
    )  # fmt: skip
    assert whole(tables) == []
