"""One message of the posts topic -> what must be sent because of it. Pure and total."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from uproar.codec import BadRecord, PackDecoder, encode_record, join_pack
from uproar.fuse import Failure
from uproar.packs import Pack, Packer
from uproar.records import (
    PAYLOAD_LIMIT_BYTES,
    UNKNOWN_RUN,
    AccountDeletion,
    DeadLetter,
    Deletion,
    Post,
    PostsRecord,
    Reaction,
    Watermark,
    Waybill,
)

STAGE = "streams"


class PostReader(Protocol):
    """What reads a post: `streams.assess.Reader`."""

    def read(self, post: Post) -> Reaction:
        """Return the post with what was read in it."""

    def read_all(self, posts: Sequence[Post]) -> Sequence[Reaction]:
        """Return the same for each of several posts, sooner."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the broker handed it over, and when. Kafka allows one without a value."""

    value: bytes | None
    topic: str
    partition: int
    offset: int
    received_at: datetime


class Outcome(msgspec.Struct, frozen=True):
    """Messages for the same partition of the reactions and of the dead-letters topic, in order.

    `good` counts the records that could be used, `failures` are the dead letters.
    """

    reactions: tuple[bytes, ...]
    dead_letters: tuple[bytes, ...]
    good: int = 0
    failures: tuple[Failure, ...] = ()


def assess_message(
    decoder: PackDecoder[PostsRecord], reader: PostReader, message: Message
) -> Outcome:
    """Read every post in the message; pass deletions, watermarks and notes on behind them.

    Whatever is no record, and a post that makes our reading fail, becomes a dead letter.
    A watermark also goes behind the dead letters, to say that they are all there. The waybill of
    the message goes on with what becomes of it, and tells how much that is.
    """
    records, bad = decoder.decode(message.value)
    bill = next((record for record in records if isinstance(record, Waybill)), None)
    reactions, dead_letters = _Outlet(), _Outlet()
    read = len(bad)
    letters = [_not_a_record(unreadable, message, bill) for unreadable in bad]
    outcomes = _read_posts(reader, records, message)
    for record in records:
        if isinstance(record, Post):
            outcome = next(outcomes)
            if isinstance(outcome, Reaction):
                reactions.add(encode_record(outcome))
            else:
                letters.append(outcome)
            read += 1
        elif isinstance(record, Deletion | AccountDeletion):
            reactions.add(encode_record(record))
            read += 1
        elif not isinstance(record, Waybill):
            reactions.notes.append(encode_record(record))
            if isinstance(record, Watermark):
                dead_letters.notes.append(encode_record(record))
    for letter in letters:
        dead_letters.add(encode_record(letter))
    if bill is not None:
        bill = msgspec.structs.replace(bill, stage="streams", read=read, failed=len(letters))
    return Outcome(
        # A pack of which nothing is left still goes on as its waybill, so that nobody misses it.
        tuple(reactions.messages(bill, at_least=0 if bill is None else 1)),
        tuple(dead_letters.messages(bill, at_least=0)),
        read - len(letters),
        tuple(Failure(one.reason, f"{one.source}:{one.position}") for one in letters),
    )


class _Outlet:
    """Messages in the making for one topic; `notes` come behind the records."""

    def __init__(self) -> None:
        self._packer = Packer()
        self._packs: list[Pack] = []
        self.notes: list[bytes] = []

    def add(self, encoded: bytes) -> None:
        self._packs.extend(self._packer.add(encoded))

    def messages(self, bill: Waybill | None, at_least: int) -> Iterator[bytes]:
        """Yield the packs, each behind a waybill of its own, then the notes."""
        packs: Sequence[Pack] = (
            [*self._packs, self._packer.drain()] if self._packer else self._packs
        )
        packs = packs or [[]] * at_least
        for piece, pack in enumerate(packs, start=1):
            if bill is None:
                yield join_pack(pack)
                continue
            own = msgspec.structs.replace(bill, records=len(pack), piece=piece, pieces=len(packs))
            yield join_pack([encode_record(own), *pack])
        if self.notes:
            yield join_pack(self.notes)


def _read_posts(
    reader: PostReader, records: Sequence[PostsRecord], message: Message
) -> Iterator[Reaction | DeadLetter]:
    """Yield what becomes of each post: all are read at once, or one by one where that fails."""
    posts = [record for record in records if isinstance(record, Post)]
    try:
        yield from reader.read_all(posts)
    except Exception:  # one of them makes our reading fail; the others shall not suffer
        for part, record in enumerate(records):
            if isinstance(record, Post):
                yield _read(reader, record, part, message)


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


def _not_a_record(unreadable: BadRecord, message: Message, bill: Waybill | None) -> DeadLetter:
    return _dead_letter(
        message,
        run=UNKNOWN_RUN if bill is None else bill.run,
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
