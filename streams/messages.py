"""One message of the posts topic -> what must be sent because of it. Pure and total."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

import msgspec

from uproar.codec import BadRecord, PackDecoder, encode_record
from uproar.packs import Packer
from uproar.records import (
    PAYLOAD_LIMIT_BYTES,
    UNKNOWN_RUN,
    DeadLetter,
    Post,
    PostsRecord,
    Reaction,
    Watermark,
)

STAGE = "streams"


class PostReader(Protocol):
    """What reads a post: `streams.assess.Reader`."""

    def read(self, post: Post) -> Reaction:
        """Return the post with what was read in it."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the broker handed it over, and when. Kafka allows one without a value."""

    value: bytes | None
    topic: str
    partition: int
    offset: int
    received_at: datetime


class Outcome(msgspec.Struct, frozen=True):
    """Messages for the same partition of the reactions and of the dead-letters topic, in order."""

    reactions: tuple[bytes, ...]
    dead_letters: tuple[bytes, ...]


def assess_message(
    decoder: PackDecoder[PostsRecord], reader: PostReader, message: Message
) -> Outcome:
    """Read every post in the message; pass deletions, watermarks and reports on in their places.

    Whatever is no record, and a post that makes our reading fail, becomes a dead letter.
    A watermark also goes behind the dead letters, to say that they are all there.
    """
    records, bad = decoder.decode(message.value)
    reactions, dead_letters = _Outlet(), _Outlet()
    for unreadable in bad:
        dead_letters.add(encode_record(_not_a_record(unreadable, message)))
    for part, record in enumerate(records):
        if isinstance(record, Post):
            outcome = _read(reader, record, part, message)
            (reactions if isinstance(outcome, Reaction) else dead_letters).add(
                encode_record(outcome)
            )
            continue
        encoded = encode_record(record)
        reactions.add(encoded)
        if isinstance(record, Watermark):
            dead_letters.add(encoded)
    return Outcome(tuple(reactions.messages()), tuple(dead_letters.messages()))


class _Outlet:
    """Messages in the making for one topic."""

    def __init__(self) -> None:
        self._packer = Packer()
        self._full: list[bytes] = []

    def add(self, encoded: bytes) -> None:
        self._full.extend(self._packer.add(encoded))

    def messages(self) -> Iterator[bytes]:
        yield from self._full
        if self._packer:
            yield self._packer.drain()


def _read(reader: PostReader, post: Post, part: int, message: Message) -> Reaction | DeadLetter:
    try:
        return reader.read(post)
    except Exception as error:  # a bug of ours must not stop the stream, nor pass unseen
        payload = encode_record(post)
        return _dead_letter(
            message,
            run=post.run,
            reason="reading-failed",
            detail=f"{type(error).__name__} while reading a post: a bug in Uproar",
            part=part,
            payload=payload,
        )


def _not_a_record(unreadable: BadRecord, message: Message) -> DeadLetter:
    return _dead_letter(
        message,
        run=UNKNOWN_RUN,
        reason="not-a-record",
        detail=unreadable.detail,
        part=unreadable.part,
        payload=unreadable.payload,
    )


def _dead_letter(
    message: Message, *, run: str, reason: str, detail: str, part: int, payload: bytes
) -> DeadLetter:
    return DeadLetter(
        run=run,
        stage=STAGE,
        reason=reason,
        detail=detail,
        source=f"{message.topic}/{message.partition}",
        position=message.offset,
        part=part,
        payload=payload[:PAYLOAD_LIMIT_BYTES],
        size_bytes=len(payload),
        received_at=message.received_at,
    )
