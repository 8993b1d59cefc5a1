"""The courier: brings what the watcher announced to the channels of `notify`.

Guarantee: at least once, until given up. An attempt is a row of `deliveries`, written after a
service took the message or did not: who is killed in between repeats that message, and no other.
What fails is tried again, ever less often, over restarts; at the end stands a row that says that
it was given up. A channel that is slow or dead holds up neither another one nor the watcher. No row
and no line of the log holds an address.
Not promised: that a service which took a message shows it, and the order of messages to a channel
whose first attempt failed.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from clickhouse_driver import Client
from clickhouse_driver.errors import Error

from dashboards.alerts.stored_alerts import alerts_to_deliver, attempts_at, write_attempts
from dashboards.delivery.channels import Channels
from dashboards.delivery.due import Attempt, OpenChannel, Pace, Parcel, State, plan, rows_of
from dashboards.delivery.messages import About, fired_letter, resolved_letter
from dashboards.delivery.orders import Letter, Outcome
from dashboards.delivery.outbox import Outbox
from uproar import metrics
from uproar.clickhouse import first_line

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0
"""Longest time between two looks: what was not woken for is found all the same."""
PAUSE_SECONDS = 5.0
CLOSING_SECONDS = 10.0
LOOK_BACK = timedelta(days=1)
"""Alerts that were judged since then are looked at."""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Which runs are delivered, at what pace, and where links lead."""

    runs: tuple[str, ...] = ("live",)
    pace: Pace = Pace()
    page: str = ""
    grafana: str = ""


class Courier:
    """Delivers in a thread of its own, over a connection of its own; `close` ends it.

    The outbox is the caller's, to be closed after the courier.
    """

    def __init__(
        self,
        connect: Callable[[], Client],
        channels: Channels,
        outbox: Outbox,
        route: Route,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._connect = connect
        self._channels = channels
        self._outbox = outbox
        self._route = route
        self._now = now
        self._client: Client | None = None
        self._is_woken = threading.Event()
        self._is_closing = False
        self._outcomes: queue.SimpleQueue[tuple[Parcel, Outcome]] = queue.SimpleQueue()
        self._busy: set[str] = set()
        self._own: dict[tuple[str, str, str, str, int], Attempt] = {}
        self._unwritten: list[Attempt] = []
        self._thread = threading.Thread(target=self._work, name="courier", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be something new. It returns at once."""
        self._is_woken.set()

    def close(self) -> None:
        """Stop; a message that is under way is given some seconds, and its row is written."""
        self._is_closing = True
        self._is_woken.set()
        self._thread.join(2 * CLOSING_SECONDS)

    def _work(self) -> None:
        wait = 0.0
        while not self._is_closing:
            self._is_woken.wait(wait)
            self._is_woken.clear()
            wait = self._looked()
        deadline = self._now() + timedelta(seconds=CLOSING_SECONDS)
        while self._busy and self._now() < deadline:
            self._is_woken.wait(0.1)
            self._is_woken.clear()
            self._take_outcomes()
        self._looked(is_last=True)
        if self._client is not None:
            self._client.disconnect()

    def _looked(self, *, is_last: bool = False) -> float:
        """Look once; return how long to wait until the next look."""
        try:
            self._take_outcomes()
            self._write()
            return LOOK_SECONDS if is_last else self._look()
        except (Error, OSError, EOFError) as error:
            log.warning("ClickHouse broke off, alerts are delivered later: %s", first_line(error))
            if self._client is not None:
                self._client.disconnect()
        except Exception:  # whatever it is, the next alert must not be lost with it
            log.exception("alerts could not be delivered")
        return PAUSE_SECONDS

    def _look(self) -> float:
        now = self._now()
        channels = {one.name: one for one in self._channels.current(now)}
        if not channels or not self._route.runs:
            return LOOK_SECONDS
        client = self._connected()
        wanted = alerts_to_deliver(client, self._route.runs, now - LOOK_BACK)
        made = {_key(one): one for one in attempts_at(client, wanted)} | self._own
        planned = plan(wanted, made.values(), list(channels.values()), now, self._route.pace)
        for attempt in planned.given_up:
            log.error("gave up telling %s of an alert: %s", attempt.channel, attempt.detail)
        self._remember(planned.given_up)
        for parcel in planned.parcels:
            if parcel.channel not in self._busy:
                self._send(parcel, channels[parcel.channel], now)
        self._write()
        if planned.look_at is None:
            return LOOK_SECONDS
        return min(LOOK_SECONDS, max(0.01, (planned.look_at - now).total_seconds()))

    def _send(self, parcel: Parcel, channel: OpenChannel, now: datetime) -> None:
        letter = self._letter(parcel, now)
        self._busy.add(channel.name)

        def sent() -> None:
            outcome = self._outbox.carry_out(channel.url, letter, local=channel.local)
            self._outcomes.put((parcel, outcome))
            self._is_woken.set()

        threading.Thread(target=sent, name=f"to {channel.name}", daemon=True).start()

    def _letter(self, parcel: Parcel, now: datetime) -> Letter:
        names = {one.id: one.name for one in self._channels.config.entities}
        about = About(
            name=names.get(parcel.entity, parcel.entity) or f"Run {parcel.alerts[0].alert.run}",
            page=self._route.page.rstrip("/"),
            grafana=self._route.grafana.rstrip("/"),
        )
        if parcel.message == "fired":
            return fired_letter(parcel.alerts, about, now)
        return resolved_letter(parcel.alerts, about)

    def _take_outcomes(self) -> None:
        while not self._outcomes.empty():
            parcel, outcome = self._outcomes.get()
            self._busy.discard(parcel.channel)
            state: State = "delivered" if outcome.is_done else "failed"
            if not outcome.is_done and outcome.refused:
                state = "refused"
            detail = outcome.refused or outcome.detail
            count, where = len(parcel.alerts), parcel.channel
            if state == "delivered":
                log.info("told %s: %d alerts %s", where, count, parcel.message)
            else:
                log.warning("could not tell %s of %d alerts: %s", where, count, detail)
            metrics.DELIVERIES.labels(state).inc()
            self._remember(rows_of(parcel, state, detail, self._now()))

    def _remember(self, attempts: Sequence[Attempt]) -> None:
        """Keep attempts until they are written, and beside what is read: a replica may lag."""
        oldest = self._now() - LOOK_BACK
        self._own = {key: one for key, one in self._own.items() if one.attempted_at > oldest}
        self._own |= {_key(one): one for one in attempts}
        self._unwritten += attempts

    def _write(self) -> None:
        if self._unwritten:
            write_attempts(self._connected(), self._unwritten)
            self._unwritten = []

    def _connected(self) -> Client:
        if self._client is None:
            self._client = self._connect()
        return self._client


def _key(attempt: Attempt) -> tuple[str, str, str, str, int]:
    return (attempt.run, attempt.alert_id, attempt.message, attempt.channel, attempt.attempt)
