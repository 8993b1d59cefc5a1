"""What is packed comes out again; what cannot be read takes nothing else with it."""

from datetime import datetime, timedelta, timezone
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uproar.codec import (
    PackDecoder,
    dead_letters_decoder,
    encode_record,
    join_pack,
    posts_decoder,
    reactions_decoder,
)
from uproar.packs import MAX_BYTES, MAX_RECORDS, Packer, partition_of
from uproar.records import (
    Action,
    CallToAction,
    Counts,
    DeadLetter,
    Deletion,
    EntityReaction,
    Label,
    Post,
    Reaction,
    RunReport,
    Sentiment,
    Watermark,
)

zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
instants = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001
naturals = st.integers(0, 2**63 - 1)
fractions = st.floats(-1, 1)
texts = st.text(max_size=40)
maybe = st.none() | texts

counts = st.builds(Counts, likes=naturals, reposts=naturals, replies=naturals, quotes=naturals)
posts = st.builds(
    Post,
    run=texts,
    platform=texts,
    post_id=texts,
    author=texts,
    text=texts,
    created_at=instants,
    observed_at=instants,
    received_at=instants,
    revision=naturals,
    lang=maybe,
    url=maybe,
    reply_to=maybe,
    repost_of=maybe,
    quote_of=maybe,
    counts=counts,
)
deletions = st.builds(
    Deletion,
    run=texts,
    platform=texts,
    post_id=texts,
    observed_at=instants,
    received_at=instants,
)
watermarks = st.builds(
    Watermark,
    run=texts,
    source=texts,
    started_at=instants,
    observed_before=instants,
    position=naturals,
    is_last=st.booleans(),
)
reports = st.builds(
    RunReport,
    run=texts,
    source=texts,
    state=st.sampled_from(["running", "finished", "interrupted"]),
    inputs=st.lists(texts, max_size=3).map(tuple),
    started_at=instants,
    reported_at=instants,
    read=naturals,
    dead_letters=st.dictionaries(texts, naturals, max_size=3),
    first_at=st.none() | instants,
    last_at=st.none() | instants,
)
sentiments = st.builds(
    Sentiment, score=fractions, label=st.sampled_from(get_args(Label)), model=texts
)
calls = st.builds(
    CallToAction,
    action=st.sampled_from(get_args(Action)),
    target=maybe,
    direction=st.sampled_from(["against", "for"]),
    evidence=texts,
    confidence=fractions,
    addressee=maybe,
)
entities = st.builds(
    EntityReaction,
    entity=texts,
    sentiment=st.none() | sentiments,
    calls=st.lists(calls, max_size=2).map(tuple),
)
reactions = st.builds(
    Reaction, post=posts, lang=texts, entities=st.lists(entities, max_size=2).map(tuple)
)
letters = st.builds(
    DeadLetter,
    run=texts,
    stage=texts,
    reason=texts,
    detail=texts,
    source=texts,
    position=naturals,
    payload=st.binary(max_size=40),
    size_bytes=naturals,
    received_at=instants,
    part=naturals,
)

posts_records = st.one_of(posts, deletions, watermarks, reports)
reactions_records = st.one_of(reactions, deletions, watermarks, reports)
letters_records = st.one_of(letters, watermarks)

POST = {
    "type": "post",
    "run": "live",
    "platform": "mastodon",
    "post_id": "1",
    "author": "",
    "text": "an invented post",
    "created_at": "2021-01-18T12:00:00Z",
    "observed_at": "2021-01-18T12:00:00Z",
    "received_at": "2021-01-18T12:00:00Z",
}
A_POST = msgspec.json.encode(POST)


@settings(deadline=None)
@given(st.lists(posts_records, max_size=4))
def test_posts_come_out_of_a_pack_as_they_went_in(records: list[Any]) -> None:
    assert posts_decoder().decode(join_pack(map(encode_record, records))) == (records, ())


@settings(deadline=None)
@given(st.lists(reactions_records, max_size=3))
def test_reactions_come_out_of_a_pack_as_they_went_in(records: list[Any]) -> None:
    assert reactions_decoder().decode(join_pack(map(encode_record, records))) == (records, ())


@settings(deadline=None)
@given(st.lists(letters_records, max_size=4))
def test_dead_letters_come_out_of_a_pack_as_they_went_in(records: list[Any]) -> None:
    assert dead_letters_decoder().decode(join_pack(map(encode_record, records))) == (records, ())


