"""Bytes <-> records: the only module that knows the wire format.

A Kafka message carries a pack: a JSON array of records of one partition. One bad record in a
pack is handed back by itself, so that its neighbours still arrive.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from uproar.records import DeadLettersRecord, PostsRecord, ReactionsRecord

Record = PostsRecord | ReactionsRecord | DeadLettersRecord
RecordT = TypeVar("RecordT")


_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)
"""What decoding raises: a text that is not UTF-8 and deep nesting have errors of their own."""


class BadRecord(msgspec.Struct, frozen=True):
    """A part of a pack that is no record: where it stood, its bytes, and what was wrong."""

    part: int
    payload: bytes
    detail: str


class PackDecoder(Generic[RecordT]):
    """Reads packs of one topic. Never raises on what it is given."""

    def __init__(self, record_type: Any) -> None:
        self._pack: msgspec.json.Decoder[list[RecordT]] = msgspec.json.Decoder(list[record_type])
        self._one: msgspec.json.Decoder[RecordT] = msgspec.json.Decoder(record_type)
        self._raw = msgspec.json.Decoder(list[msgspec.Raw])

    def decode(self, message: bytes | None) -> tuple[Sequence[RecordT], Sequence[BadRecord]]:
        """Split a message into its records, in order, and the parts that are none.

        A message without a value, which Kafka allows, is one such part.
        """
        if message is None:
            return (), (BadRecord(0, b"", "wanted a pack of records, found no value"),)
        try:
            return self._pack.decode(message), ()
        except _UNREADABLE as error:
            whole = str(error)
        try:
            parts = self._raw.decode(message)
        except _UNREADABLE:
            return (), (BadRecord(0, message, whole),)
        good: list[RecordT] = []
        bad: list[BadRecord] = []
        for index, part in enumerate(parts):
            try:
                good.append(self._one.decode(part))
            except _UNREADABLE as error:
                bad.append(BadRecord(index, bytes(part), str(error)))
        return good, bad


def posts_decoder() -> PackDecoder[PostsRecord]:
    """Return a decoder for `uproar.posts.v1`."""
    return PackDecoder(PostsRecord)


def reactions_decoder() -> PackDecoder[ReactionsRecord]:
    """Return a decoder for `uproar.reactions.v1`."""
    return PackDecoder(ReactionsRecord)


def dead_letters_decoder() -> PackDecoder[DeadLettersRecord]:
    """Return a decoder for `uproar.dead-letters.v1`."""
    return PackDecoder(DeadLettersRecord)


_encode = msgspec.json.Encoder().encode


def encode_record(record: Record) -> bytes:
    """Return the record as JSON, ready to be joined into a pack."""
    return _encode(record)


def join_pack(encoded: Iterable[bytes]) -> bytes:
    """Join records that are encoded already into one message."""
    return b"[" + b",".join(encoded) + b"]"
