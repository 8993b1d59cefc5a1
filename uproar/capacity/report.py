"""A plan in words and figures: rows of tables, for the terminal and for docs/capacity.md. Pure."""

from collections.abc import Iterator

from uproar.capacity.costs import Costs
from uproar.capacity.course import Course
from uproar.capacity.plan import Plan, clickhouse_bytes, kafka_bytes, memory_gigabytes
from uproar.capacity.sizing import REPLICAS, REPLICATION

Row = tuple[str, ...]
STAGE_TITLES = ("stage", "processes", "cores busy", "cores to have", "memory", "remarks")
INCIDENT_TITLES = (
    "what happens",
    "behind at most",
    "well again after",
    "half stored within",
    "99 of 100 within",
    "read or stored twice",
)


def stage_rows(plan: Plan, costs: Costs) -> Iterator[Row]:
    """Yield a row for each stage of the pipeline."""
    size, asked = plan.size, plan.demand
    kept = f"{plan.load.kept:,.0f} of {plan.load.seen:,.0f} posts/s kept"
    ours = (
        ("producers", size.producers, asked.producer_cores, costs.producer.memory_megabytes, kept),
        ("workers", size.workers, asked.worker_cores, costs.worker.memory_megabytes,
         f"{asked.pack:.1f} posts a message"),
        ("sinks", size.sinks, asked.sink_cores, costs.sink.memory_megabytes,
         f"{asked.batches:,.1f} batches/s"),
    )  # fmt: skip
    stages = {
        name: (name, f"{count:,}", cores(busy), f"{count:,}",
               amount(count * megabytes * 1e6), remark)
        for name, count, busy, megabytes, remark in ours
    }  # fmt: skip
    yield stages["producers"]
    yield (
        "Kafka",
        f"{size.brokers:,} brokers",
        cores(asked.broker_cores),
        f"{size.brokers} x {size.broker_cores}",
        amount(size.brokers * broker_gigabytes(plan, costs) * 1e9),
        f"{size.partitions:,} partitions a topic, {REPLICATION} copies",
    )
    yield stages["workers"]
    yield stages["sinks"]
    nodes = size.shards * REPLICAS
    yield (
        "ClickHouse",
        f"{size.shards:,} x {REPLICAS} servers",
        cores(asked.clickhouse_cores),
        f"{nodes} x {size.clickhouse_cores}",
        amount(nodes * clickhouse_gigabytes(plan, costs) * 1e9),
        f"{asked.inserts:,.1f} inserts/s, {asked.rows:,.0f} rows/s",
    )


def volume_rows(plan: Plan, costs: Costs) -> Iterator[Row]:
    """Yield what is written, passed on and kept."""
    asked, size = plan.demand, plan.size
    yield "into Kafka", f"{amount(asked.kafka_in)}/s, {asked.messages:,.0f} messages/s a topic"
    yield "through a broker's network", f"{amount(asked.broker_bytes)}/s, in and out"
    yield "Kafka's disks a day", f"{amount(asked.kafka_day)} in {REPLICATION} copies"
    yield "Kafka's disks", f"{amount(kafka_bytes(plan))} for {plan.kafka_hours} hours"
    both = f"{amount(asked.disk_day)} in {REPLICAS} copies"
    yield "ClickHouse's disks a day", f"{both}; {amount(asked.raw_day)} before compression"
    yield "ClickHouse's disks", f"{amount(clickhouse_bytes(plan))} for {plan.kept_days} days"
    yield "rows a day", f"{asked.rows_day:,.0f}"
    yield "memory of our processes", f"{memory_gigabytes(size, costs):,.1f} GB at most"


def settings_of(plan: Plan) -> dict[str, str]:
    """Return the settings that go with a plan, where they are not the usual ones."""
    size = plan.size
    return {
        "UPROAR_KAFKA_PARTITIONS": str(size.partitions),
        "UPROAR_KAFKA_REPLICATION": str(REPLICATION),
        "UPROAR_KAFKA_RETENTION_HOURS": str(plan.kafka_hours),
        "UPROAR_CLICKHOUSE_CLUSTER": "uproar",
        "UPROAR_RETENTION_DAYS": str(plan.kept_days),
        "UPROAR_SINK_FLUSH_SECONDS": f"{size.flush_seconds:g}",
        "UPROAR_SINK_BATCH_RECORDS": str(size.batch_records),
    }


def incident_row(course: Course) -> Row:
    """Return how an incident went."""
    half, most = course.delays
    return (
        course.name,
        span(course.worst),
        _recovery(course),
        span(half),
        span(most),
        f"{course.repeated:,.0f} posts",
    )


def _recovery(course: Course) -> str:
    if course.recovery is None:
        return "not in time"
    return span(course.recovery) if course.recovery else "never far behind"


def broker_gigabytes(plan: Plan, costs: Costs) -> float:
    """Return the memory of a broker, by its share of the largest one's cores; never below 4."""
    machines = costs.machines
    share = plan.size.broker_cores / machines.broker_cores
    return max(4.0, round(machines.broker_memory_gigabytes * share))


def clickhouse_gigabytes(plan: Plan, costs: Costs) -> float:
    """Return the memory of a server of ClickHouse in the same way; never below 8."""
    machines = costs.machines
    share = plan.size.clickhouse_cores / machines.clickhouse_cores
    return max(8.0, round(machines.clickhouse_memory_gigabytes * share))


def cores(count: float) -> str:
    """Say a number of cores.

    >>> cores(0.0123), cores(3.21), cores(1542.2)
    ('0.01', '3.2', '1,542')
    """
    return f"{count:.2f}" if count < 1 else f"{count:.1f}" if count < 100 else f"{count:,.0f}"


def span(seconds: float) -> str:
    """Say a stretch of time.

    >>> span(0.42), span(42.3), span(780)
    ('0.4 s', '42 s', '13.0 min')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"


def amount(count: float) -> str:
    """Say a number of bytes.

    >>> amount(950), amount(94_900), amount(2.1e12), amount(1.3e15)
    ('950 B', '95 kB', '2.1 TB', '1.3 PB')
    """
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if count < 1000:
            return f"{count:,.0f} {unit}" if count >= 10 or unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:,.1f} PB"
