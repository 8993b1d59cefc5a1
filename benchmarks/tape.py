"""Invented messages of the reactions topic, and a consumer that plays them at a chosen rate."""

import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from kafka import TopicPartition

from uproar.codec import encode_record, join_pack
from uproar.packs import partition_of
from uproar.records import (
    LIVE_RUN,
    CallToAction,
    EntityReaction,
    Label,
    Post,
    Reaction,
    Sentiment,
    Watermark,
    Waybill,
)
from uproar.topics import topics

TOPIC = topics().reactions
PARTITIONS = 4
SOURCE = "tape"
STARTED_AT = datetime.now(UTC) - timedelta(days=20)
"""Not long ago: what is live and old goes by itself."""
_PLATFORMS = ("twitter",) * 16 + ("reddit", "reddit", "mastodon", "youtube")
_LANGS = ("en",) * 6 + ("es", "fr", "pt", "de", "other")
_WORDS = (
    "the", "domain", "again", "never", "price", "people", "service", "board", "today", "hosting",
    "why", "support", "because", "money", "bad", "fine", "news", "work", "account", "still",
    "left", "customer", "open", "closed", "waiting", "great", "phone", "answer",
)  # fmt: skip


class Shape(msgspec.Struct, frozen=True):
    """How posts lie in observed time: over so many seconds, a share of them in a few waves."""

    seconds: int
    in_waves: float = 0.0
    pack: int = 200
    run: str = "invented"


SHAPES = {
    "dense": Shape(seconds=180),
    "days": Shape(seconds=10 * 86_400, in_waves=0.5),
    "trickle": Shape(seconds=60, pack=2, run=LIVE_RUN),
}


class Message(msgspec.Struct):
    """As Kafka's client hands one over; `posts` is how many are in it."""

    value: bytes
    offset: int
    partition: int
    posts: int


