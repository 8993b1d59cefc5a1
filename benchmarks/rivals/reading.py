"""A message of posts in, messages of reactions out: Uproar's own functions, for every rival.

So that the ways differ in nothing but what moves the messages.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.rivals.task import Task
from streams.messages import Message, assess_message
from streams.worker import CurrentReader
from uproar.codec import encode_record, join_pack, posts_decoder
from uproar.config_file import ConfigFile
from uproar.operations.collector import spare_collector
from uproar.records import Post

PARTITION_KEYS = {0: b"d", 1: b"b", 2: b"e", 3: b"a"}
"""Keys by the partition of four to which librdkafka's `consistent` partitioner (CRC-32) sends them:
for clients that let a message choose its key, and not its partition."""


class Answer(msgspec.Struct, frozen=True):
    """A message to send, to the partition that its posts came from."""

    topic: str
    value: bytes


class MessageReader:
    """Reads messages as the task says: packs, or posts one by one."""

    def __init__(self, task: Task) -> None:
        self._topics = task.topics
        spare_collector()
        self._reader = CurrentReader(ConfigFile(Path(task.config)), "fast")
        self._packs = posts_decoder()
        self._one = msgspec.json.Decoder(Post)
        self._is_single = task.is_single

    def answers(self, value: bytes | None, partition: int, offset: int) -> Iterator[Answer]:
        """Yield what is to be sent because of a message, in order."""
        if self._is_single:
            reaction = self._reader().read(self._one.decode(value or b""))
            yield Answer(self._topics.reactions, join_pack([encode_record(reaction)]))
            return
        message = Message(
            value=value,
            topic=self._topics.posts,
            partition=partition,
            offset=offset,
            received_at=datetime.now(UTC),
        )
        outcome = assess_message(self._packs, self._reader(), message)
        for letters in outcome.dead_letters:
            yield Answer(self._topics.dead_letters, letters)
        for reactions in outcome.reactions:
            yield Answer(self._topics.reactions, reactions)
