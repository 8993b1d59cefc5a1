"""Restores time order within a bounded window: pure and deterministic.

Archives are nearly in order, or not at all. A record is held until the window is full and it is
the earliest in it, so a record that stands at most a window too late still comes out in order.
For the others there is `producers.sorting`; `Disorder` tells which an input needs.
"""

import heapq
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Generic, NamedTuple, Protocol, TypeVar

WINDOW_RECORDS = 100_000
WINDOW_BYTES = 128 * 1024 * 1024

ItemT = TypeVar("ItemT")


class Held(NamedTuple, Generic[ItemT]):
    """A record in the window: its time, its place in the input, and what it weighs.

    Places differ, so two of these compare by time and then by place: equal times stay in order.
    """

    time: datetime
    ordinal: int
    size_bytes: int
    item: ItemT


class Order(Protocol[ItemT]):
    """Takes records in the order of the input, and gives them out in that in which they are sent.

    The order of sending decides where an interrupted replay goes on: a record's place in it, from
    1, is the `ordinal` of what comes out, and that of what is settled at once is told by `aside`.
    It is the same whenever the same input is read.
    """

    late: int
    """How many came out behind a later one."""

    def __len__(self) -> int: ...

    def push(self, held: Held[ItemT], /) -> Iterator[Held[ItemT]]:
        """Take a record; yield those that are due."""
        ...

    def aside(self, ordinal: int, /) -> int:
        """Return the place of a record that is not put in order, by its place in the input."""
        ...

    def drain(self) -> Iterator[Held[ItemT]]:
        """Yield what is left, behind the last push. What is not taken stays held."""
        ...

    def first_ordinal(self) -> int | None:
        """Return the lowest place among what is still held; None where nothing is."""
        ...


class OrderBuffer(Generic[ItemT]):
    """Holds at most `max_records` records and `max_bytes` bytes of them.

    Guarantee: every record comes out once; in order of time, except one that arrives after a
    later one has left. `late` counts those: they are sent, out of order.
    """

    def __init__(self, max_records: int = WINDOW_RECORDS, max_bytes: float = WINDOW_BYTES) -> None:
        self._max_records = max_records
        self._max_bytes = max_bytes
        # What arrives in order, the usual case, costs no heap: two sorted parts are merged.
        self._in_order: deque[Held[ItemT]] = deque()
        self._others: list[Held[ItemT]] = []
        self._bytes = 0
        self._last: datetime | None = None
        self.late = 0

    def __len__(self) -> int:
        return len(self._in_order) + len(self._others)

    def push(self, held: Held[ItemT]) -> Iterator[Held[ItemT]]:
        """Take a record; yield those for which there is no more room, earliest first."""
        if not self._in_order or held.time >= self._in_order[-1].time:
            self._in_order.append(held)
        else:
            heapq.heappush(self._others, held)
        self._bytes += held.size_bytes
        while len(self) > self._max_records or (self._bytes > self._max_bytes and len(self) > 1):
            yield self._pop()

    def aside(self, ordinal: int) -> int:
        """Return the place itself: places of the input are those of sending, up to a window."""
        return ordinal

    def drain(self) -> Iterator[Held[ItemT]]:
        """Yield what is left, earliest first. What is not taken stays held."""
        while len(self):
            yield self._pop()

    def first_ordinal(self) -> int | None:
        """Return the lowest place in the input that is still held; None where nothing is."""
        places = [held.ordinal for held in self._others]
        if self._in_order:
            places.append(self._in_order[0].ordinal)  # pushed in the order of the input
        return min(places, default=None)

    def _pop(self) -> Held[ItemT]:
        if self._others and (not self._in_order or self._others[0] < self._in_order[0]):
            held = heapq.heappop(self._others)
        else:
            held = self._in_order.popleft()
        self._bytes -= held.size_bytes
        if self._last is not None and held.time < self._last:
            self.late += 1
        else:
            self._last = held.time
        return held


class Disorder:
    """Tells whether a window is enough for an input, by the times of its records alone."""

    def __init__(self, max_records: int = WINDOW_RECORDS, max_bytes: float = WINDOW_BYTES) -> None:
        self._window = OrderBuffer[None](max_records, max_bytes)
        self._seen = 0

    def see(self, time: datetime, size_bytes: int) -> None:
        """Take the next record of the input."""
        self._seen += 1
        for _ in self._window.push(Held(time, self._seen, size_bytes, None)):
            pass

    def rest(self) -> Iterator[None]:
        """Let those that are left in the window out, one at a step."""
        for _ in self._window.drain():
            yield None

    @property
    def late(self) -> int:
        """How many would be sent behind a later one so far, of those that have left the window."""
        return self._window.late