def tape(shape: Shape, posts: int, seconds: float, seed: int = 8) -> list[Message]:
    """Return the messages of so many posts in order of time.

    `seconds` is how long they will take to play: a watermark follows every second of it, and the
    last.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    times = sorted(_second(chance, shape) for _ in range(posts))
    packs: dict[int, list[bytes]] = {number: [] for number in range(PARTITIONS)}
    numbers, offsets = dict.fromkeys(packs, 0), dict.fromkeys(packs, 0)
    messages: list[Message] = []

    def emit(partition: int, notes: Sequence[bytes] = ()) -> None:
        held, packs[partition] = packs[partition], []
        if held:
            numbers[partition] += 1
            bill = Waybill(
                run=shape.run, source=SOURCE, started_at=STARTED_AT, stage="streams",
                number=numbers[partition], records=len(held), read=len(held),
            )  # fmt: skip
            value = join_pack([encode_record(bill), *held, *notes])
        elif notes:
            value = join_pack(notes)
        else:
            return
        messages.append(Message(value, offsets[partition], partition, len(held)))
        offsets[partition] += 1

    every = max(1, int(posts / max(1.0, seconds)))
    for number, second in enumerate(times):
        at = STARTED_AT + timedelta(seconds=second)
        partition = partition_of("p", str(number), PARTITIONS)
        packs[partition].append(encode_record(_reaction(chance, number, at, shape.run)))
        if len(packs[partition]) >= shape.pack:
            emit(partition)
        if number % every == every - 1 or number == posts - 1:
            mark = _watermark(shape.run, at, number + 1, number == posts - 1)
            for each in range(PARTITIONS):
                emit(each, [encode_record(mark)])
    return messages


def _second(chance: random.Random, shape: Shape) -> float:
    if chance.random() >= shape.in_waves:
        return chance.random() * shape.seconds
    wave = chance.choice([0.12, 0.8, 0.82])
    return shape.seconds * wave + abs(chance.gauss(0, 5_000))


def _watermark(run: str, at: datetime, position: int, is_last: bool) -> Watermark:
    return Watermark(
        run=run, source=SOURCE, started_at=STARTED_AT, observed_before=at, position=position,
        partitions=PARTITIONS, is_last=is_last,
    )  # fmt: skip


def _reaction(chance: random.Random, number: int, at: datetime, run: str) -> Reaction:
    found = tuple(
        EntityReaction(entity=entity, sentiment=_mood(chance), calls=_calls(chance, entity))
        for entity in chance.choice([("epik",)] * 8 + [("gab",), ("parler",), ("epik", "parler")])
    )
    platform = chance.choice(_PLATFORMS)
    post = Post(
        run=run,
        platform=platform,
        post_id=f"post-{number * 7919 % 1_000_003:07}-{number}",
        author=f"{int(chance.random() ** 2 * 12_000):032x}",
        text=" ".join(chance.choices(_WORDS, k=chance.randrange(6, 30))),
        created_at=at,
        observed_at=at,
        received_at=at,
        lang=chance.choice(["en", None]),
        url=f"https://{platform}.example/{number}",
        repost_of=f"post-{number // 2}" if chance.random() < 0.25 else None,
    )
    return Reaction(post=post, lang=chance.choice(_LANGS), entities=found)


def _mood(chance: random.Random) -> Sentiment:
    score = round(chance.uniform(-1, 1), 4)
    label: Label = "negative" if score < -0.2 else "positive" if score > 0.2 else "neutral"
    return Sentiment(
        score=score, label=label, model="fast-7", is_sure=chance.random() < 0.8, vader=score
    )


def _calls(chance: random.Random, entity: str) -> tuple[CallToAction, ...]:
    if chance.random() > 0.1:
        return ()
    return (
        CallToAction(
            action="boycott", target=entity, direction="against", evidence="Boycott them all",
            confidence=0.8,
        ),
    )  # fmt: skip


class TapeConsumer:
    """What the sink asks of Kafka's consumer, answered from memory: message n when it is due."""

    def __init__(self, messages: Sequence[Message], seconds: float) -> None:
        self._messages = messages
        self._ends = {message.partition: message.offset + 1 for message in messages}
        self._due = [number * seconds / len(messages) for number in range(len(messages))]
        self._next = 0
        self._begun = time.monotonic()
        self._is_paused = False
        self._open: list[tuple[float, int]] = []
        self.committed_offsets: dict[int, int] = {}
        self.delays: list[tuple[float, int]] = []
        """Seconds from due to stored, and of how many posts."""

    def is_done(self) -> bool:
        """Tell whether everything is committed."""
        return self.committed_offsets == self._ends

    def stored(self) -> None:
        """Note that all that was polled can be queried now."""
        now = time.monotonic() - self._begun
        self.delays += [(now - due, posts) for due, posts in self._open]
        self._open = []

    def poll(self, timeout_ms: int = 0, max_records: int = 500) -> dict[TopicPartition, Any]:
        """Return what is due, or wait for it that long."""
        deadline = time.monotonic() + timeout_ms / 1000
        while True:
            now = time.monotonic() - self._begun
            found = list(self._take(now, max_records)) if not self._is_paused else []
            left = deadline - time.monotonic()
            if found or left <= 0:
                break
            time.sleep(min(left, 0.005))
        by_partition: dict[TopicPartition, list[Message]] = {}
        for message in found:
            place = TopicPartition(TOPIC, message.partition)
            by_partition.setdefault(place, []).append(message)
        return by_partition

    def _take(self, now: float, most: int) -> Iterator[Message]:
        end = min(len(self._messages), self._next + most)
        while self._next < end and self._due[self._next] <= now:
            message = self._messages[self._next]
            self._open.append((self._due[self._next], message.posts))
            self._next += 1
            yield message

    def subscribe(self, topics: Sequence[str]) -> None:
        """Begin to play."""
        self._begun = time.monotonic()

    def commit(self, offsets: dict[TopicPartition, Any]) -> None:
        """Remember how far."""
        self.committed_offsets |= {place.partition: o.offset for place, o in offsets.items()}

    def assignment(self) -> set[TopicPartition]:
        """Return all partitions."""
        return {TopicPartition(TOPIC, number) for number in range(PARTITIONS)}

    def pause(self, *_: TopicPartition) -> None:
        """Hand nothing over."""
        self._is_paused = True

    def resume(self, *_: TopicPartition) -> None:
        """Go on."""
        self._is_paused = False

    def paused(self) -> set[TopicPartition]:
        """Return what is paused."""
        return self.assignment() if self._is_paused else set()

    def highwater(self, _: TopicPartition) -> int:
        """Return an end that is known to nobody."""
        return 0

    def committed(self, _: TopicPartition, **__: Any) -> int:
        """Return the beginning."""
        return 0

    def end_offsets(self, *_: Any, **__: Any) -> dict[TopicPartition, int]:
        """Return none."""
        return {}
