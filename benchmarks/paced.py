"""Send posts at a steady rate, as a live source does, and say of some when each was sent.

A program of its own, so that it is a process among the others: `python -m benchmarks.paced FILE`.
"""

import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import msgspec
from kafka import KafkaProducer

from benchmarks.rivals.task import Task
from producers.publish import KafkaPublisher
from uproar.endpoints import KafkaEndpoint
from uproar.kafka import producer_settings
from uproar.records import Post, Watermark
from uproar.stack.home import Home
from uproar.stack.turns import SendingTurn

TURN_SECONDS = 0.005
WATERMARK_SECONDS = 0.9
SOURCE = "benchmark"


class Text(msgspec.Struct, frozen=True):
    """What a post says, its declared language, and an entity that it mentions."""

    text: str
    lang: str | None
    entity: str


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to send, how fast, and of which posts to tell."""

    task: Task
    texts: list[Text]
    """Taken again and again; each post has an identity of its own."""
    rate: float
    seconds: float
    probe_every: int = 0
    """One post in so many is a probe; 0: none is."""
    home: str = ""
    """Folder of a stack that empties its broker meanwhile; empty: nobody does."""


class Probe(msgspec.Struct, frozen=True):
    """A post that is waited for: where its row will stand, and when it was handed over."""

    post_id: str
    entity: str
    at: float


def posts(order: Order) -> Iterator[tuple[Post, Text]]:
    """Yield the posts without their times: who sends one gives it these."""
    never = datetime(1970, 1, 1, tzinfo=UTC)
    for number, text in enumerate(itertools.cycle(order.texts)):
        yield (
            Post(
                run=order.task.run,
                platform="invented",
                post_id=f"paced-{number}",
                author=f"author-{number % 5_000}",
                text=text.text,
                lang=text.lang,
                created_at=never,
                observed_at=never,
                received_at=never,
            ),
            text,
        )


def main(order: Order) -> None:
    """Send until the time is over."""
    outlet: Sender = _Single(order) if order.task.is_single else _Packs(order)
    began = turn_due = time.monotonic()
    sent = 0
    for post, text in posts(order):
        due = began + sent / order.rate
        while (now_seconds := time.monotonic()) < due or now_seconds >= turn_due:
            if now_seconds >= turn_due:
                outlet.turn()
                turn_due = now_seconds + TURN_SECONDS
            time.sleep(max(0.0, min(due, turn_due) - time.monotonic()))
        if time.monotonic() - began >= order.seconds:
            break
        now = datetime.now(UTC)
        if order.probe_every and sent % order.probe_every == 0:
            probe = Probe(post.post_id, text.entity, now.timestamp())
            sys.stdout.buffer.write(msgspec.json.encode(probe) + b"\n")
            sys.stdout.buffer.flush()
        outlet.send(msgspec.structs.replace(post, created_at=now, observed_at=now, received_at=now))
        sent += 1
    outlet.end()
    sys.stderr.write(f"{sent}\n")


class Sender(Protocol):
    """What posts are handed to."""

    def send(self, post: Post) -> None:
        """Take a post."""

    def turn(self) -> None:
        """Send on what has waited long enough."""

    def end(self) -> None:
        """Wait until all is acknowledged."""


class _Packs:
    """As a live source sends: packs that wait for company for a few hundredths of a second."""

    def __init__(self, order: Order) -> None:
        task = order.task
        kafka = KafkaEndpoint(brokers=task.brokers, is_local=task.is_local)
        self._held = ExitStack()
        settings, before = producer_settings(kafka), _pass
        if order.home:
            turn = SendingTurn(Home(Path(order.home)), lambda: False)
            before = self._held.enter_context(turn).before_message
        self._publisher = self._held.enter_context(KafkaPublisher(settings, task.topics, before))
        self._started_at = datetime.now(UTC)
        self._run = task.run
        self._sent = 0
        self._watermark_due = time.monotonic() + WATERMARK_SECONDS
        self._publisher.begin(task.run, SOURCE, self._started_at)

    def send(self, post: Post) -> None:
        self._publisher.send(post)
        self._sent += 1

    def turn(self) -> None:
        self._publisher.flush_idle(time.monotonic())
        if time.monotonic() >= self._watermark_due:
            self._watermark_due = time.monotonic() + WATERMARK_SECONDS
            self._tell(is_last=False)

    def end(self) -> None:
        self._tell(is_last=True)
        self._publisher.flush()
        self._held.close()

    def _tell(self, *, is_last: bool) -> None:
        self._publisher.send_watermark(
            Watermark(
                run=self._run,
                source=SOURCE,
                started_at=self._started_at,
                observed_before=datetime.now(UTC),
                partitions=self._publisher.partitions,
                position=self._sent,
                is_last=is_last,
            )
        )


def _pass(settle: Callable[[], None]) -> None:
    """Wait for nothing before a message."""


class _Single:
    """A message of JSON for each post."""

    def __init__(self, order: Order) -> None:
        task = order.task
        kafka = KafkaEndpoint(brokers=task.brokers, is_local=task.is_local)
        self._topic = task.topics.posts
        self._producer = KafkaProducer(
            **producer_settings(kafka), value_serializer=lambda post: json.dumps(post).encode()
        )

    def send(self, post: Post) -> None:
        self._producer.send(self._topic, msgspec.to_builtins(post))

    def turn(self) -> None:
        pass

    def end(self) -> None:
        self._producer.flush()
        self._producer.close()


if __name__ == "__main__":
    main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Order))
