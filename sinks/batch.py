"""What is written at once: the records of many messages, and the offsets behind them. Pure."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from sinks.rows import Row, dead_letter_row, run_row, watermark_row
from uproar.codec import BadRecord
from uproar.records import (
    PAYLOAD_LIMIT_BYTES,
    UNKNOWN_RUN,
    DeadLetter,
    DeadLettersRecord,
    Deletion,
    Reaction,
    ReactionsRecord,
    RunReport,
    Watermark,
)

Partition = tuple[str, int]
"""topic, partition"""

STAGE = "sink"


class Batch(msgspec.Struct, frozen=True):
    """Records in the order of their partitions, and the next offset of each partition."""

    reactions: list[Reaction | Deletion]
    watermarks: list[Row]
    reports: list[Row]
    dead_letters: list[Row]
    next_offsets: dict[Partition, int]

    def __len__(self) -> int:
        return (
            len(self.reactions) + len(self.watermarks) + len(self.reports) + len(self.dead_letters)
        )


def empty_batch() -> Batch:
    """Return a batch to fill."""
    return Batch([], [], [], [], {})


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """Where a message came from and when; `stream` is the word for its topic in `watermarks`."""

    topic: str
    stream: str
    partition: int
    offset: int
    at: datetime


def add_message(
    batch: Batch,
    records: Sequence[ReactionsRecord | DeadLettersRecord],
    bad: Sequence[BadRecord],
    arrival: Arrival,
) -> None:
    """Add one decoded message to the batch; what could not be decoded becomes a dead letter."""
    for record in records:
        if isinstance(record, Reaction | Deletion):
            batch.reactions.append(record)
        elif isinstance(record, Watermark):
            batch.watermarks.append(
                watermark_row(record, arrival.stream, arrival.partition, arrival.at)
            )
        elif isinstance(record, RunReport):
            batch.reports.append(run_row(record))
        else:
            batch.dead_letters.append(dead_letter_row(record))
    for unreadable in bad:
        batch.dead_letters.append(dead_letter_row(_not_a_record(unreadable, arrival)))
    batch.next_offsets[arrival.topic, arrival.partition] = arrival.offset + 1


def _not_a_record(unreadable: BadRecord, arrival: Arrival) -> DeadLetter:
    return DeadLetter(
        run=UNKNOWN_RUN,
        stage=STAGE,
        reason="not-a-record",
        detail=unreadable.detail,
        source=f"{arrival.topic}/{arrival.partition}",
        position=arrival.offset,
        part=unreadable.part,
        payload=unreadable.payload[:PAYLOAD_LIMIT_BYTES],
        size_bytes=len(unreadable.payload),
        received_at=arrival.at,
    )
