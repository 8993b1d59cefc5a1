"""What Grafana's alert rules ask, against the same counted in Python and judged by `covers`."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from clickhouse_driver import Client

from dashboards.grafana_rules import load_alert_query
from dashboards.grafana_wording import COUNTED, JUDGED
from uproar.clickhouse import Result
from uproar.mutes import covers
from uproar.records import Reaction, Watermark

pytestmark = pytest.mark.integration

Query = Callable[[str], Result]
Write = Callable[[Sequence[Any]], None]
Row = dict[str, Any]

FRIDAY = datetime(2026, 11, 27, 23, 0, tzinfo=UTC)
"""Up to here everything is stored."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
MUCH_LATER = datetime(2100, 1, 1, tzinfo=UTC)


def threshold(entity: str, signal: str, **given: Any) -> Row:
    usual = {
        "severity": "warning", "above": 3.0, "per_seconds": 300, "at_least": 1,
        "direction": "against", "sensitivity": "", "for_seconds": 0, "cooldown_seconds": 1800,
        "most_per_hour": 4, "mutes": [], "muted_until": NEVER, "origin": "command",
        "author": "somebody", "changed_at": FRIDAY - timedelta(days=1), "version": 1,
        "is_deleted": 0,
    }  # fmt: skip
    return {"entity": entity, "signal": signal, **usual, **given}


@pytest.fixture(scope="module")
def live(invented: list[Reaction], write: Write) -> list[Reaction]:
    """Two hours of the invented reactions, as if they had just been live, up to FRIDAY."""
    shifted = []
    for number, one in enumerate(invented):
        at = FRIDAY - timedelta(seconds=(number * 37) % 7200 + 1)
        post = msgspec.structs.replace(one.post, run="live", observed_at=at, created_at=at)
        shifted.append(msgspec.structs.replace(one, post=post))
    write(shifted)
    write(
        [
            Watermark(
                run="live", source="invented", started_at=FRIDAY - timedelta(hours=2),
                observed_before=FRIDAY + timedelta(seconds=20), position=400, is_last=False,
            )
        ]
    )  # fmt: skip
    return shifted


@pytest.fixture
def asked(store: Client, query: Query, live: list[Reaction]) -> Iterator[Callable[..., list[Row]]]:
    """Return the rows that a rule reads, with these thresholds and no others."""

    def ask(name: str, *thresholds: Row) -> list[Row]:
        if thresholds:
            names = ", ".join(thresholds[0])
            store.execute(f"INSERT INTO thresholds ({names}) VALUES", list(thresholds))
        found = query(load_alert_query(name))
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]

    yield ask
    store.execute("TRUNCATE TABLE thresholds")
    store.execute("TRUNCATE TABLE alerts")
    store.execute("TRUNCATE TABLE watch_marks")


def counted(live: list[Reaction], row: Row, end: datetime = FRIDAY) -> tuple[float, int]:
    """Return the value of a threshold's signal in the stretch before `end`, and its posts."""
    start = end - timedelta(seconds=row["per_seconds"])
    found = [
        one
        for reaction in live
        if start <= reaction.post.observed_at < end
        for one in reaction.entities
        if one.entity == row["entity"]
    ]
    wanted = row["direction"]
    calling = sum(any(wanted in ("any", c.direction) for c in one.calls) for one in found)
    sure = [one.sentiment.label for one in found if one.sentiment and one.sentiment.is_sure]
    return {
        "volume": (float(len(found)), len(found)),
        "calls_to_action": (float(calling), len(found)),
        "calls_share": (calling / max(len(found), 1), len(found)),
        "negative_share": (sure.count("negative") / max(len(sure), 1), len(sure)),
    }[row["signal"]]


