"""The smallest cluster that carries a load with room to spare and gets over incidents in time.

Each stage is first made large enough to be busy for `UTILISATION` of its time. Then every incident
is simulated, and whatever is furthest behind grows until all is well again within the time allowed.
"""

from collections.abc import Sequence

import msgspec

from uproar.capacity.costs import Costs
from uproar.capacity.course import Course
from uproar.capacity.incidents import Incident
from uproar.capacity.simulation import simulate
from uproar.capacity.sizing import (
    REPLICAS,
    Demand,
    Load,
    Size,
    demand,
    rounded_up,
    write_seconds,
)
from uproar.errors import InputError

UTILISATION = 0.6
"""Of a process's core, or a machine's: what ten times the load for a minute leaves behind is then
worked off in twelve minutes."""
WITHOUT_ONE = 0.9
"""How busy the rest may be while a worker or broker is away."""
LANES_A_WORKER = 2
"""Partitions, so that there may be twice as many workers one day: their number stays for ever."""
LEAST_BROKER_CORES, LEAST_CLICKHOUSE_CORES, MOST_CLICKHOUSE_CORES = 2, 4, 32
LEAST_PARTITIONS = 12
MOST_PARTITIONS = 1024
"""That `UPROAR_KAFKA_PARTITIONS` takes."""
DISK_FULL = 0.7
MOST_SHARDS = 400
WORTH_A_CHANGE = 2
"""So many times fewer shards are worth computing totals by shard, which is not built."""
SHARDS_FOR_SPEED = 1.25
"""So many times the fewest shards, to store sooner: larger batches compute minutes less often."""
FLUSHES = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
BATCHES = (20_000, 50_000, 100_000, 200_000)
"""Of the largest a sink holds a gigabyte in memory."""
KAFKA_HOURS = (168, 72, 24, 6)
KEPT_DAYS = (400, 90, 30, 7)
MOST_ROUNDS = 60
WITHIN_SECONDS = 900.0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster, what it is busy with, for how long it keeps, and how incidents went."""

    load: Load
    size: Size
    demand: Demand
    kafka_hours: int
    kept_days: int
    courses: tuple[Course, ...]


def plan(
    load: Load, costs: Costs, incidents: Sequence[Incident], within: float = WITHIN_SECONDS
) -> Plan:
    """Return the smallest cluster. Raises InputError where none that can be had is enough."""
    size, hours, days = first_size(load, costs)
    fewest = size.shards
    for _ in range(MOST_ROUNDS):
        courses: list[Course] = []
        for incident in incidents:
            courses.append(simulate(load, size, costs, incident, _seconds(incident, within)))
            if (took := courses[-1].recovery) is None or took > within:
                break
        else:
            return Plan(
                load=load, size=size, demand=demand(load, size, costs),
                kafka_hours=hours, kept_days=days, courses=tuple(courses),
            )  # fmt: skip
        size = _grown(size, courses[-1].behind(within))
        if size.shards > WORTH_A_CHANGE * fewest and not size.totals_by_shard:
            size, hours, days = first_size(load, costs, by_shard=True)
    raise InputError(
        f"no cluster gets over `{courses[-1].name}` within {within:g} s",
        hint="allow more time, or a smaller burst",
    )


def _seconds(incident: Incident, within: float) -> float:
    """Return how long to simulate: to the end of what is allowed, and a little."""
    return within + 240.0 + (incident.burst.seconds if incident.burst else 0.0)


def _grown(size: Size, behind: dict[str, float]) -> Size:
    """Return the size with more of the stage that is furthest behind."""
    stage = max(behind, key=lambda name: behind[name])
    count = {"producers": size.producers, "workers": size.workers, "sinks": size.sinks}[stage]
    more = {stage: count + max(1, count // 20)}
    if stage == "workers":
        lanes = max(1, size.partitions // size.workers)
        more["partitions"] = max(LEAST_PARTITIONS, more["workers"] * lanes)
    if stage == "producers":  # or the brokers hold them up
        more["brokers"] = size.brokers + size.brokers // 20
    if stage == "sinks":  # more of them compute the same minutes more often: ClickHouse has to grow
        if size.clickhouse_cores * 2 <= MOST_CLICKHOUSE_CORES:
            more["clickhouse_cores"] = size.clickhouse_cores * 2
        else:
            more["shards"] = size.shards + max(1, size.shards // 10)
    return msgspec.structs.replace(size, **more)


def first_size(load: Load, costs: Costs, *, by_shard: bool = False) -> tuple[Size, int, int]:
    """Return a size by utilisation alone, with the hours that Kafka and days that tables keep.

    `by_shard`: with totals by shard, whether they are worth it or not.
    """
    size = Size(
        producers=1, partitions=LEAST_PARTITIONS, workers=2, brokers=3, sinks=2,
        broker_cores=int(costs.machines.broker_cores),
        clickhouse_cores=int(costs.machines.clickhouse_cores),
    )  # fmt: skip
    asked = demand(load, size, costs)
    producers = rounded_up(asked.producer_cores / UTILISATION)
    size = msgspec.structs.replace(size, producers=producers)
    size = _with_workers(load, size, costs)
    size, hours = _with_brokers(load, size, costs)
    size, days = _with_sinks(load, size, costs, by_shard=by_shard)
    return size, hours, days


def _with_workers(load: Load, size: Size, costs: Costs) -> Size:
    """More partitions make smaller packs, which make more work: go on until both agree.

    Raises InputError where they never do.
    """
    for _ in range(MOST_ROUNDS):
        workers = rounded_up(demand(load, size, costs).worker_cores / UTILISATION, 2)
        partitions = max(LEAST_PARTITIONS, workers * LANES_A_WORKER)
        if partitions > MOST_PARTITIONS:
            partitions = workers
        # A multiple: who has one partition more than others has all of its posts more.
        partitions = -(-partitions // workers) * workers
        if (workers, partitions) == (size.workers, size.partitions):
            return size
        size = msgspec.structs.replace(size, workers=workers, partitions=partitions)
    return size


def _with_brokers(load: Load, size: Size, costs: Costs) -> tuple[Size, int]:
    """Enough for processor, network and disk, also while one is away; and the hours that fit."""
    machines = costs.machines
    asked = demand(load, size, costs)
    passed = asked.broker_bytes * size.brokers
    loads = asked.broker_cores / machines.broker_cores, passed / machines.broker_bytes_a_second
    enough = max(
        [3]
        + [rounded_up(one / UTILISATION) for one in loads]
        + [rounded_up(one / WITHOUT_ONE) + 1 for one in loads]
    )
    for hours in KAFKA_HOURS:
        disk = asked.kafka_day / 24 * hours / machines.broker_disk_bytes / DISK_FULL
        if disk <= max(enough, 4) or hours == KAFKA_HOURS[-1]:
            break
    brokers = max(enough, rounded_up(disk))
    cores = asked.broker_cores / UTILISATION / (brokers - 1)
    return msgspec.structs.replace(
        size,
        brokers=brokers,
        broker_cores=min(int(machines.broker_cores), rounded_up(cores, LEAST_BROKER_CORES)),
    ), hours


def _with_sinks(load: Load, size: Size, costs: Costs, *, by_shard: bool) -> tuple[Size, int]:
    """Sinks and shards by what they do, batches so large that minutes are not most of it."""
    otherwise = _flushing(load, msgspec.structs.replace(size, totals_by_shard=True), costs)
    if otherwise is None:
        raise InputError(
            f"no {MOST_SHARDS} shards of ClickHouse store {load.kept:,.0f} posts a second",
            hint="track fewer entities, or split them over several clusters",
        )
    size = _flushing(load, size, costs) or otherwise
    if by_shard or otherwise.shards * WORTH_A_CHANGE <= size.shards:
        size = otherwise
    a_day = demand(load, size, costs).disk_day / REPLICAS
    room = costs.machines.clickhouse_disk_bytes * DISK_FULL
    for days in KEPT_DAYS:
        shards = rounded_up(a_day * days / room)
        if shards <= max(2, 2 * size.shards) or days == KEPT_DAYS[-1]:
            break
    size = msgspec.structs.replace(size, shards=max(size.shards, shards))
    busy = demand(load, size, costs).clickhouse_cores / UTILISATION / size.shards / REPLICAS
    cores = min(int(costs.machines.clickhouse_cores), rounded_up(busy, LEAST_CLICKHOUSE_CORES))
    return msgspec.structs.replace(size, clickhouse_cores=cores), days


def _flushing(load: Load, size: Size, costs: Costs) -> Size | None:
    """Return the size that stores soonest without many more shards for it; None where none can."""
    sizes = [found for flush in FLUSHES if (found := _for_flush(load, size, costs, flush))]
    if not sizes:
        return None
    fewest = min(one.shards for one in sizes)
    return next(one for one in sizes if one.shards <= fewest * SHARDS_FOR_SPEED)


def _for_flush(load: Load, size: Size, costs: Costs, flush: float) -> Size | None:
    """Return the fewest shards that are not too busy, and sinks for them; None: too many."""
    shards = 1
    while shards <= MOST_SHARDS:
        trial = msgspec.structs.replace(size, flush_seconds=flush, shards=shards)
        found = _with_sinks_for(load, trial, costs)
        if found is not None:
            room = REPLICAS * shards * costs.machines.clickhouse_cores * UTILISATION
            if demand(load, found, costs).clickhouse_cores <= room:
                return found
        shards += max(1, shards // 20)
    return None


def _with_sinks_for(load: Load, size: Size, costs: Costs) -> Size | None:
    """Return the size with as many sinks as are busy for that share of their time, or less.

    None where there would have to be more of them than partitions.
    """
    asked = demand(load, size, costs)
    sinks = 2
    while sinks <= size.partitions:
        of_one = asked.rows / sinks
        wanted = 2 * of_one * size.flush_seconds
        batch = next((one for one in BATCHES if one >= wanted), BATCHES[-1])
        trial = msgspec.structs.replace(size, sinks=sinks, batch_records=batch)
        messages = batch / asked.rows * asked.messages
        full = write_seconds(batch, asked.rows * 60, trial, costs, messages)
        if of_one <= UTILISATION * batch / full:
            return trial
        sinks += max(1, sinks // 20)
    return None


def memory_gigabytes(size: Size, costs: Costs) -> float:
    """Return what all our processes may take at the most."""
    return (
        size.producers * costs.producer.memory_megabytes
        + size.workers * costs.worker.memory_megabytes
        + size.sinks * costs.sink.memory_megabytes
    ) / 1000


def kafka_bytes(plan: Plan) -> float:
    """Return what Kafka's topics take on all disks."""
    return plan.demand.kafka_day / 24 * plan.kafka_hours


def clickhouse_bytes(plan: Plan) -> float:
    """Return what the tables take on all disks."""
    return plan.demand.disk_day * plan.kept_days
