"""Restores time order within a bounded window: pure and deterministic.

Archives are nearly in order, or not at all. A record is held until the window is full and it is
the earliest in it, so a record that stands at most a window too late still comes out in order.
"""

import heapq
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

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
