"""What a load asks of a cluster of a given size: cores, messages and bytes a second. Pure.

A post that is kept travels with others of its partition that come within the linger of its
producer. So packs grow with the rate of a *lane*, a producer's share of a partition, and many
producers times many partitions leave each post to travel alone, which costs a message a post.
"""

import math

import msgspec

from uproar.capacity.costs import Costs, Reading
from uproar.packs import MAX_RECORDS

ENTITIES_A_POST = 1.084
"""Rows that a kept post becomes, as benchmarks/fill.py has it."""
REPLICATION = 3
REPLICAS = 2
MINUTES_READ = 0.6
"""Of a minute's rows, by a batch: half of the open one, and all of the one before at its start."""
DAY_SECONDS = 86_400


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What comes in: posts a second, the share that is kept, and how those are read."""

    seen: float
    kept_share: float = 0.01
    reading: Reading = "default"
    in_wave: bool = False

    @property
    def kept(self) -> float:
        """Posts a second that go on."""
        return self.seen * self.kept_share


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How many there are of everything, and how long the sink waits for a full batch.

    Cores are those of one broker and of one server of ClickHouse.
    """

    producers: int
    partitions: int
    workers: int
    brokers: int
    sinks: int
    shards: int = 1
    broker_cores: int = 16
    clickhouse_cores: int = 32
    flush_seconds: float = 0.25
    batch_records: int = 20_000
    totals_by_shard: bool = False
    """Not built: each sink writes to one shard, and computes its minutes from that shard alone."""

    @property
    def minutes_parts(self) -> int:
        """Into how many parts the rows of a minute fall, of which a batch reads one."""
        return self.shards if self.totals_by_shard else 1


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What a load asks of a size. Cores are of work to be done, without any headroom."""

    pack: float
    messages: float
    producer_cores: float
    broker_cores: float
    worker_cores: float
    sink_cores: float
    clickhouse_cores: float
    minute_cores: float
    """Of those of ClickHouse: for computing the minutes anew."""
    rows: float
    batches: float
    inserts: float
    kafka_in: float
    """Bytes a second that producers and workers write, after compression, one copy."""
    kafka_day: float
    """Bytes a day that all copies take."""
    broker_bytes: float
    """Bytes a second through a broker's network: in and out together."""
    rows_day: float
    disk_day: float
    raw_day: float
    """Bytes a day in ClickHouse, all replicas: on disk, and before compression (one replica)."""


def pack_of(kept: float, producers: int, partitions: int, linger: float) -> float:
    """Return how many posts travel in a message.

    >>> pack_of(100, 1, 12, 0.02) < 1.2, pack_of(1_000_000, 1, 4, 0.02)
    (True, 200.0)
    """
    return min(float(MAX_RECORDS), 1.0 + kept / (producers * partitions) * linger)


def demand(load: Load, size: Size, costs: Costs) -> Demand:
    """Return what the load asks of each stage."""
    kept = load.kept
    kafka, clickhouse = costs.kafka, costs.clickhouse
    pack = pack_of(kept, size.producers, size.partitions, costs.producer.linger_seconds)
    messages = kept / pack
    rows = kept * ENTITIES_A_POST
    batches = batches_of(rows, size, costs)
    minute_cores = batches * rows * 60 * MINUTES_READ * clickhouse.minute_row_microseconds / 1e6
    minute_cores /= size.minutes_parts
    written = _bytes_of(kept, pack, costs)
    passed = written * (1 + 1 + 2 * (REPLICATION - 1))  # in, read once, copied in and out
    return Demand(
        pack=pack,
        messages=messages,
        producer_cores=(
            load.seen * costs.producer.filter_microseconds + kept * costs.producer.keep_microseconds
        ) / 1e6,
        broker_cores=(kept * kafka.post_microseconds + messages * kafka.message_microseconds) / 1e6,
        worker_cores=(
            kept * costs.worker.microseconds(load.reading, in_wave=load.in_wave)
            + messages * costs.worker.message_microseconds
        ) / 1e6,
        sink_cores=(
            rows * costs.sink.row_microseconds + messages * costs.sink.message_microseconds
        ) / 1e6,
        clickhouse_cores=minute_cores + REPLICAS * rows * clickhouse.row_microseconds / 1e6
        + batches * clickhouse.batch_milliseconds / 1e3
        + size.sinks * clickhouse.settle_milliseconds / 1e3 / costs.group.settle_seconds,
        minute_cores=minute_cores,
        rows=rows,
        batches=batches,
        inserts=batches * INSERTS_A_BATCH
        + size.sinks * INSERTS_A_SETTLING / costs.group.settle_seconds,
        kafka_in=written,
        kafka_day=written * REPLICATION * DAY_SECONDS,
        broker_bytes=passed / size.brokers,
        rows_day=rows * DAY_SECONDS,
        disk_day=rows * DAY_SECONDS * clickhouse.row_bytes * REPLICAS,
        raw_day=rows * DAY_SECONDS * clickhouse.raw_row_bytes,
    )  # fmt: skip


INSERTS_A_BATCH = 3
"""Into `reactions`, `post_states` and `reactions_by_minute`."""

INSERTS_A_SETTLING = 5
"""Into `calling_reactions`, totals by hour and by day, `ledger` and `watermarks`."""


def batches_of(rows: float, size: Size, costs: Costs) -> float:
    """Return the batches a second of all sinks, which are cut by time and by records."""
    of_one = rows / size.sinks
    held = min(float(size.batch_records), of_one * size.flush_seconds)
    wait = size.flush_seconds + write_seconds(held, rows * 60, size, costs)
    return max(size.sinks / wait, rows / size.batch_records)


def write_seconds(
    rows: float, rows_of_minute: float, size: Size, costs: Costs, messages: float = 0.0
) -> float:
    """Return how long a sink takes to store a batch of so many rows.

    It waits for ClickHouse, which computes the open minute anew from all its rows, on the cores
    that are this sink's share of the cluster.
    """
    clickhouse = costs.clickhouse
    cores = max(1.0, size.shards * REPLICAS * size.clickhouse_cores / size.sinks)
    minute = rows_of_minute / size.minutes_parts
    theirs = (
        clickhouse.batch_milliseconds / 1e3
        + rows * clickhouse.row_microseconds / 1e6
        + minute * MINUTES_READ * clickhouse.minute_row_microseconds / 1e6 / cores
    )
    ours = rows * costs.sink.row_microseconds + messages * costs.sink.message_microseconds
    return theirs + ours / 1e6


def _bytes_of(kept: float, pack: float, costs: Costs) -> float:
    """Return the bytes a second into both topics: a post alone has all its frame to itself."""
    kafka = costs.kafka
    more = (kafka.single_bytes - kafka.post_bytes) / pack if pack < MAX_RECORDS else 0.0
    return kept * (kafka.post_bytes + kafka.reaction_bytes + 2 * more)


def batch_megabytes(rows: float, size: Size, costs: Costs) -> float:
    """Return how many megabytes of messages a sink's batch is made of."""
    return rows / max(batches_of(rows, size, costs), 1e-9) * costs.kafka.raw_reaction_bytes / 1e6


def rounded_up(count: float, least: int = 1) -> int:
    """Return a whole number of machines or processes.

    >>> rounded_up(0.2), rounded_up(2.0), rounded_up(2.1, 2)
    (1, 2, 3)
    """
    return max(least, math.ceil(count - 1e-9))
