"""Run one sink in this process until a signal comes."""

from collections.abc import Callable
from typing import Any

from kafka import KafkaConsumer
from kafka.errors import KafkaError

from sinks.clickhouse import ClickHouseSink
from sinks.cluster import WRITER_SETTINGS as CLUSTER_SETTINGS
from sinks.cluster import cluster_of
from sinks.consume import Consumption
from sinks.pace import Pace
from uproar.clickhouse import connect
from uproar.endpoints import Endpoints, KafkaEndpoint
from uproar.fetch_wait import FetchWait
from uproar.kafka import consumer_settings, is_away, unreachable
from uproar.operations.reach import wait_for_kafka
from uproar.operations.waits import WAITS
from uproar.topics import Topics

WRITER_SETTINGS: dict[str, Any] = {
    "max_partitions_per_insert_block": 0,  # an archive out of order may span many months
    "optimize_on_insert": 0,  # every reader says FINAL: repeats may wait for the next merge
    "insert_deduplicate": 0,  # equal blocks are told apart by their keys, not dropped
}


def writer_settings(cluster: str) -> dict[str, Any]:
    """Return what a writer tells ClickHouse; `cluster` is the name of one, or empty."""
    return WRITER_SETTINGS | (CLUSTER_SETTINGS if cluster else {})


def run_sink(
    endpoints: Endpoints, topics: Topics, pace: Pace, stop: Callable[[], bool], cluster: str = ""
) -> None:
    """Write what arrives until `stop`; a Kafka that is away is waited for.

    Raises BrokerUnavailable or StoreUnavailable where it makes no sense to go on.
    """
    client = connect(endpoints.clickhouse_url, settings=writer_settings(cluster))
    consumer = _consumer(endpoints.kafka, topics, stop)
    if consumer is None:
        return
    WAITS.begin("partitions", "the consumer group has not given this sink any partitions")
    try:
        sink = ClickHouseSink(client, cluster_of(endpoints.clickhouse_url, cluster))
        wait = FetchWait() if endpoints.kafka.is_local else None
        Consumption(consumer, topics, sink, pace, wait).run(stop)
    finally:
        consumer.close(autocommit=False)
        client.disconnect()


def _consumer(
    kafka: KafkaEndpoint, topics: Topics, stop: Callable[[], bool]
) -> KafkaConsumer | None:
    """Return a consumer that has reached Kafka; None where `stop` came first."""
    while True:
        wait_for_kafka(kafka, [topics.reactions, topics.dead_letters], stop)
        if stop():
            return None
        try:
            return KafkaConsumer(**consumer_settings(kafka, topics.sink_group))
        except (KafkaError, OSError) as error:
            if not is_away(kafka):  # else it has gone away once more
                raise unreachable(kafka) from error
