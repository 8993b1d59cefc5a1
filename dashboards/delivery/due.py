"""Which messages are due now: what fired and was not told, what is over, what is to be tried again.

Pure: the state of every delivery is its attempts, which are rows of `deliveries`; so a restart
neither repeats nor forgets.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from dashboards.delivery.messages import Told
from uproar.guarded import Guarded
from uproar.notify_config import Channel

Message = Literal["fired", "resolved"]
State = Literal["delivered", "failed", "given up", "refused"]

_FINAL = ("delivered", "given up", "refused")
TOLD_AT_ONCE = "told with the first message"


class OpenChannel(Guarded, frozen=True, kw_only=True):
    """A channel with its address, and since when it is there.

    What was over before that is no news to it. `local` lets it reach the local network.
    """

    name: str
    url: str
    local: bool
    wants: Channel
    since: datetime


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `deliveries`."""

    run: str
    alert_id: str
    message: Message
    channel: str
    attempt: int
    state: State
    detail: str
    attempted_at: datetime


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How fast and how long is tried.

    After the n-th failure the n-th of `back_off` is waited, then the last again and again. What
    fires about one entity within `gather` of a message is told in one message, unless critical.
    """

    back_off: tuple[timedelta, ...] = tuple(
        timedelta(seconds=seconds) for seconds in (10, 30, 60, 120, 300, 600, 1200, 1800, 3600)
    )
    most_attempts: int = 12
    give_up_after: timedelta = timedelta(hours=6)
    gather: timedelta = timedelta(minutes=1)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that may be delivered, and when the watcher judged it last."""

    told: Told
    judged_at: datetime


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one channel: alerts of one run and entity, and which attempt it is of each."""

    channel: str
    message: Message
    entity: str
    alerts: tuple[Told, ...]
    attempts: tuple[int, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is due, what is to be given up, and when to look again: None, when something changes."""

    parcels: Sequence[Parcel]
    given_up: Sequence[Attempt]
    look_at: datetime | None


def plan(
    wanted: Sequence[Wanted],
    attempts: Iterable[Attempt],
    channels: Sequence[OpenChannel],
    now: datetime,
    pace: Pace,
) -> Plan:
    """Say what is due."""
    made: dict[tuple[str, str, str, str], list[Attempt]] = {}
    for attempt in sorted(attempts, key=lambda one: one.attempt):
        key = (attempt.run, attempt.alert_id, attempt.message, attempt.channel)
        made.setdefault(key, []).append(attempt)
    planner = _Planner(made, now, pace)
    for channel in channels:
        for one in wanted:
            planner.consider(channel, one)
    planner.gather()
    return Plan(
        parcels=planner.parcels,
        given_up=planner.given_up,
        look_at=min(planner.later, default=None),
    )


class _Planner:
    """Goes through channels and alerts once."""

    def __init__(
        self, made: dict[tuple[str, str, str, str], list[Attempt]], now: datetime, pace: Pace
    ) -> None:
        self._made = made
        self._now = now
        self._pace = pace
        self._due: dict[tuple[str, str, str, Message], list[tuple[Told, int]]] = {}
        self._told_at: dict[tuple[str, str, str, Message], datetime] = {}
        self.parcels: list[Parcel] = []
        self.given_up: list[Attempt] = []
        self.later: list[datetime] = []

    def consider(self, channel: OpenChannel, one: Wanted) -> None:
        """Find out which message about an alert a channel is to have now, if any."""
        alert = one.told.alert
        if not channel.wants.takes(alert.threshold.severity, alert.threshold.entity):
            return
        fired = self._attempts(channel, one, "fired")
        if not any(attempt.state in _FINAL for attempt in fired):
            is_old_news = alert.ended_at is not None and one.judged_at < channel.since
            if fired or not is_old_news:
                self._offer(channel, one, "fired", fired)
        elif fired[-1].state == "delivered" and alert.ended_at is not None:
            resolved = self._attempts(channel, one, "resolved")
            if not any(attempt.state in _FINAL for attempt in resolved):
                self._offer(channel, one, "resolved", resolved)

    def gather(self) -> None:
        """Make one message of what is due about an entity, unless there was one just now."""
        for key, group in self._due.items():
            channel, _, entity, message = key
            told_at = self._told_at.get(key)
            is_critical = message == "fired" and any(
                told.alert.threshold.severity == "critical" for told, _ in group
            )
            if told_at and not is_critical and self._now < told_at + self._pace.gather:
                self.later.append(told_at + self._pace.gather)
                continue
            self.parcels.append(
                Parcel(
                    channel=channel,
                    message=message,
                    entity=entity,
                    alerts=tuple(told for told, _ in group),
                    attempts=tuple(number for _, number in group),
                )
            )

    def _attempts(self, channel: OpenChannel, one: Wanted, message: Message) -> list[Attempt]:
        alert = one.told.alert
        found = self._made.get((alert.run, alert.id, message, channel.name), [])
        for attempt in found:
            if attempt.state == "delivered" and attempt.detail != TOLD_AT_ONCE:
                key = (channel.name, alert.run, alert.threshold.entity, message)
                known = self._told_at.get(key, attempt.attempted_at)
                self._told_at[key] = max(known, attempt.attempted_at)
        return found

    def _offer(
        self, channel: OpenChannel, one: Wanted, message: Message, before: list[Attempt]
    ) -> None:
        alert, pace = one.told.alert, self._pace
        since = before[0].attempted_at if before else one.judged_at
        is_too_late = self._now - since >= pace.give_up_after
        if not before and is_too_late:
            return
        if before and (is_too_late or len(before) >= pace.most_attempts):
            last = before[-1]
            detail = f"after {last.attempt} attempts; the last: {last.detail}"
            self.given_up.append(
                msgspec.structs.replace(
                    last,
                    attempt=last.attempt + 1,
                    state="given up",
                    detail=detail,
                    attempted_at=self._now,
                )
            )
            return
        if before:
            wait = pace.back_off[min(len(before), len(pace.back_off)) - 1]
            if self._now < before[-1].attempted_at + wait:
                self.later.append(before[-1].attempted_at + wait)
                return
        number = before[-1].attempt + 1 if before else 1
        key = (channel.name, alert.run, alert.threshold.entity, message)
        self._due.setdefault(key, []).append((one.told, number))


def rows_of(parcel: Parcel, state: State, detail: str, now: datetime) -> list[Attempt]:
    """Return the attempts that a parcel's outcome makes.

    A first message that says of an alert that it is over needs no second one.
    """
    rows = []
    for told, number in zip(parcel.alerts, parcel.attempts, strict=True):
        row = Attempt(
            run=told.alert.run,
            alert_id=told.alert.id,
            message=parcel.message,
            channel=parcel.channel,
            attempt=number,
            state=state,
            detail=detail,
            attempted_at=now,
        )
        rows.append(row)
        is_over = parcel.message == "fired" and told.alert.ended_at is not None
        if state == "delivered" and is_over:
            rows.append(
                msgspec.structs.replace(row, message="resolved", attempt=1, detail=TOLD_AT_ONCE)
            )
    return rows