@pytest.mark.parametrize("signal", COUNTED)
def test_the_value_is_that_of_the_stretch_before_the_watermark(
    signal: str, live: list[Reaction], asked: Callable[..., list[Row]]
) -> None:
    wanted = [
        threshold(entity, signal, above=0.0, severity=level, per_seconds=per, direction=direction)
        for entity, direction in (("nimbus", "against"), ("kestrel", "for"), ("oakline", "any"))
        for level, per in (("info", 3600), ("warning", 900), ("critical", 7200))
    ]
    found = {(row["entity"], row["severity"]): row["value"] for row in asked(signal, *wanted)}
    for row in wanted:
        key = (row["entity"], row["severity"])
        assert found[key] == pytest.approx(counted(live, row)[0]), key
    assert any(found.values())


def test_nothing_fires_at_the_limit_or_below_it(
    live: list[Reaction], asked: Callable[..., list[Row]]
) -> None:
    row = threshold("nimbus", "volume", per_seconds=3600)
    seen, _ = counted(live, row)
    found = asked(
        "volume",
        {**row, "severity": "info", "above": seen},
        {**row, "severity": "critical", "above": seen - 1},
    )
    assert [(one["severity"], one["value"]) for one in found] == [("critical", seen), ("info", 0)]


def test_a_share_of_too_few_posts_is_no_reason_for_an_alert(
    live: list[Reaction], asked: Callable[..., list[Row]]
) -> None:
    row = threshold("nimbus", "negative_share", above=0.0, per_seconds=3600)
    share, posts = counted(live, row)
    found = asked(
        "negative_share",
        {**row, "severity": "critical", "at_least": posts},
        {**row, "severity": "info", "at_least": posts + 1},
    )
    assert [one["value"] for one in found] == [pytest.approx(share), 0]


def test_it_fires_only_after_it_was_above_for_long_enough(
    live: list[Reaction], asked: Callable[..., list[Row]]
) -> None:
    row = threshold("nimbus", "volume", per_seconds=300)
    ends = [FRIDAY - timedelta(minutes=back) for back in range(20)]
    least = min(counted(live, row, end)[0] for end in ends)
    assert least < counted(live, row)[0] or least > 0
    rows = [
        {**row, "severity": "info", "above": least - 0.5, "for_seconds": 1200},
        {**row, "severity": "warning", "above": least, "for_seconds": 1200},
    ]
    found = {one["severity"]: one["value"] for one in asked("volume", *rows)}
    assert found == {"info": counted(live, row)[0], "warning": 0}


def test_an_entity_that_nobody_mentions_is_at_nought(asked: Callable[..., list[Row]]) -> None:
    (found,) = asked("calls_share", threshold("silent", "calls_share", above=0.0))
    assert (found["entity"], found["value"]) == ("silent", 0)


def test_a_threshold_reads_as_a_sentence(asked: Callable[..., list[Row]]) -> None:
    (found,) = asked("volume", threshold("nimbus", "volume", above=50.0))
    assert found["wanted"] == "more than 50 posts in 5m"
    (found,) = asked(
        "calls_share",
        threshold("nimbus", "calls_share", above=0.8, per_seconds=7200, at_least=30),
    )
    assert (
        found["wanted"] == "more than 80% calling for action against it of at least 30 posts in 2h"
    )


MUTES = (
    *("fri", "sat-sun", "fri-mon", "mon-thu", "sun-sat"),
    *("22:00-06:00", "06:00-22:00", "23:00-23:01", "00:00-00:00"),
    *("fri 22:00-06:00", "thu 22:00-06:00", "mon-fri 12:00-13:00", "wed-fri 22:59-23:30"),
    *("2026-11-20/2026-11-27", "2026-11-28/2026-12-24"),
)


def test_mutes_mean_what_they_mean_to_the_watcher(
    store: Client, query: Query, asked: Callable[..., list[Row]]
) -> None:
    rows = [
        threshold(f"entity-{number}", "volume", above=-1.0, mutes=[mute])
        for number, mute in enumerate(MUTES)
    ]
    asked("volume", *rows)
    for moment in (FRIDAY + timedelta(hours=hours) for hours in (0, 7, 30, 55)):
        # It stands in for the watermark; a value above 0 for one that is not muted.
        sql = load_alert_query("volume")
        sql = sql.replace("max(w.observed_before)", f"toDateTime({int(moment.timestamp())})")
        sql = sql.replace("j.seen[1], 0)", "1, 0)")
        found = {row[0]: row[-1] for row in query(sql).rows}
        assert found == {
            f"entity-{number}": 0 if covers(mute, moment) else 1
            for number, mute in enumerate(MUTES)
        }


