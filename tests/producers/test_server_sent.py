"""Streams of server-sent events as they came over the wire."""

import json

from hypothesis import given
from hypothesis import strategies as st

from producers.parsed import Damage, Unreadable
from producers.server_sent import split_server_sent
from tests.producers.formats.recorded import values

STREAM = (
    b":)\r\n:thump\r\n\r\nevent: delete\r\ndata: 17\r\n\r\n"
    b'id: 5\nevent: update\ndata: {"a":\ndata: 1}\n\ndata: {"b": 2}\n\n'
    b':thump\nevent: only a name\n\nevent: update\ndata: "text"\n'
)


def events(data: bytes, size: int = 1 << 18) -> list[tuple[int, object]]:
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    return [(frame.position, json.loads(frame.raw)) for frame in split_server_sent(chunks)]


def test_events_are_put_together_of_their_fields() -> None:
    assert events(STREAM) == [
        (4, {"event": "delete", "payload": "17"}),
        (8, {"event": "update", "payload": {"a": 1}}),
        (12, {"b": 2}),
        (17, {"event": "update", "payload": "text"}),
    ]


@given(st.integers(1, 30))
def test_where_chunks_end_makes_no_difference(size: int) -> None:
    assert events(STREAM, size) == events(STREAM)


def test_a_damaged_stream_keeps_what_came_before() -> None:
    *_, held, last = split_server_sent([STREAM, Damage("truncated-archive", "wanted more")])
    assert json.loads(held.raw) == {"event": "update", "payload": "text"}
    assert isinstance(last.fault, Unreadable)


def test_a_stream_of_mastodon_is_the_same_over_either_wire() -> None:
    assert values("mastodon/stream.txt") == values("mastodon/stream.jsonl")
