"""What is due follows from the attempts alone."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from dashboards.alerts.lane import Alert
from dashboards.alerts.thresholds import Threshold
from dashboards.delivery.due import Attempt, OpenChannel, Pace, Plan, Wanted, plan, rows_of
from dashboards.delivery.messages import Told
from tests.dashboards.alerts.wave import AT, alert
from uproar.notify_config import Channel

NOW = AT + timedelta(minutes=11)
PACE = Pace()
OPS = OpenChannel(
    name="ops", url="json://hooks.example/x", local=False, wants=Channel(), since=AT - timedelta(1)
)


def wanted(one: Alert, at: datetime = NOW) -> Wanted:
    return Wanted(told=Told(alert=one, explanation=None), judged_at=at)


def attempt(number: int, state: Any, at: datetime, **changes: Any) -> Attempt:
    row = Attempt(
        run="live", alert_id=alert().id, message="fired", channel="ops", attempt=number,
        state=state, detail="", attempted_at=at,
    )  # fmt: skip
    return msgspec.structs.replace(row, **changes)


def planned(*attempts: Attempt, one: Alert | None = None, now: datetime = NOW) -> Plan:
    return plan([wanted(one or alert())], attempts, [OPS], now, PACE)


def over(one: Alert) -> Alert:
    return msgspec.structs.replace(one, ended_at=NOW)


def test_a_failure_is_waited_for_longer_each_time() -> None:
    attempts: list[Attempt] = []
    now, waits = NOW, []
    while not (done := planned(*attempts, now=now)).given_up:
        if done.parcels:
            assert done.parcels[0].attempts == (len(attempts) + 1,)
            attempts.append(attempt(len(attempts) + 1, "failed", now))
            continue
        assert done.look_at is not None
        waits.append(done.look_at - now)
        now = done.look_at
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=10)
    assert len(attempts) == PACE.most_attempts or now - NOW >= PACE.give_up_after
    (row,) = done.given_up
    assert (row.state, row.attempt) == ("given up", len(attempts) + 1)
    assert not planned(*attempts, row, now=now + timedelta(days=1)).parcels


def test_what_nobody_was_told_of_is_not_told_to_be_over() -> None:
    for state in ("given up", "refused"):
        last = planned(attempt(1, state, NOW), one=over(alert()), now=NOW + timedelta(minutes=5))
        assert not last.parcels
    told = planned(attempt(1, "delivered", NOW), one=over(alert()), now=NOW + timedelta(minutes=5))
    assert [parcel.message for parcel in told.parcels] == ["resolved"]


def test_an_alert_of_long_ago_is_not_news() -> None:
    assert planned(now=NOW + PACE.give_up_after - timedelta(seconds=1)).parcels
    assert not planned(now=NOW + PACE.give_up_after).parcels


def test_what_follows_within_a_minute_waits_for_the_others_unless_it_is_critical() -> None:
    for severity, is_held in (("warning", True), ("critical", False)):
        threshold = Threshold(entity="quill", signal="volume", severity=severity)
        second = alert(id="second", threshold=threshold)
        told = attempt(1, "delivered", NOW)
        now = NOW + timedelta(seconds=20)
        found = plan([wanted(alert()), wanted(second)], [told], [OPS], now, PACE)
        assert bool(found.parcels) is not is_held
        assert (found.look_at == NOW + PACE.gather) is is_held


def test_a_first_message_about_what_is_over_needs_no_second_one() -> None:
    (parcel,) = planned(one=over(alert())).parcels
    rows = rows_of(parcel, "delivered", "", NOW)
    assert [(row.message, row.state) for row in rows] == [
        ("fired", "delivered"),
        ("resolved", "delivered"),
    ]
    assert not planned(*rows, one=over(alert())).parcels
    assert [row.message for row in rows_of(parcel, "failed", "x", NOW)] == ["fired"]
