"""Restores time order whatever the disorder: an external merge sort. Pure but for its `Runs`.

What is read is collected up to a size, sorted, and put away as a run; when all is read, the runs
are merged. Equal times stay in the order of the input, so that the result is always the same.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Generic, NamedTuple, Protocol, TypeVar

import msgspec

from producers.order import Held, ItemT

RUN_BYTES = 64 * 1024 * 1024
"""What is held in memory until it is put away."""
MOST_RUNS = 512
"""Runs that are merged at once: each takes a block of memory."""

_BLOCK_BYTES = 64 * 1024
_ENTRY_BYTES = 200  # what an entry weighs in memory beside its bytes, about
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

RunT = TypeVar("RunT")


class Entry(NamedTuple):
    """A record put away: compared by time in microseconds since 1970, then by its place."""

    time: int
    ordinal: int
    payload: bytes


class Runs(Protocol[RunT]):
    """Where runs are put: `producers.spill.Spill`, or memory."""

    def write(self, blocks: Iterable[bytes], /) -> RunT:
        """Put a run away."""
        ...

    def read(self, run: RunT, /) -> Iterator[bytes]:
        """Yield the blocks of a run. Several may be read in turns."""
        ...

    def replace_all(self, blocks: Iterable[bytes], /) -> RunT:
        """Put a run away that is made of all there are; then forget those."""
        ...


class ExternalOrder(Generic[ItemT, RunT]):
    """Gives nothing out until all is read, then everything in order of time.

    Guarantee: every record comes out once; none late. In memory are at most `run_bytes` while
    reading, and a block of each run while merging. A place in the order of sending (see `Order`)
    counts first what is set aside, in the order of the input, then the sorted: so whoever goes on
    from one reads all again, but sends nothing twice.
    """

    late = 0

    def __init__(
        self,
        runs: Runs[RunT],
        encode: Callable[[ItemT], bytes],
        decode: Callable[[bytes], ItemT],
        run_bytes: int = RUN_BYTES,
        most_runs: int = MOST_RUNS,
    ) -> None:
        self._runs = runs
        self._encode = encode
        self._decode = decode
        self._run_bytes = run_bytes
        self._most_runs = most_runs
        self._held: list[Entry] = []
        self._bytes = 0
        self._written: list[RunT] = []
        self._merged: Iterator[Entry] | None = None
        self._pushed = 0
        self._released = 0
        self._aside = 0

    def __len__(self) -> int:
        return self._pushed - self._released

    def push(self, held: Held[ItemT]) -> Iterator[Held[ItemT]]:
        """Take a record; nothing is due before all is read."""
        payload = self._encode(held.item)
        time = (held.time - _EPOCH) // _MICROSECOND
        self._held.append(Entry(time, held.ordinal, payload))
        self._pushed += 1
        self._bytes += len(payload) + _ENTRY_BYTES
        if self._bytes > self._run_bytes:
            self._put_away()
        return iter(())

    def aside(self, ordinal: int) -> int:
        """Return the place of a record that is settled at once: before all that is sorted."""
        self._aside += 1
        return self._aside

    def drain(self) -> Iterator[Held[ItemT]]:
        """Yield everything, earliest first. What is not taken stays held."""
        if self._merged is None:
            self._held.sort()
            self._merged = heapq.merge(*map(self._read, self._written), self._held)
        for entry in self._merged:
            self._released += 1
            yield Held(
                _EPOCH + timedelta(microseconds=entry.time),
                self._aside + self._released,
                len(entry.payload),
                self._decode(entry.payload),
            )

    def first_ordinal(self) -> int | None:
        """Return the place of the next record to come out; None where none is held."""
        return self._aside + self._released + 1 if len(self) else None

    def _put_away(self) -> None:
        self._held.sort()
        self._written.append(self._runs.write(_blocks(self._held)))
        self._held, self._bytes = [], 0
        if len(self._written) >= self._most_runs:
            merged = heapq.merge(*map(self._read, self._written))
            self._written = [self._runs.replace_all(_blocks(merged))]

    def _read(self, run: RunT) -> Iterator[Entry]:
        for block in self._runs.read(run):
            yield from _ENTRIES.decode(block)


_ENTRIES = msgspec.msgpack.Decoder(list[Entry])
_ENCODE = msgspec.msgpack.Encoder().encode


def _blocks(entries: Iterable[Entry]) -> Iterator[bytes]:
    block: list[Entry] = []
    size = 0
    for entry in entries:
        block.append(entry)
        size += len(entry.payload)
        if size >= _BLOCK_BYTES or len(block) >= 4_096:
            yield _ENCODE(block)
            block, size = [], 0
    if block:
        yield _ENCODE(block)
