"""How far each stage is behind, by what Kafka says: works for processes on any machine.

The end of a partition is its high watermark, which comes with a fetch. The local broker's answer to
"what is the latest offset" is too small by all but one message of its last batch.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from uproar.endpoints import KafkaEndpoint
from uproar.kafka import administration, connection, unreachable
from uproar.topics import Topics

HIGHWATER_SECONDS = 3.0
ANSWER_MILLISECONDS = 5_000
_PEEK_BYTES = 1_000
"""Of a partition's last batch, which comes along: Kafka sends one record at least."""


class PartitionLag(msgspec.Struct, frozen=True, kw_only=True):
    """One partition of what a stage reads. `lag` is in messages, None where nobody could tell."""

    stage: str
    stream: str
    partition: int
    end: int | None
    committed: int

    @property
    def lag(self) -> int | None:
        """How many messages the stage has not acknowledged yet."""
        return None if self.end is None else max(0, self.end - self.committed)


def read_lag(kafka: KafkaEndpoint, topics: Topics) -> list[PartitionLag]:
    """Return where streams and sink stand. A topic that does not exist has no partitions.

    Raises BrokerUnavailable when Kafka does not answer.
    """
    readers = (
        ("streams", "posts", topics.streams_group, topics.posts),
        ("sink", "reactions", topics.sink_group, topics.reactions),
        ("sink", "dead-letters", topics.sink_group, topics.dead_letters),
    )
    try:
        with administration(kafka) as admin:
            offsets = {
                group: admin.list_group_offsets({group: None}).get(group, {})
                for group in (topics.streams_group, topics.sink_group)
            }
        ends = high_watermarks(kafka, topics.all())
    except (KafkaError, OSError) as error:
        raise unreachable(kafka) from error
    found = []
    for stage, stream, group, topic in readers:
        for partition in sorted(one for one in ends if one.topic == topic):
            committed = offsets[group].get(partition)
            found.append(
                PartitionLag(
                    stage=stage,
                    stream=stream,
                    partition=partition.partition,
                    end=ends[partition],
                    committed=max(0, committed.offset) if committed else 0,
                )
            )
    return found


def high_watermarks(
    kafka: KafkaEndpoint, topics: tuple[str, ...]
) -> dict[TopicPartition, int | None]:
    """Return the offset behind the last message of each partition. Raises the driver's errors."""
    with _reader(kafka) as consumer:
        partitions = [
            TopicPartition(topic, partition)
            for topic in topics
            for partition in consumer.partitions_for_topic(topic) or ()
        ]
        if not partitions:
            return {}
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions, timeout_ms=ANSWER_MILLISECONDS)
        for partition, offset in ends.items():
            consumer.seek(partition, offset)
        deadline = time.monotonic() + HIGHWATER_SECONDS
        while time.monotonic() < deadline:
            consumer.poll(timeout_ms=50)
            if all(consumer.highwater(partition) is not None for partition in partitions):
                break
        return {partition: consumer.highwater(partition) for partition in partitions}


@contextmanager
def _reader(kafka: KafkaEndpoint) -> Iterator[KafkaConsumer]:
    consumer = KafkaConsumer(
        **connection(kafka),
        metrics_enabled=False,
        allow_auto_create_topics=False,
        group_id=None,
        enable_auto_commit=False,
        fetch_max_wait_ms=50,
        max_partition_fetch_bytes=_PEEK_BYTES,
        bootstrap_timeout_ms=ANSWER_MILLISECONDS,
    )
    try:
        yield consumer
    finally:
        consumer.close(autocommit=False)
