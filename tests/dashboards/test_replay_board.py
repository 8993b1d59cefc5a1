"""Two runs side by side, and what the Pipeline board tells, against plain Python."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from clickhouse_driver import Client

from dashboards.macros import Scope
from tests.dashboards.asking import (
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
    summary,
)
from tests.dashboards.test_happening import add
from uproar.records import Reaction, RunReport, Watermark

pytestmark = pytest.mark.integration

APART = timedelta(days=40, minutes=7)
"""How much later the third run happened: a second event that went like the first."""
SENT = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def kept(
    invented: list[Reaction], write: Callable[[Sequence[Any]], None], store: Client
) -> list[Reaction]:
    later = [
        msgspec.structs.replace(
            one,
            post=msgspec.structs.replace(
                one.post, run="later", observed_at=one.post.observed_at + APART
            ),
        )
        for one in invented
        if one.post.run == "wave" and one.post.platform == "bluesky"
    ]
    report = RunReport(
        run="wave", source="recording", started_at=SENT, state="running", inputs=("a.jsonl",),
        reported_at=SENT + timedelta(seconds=50), read=500, kept=450, filtered=50, sent=450,
        first_at=START, last_at=LATER,
    )  # fmt: skip
    mark = Watermark(
        run="wave", source="recording", started_at=SENT, observed_before=LATER, position=400
    )
    write([*invented, *later, report, mark])
    for version in (1, 2):  # a message that is read again is the same row
        add(store, "ledger", [pack(number, version) for number in range(10)])
    add(store, "run_manifests", [
        {"run": run, "source": "recording", "started_at": SENT, "facts": json.dumps(facts)}
        for run, facts in FACTS.items()
    ])  # fmt: skip
    add(store, "deliveries", [
        {"run": "wave", "alert_id": alert, "message": "fired", "channel": "slack",
         "attempt": attempt, "state": state, "detail": state, "attempted_at": SENT}
        for alert, attempt, state in ATTEMPTS
    ])  # fmt: skip
    return [*invented, *later]


FACTS = {
    "wave": {"uproar": "1.0", "models": {"calls": "3"}, "entities": [{"id": "nimbus"}]},
    "other": {"uproar": "1.0", "models": {"calls": "4"}, "entities": [{"id": "nimbus"}]},
}
ATTEMPTS = [
    *(("a", 1, "failed"), ("a", 2, "delivered")),
    *(("b", 1, "failed"), ("b", 2, "given up")),
    ("c", 1, "given up"),
]


def pack(number: int, version: int) -> dict[str, Any]:
    """Forty records a pack, one a half minute; the last of each ten a dead letter."""
    return {
        "run": "wave", "source": "recording", "started_at": SENT, "stream": "reactions",
        "stage": "streams", "partition": 0, "number": number + 1, "piece": 0, "pieces": 1,
        "offset": number, "read": 40, "failed": 4, "told": 36, "records": 36,
        "stored_at": SENT + timedelta(seconds=30 * number, milliseconds=version),
    }  # fmt: skip


def beside(asked: Scope, run: str) -> Scope:
    return msgspec.structs.replace(asked, variables={**asked.variables, "run": (run,)})


def compared(asked: Scope, run: str) -> Scope:
    return msgspec.structs.replace(asked, variables={**asked.variables, "compared": (run,)})


def shifted(asked: Scope, length: timedelta) -> Scope:
    return msgspec.structs.replace(
        asked, from_at=asked.from_at + length, to_at=asked.to_at + length
    )


def minute_shift(kept: list[Reaction]) -> timedelta:
    first = [
        min(one.post.observed_at for one in kept if one.post.run == run).replace(second=0)
        for run in ("wave", "later")
    ]
    return first[1] - first[0]


@pytest.mark.parametrize("asked", SCOPES)
def test_totals_of_runs_of_the_same_time_are_of_the_same_range(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    found = {row["run"]: row for row in ask(query, "replay_totals", compared(asked, "other"))}
    for run in (*asked.variables["run"], "other"):
        own = rows(kept, beside(asked, run))
        assert (run in found) == bool(own)
        if own:
            figures = {name: found[run][name] for name in summary(own)}
            assert figures == pytest.approx(summary(own), abs=1e-9)
            sure = [entity for _, entity in own if shown(entity) not in ("unsure", "unread")]
            assert found[run]["abstain_share"] == pytest.approx(1 - len(sure) / len(own))


@pytest.mark.parametrize("asked", SCOPES[:3])
def test_a_run_of_another_time_is_moved_to_begin_with_the_run(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    shift = minute_shift(kept)
    own = rows(kept, beside(shifted(asked, shift), "later"))
    _, found = ask(query, "replay_totals", compared(asked, "later"))
    assert {name: found[name] for name in summary(own)} == pytest.approx(summary(own), abs=1e-9)
    assert found["from_at"] == asked.from_at + shift
    hours = shift // timedelta(hours=1) * timedelta(hours=1)
    moved = Counter(
        hour(one) - hours for one, _ in rows(kept, beside(shifted(asked, hours), "later"))
    )
    volume = Counter(hour(one) for one, _ in rows(kept, asked))
    found_volume = ask(query, "replay_volume", compared(asked, "later"))
    for run, counted in (("wave", volume), ("later", moved)):
        series = {row["time"]: row["value"] for row in found_volume if row["series"] == run}
        assert series == counted


@pytest.mark.parametrize("asked", SCOPES)
def test_differences_by_entity_and_by_call_are_those_of_the_posts(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    sides = [rows(kept, asked), rows(kept, beside(asked, "other"))]
    posts = [Counter(entity.entity for _, entity in side) for side in sides]
    against = [Counter(e.entity for _, e in side if has(e, "against")) for side in sides]
    found = ask(query, "replay_entities", compared(asked, "other"))
    assert {row["entity"] for row in found} == posts[0].keys() | posts[1].keys()
    for row in found:
        one, other = (counted[row["entity"]] for counted in posts)
        assert (row["mentions"], row["compared_mentions"]) == (one, other)
        assert row["difference"] == one - other
        one, other = (counted[row["entity"]] for counted in against)
        assert row["against_difference"] == one - other
    sizes = [abs(row["difference"]) for row in found]
    assert sizes == sorted(sizes, reverse=True)
    calls = [
        Counter(
            pair for _, e in side for pair in {(call.action, call.direction) for call in e.calls}
        )
        for side in sides
    ]
    assert {
        (row["action"], row["direction"]): (row["posts_calling"], row["compared_calling"])
        for row in ask(query, "replay_calls", compared(asked, "other"))
    } == {key: (calls[0][key], calls[1][key]) for key in calls[0].keys() | calls[1].keys()}


@pytest.mark.parametrize("alone", ["", "wave"])
def test_one_run_stands_alone_where_none_is_compared(
    alone: str, query: Query, kept: list[Reaction]
) -> None:
    asked = compared(scope(), alone)
    assert [row["run"] for row in ask(query, "replay_totals", asked)] == ["wave"]
    assert {row["series"] for row in ask(query, "replay_volume", asked)} == {"wave"}
    for row in ask(query, "replay_entities", asked):
        assert (row["compared_mentions"], row["difference"]) == (None, None)
    assert {row["compared_calling"] for row in ask(query, "replay_calls", asked)} == {None}
    assert {row["state"] for row in ask(query, "replay_readings", asked)} == {"alone"}


def test_readings_tell_in_what_two_runs_differ(query: Query, kept: list[Reaction]) -> None:
    found = ask(query, "replay_readings", compared(scope(), "other"))
    assert {(row["fact"], row["state"]) for row in found} == {
        ("model: calls", "differs"),
        ("Uproar", "same"),
        ("entities", "same"),
    }
    first = {"fact": "model: calls", "in_run": "3", "in_compared": "4", "state": "differs"}
    assert found[0] == first


def test_other_runs_are_offered_for_comparison_and_the_run_itself_last(
    query: Query, kept: list[Reaction]
) -> None:
    found = [row["run"] for row in ask(query, "variable_compared", scope())]
    assert (sorted(found), found[-1]) == (["later", "other", "wave"], "wave")


def test_lag_is_what_was_sent_and_is_not_stored(query: Query, kept: list[Reaction]) -> None:
    (found,) = ask(query, "lag", scope())
    assert found.pop("silent_seconds") >= 0
    assert found == {
        "watermark": LATER,
        "behind_seconds": None,  # an archive is not behind the clock
        "sent_records": 450,
        "stored_records": 400,
        "waiting_records": 50,
    }
    (nobody,) = ask(query, "lag", scope(run=("no such run",)))
    assert (nobody["watermark"], nobody["waiting_records"]) == (None, 0)


def test_rates_are_of_the_sink_s_clock_and_count_a_message_once(
    query: Query, kept: list[Reaction]
) -> None:
    by_stage = {row["stage"]: row for row in ask(query, "rates", scope())}
    read, stored = by_stage["read by the producer"], by_stage["stored: reactions"]
    assert (read["records"], read["mean_rate"], read["last_rate"]) == (500, 10, None)
    assert stored["records"] == 360
    assert stored["last_rate"] == pytest.approx(2 * 36 / 60)
    assert stored["highest_rate"] == pytest.approx(2 * 36 / 60)
    assert stored["mean_rate"] == pytest.approx(360 / 270)
    then = msgspec.structs.replace(
        scope(), from_at=SENT, to_at=SENT + timedelta(hours=1), interval_seconds=60
    )
    found = ask(query, "rates_over_time", then)
    assert [row["value"] for row in found] == [pytest.approx(1.2)] * 5
    assert {row["series"] for row in found} == {"recording · reactions"}
    assert ask(query, "rates_over_time", scope()) == []


def test_a_message_that_arrived_at_last_is_not_told_as_failed(
    query: Query, kept: list[Reaction]
) -> None:
    (found,) = ask(query, "failed_deliveries", scope())
    assert (found["channel"], found["state"]) == ("slack", "given up")
    assert (found["messages"], found["attempts"], found["newest_detail"]) == (2, 3, "given up")


def test_a_partition_is_behind_the_foremost_of_its_source(
    query: Query, kept: list[Reaction]
) -> None:
    found = ask(query, "watermarks_by_partition", scope())
    assert {row["behind_seconds"] for row in found} == {0}
    assert all(row["silent_seconds"] >= 0 for row in found)
