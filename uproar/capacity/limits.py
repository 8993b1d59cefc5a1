"""Where settings alone do not do any more: what of a plan asks for a change of the design. Pure."""

from collections.abc import Iterator

import msgspec

from uproar.capacity.costs import Costs
from uproar.capacity.plan import MOST_PARTITIONS, UTILISATION, Plan, first_size
from uproar.capacity.sizing import Load, batch_megabytes

BATCH_MEGABYTES = 16
"""`batch_bytes` of sinks/consume.py, which is no setting."""
LONELY = 3.0
"""Packs of fewer posts cost a message for nearly every post."""
FULL = 50.0
LOOKED_UP = 50_000
"""Posts a second that every shard is asked for: more is not known to work."""


class Limit(msgspec.Struct, frozen=True):
    """What is reached, and what must change; `is_needed` where the plan counts on it."""

    what: str
    change: str
    is_needed: bool = False


def limits_of(plan: Plan, costs: Costs) -> Iterator[Limit]:
    """Yield what settings do not solve, in the order in which posts meet it."""
    size, asked = plan.size, plan.demand
    most = UTILISATION * 1e6 / costs.producer.filter_microseconds
    if size.producers > 1:
        yield Limit(
            f"one source is one process, which reads {most:,.0f} posts/s at {UTILISATION:.0%} of a "
            f"core; this takes {size.producers:,} of them",
            "the platform must offer its stream in as many parts, each with a cursor of its own; "
            "`uproar ingest` opens one connection a platform",
            is_needed=True,
        )
    if asked.pack < LONELY and size.workers > 2:
        workers = _workers_with_full_packs(plan, costs)
        yield Limit(
            f"{size.producers:,} producers times {size.partitions:,} partitions leave "
            f"{asked.pack:.1f} posts to a message: workers pay for messages, not for posts",
            f"a hop that packs the posts of many producers: {workers:,} workers instead of "
            f"{size.workers:,} with packs of {FULL:g}",
        )
    if size.partitions > MOST_PARTITIONS:
        yield Limit(
            f"{size.partitions:,} partitions are more than `UPROAR_KAFKA_PARTITIONS` takes "
            f"({MOST_PARTITIONS:,})",
            "several clusters, each with some of the entities",
            is_needed=True,
        )
    if (megabytes := batch_megabytes(asked.rows, size, costs)) > BATCH_MEGABYTES:
        yield Limit(
            f"a sink's batch is {megabytes:.0f} MB of messages, and is cut at {BATCH_MEGABYTES} MB "
            "whatever `UPROAR_SINK_BATCH_RECORDS` says",
            "that bound must become a setting, and the sink's memory be five times as much",
            is_needed=True,
        )
    if size.shards > 1 and asked.rows > LOOKED_UP:
        yield Limit(
            f"each shard looks up the ids of every batch: {asked.rows:,.0f} a second on each, "
            f"however many shards there are",
            "partitions and shards must follow the same hash, so that a sink asks one shard alone",
            is_needed=True,
        )
    if size.totals_by_shard:
        without = asked.minute_cores * size.shards
        yield Limit(
            "every batch computes the open minute anew from the rows of all shards: "
            f"{without:,.0f} cores for that alone",
            "totals by shard: a sink computes the minutes of its own shard, and readers add the "
            "shards up; unique authors are sets, which merge",
            is_needed=True,
        )


def _workers_with_full_packs(plan: Plan, costs: Costs) -> int:
    """Return the workers that would be enough if packs were not small."""
    producer = msgspec.structs.replace(costs.producer, linger_seconds=1e6)
    worker = msgspec.structs.replace(
        costs.worker, message_microseconds=costs.worker.message_microseconds * 200 / FULL
    )
    packed = msgspec.structs.replace(costs, producer=producer, worker=worker)
    load = Load(
        seen=plan.load.seen, kept_share=plan.load.kept_share, reading=plan.load.reading
    )  # fmt: skip
    return first_size(load, packed)[0].workers
