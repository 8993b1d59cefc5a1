"""What this process waits for, and since when: one fact for its metrics and for `/readyz`."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal

import msgspec

from uproar import metrics

On = Literal["clickhouse", "kafka", "partitions", "pipeline"]
"""`partitions`: the consumer group has not given it any. `pipeline`: others must catch up first."""


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the process waits for. `what` is a sentence of ours, with nobody's words."""

    on: On
    what: str
    since: datetime


class Waits:
    """The waits of one process; any thread may begin, end and read them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[On, tuple[Wait, float]] = {}
        self._watchers: list[Callable[[], None]] = []

    def begin(self, on: On, what: str) -> None:
        """Say that the process waits; a wait that has begun goes on, with the newer words."""
        with self._lock:
            before = self._open.get(on)
            since = before[0].since if before else datetime.now(UTC)
            began = before[1] if before else time.monotonic()
            self._open[on] = (Wait(on=on, what=what, since=since), began)
            metrics.WAITING.labels(on).set(1)

    def end(self, on: On) -> None:
        """Say that it waits no longer; nothing where it did not."""
        if on not in self._open:
            return
        with self._lock:
            if (ended := self._open.pop(on, None)) is not None:
                metrics.WAITING.labels(on).set(0)
                metrics.WAITED_SECONDS.labels(on).inc(time.monotonic() - ended[1])

    @contextmanager
    def during(self, on: On, what: str) -> Iterator[None]:
        """Wait as long as the block lasts."""
        self.begin(on, what)
        try:
            yield
        finally:
            self.end(on)

    def look_first(self, look: Callable[[], None]) -> None:
        """Call `look` before each reading: it begins and ends waits that nobody else notices."""
        self._watchers.append(look)

    def open(self) -> list[Wait]:
        """Return what the process waits for now, the longest wait first."""
        for look in self._watchers:
            look()
        with self._lock:
            return sorted((wait for wait, _ in self._open.values()), key=lambda wait: wait.since)


WAITS = Waits()
"""Those of this process."""
