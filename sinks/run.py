"""Run one sink in this process until a signal comes."""

from collections.abc import Callable

from kafka import KafkaConsumer
from kafka.errors import KafkaError

from sinks.clickhouse import ClickHouseSink
from sinks.consume import Consumption, Pace
from uproar.clickhouse import connect
from uproar.endpoints import Endpoints
from uproar.kafka import consumer_settings, unreachable
from uproar.operations.waits import WAITS
from uproar.topics import Topics

WRITER_SETTINGS = {
    "max_partitions_per_insert_block": 0,  # an archive out of order may span many months
    "insert_deduplicate": 0,  # equal blocks are told apart by their keys, not dropped
}


def run_sink(endpoints: Endpoints, topics: Topics, pace: Pace, stop: Callable[[], bool]) -> None:
    """Write what arrives until `stop`. Raises BrokerUnavailable or StoreUnavailable."""
    client = connect(endpoints.clickhouse_url, settings=WRITER_SETTINGS)
    try:
        consumer = KafkaConsumer(**consumer_settings(endpoints.kafka, topics.sink_group))
    except (KafkaError, OSError) as error:
        raise unreachable(endpoints.kafka) from error
    WAITS.begin("partitions", "the consumer group has not given this sink any partitions")
    try:
        Consumption(consumer, topics, ClickHouseSink(client), pace).run(stop)
    finally:
        consumer.close(autocommit=False)
        client.disconnect()