def test_muted_until_counts_by_the_time_of_the_posts(asked: Callable[..., list[Row]]) -> None:
    row = threshold("nimbus", "volume", above=0.0, per_seconds=3600)
    found = asked(
        "volume",
        {**row, "severity": "info", "muted_until": FRIDAY + timedelta(minutes=1)},
        {**row, "severity": "warning", "muted_until": FRIDAY},
    )
    assert [one["value"] > 0 for one in found] == [False, True]


def alert(signal: str, **given: Any) -> Row:
    usual = {
        "run": "live", "id": "a1", "entity": "nimbus", "severity": "warning",
        "started_at": FRIDAY, "fired_at": FRIDAY, "peak_at": FRIDAY, "ended_at": None,
        "value": 0.6, "expected": 0.4, "peak_value": 0.7, "posts": 90, "term": "",
        "threshold": "{}", "silence": "", "explanation": "{}", "judged_at": FRIDAY, "version": 1,
    }  # fmt: skip
    return {"signal": signal, **usual, **given}


@pytest.mark.parametrize("signal", JUDGED)
def test_of_what_the_watcher_judges_only_what_lasts_and_may_be_told_fires(
    signal: str, store: Client, asked: Callable[..., list[Row]]
) -> None:
    rows = [
        alert(signal),
        alert(signal, id="a2", ended_at=FRIDAY),
        alert(signal, id="a3", silence="muted"),
        alert(signal, id="a4", run="a replay"),
        alert(signal, id="a5", severity="critical"),
        alert(signal, id="a6", severity="info"),
    ]
    store.execute(f"INSERT INTO alerts ({', '.join(rows[0])}) VALUES", rows)
    found = asked(
        signal,
        threshold("nimbus", signal),
        threshold("nimbus", signal, severity="critical", muted_until=MUCH_LATER),
    )
    assert [row["alert"] for row in found] == ["a1"]
    (row,) = found
    assert (row["entity"], row["severity"], row["value"]) == ("nimbus", "warning", 0.6)
    assert row["since"] == "2026-11-27 23:00"
    assert row["wanted"] == ("40%" if signal.endswith("share") else "0.4")


def test_late_data_and_a_watcher_that_is_behind_are_told_apart(
    store: Client, asked: Callable[..., list[Row]]
) -> None:
    assert asked("late") == [], "nobody has asked for alerts"
    found = {row["part"]: row["value"] for row in asked("late", threshold("nimbus", "volume"))}
    age = (datetime.now(UTC) - FRIDAY).total_seconds()
    assert abs(found["what is stored"] - age) < 120
    assert found["what the watcher has judged"] == 86400 + 20 - 60, "since it was asked to"
    mark = {"run": "live", "judged_before": FRIDAY, "judged_at": FRIDAY}
    store.execute("INSERT INTO watch_marks (run, judged_before, judged_at) VALUES", [mark])
    found = {row["part"]: row["value"] for row in asked("late")}
    assert found["what the watcher has judged"] == 0


@pytest.mark.parametrize("name", [*COUNTED, *JUDGED, "late"])
def test_columns_are_of_types_that_grafana_takes_for_labels_and_a_number(
    name: str, store: Client, query: Query, asked: Callable[..., list[Row]]
) -> None:
    """Any other type, a time for one, and Grafana would not read the rows as numbers at all."""
    described = query(f"DESCRIBE ({load_alert_query(name)})").rows
    *labels, value = [(row[0], row[1]) for row in described]
    assert {kind for _, kind in labels} == {"String"}
    assert value == ("value", "Float64")
    row = alert(name)
    store.execute(f"INSERT INTO alerts ({', '.join(row)}) VALUES", [row])
    for found in asked(name, threshold("nimbus", name, above=0.0)):
        assert all(text for label, text in found.items() if label != "value"), "empty is lost"
