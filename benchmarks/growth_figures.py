"""What was measured at one size. Pure."""

import statistics

import msgspec

from benchmarks.fill import Filled
from benchmarks.queries import Timing


class Table(msgspec.Struct, frozen=True):
    """What a table holds."""

    name: str
    rows: int
    parts: int
    bytes: int


class Written(msgspec.Struct):
    """Batches of so many records through the sink, and their rows without states and totals.

    Seconds of each, and those of the server's processor; merges of the meantime are in these.
    """

    records: int
    seconds: list[float] = msgspec.field(default_factory=list)
    cpu_seconds: list[float] = msgspec.field(default_factory=list)
    rows_alone: list[float] = msgspec.field(default_factory=list)
    rows_alone_cpu: list[float] = msgspec.field(default_factory=list)

    @property
    def a_second(self) -> float:
        """Records a second, by the median batch."""
        return self.records / statistics.median(self.seconds)

    @property
    def a_second_alone(self) -> float:
        """Rows a second where nothing else is written, by the median batch."""
        return self.records / statistics.median(self.rows_alone)

    @property
    def cpu_microseconds(self) -> float:
        """Of the server's processor a record, over all batches; not below a hundredth."""
        return max(0.01, 1e6 * sum(self.cpu_seconds) / (self.records * len(self.cpu_seconds)))

    @property
    def cpu_microseconds_alone(self) -> float:
        """Of the server's processor a row where nothing else is written; not below a hundredth."""
        spent = sum(self.rows_alone_cpu)
        return max(0.01, 1e6 * spent / (self.records * len(self.rows_alone_cpu)))


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """All figures of so many stored reactions. `peak_bytes`: the most memory the server held."""

    reactions: int
    filled: Filled
    tables: list[Table]
    timings: list[Timing]
    written: list[Written]
    peak_bytes: int
