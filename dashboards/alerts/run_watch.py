"""Run the watcher in this process until a signal comes."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from clickhouse_driver import Client
from clickhouse_driver.errors import Error

from dashboards.alerts import store
from dashboards.alerts.lateness import Lateness
from dashboards.alerts.watch import Explain, Watcher
from uproar import metrics
from uproar.clickhouse import first_line
from uproar.operations.waits import WAITS
from uproar.records import LIVE_RUN

log = logging.getLogger(__name__)

SHORTEST_PAUSE_SECONDS = 0.25
"""After a pass that has judged something: a replay goes on at once, and its end is waited for."""
USUAL_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 10.0


class Courier(Protocol):
    """Delivers what was stored, in its own time."""

    def wake(self) -> None:
        """Say that something new may be there."""


def run_watch(
    client: Client,
    prepare: Callable[[Client], Sequence[str]],
    explain: Explain,
    courier: Courier,
    stop: Callable[[], bool],
) -> None:
    """Judge what is stored, again and again until `stop`; a ClickHouse that is away is waited for.

    `prepare` is called before each pass, and returns the entities that are tracked.
    """
    tracked: list[str] = []
    watcher = Watcher(client, lambda: tracked, explain, _now)
    lateness: Lateness | None = None
    pause, is_away = SHORTEST_PAUSE_SECONDS, False
    while not stop():
        began = time.perf_counter()
        try:
            tracked = list(prepare(client))
            changed = watcher.evaluate(stop)
            lateness = lateness or _known_lateness(client)
            changed += _look(client, lateness)
        except (Error, OSError, EOFError) as error:
            if not is_away:
                log.warning("ClickHouse broke off: %s", first_line(error))
            WAITS.begin("clickhouse", "ClickHouse is away or refuses")
            client.disconnect()
            pause, is_away = min(pause * 2, LONGEST_PAUSE_SECONDS), True
        else:
            WAITS.end("clickhouse")
            is_away = False
            if watcher.has_judged:
                pause = SHORTEST_PAUSE_SECONDS
                metrics.WATCH_SECONDS.observe(time.perf_counter() - began)
            else:
                pause = min(pause * 2, USUAL_PAUSE_SECONDS)
            if changed:
                courier.wake()
        _sleep(pause, stop)


def _known_lateness(client: Client) -> Lateness:
    known = store.read_open_alerts(client, LIVE_RUN, is_late=True)
    return Lateness(LIVE_RUN, next((alert for alert, _ in known.values()), None))


def _look(client: Client, lateness: Lateness) -> int:
    for mark in store.run_marks(client):
        if mark.run == LIVE_RUN and mark.observed_before.year > 1970:
            now = _now()
            alert = lateness.look(now, mark.observed_before, is_finished=mark.is_finished)
            if alert is not None:
                store.write_alerts(client, [(alert, "")], now)
                return 1
    return 0


def _sleep(seconds: float, stop: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not stop() and (left := deadline - time.monotonic()) > 0:
        time.sleep(min(left, 0.1))


def _now() -> datetime:
    return datetime.now(UTC)
