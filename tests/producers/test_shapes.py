"""How a text is recognised, whatever comes first in it."""

import json

import pytest

from producers.columns import ColumnMap
from producers.formats import FEED, named_format
from producers.formats.twitter_archive import Owner
from producers.parsed import Control, Draft, Parsed, Unreadable
from producers.shapes import Shape, recognise_text, records
from uproar.errors import InputError

TWEET = {
    "id_str": "1",
    "text": "A tweet",
    "created_at": "Mon Jan 18 09:30:00 +0000 2021",
    "user": {"id_str": "9"},
    "source": "a client",
}
DELETE = {
    "delete": {"status": {"id_str": "1", "user_id_str": "9"}, "timestamp_ms": "1610962201000"}
}
COMMENT = {"id": "a", "body": "A comment", "link_id": "t3_b", "parent_id": "t3_b", "created_utc": 1}
LIKE = {"did": "did:plc:a", "time_us": 1, "kind": "commit", "commit": {"collection": "like"}}


def lines(*found: object) -> bytes:
    return b"\n".join(
        each if isinstance(each, bytes) else json.dumps(each).encode() for each in found
    )


def recognise(data: bytes, asked: ColumnMap | None = None) -> Shape:
    return recognise_text(iter((data,)), "posts", asked)


def values(data: bytes, asked: ColumnMap | None = None, owner: Owner | None = None) -> list[Parsed]:
    shape = recognise(data, asked)
    return [one for _, found in records(shape, iter((data,)), "posts", owner) for one in found]


@pytest.mark.parametrize(
    "first",
    [
        [DELETE] * 500,
        [b"", b"   "],
        [b'{"cut": "of'],
        [b"rubbish", b"rubbish"],
        [{"unheard_of": 1}] * 500,
        [{"limit": {"track": 1}}],
    ],
)
def test_odd_first_records_do_not_hide_the_format(first: list[object]) -> None:
    assert recognise(lines(*first, *[TWEET] * 3)).format == "Twitter v1.1"


def test_a_byte_order_mark_does_not_hide_the_format() -> None:
    for data in (lines(TWEET), json.dumps([TWEET]).encode(), json.dumps(TWEET, indent=1).encode()):
        (value,) = values(b"\xef\xbb\xbf" + data)
        assert isinstance(value, Draft)


def test_a_mixed_file_is_read_record_by_record() -> None:
    found = values(lines(TWEET, COMMENT, TWEET, LIKE, TWEET))
    platforms = [value.platform for value in found if isinstance(value, Draft)]
    assert platforms == ["twitter", "reddit", "twitter", "twitter"]
    assert found[3] == Control("like")


def test_a_format_that_is_asked_for_reads_every_record_by_itself() -> None:
    asked = ColumnMap({}, format=named_format("Reddit"))
    found = values(lines(TWEET, COMMENT), asked)
    assert isinstance(found[0], Unreadable)
    assert isinstance(found[1], Draft)


def test_a_post_that_has_lost_its_id_is_taken_for_none_of_ours() -> None:
    without = {key: value for key, value in TWEET.items() if key != "id_str"}
    assert isinstance(values(lines(TWEET, without))[1], Unreadable)


@pytest.mark.parametrize("indent", [None, 2])
def test_an_object_with_an_array_of_records_is_read_as_those(indent: int | None) -> None:
    page = {"search_metadata": {"count": 2}, "statuses": [TWEET, TWEET]}
    data = json.dumps(page, indent=indent).encode()
    assert recognise(data).kind == "document"
    assert len(values(data)) == 2


def test_a_record_that_merely_has_such_an_array_is_left_whole() -> None:
    line = {"text": "Hello", "created_at": 1610962200, "items": [1, {"text": "no"}], "messages": []}
    assert recognise(lines(line, line)).kind == "lines"
    assert len(values(lines(line, line))) == 2


def test_a_first_line_of_a_megabyte_is_a_line_all_the_same() -> None:
    data = lines({**TWEET, "padding": "x" * 1_000_000}, TWEET)
    assert recognise(data).kind == "lines"
    assert len(values(data)) == 2


def test_what_a_script_makes_of_its_data_is_an_array() -> None:
    bare = {key: value for key, value in TWEET.items() if key != "user"}
    data = b"window.YTD.tweets.part0 = " + json.dumps([{"tweet": bare}]).encode()
    assert recognise(data) == Shape("array", "Twitter personal archive", None)
    (value,) = values(data, owner=Owner("9"))
    assert isinstance(value, Draft)
    assert value.author == "9"


def test_named_columns_are_taken_from_objects_over_many_lines() -> None:
    asked = ColumnMap({"text": "body", "created_at": "created_utc"})
    (value,) = values(json.dumps(COMMENT, indent=1).encode(), asked)
    assert isinstance(value, Draft)
    assert value.text == "A comment"


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"<html><body>", "", "XML, but no feed"),
        (b"<rss><item/></rss>", "Reddit", "XML, but no feed"),
        (lines(TWEET), "4CAT CSV", "wanted a table"),
        (b"a,b\n1,2", "4CAT CSV", "lacks the columns `author`"),
        (lines(TWEET), FEED, "no feed"),
        (b"a,b\n1,2", "", "has the columns `a`, `b`"),
        (b"window.YTD.twitter_circle_tweet.part0 = [ {", "", "not written for the public"),
    ],
)
def test_what_cannot_be_read_as_asked_is_refused(data: bytes, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        recognise(data, ColumnMap({}, format=name) if name else None)


def test_a_format_is_named_as_on_the_command_line_or_as_in_the_documents() -> None:
    assert named_format("twitter-v1.1") == named_format("Twitter v1.1") == "Twitter v1.1"
    with pytest.raises(InputError, match="no such format: `reditt`") as refused:
        named_format("reditt")
    assert refused.value.hint == "did you mean `reddit`?"


def test_pages_that_are_arrays_one_behind_the_other_are_read_through() -> None:
    data = b"\n".join(json.dumps([TWEET, TWEET]).encode() for _ in range(3))
    shape = recognise(data)
    found = list(records(shape, iter((data[:100], data[100:])), "posts"))
    assert [frame.position for frame, _ in found] == [1, 1, 2, 2, 3, 3]
    assert all(isinstance(one, Draft) for _, parsed in found for one in parsed)
