"""Quix Streams: a dataframe of messages, each expanded into what is to be sent.

Set as its documentation advises for throughput: bytes in and out, a commit each second, settings of
librdkafka as for the others. A message lets its key choose the partition.
"""

from collections.abc import Callable
from typing import Any

from quixstreams import Application, message_context

from benchmarks.rivals import settings
from benchmarks.rivals.reading import PARTITION_KEYS, Answer, MessageReader
from benchmarks.rivals.task import Task, told

COMMIT_SECONDS = 1.0
POLL_SECONDS = 0.05


def main(task: Task) -> None:
    """Read until a signal."""
    app = Application(
        broker_address=",".join(task.brokers),
        consumer_group=task.topics.streams_group,
        auto_offset_reset="earliest",
        commit_interval=COMMIT_SECONDS,
        consumer_poll_timeout=POLL_SECONDS,
        consumer_extra_config=settings.consumer(task),
        producer_extra_config=settings.producer(task),
        auto_create_topics=False,
        loglevel="WARNING",
    )
    names = task.topics
    posts = app.topic(names.posts, value_deserializer="bytes", key_deserializer="bytes")
    outlets = {
        name: app.topic(name, value_serializer="bytes", key_serializer="bytes")
        for name in (names.reactions, names.dead_letters)
    }
    reader = MessageReader(task)

    def read(value: bytes) -> list[Answer]:
        context = message_context()
        return list(reader.answers(value, context.partition, context.offset))

    def key(_: Any) -> bytes:
        return PARTITION_KEYS[message_context().partition]

    answers = app.dataframe(posts).apply(read, expand=True)
    for name, outlet in outlets.items():
        meant = answers.filter(_goes_to(name)).apply(lambda answer: answer.value)
        meant.to_topic(outlet, key=key)
    app.run()


def _goes_to(name: str) -> Callable[[Answer], bool]:
    return lambda answer: answer.topic == name


if __name__ == "__main__":
    main(told())
