"""What is written at once: the records of many messages, and the offsets behind them. Pure."""

import zlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

from sinks.rows import (
    Row,
    dead_letter_row,
    file_row,
    ledger_row,
    manifest_row,
    run_row,
    watermark_row,
)
from uproar.codec import BadRecord
from uproar.records import (
    LIVE_RUN,
    PAYLOAD_LIMIT_BYTES,
    UNKNOWN_RUN,
    AccountDeletion,
    DeadLetter,
    DeadLettersRecord,
    Deletion,
    FileReport,
    Reaction,
    ReactionsRecord,
    RunManifest,
    RunReport,
    Watermark,
    Waybill,
)

Partition = tuple[str, int]
"""topic, partition"""

STAGE = "sink"


class Placed(msgspec.Struct, frozen=True):
    """A record and where it stood: `place` is the same whenever the same pack is read again.

    `message` is the index of its message in the batch's `messages`; None for a record that came
    by no message, which is in no ledger. `why` is noted with a deletion.
    """

    record: Reaction | Deletion
    partition: int = 0
    place: int = 0
    message: int | None = None
    why: str = "deleted on the platform"


class Ledgered(msgspec.Struct):
    """A message that carries a waybill, and what was in it.

    What its records were to the tables is counted when their changes are planned.
    """

    bill: Waybill
    stream: str
    partition: int
    offset: int
    at: datetime
    records: int
    bad: int
    accounts: int = 0
    new_posts: int = 0
    further: int = 0
    unmentioned: int = 0

    def recount(self) -> None:
        """Begin to count anew: an account's deletion is always about something known."""
        self.new_posts = self.unmentioned = 0
        self.further = self.accounts

    def row(self) -> Row:
        """Return the ledger's row."""
        return ledger_row(
            self.bill,
            (self.stream, self.partition, self.offset),
            (self.records, self.bad, self.new_posts, self.further, self.unmentioned),
            self.at,
        )


class Batch(msgspec.Struct, frozen=True):
    """Records in the order of their partitions, and the next offset of each partition."""

    reactions: list[Placed]
    accounts: list[AccountDeletion]
    watermarks: list[Row]
    reports: list[Row]
    files: list[Row]
    manifests: list[Row]
    dead_letters: list[Row]
    messages: list[Ledgered]
    next_offsets: dict[Partition, int]

    def __len__(self) -> int:
        """Count the rows that it will be, about: an entity, a note or a message is one each."""
        return (
            len(self.reactions) + len(self.accounts) + len(self.watermarks) + len(self.reports)
            + len(self.files) + len(self.manifests) + len(self.dead_letters) + len(self.messages)
        )  # fmt: skip


def empty_batch() -> Batch:
    """Return a batch to fill."""
    return Batch([], [], [], [], [], [], [], [], {})


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """Where a message came from and when; `stream` is the word for its topic in `watermarks`."""

    topic: str
    stream: str
    partition: int
    offset: int
    at: datetime


def may_be_live(records: Sequence[ReactionsRecord | DeadLettersRecord]) -> bool:
    """Tell whether a message is of the live run: its records come from one producer, so of one run.

    One of which nothing could be read may be.
    """
    if not records:
        return True
    first = records[0]
    return (first.post if isinstance(first, Reaction) else first).run == LIVE_RUN


def add_message(
    batch: Batch,
    records: Sequence[ReactionsRecord | DeadLettersRecord],
    bad: Sequence[BadRecord],
    arrival: Arrival,
) -> None:
    """Add one decoded message to the batch; what could not be decoded becomes a dead letter."""
    bill = next((record for record in records if isinstance(record, Waybill)), None)
    message = None if bill is None else len(batch.messages)
    life = 0 if bill is None else _hash_of(bill, arrival.partition)
    counted = 0
    for index, record in enumerate(records):
        place = 0 if bill is None else life | _hash_of_place(bill, index)
        counted += _add(batch, record, arrival, message, place)
    for unreadable in bad:
        run = UNKNOWN_RUN if bill is None else bill.run
        batch.dead_letters.append(dead_letter_row(_not_a_record(unreadable, arrival, run)))
    if bill is not None:
        accounts = sum(isinstance(record, AccountDeletion) for record in records)
        batch.messages.append(
            Ledgered(
                bill=bill,
                stream=arrival.stream,
                partition=arrival.partition,
                offset=arrival.offset,
                at=arrival.at,
                records=counted,
                bad=len(bad),
                accounts=accounts,
            )
        )
    batch.next_offsets[arrival.topic, arrival.partition] = arrival.offset + 1


def _add(
    batch: Batch,
    record: ReactionsRecord | DeadLettersRecord,
    arrival: Arrival,
    message: int | None,
    place: int,
) -> int:
    """Add one record; return 1 where a waybill counts it."""
    match record:
        case Reaction() | Deletion():
            batch.reactions.append(Placed(record, arrival.partition, place, message))
            return 1
        case AccountDeletion():
            batch.accounts.append(record)
            return 1
        case DeadLetter():
            batch.dead_letters.append(dead_letter_row(record))
            return 1
        case Watermark():
            batch.watermarks.append(
                watermark_row(record, arrival.stream, arrival.partition, arrival.at)
            )
        case RunReport():
            batch.reports.append(run_row(record))
        case FileReport():
            batch.files.append(file_row(record))
        case RunManifest():
            batch.manifests.append(manifest_row(record))
        case Waybill():
            pass
    return 0


def _hash_of(bill: Waybill, partition: int) -> int:
    """Return the upper 32 bits of the places in a partition of a life."""
    life = f"{bill.run}\0{bill.source}\0{bill.started_at.timestamp():.3f}\0{partition}"
    return zlib.crc32(life.encode(errors="surrogatepass")) << 32


def _hash_of_place(bill: Waybill, index: int) -> int:
    """Return the lower 32 bits, which are never 0."""
    return zlib.crc32(f"{bill.number}\0{bill.piece}\0{index}".encode()) or 1


def _not_a_record(unreadable: BadRecord, arrival: Arrival, run: str) -> DeadLetter:
    return DeadLetter(
        run=run,
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