def altered(**fields: object) -> bytes:
    return msgspec.json.encode({**POST, **fields})


@pytest.mark.parametrize(
    "part",
    [
        b"{}",
        b"null",
        b'"a post"',
        b"[[]]",
        b"1e999",
        b'{"type":"nothing we know"}',
        altered(run=7),
        altered(created_at="2021-01-18T12:00:00"),
        altered(created_at="yesterday"),
        altered(revision=-1),
        altered(revision=2**63),
        altered(revision=10**40),
        altered(counts={"likes": -1}),
        A_POST.replace(b"invented", b"\xff\xfe"),
    ],
)
def test_a_bad_record_is_handed_back_alone_with_its_bytes_and_its_place(part: bytes) -> None:
    good, bad = posts_decoder().decode(join_pack([A_POST, part, A_POST]))
    assert [type(record) for record in good] == [Post, Post]
    assert [(record.part, record.payload) for record in bad] == [(1, part)]
    assert bad[0].detail


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"null",
        b"[",
        b"{}",
        b"not json",
        b"\x00\xff",
        b"[]]",
        b"[" * 100_000,
        b"[" + b"[" * 3000 + b"]" * 3000 + b"]",
        b"[" + A_POST,
        b"[" + A_POST.replace(b"invented", b"\\ud800") + b"]",
        A_POST,
    ],
)
def test_a_message_that_is_no_pack_is_handed_back_whole(message: bytes) -> None:
    good, bad = posts_decoder().decode(message)
    assert good == ()
    assert [(record.part, record.payload) for record in bad] == [(0, message)]


decoders = st.sampled_from([posts_decoder(), reactions_decoder(), dead_letters_decoder()])
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
fields = st.dictionaries(st.sampled_from([*POST, "revision", "counts", "lang"]), json_values)
damaged = fields.map(lambda changed: join_pack([msgspec.json.encode({**POST, **changed}), A_POST]))
cut = st.tuples(st.integers(0, 400), st.binary(max_size=3)).map(
    lambda hit: join_pack([A_POST, A_POST])[: hit[0]] + hit[1] + A_POST[hit[0] :]
)


@settings(deadline=None)
@given(decoders, st.one_of(st.binary(), damaged, cut, json_values.map(msgspec.json.encode)))
def test_whatever_the_bytes_are_they_are_read_or_handed_back(
    decoder: PackDecoder[Any], message: bytes
) -> None:
    good, bad = decoder.decode(message)
    assert good or bad or message.strip().startswith(b"[")
    for record in bad:
        assert record.payload in message


@settings(deadline=None)
@given(
    st.lists(st.binary(max_size=30), max_size=40),
    st.integers(1, 6),
    st.integers(2, 60),
)
def test_a_packer_loses_nothing_keeps_the_order_and_its_bounds(
    encoded: list[bytes], max_records: int, max_bytes: int
) -> None:
    packer = Packer(max_records, max_bytes)
    packs = [pack for record in encoded for pack in packer.add(record)]
    held = len(packer)
    packs.append(packer.drain())
    assert len(packer) == 0
    assert [part for pack in packs for part in pack] == encoded
    assert len(packs[-1]) == held
    for pack in packs:
        assert len(pack) <= max_records
        assert len(b",".join(pack)) <= max_bytes or len(pack) <= 1


def test_an_empty_packer_gives_an_empty_pack() -> None:
    assert Packer().drain() == []


def test_a_full_pack_fits_into_what_brokers_accept_by_default() -> None:
    assert MAX_BYTES < 1_000_000
    packer = Packer()
    packs = [pack for _ in range(MAX_RECORDS) for pack in packer.add(A_POST)]
    assert [len(pack) for pack in packs] == [MAX_RECORDS]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())), texts, st.integers(1, 64))
def test_a_post_and_whatever_becomes_of_it_share_a_partition(
    post_id: str, platform: str, partitions: int
) -> None:
    partition = partition_of(platform, post_id, partitions)
    assert 0 <= partition < partitions
    assert partition == partition_of(platform, post_id, partitions)


def test_posts_spread_over_all_partitions() -> None:
    assert {partition_of("mastodon", str(number), 8) for number in range(200)} == set(range(8))
