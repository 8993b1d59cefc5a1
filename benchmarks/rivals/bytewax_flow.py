"""Bytewax: Kafka in, a flat map of messages, Kafka out.

    python -m bytewax.run "benchmarks.rivals.bytewax_flow:flow('TASK.json')"

Its own settings as it documents them for throughput (`batch_size`), librdkafka's as for the others.
It commits nothing without a recovery folder, so it does a little less than the others promise.
"""

from collections.abc import Iterator

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSinkMessage, KafkaSourceMessage
from bytewax.connectors.kafka import operators as kafka
from bytewax.dataflow import Dataflow

from benchmarks.rivals import settings
from benchmarks.rivals.reading import PARTITION_KEYS, MessageReader
from benchmarks.rivals.task import told

BATCH = 1_000


def flow(path: str) -> Dataflow:
    """Return the dataflow of the task in that file."""
    task = told(path)
    reader = MessageReader(task)

    def read(message: KafkaSourceMessage) -> Iterator[KafkaSinkMessage]:
        partition = message.partition
        for answer in reader.answers(message.value, partition, message.offset):
            yield KafkaSinkMessage(PARTITION_KEYS[partition], answer.value, topic=answer.topic)

    made = Dataflow("reactions")
    arrived = kafka.input(
        "posts",
        made,
        brokers=list(task.brokers),
        topics=[task.topics.posts],
        add_config=settings.consumer(task),
        batch_size=BATCH,
    )
    answers = op.flat_map("read", arrived.oks, read)
    kafka.output(
        "reactions",
        answers,
        brokers=list(task.brokers),
        topic=None,
        add_config=settings.producer(task),
    )
    return made
