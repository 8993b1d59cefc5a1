"""What arrives in messages is sorted into what is written; nothing is left out."""

from datetime import UTC, datetime, timedelta

import msgspec

from sinks.batch import Arrival, Batch, add_message, empty_batch, may_be_live
from sinks.rows import DEAD_LETTERS_COLUMNS, LEDGER_COLUMNS, RUNS_COLUMNS, WATERMARKS_COLUMNS, Row
from uproar.codec import BadRecord
from uproar.records import (
    PAYLOAD_LIMIT_BYTES,
    DeadLetter,
    Deletion,
    Post,
    Reaction,
    RunReport,
    Watermark,
    Waybill,
)

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=7)

REACTION = Reaction(
    post=Post(
        run="live",
        platform="mastodon",
        post_id="1",
        author="a",
        text="t",
        created_at=NOON,
        observed_at=NOON,
        received_at=NOON,
    ),
    lang="en",
)
DELETION = Deletion(
    run="live", platform="mastodon", post_id="1", observed_at=LATER, received_at=LATER
)
WATERMARK = Watermark(
    run="live", source="mastodon", started_at=NOON, observed_before=LATER, position=9, is_last=True
)
REPORT = RunReport(
    run="live",
    source="mastodon",
    state="running",
    inputs=("stream",),
    started_at=NOON,
    reported_at=LATER,
    read=5,
    kept=2,
    dead_letters={"no-text": 3},
)
LETTER = DeadLetter(
    run="live",
    stage="producer",
    reason="no-text",
    detail="wanted a text, found none",
    source="a.jsonl",
    position=4,
    payload=b"{}",
    size_bytes=2,
    received_at=NOON,
)


def arrival(offset: int = 41, partition: int = 3) -> Arrival:
    return Arrival(
        topic="uproar.reactions.v1",
        stream="reactions",
        partition=partition,
        offset=offset,
        at=LATER,
    )


def named(columns: tuple[str, ...], row: Row) -> dict[str, object]:
    return dict(zip(columns, row, strict=True))


def filled() -> Batch:
    batch = empty_batch()
    add_message(batch, [REACTION, DELETION, WATERMARK, REPORT, LETTER], (), arrival())
    return batch


def test_each_kind_of_record_goes_where_it_is_written() -> None:
    batch = filled()
    assert [placed.record for placed in batch.reactions] == [REACTION, DELETION]
    assert (len(batch.watermarks), len(batch.reports), len(batch.dead_letters)) == (1, 1, 1)
    assert len(batch) == 5


def test_a_watermark_is_that_of_the_partition_it_came_in() -> None:
    row = named(WATERMARKS_COLUMNS, filled().watermarks[0])
    assert (row["stream"], row["partition"], row["position"]) == ("reactions", 3, 9)
    assert (row["observed_before"], row["is_last"], row["stored_at"]) == (LATER, 1, LATER)


def test_a_report_keeps_its_counts_by_reason() -> None:
    row = named(RUNS_COLUMNS, filled().reports[0])
    assert (row["read"], row["kept"], row["dead_letters"]) == (5, 2, {"no-text": 3})


def test_a_dead_letter_keeps_its_place_and_its_bytes() -> None:
    row = named(DEAD_LETTERS_COLUMNS, filled().dead_letters[0])
    assert (row["source"], row["position"], row["payload"]) == ("a.jsonl", 4, b"{}")


def test_what_is_no_record_becomes_a_dead_letter_that_says_where_it_was() -> None:
    batch = empty_batch()
    add_message(batch, [REACTION], [BadRecord(2, b"junk", "JSON is malformed")], arrival())
    row = named(DEAD_LETTERS_COLUMNS, batch.dead_letters[0])
    assert [placed.record for placed in batch.reactions] == [REACTION]
    assert (row["source"], row["position"], row["part"]) == ("uproar.reactions.v1/3", 41, 2)
    assert (row["stage"], row["reason"]) == ("sink", "not-a-record")
    assert (row["payload"], row["size_bytes"], row["received_at"]) == (b"junk", 4, LATER)


def test_a_large_piece_of_junk_is_cut_and_its_size_is_kept() -> None:
    batch = empty_batch()
    junk = b"x" * (PAYLOAD_LIMIT_BYTES + 5)
    add_message(batch, [], [BadRecord(0, junk, "JSON is malformed")], arrival())
    row = named(DEAD_LETTERS_COLUMNS, batch.dead_letters[0])
    assert row["payload"] == junk[:PAYLOAD_LIMIT_BYTES]
    assert row["size_bytes"] == len(junk)


def test_two_pieces_of_junk_at_one_offset_are_told_apart() -> None:
    batch = empty_batch()
    add_message(batch, [], [BadRecord(0, b"a", "?"), BadRecord(0, b"b", "?")], arrival())
    prints = [named(DEAD_LETTERS_COLUMNS, row)["fingerprint"] for row in batch.dead_letters]
    assert prints[0] != prints[1]


def test_the_next_offset_of_each_partition_is_the_one_behind_its_last_message() -> None:
    batch = empty_batch()
    for offset, partition in ((41, 3), (7, 0), (42, 3)):
        add_message(batch, [REACTION], (), arrival(offset, partition))
    assert batch.next_offsets == {("uproar.reactions.v1", 3): 43, ("uproar.reactions.v1", 0): 8}


def test_an_empty_message_still_moves_the_offset() -> None:
    batch = empty_batch()
    add_message(batch, (), (), arrival())
    assert len(batch) == 0
    assert batch.next_offsets == {("uproar.reactions.v1", 3): 42}


def test_a_new_batch_shares_nothing_with_the_one_before() -> None:
    filled()
    assert len(empty_batch()) == 0
    assert empty_batch().next_offsets == {}


BILL = Waybill(
    run="live", source="mastodon", started_at=NOON, stage="streams", number=7, records=2, read=3,
    failed=1,
)  # fmt: skip


def billed(offset: int) -> Batch:
    batch = empty_batch()
    add_message(batch, [BILL, REACTION, DELETION], [BadRecord(3, b"?", "?")], arrival(offset))
    return batch


def test_a_message_with_a_waybill_is_entered_in_the_ledger() -> None:
    [message] = billed(41).messages
    row = named(LEDGER_COLUMNS, message.row())
    assert (row["source"], row["number"], row["offset"], row["partition"]) == ("mastodon", 7, 41, 3)
    assert (row["read"], row["failed"], row["told"], row["records"], row["bad"]) == (3, 1, 2, 2, 1)


def test_a_record_keeps_its_place_when_its_pack_comes_again_at_another_offset() -> None:
    first, again = billed(41), billed(57)
    places = [placed.place for placed in first.reactions]
    assert places == [placed.place for placed in again.reactions]
    assert len(set(places)) == 2
    assert 0 not in places


def test_what_is_no_record_in_a_billed_message_belongs_to_its_run() -> None:
    assert named(DEAD_LETTERS_COLUMNS, billed(41).dead_letters[0])["run"] == "live"


def test_a_message_is_live_by_the_run_of_its_records_and_one_that_tells_none_may_be() -> None:
    replayed = msgspec.structs.replace(BILL, run="january")
    assert may_be_live([BILL, REACTION])
    assert may_be_live([REACTION])
    assert may_be_live([])
    assert not may_be_live([replayed])
    assert not may_be_live([msgspec.structs.replace(WATERMARK, run="january")])
