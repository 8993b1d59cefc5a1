"""A plain loop of confluent-kafka: consume up to a thousand, read, produce, flush, commit.

What no framework can beat that does the same: at least once, commits behind deliveries.
"""

import signal

from confluent_kafka import Consumer, Producer

from benchmarks.rivals import settings
from benchmarks.rivals.reading import MessageReader
from benchmarks.rivals.task import Task, told

MESSAGES = 1_000
WAIT_SECONDS = 0.02


def main(task: Task) -> None:
    """Read until SIGTERM."""
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    brokers = {"bootstrap.servers": ",".join(task.brokers)}
    consumer = Consumer(
        {
            **brokers,
            **settings.consumer(task),
            "group.id": task.topics.streams_group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    producer = Producer({**brokers, **settings.producer(task)})
    reader = MessageReader(task)
    consumer.subscribe([task.topics.posts])
    while not stopping:
        messages = consumer.consume(MESSAGES, WAIT_SECONDS)
        for message in messages:
            if message.error():
                raise SystemExit(str(message.error()))
            partition = message.partition()
            for answer in reader.answers(message.value(), partition, message.offset()):
                producer.produce(answer.topic, answer.value, partition=partition)
            producer.poll(0)
        if messages:
            producer.flush()
            consumer.commit(asynchronous=False)
    consumer.close()


if __name__ == "__main__":
    main(told())
