"""One message of the posts topic in; reactions and dead letters out."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.assess import Reader
from streams.messages import STAGE, Message, Outcome, PostReader, assess_message
from uproar.codec import (
    dead_letters_decoder,
    encode_record,
    join_pack,
    posts_decoder,
    reactions_decoder,
)
from uproar.config import Entity
from uproar.packs import MAX_RECORDS
from uproar.records import (
    PAYLOAD_LIMIT_BYTES,
    UNKNOWN_RUN,
    AccountDeletion,
    DeadLetter,
    DeadLettersRecord,
    Deletion,
    Post,
    PostsRecord,
    Reaction,
    ReactionsRecord,
    RunReport,
    Watermark,
    Waybill,
)

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
READER = Reader([Entity(id="acme", name="Acme")])


def post(post_id: str, text: str = "Boycott Acme now, everyone") -> Post:
    return Post(
        run="r1",
        platform="mastodon",
        post_id=post_id,
        author="a",
        text=text,
        created_at=NOON,
        observed_at=NOON,
        received_at=NOON,
        lang="en",
    )


DELETION = Deletion(run="r1", platform="mastodon", post_id="2", observed_at=NOON, received_at=NOON)
WATERMARK = Watermark(
    run="r1", source="s", started_at=NOON, observed_before=NOON + timedelta(hours=1), position=9
)
ACCOUNT = AccountDeletion(
    run="r1", platform="mastodon", author="a", observed_at=NOON, received_at=NOON
)
BILL = Waybill(run="r1", source="s", started_at=NOON, number=7, records=3)
REPORT = RunReport(
    run="r1", source="s", state="finished", inputs=("a.csv",), started_at=NOON, reported_at=NOON
)


class Brittle:
    """A reader with a bug: it cannot read a post whose text is "boom"."""

    def read(self, post: Post) -> Reaction:
        """Read the post, or fail."""
        if post.text == "boom":
            raise KeyError(post.text)
        return READER.read(post)

    def read_all(self, posts: Sequence[Post]) -> list[Reaction]:
        """Read the posts, or fail."""
        return [self.read(post) for post in posts]


def assess(value: bytes, reader: PostReader = READER) -> Outcome:
    message = Message(value=value, topic="posts", partition=3, offset=41, received_at=NOON)
    return assess_message(posts_decoder(), reader, message)


def pack(*records: PostsRecord) -> bytes:
    return join_pack(map(encode_record, records))


def reactions(outcome: Outcome) -> list[ReactionsRecord]:
    decoded = [reactions_decoder().decode(message) for message in outcome.reactions]
    assert not any(bad for _, bad in decoded)
    return [record for records, _ in decoded for record in records]


def dead_letters(outcome: Outcome) -> list[DeadLettersRecord]:
    decoded = [dead_letters_decoder().decode(message) for message in outcome.dead_letters]
    assert not any(bad for _, bad in decoded)
    return [record for records, _ in decoded for record in records]


def post_ids(outcome: Outcome) -> list[str]:
    return [record.post.post_id for record in reactions(outcome) if isinstance(record, Reaction)]


def test_a_post_becomes_the_reaction_that_the_reader_makes_of_it() -> None:
    outcome = assess(pack(post("1")))
    assert reactions(outcome) == [READER.read(post("1"))]
    assert outcome.dead_letters == ()


def test_records_leave_in_the_order_they_came_in_and_what_is_told_of_them_behind() -> None:
    records: list[PostsRecord] = [post("1"), DELETION, REPORT, post("2"), ACCOUNT, WATERMARK]
    got = reactions(assess(pack(*records)))
    assert [type(record) for record in got] == [
        Reaction, Deletion, Reaction, AccountDeletion, RunReport, Watermark,
    ]  # fmt: skip
    assert got[1] == DELETION
    assert got[3:] == [ACCOUNT, REPORT, WATERMARK]


def bills(outcome: Outcome) -> list[Waybill]:
    every = [*reactions(outcome), *dead_letters(outcome)]
    return [record for record in every if isinstance(record, Waybill)]


def test_a_waybill_goes_on_with_what_became_of_its_pack() -> None:
    outcome = assess(pack(BILL, post("1"), post("2", "boom"), DELETION), Brittle())
    kept, failed = bills(outcome)
    assert (kept.stage, kept.number, kept.read, kept.failed) == ("streams", 7, 3, 1)
    assert (kept.records, failed.records) == (2, 1)


def test_a_pack_of_which_nothing_is_left_is_still_heard_of() -> None:
    outcome = assess(pack(BILL, post("1", "boom")), Brittle())
    assert len(outcome.reactions) == 1
    assert [bill.records for bill in bills(outcome)] == [0, 1]


def test_a_pack_that_becomes_several_messages_numbers_them() -> None:
    ids = [str(number) for number in range(MAX_RECORDS + 5)]
    outcome = assess(pack(BILL, *(post(post_id, "nothing here") for post_id in ids)))
    told = [(bill.piece, bill.pieces, bill.records) for bill in bills(outcome)]
    assert told == [(1, 2, MAX_RECORDS), (2, 2, 5)]


def test_the_dead_letters_of_a_billed_pack_belong_to_its_run() -> None:
    value = join_pack([encode_record(BILL), b"1"])
    letters = [one for one in dead_letters(assess(value)) if isinstance(one, DeadLetter)]
    assert [letter.run for letter in letters] == ["r1"]


def test_a_watermark_also_goes_behind_the_dead_letters() -> None:
    value = b"[" + b"{}," + encode_record(WATERMARK) + b"]"
    outcome = assess(value)
    assert reactions(outcome) == [WATERMARK]
    letter, mark = dead_letters(outcome)
    assert isinstance(letter, DeadLetter)
    assert mark == WATERMARK


def test_one_bad_record_in_a_pack_is_one_dead_letter_with_its_place_and_bytes() -> None:
    value = join_pack([encode_record(post("1")), b'{"type":"post"}', encode_record(post("2"))])
    outcome = assess(value)
    assert post_ids(outcome) == ["1", "2"]
    [letter] = dead_letters(outcome)
    assert isinstance(letter, DeadLetter)
    assert (letter.source, letter.position, letter.part) == ("posts/3", 41, 1)
    assert (letter.stage, letter.reason, letter.run) == (STAGE, "not-a-record", UNKNOWN_RUN)
    assert letter.payload == b'{"type":"post"}'
    assert letter.received_at == NOON
    assert "run" in letter.detail


def test_a_message_that_is_no_json_is_one_dead_letter() -> None:
    outcome = assess(b"\xff\x00 not a pack")
    assert outcome.reactions == ()
    [letter] = dead_letters(outcome)
    assert isinstance(letter, DeadLetter)
    assert letter.payload == b"\xff\x00 not a pack"


def test_a_dead_letter_keeps_the_first_bytes_and_the_size_of_what_was_too_long() -> None:
    value = b"x" * (PAYLOAD_LIMIT_BYTES + 1)
    [letter] = dead_letters(assess(value))
    assert isinstance(letter, DeadLetter)
    assert len(letter.payload) == PAYLOAD_LIMIT_BYTES
    assert letter.size_bytes == PAYLOAD_LIMIT_BYTES + 1


def test_a_post_that_makes_the_reader_fail_is_a_dead_letter_and_its_neighbours_arrive() -> None:
    outcome = assess(pack(post("1"), post("2", "boom"), post("3")), Brittle())
    assert post_ids(outcome) == ["1", "3"]
    [letter] = dead_letters(outcome)
    assert isinstance(letter, DeadLetter)
    assert (letter.run, letter.reason, letter.part) == ("r1", "reading-failed", 1)
    assert "KeyError" in letter.detail
    assert letter.payload == encode_record(post("2", "boom"))


def test_the_detail_of_a_failed_reading_does_not_repeat_the_post() -> None:
    [letter] = dead_letters(assess(pack(post("1", "boom")), Brittle()))
    assert isinstance(letter, DeadLetter)
    assert "boom" not in letter.detail


def test_an_empty_pack_gives_nothing() -> None:
    assert assess(b"[]") == Outcome((), ())


def test_more_records_than_a_message_holds_make_several_messages_in_order() -> None:
    ids = [str(number) for number in range(MAX_RECORDS + 5)]
    outcome = assess(pack(*(post(post_id, "nothing here") for post_id in ids)))
    assert len(outcome.reactions) == 2
    assert post_ids(outcome) == ids


@given(st.binary())
def test_no_bytes_make_it_raise_and_none_vanish(value: bytes) -> None:
    outcome = assess(value)
    assert outcome.reactions or outcome.dead_letters or value.strip() == b"[]"


@given(st.lists(st.sampled_from(["post", "boom", "bad", "deletion", "watermark", "report"])))
def test_every_record_that_comes_in_leaves_once(kinds: list[str]) -> None:
    made = {
        "post": encode_record(post("1")),
        "boom": encode_record(post("1", "boom")),
        "bad": b"1",
        "deletion": encode_record(DELETION),
        "watermark": encode_record(WATERMARK),
        "report": encode_record(REPORT),
    }
    outcome = assess(join_pack(made[kind] for kind in kinds), Brittle())
    failed = [letter for letter in dead_letters(outcome) if isinstance(letter, DeadLetter)]
    assert len(reactions(outcome)) + len(failed) == len(kinds)
    assert len(failed) == kinds.count("boom") + kinds.count("bad")


def test_what_failed_is_told_with_its_place_for_the_fuse() -> None:
    pack = [encode_record(post("1")), b'{"type":"post"}', encode_record(post("2", "boom"))]
    outcome = assess(join_pack(pack), Brittle())
    assert outcome.good == 1
    assert [(one.reason, one.place) for one in outcome.failures] == [
        ("not-a-record", "posts/3:41"),
        ("reading-failed", "posts/3:41"),
    ]
