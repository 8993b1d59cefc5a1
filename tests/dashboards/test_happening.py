"""What happens now, what was expected, alerts, spikes, events and the watcher's own figures."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

import msgspec
import pytest
from clickhouse_driver import Client

from dashboards.macros import Scope
from tests.dashboards.asking import (
    HOUR,
    LATER,
    SCOPES,
    START,
    Query,
    ask,
    has,
    hour,
    rows,
    scope,
    shown,
)
from uproar.records import Reaction, RunReport, Watermark

pytestmark = pytest.mark.integration

NOON = START + timedelta(hours=12)
WATCHED = "nimbus"
"""Of this entity the watcher expects two posts a minute from noon on."""
SPIKE = (START + timedelta(hours=24), START + timedelta(hours=26))
ENDED = START + timedelta(hours=14)


@pytest.fixture(scope="module")
def kept(
    invented: list[Reaction], write: Callable[[Sequence[Any]], None], store: Client
) -> list[Reaction]:
    """The invented reactions, and what a watcher wrote of them, all of it twice."""
    read: dict[str, Any] = {"run": "wave", "source": "recording", "started_at": LATER}
    report = RunReport(
        **read, state="finished", inputs=("a.jsonl",), reported_at=LATER + timedelta(minutes=1),
        read=600, kept=400, filtered=200, first_at=START, last_at=LATER, sent=400,
    )  # fmt: skip
    write([*invented, report, Watermark(**read, observed_before=LATER, position=600, is_last=True)])
    minutes = [NOON + timedelta(minutes=number) for number in range(24 * 60)]
    for version in (1, 2):
        add(store, "expected_by_minute", [
            {"run": "wave", "entity": WATCHED, "minute": at, "expected": 2.0 * (version - 1),
             "score": 0.0, "is_spike": int(SPIKE[0] <= at < SPIKE[1]), "version": version}
            for at in minutes
        ])  # fmt: skip
        add(store, "spikes", [
            {"run": "wave", "entity": WATCHED, "started_at": SPIKE[0], "peak_at": SPIKE[0],
             "ended_at": SPIKE[1] if version == 2 else None, "posts": 100, "expected": 25.0,
             "peak_posts": 9, "score": 7.5, "version": version},
        ])  # fmt: skip
        add(store, "alerts", [alert(version, **given) for given in ALERTS])
    add(store, "annotations", [event(**given) for given in EVENTS])
    add(store, "watch_marks", [
        {"run": "wave", "judged_before": NOON + timedelta(days=1), "judged_at": LATER},
        {"run": "wave", "judged_before": NOON, "judged_at": NOON},
        {"run": "other", "judged_before": LATER, "judged_at": LATER},
    ])  # fmt: skip
    return invented


ALERTS: list[dict[str, Any]] = [
    {"id": "1", "entity": WATCHED, "signal": "volume", "started_at": SPIKE[0], "value": 60.0},
    {"id": "2", "entity": "kestrel", "signal": "negative_share", "ended_at": ENDED, "value": 0.825},
    {"id": "3", "entity": "", "signal": "late", "started_at": SPIKE[1], "value": 90.0},
    {"id": "4", "entity": WATCHED, "signal": "new_term", "run": "other", "value": 8.0},
    {"id": "5", "entity": WATCHED, "signal": "spike", "started_at": LATER, "value": 8.0},
    {"id": "6", "entity": WATCHED, "signal": "volume", "started_at": START - timedelta(hours=2),
     "ended_at": START - timedelta(hours=1), "value": 70.0},
    {"id": "7", "entity": "oakline", "signal": "new_term", "started_at": SPIKE[0], "term": "#x",
     "silence": "muted", "value": 8.0},
]  # fmt: skip


def alert(version: int, **given: Any) -> dict[str, Any]:
    started: datetime = given.get("started_at", NOON)
    row = {
        "run": "wave", "severity": "warning", "started_at": started, "fired_at": started,
        "peak_at": started, "ended_at": None, "expected": 0.5, "peak_value": given["value"],
        "posts": 60, "term": "", "threshold": "{}", "silence": "", "explanation": "{}",
        "judged_at": started, "version": version,
    }  # fmt: skip
    return row | given


EVENTS: list[dict[str, Any]] = [
    {"id": "a", "entity": WATCHED, "starts_at": NOON, "title": "Moved"},
    {"id": "b", "entity": "", "starts_at": START - timedelta(days=1), "ends_at": NOON},
    {"id": "c", "entity": "kestrel", "starts_at": NOON},
    {"id": "d", "entity": WATCHED, "starts_at": START - timedelta(seconds=1)},
    {"id": "e", "entity": WATCHED, "starts_at": NOON, "is_deleted": 1},
]


def event(**given: Any) -> dict[str, Any]:
    row = {"ends_at": None, "title": "", "text": "", "url": "", "author": "me", "version": 1}
    return row | {"is_deleted": 0} | given


def add(store: Client, table: str, found: list[dict[str, Any]]) -> None:
    names = ", ".join(found[0])
    store.execute(f"INSERT INTO {table} ({names}) VALUES", found)


def over(asked: Scope, interval: int) -> Scope:
    return msgspec.structs.replace(asked, interval_seconds=interval)


@pytest.mark.parametrize("asked", SCOPES)
@pytest.mark.parametrize("interval", [60, 2 * HOUR])
def test_entities_rank_by_how_far_the_newest_posts_stand_out(
    interval: int, asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    length = timedelta(seconds=max(interval, 900))
    end = asked.to_at + timedelta(seconds=1)
    begin = end - length
    reach = max(begin - 24 * length, START)
    wide = msgspec.structs.replace(asked, from_at=reach)
    is_all = not (asked.variables["platform"] or asked.variables["lang"])
    now, before = Counter[str](), Counter[str]()
    against, negative, sure = Counter[str](), Counter[str](), Counter[str]()
    for one, entity in rows(kept, wide):
        if one.post.observed_at < begin:
            before[entity.entity] += 1
            continue
        now[entity.entity] += 1
        against[entity.entity] += has(entity, "against")
        negative[entity.entity] += shown(entity) == "negative"
        sure[entity.entity] += shown(entity) not in ("unsure", "unread")
    found = ask(query, "entities_now", over(asked, interval))
    assert {row["entity"] for row in found} == now.keys() | before.keys()
    for row in found:
        entity_id = row["entity"]
        is_watched = entity_id == WATCHED and is_all
        expected = before[entity_id] / ((begin - reach) / length)
        if is_watched:
            expected = 2 * length.total_seconds() / 60
        assert row["posts_now"] == now[entity_id]
        assert row["posts_expected"] == pytest.approx(expected)
        standing = (now[entity_id] - expected) / sqrt(max(expected, 1))
        assert row["standing_out"] == pytest.approx(standing)
        assert row["measured_against"] == ("the watcher" if is_watched else "the time before")
        assert row["against_now"] == against[entity_id]
        share = negative[entity_id] / sure[entity_id] if sure[entity_id] else None
        assert row["negative_share"] == pytest.approx(share)
        assert (row["now_from"], row["now_to"]) == (begin, end)
    ranks = [row["standing_out"] for row in found]
    assert ranks == sorted(ranks, reverse=True)


def test_now_is_before_the_watermark_of_a_run_that_goes_on(
    query: Query, kept: list[Reaction], write: Callable[[Sequence[Any]], None]
) -> None:
    mark = Watermark(
        run="going", source="recording", started_at=NOON, observed_before=NOON, position=1
    )
    write([renamed(one, "going") for one in kept[:200]] + [mark])
    found = ask(query, "entities_now", over(scope(run=("going",)), 60))
    assert {row["now_to"] for row in found} == {NOON}
    inside = [
        entity.entity
        for one in kept[:200]
        for entity in one.entities
        if NOON - timedelta(minutes=15) <= one.post.observed_at < NOON
    ]
    assert {row["entity"]: row["posts_now"] for row in found if row["posts_now"]} == Counter(inside)


def renamed(one: Reaction, run: str) -> Reaction:
    return msgspec.structs.replace(one, post=msgspec.structs.replace(one.post, run=run))


@pytest.mark.parametrize("asked", SCOPES)
def test_volume_stands_against_what_was_expected_where_all_is_asked_for(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    counted = Counter(hour(one) for one, _ in rows(kept, asked))
    is_all = not (asked.variables["platform"] or asked.variables["lang"])
    is_watched = is_all and asked.variables["run"] == ("wave",)
    found = {row["time"]: row for row in ask(query, "volume", asked)}
    assert {at: row["originals"] + row["repeats"] for at, row in found.items()} == {
        at: counted[at] for at in found
    }
    assert counted.keys() <= found.keys()
    for at, row in found.items():
        assert row["posts_expected"] == (120 if is_watched and at >= NOON else None)
        is_spike = is_watched and SPIKE[0] <= at < SPIKE[1]
        assert row["spike_posts"] == (counted[at] if is_spike else None)


def test_each_entity_has_a_chart_of_its_own_and_the_smallest_stand_together(
    query: Query, kept: list[Reaction]
) -> None:
    counted = Counter((hour(one), entity.entity) for one, entity in rows(kept, scope()))
    found = ask(query, "volume_of_each", scope())
    assert {(row["time"], row["series"]): row["value"] for row in found} == counted
    size = Counter(entity for _, entity in counted.elements())
    first, second = (entity for entity, _ in size.most_common(2))
    top = ask(query, "volume_by_entity", scope(), {"7,": "1,"})
    together = Counter[Any]()
    for (at, entity), posts in counted.items():
        together[at, entity if entity == first else "all others"] += posts
    assert {(row["time"], row["series"]): row["value"] for row in top} == together
    two = ask(query, "volume_of_each", scope(), {"12": "2"})
    assert {row["series"] for row in two} == {first, second}


@pytest.mark.parametrize("asked", SCOPES[:2])
def test_alerts_of_the_range_come_with_those_that_go_on_first(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    found = ask(query, "alerts", asked)
    ids = ["3", "1", "7", "2"] if not asked.variables["entity"] else ["3", "1"]
    assert [row["id"] for row in found] == ids
    told = {row["id"]: (row["state"], row["seen"], row["limit"]) for row in found}
    wanted = {
        "1": ("open", "60 posts", "0.5 posts"),
        "2": ("ended", "82.5 %", "50 %"),
        "3": ("open", "90 s", "0.5 s"),
        "7": ("open, muted", "8 authors", "0.5 authors"),
    }
    assert told == {key: wanted[key] for key in ids}


def test_an_alert_that_ended_after_the_range_is_open_in_it(
    query: Query, kept: list[Reaction]
) -> None:
    asked = msgspec.structs.replace(scope(entity=("kestrel",)), to_at=ENDED - timedelta(minutes=1))
    (found,) = ask(query, "alerts", asked)
    assert (found["state"], found["ended_at"]) == ("open", None)


def test_a_spike_is_told_once_with_its_newest_figures(query: Query, kept: list[Reaction]) -> None:
    (found,) = ask(query, "spikes", scope())
    assert (found["state"], found["ended_at"]) == ("ended", SPIKE[1])
    assert (found["posts"], found["posts_expected"], found["times_expected"]) == (100, 25, 4)
    assert ask(query, "spikes", scope(entity=("kestrel",))) == []


def test_events_are_those_of_the_entity_and_of_all_that_reach_into_the_range(
    query: Query, kept: list[Reaction]
) -> None:
    assert {row["id"] for row in ask(query, "annotations", scope())} == {"a", "b", "c"}
    found = ask(query, "annotations", scope(entity=(WATCHED,)))
    assert [(row["id"], row["title"], row["ended_at"]) for row in found] == [
        ("a", "Moved", None),
        ("b", "", NOON),
    ]


@pytest.mark.parametrize("asked", SCOPES)
def test_the_share_that_nobody_judges_is_of_all_posts_and_the_negative_one_of_the_sure(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    moods: dict[datetime, list[str]] = {}
    for one, entity in rows(kept, asked):
        moods.setdefault(hour(one), []).append(shown(entity))
    found = ask(query, "sentiment_shares", asked)
    assert [row["time"] for row in found] == sorted(moods)
    for row in found:
        said = moods[row["time"]]
        sure = [mood for mood in said if mood not in ("unsure", "unread")]
        assert row["abstain_share"] == pytest.approx((len(said) - len(sure)) / len(said))
        negative = sure.count("negative") / len(sure) if sure else None
        assert row["negative_share"] == pytest.approx(negative)


def test_the_watcher_tells_how_far_it_is(query: Query, kept: list[Reaction]) -> None:
    (found,) = ask(query, "watch", scope())
    judged = NOON + timedelta(days=1)
    assert (found["judged_before"], found["judged_at"]) == (judged, LATER)
    assert found["unjudged_seconds"] == (LATER - judged).total_seconds()
    assert (found["thresholds"], found["open_alerts"]) == (0, 4)
    (nobody,) = ask(query, "watch", scope(run=("no such run",)))
    assert (nobody["judged_before"], nobody["unjudged_seconds"]) == (None, None)
