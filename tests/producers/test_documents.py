"""Objects over many lines, and arrays within objects."""

import json
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.documents import ARRAYS, Head, split_objects
from producers.parsed import Chunk, Damage, Frame

CHAT = {
    "name": 'A "chat" [with] {marks}',
    "id": 7,
    "photos": [1, [2]],
    "messages": [{"id": 1, "text": ["a", {"b": "]}"}]}, {"id": 2, "messages": [3]}, 4],
    "after": {"messages": [5]},
}
ACCOUNT = {"chats": {"list": [CHAT, {"name": "b", "messages": []}]}, "items": []}


def pieces(data: bytes, arrays: frozenset[bytes] = ARRAYS, size: int = 1 << 18) -> list[object]:
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    return [
        ("head", piece.depth, json.loads(piece.raw))
        if isinstance(piece, Head)
        else (piece.position, piece.fault.reason if piece.fault else json.loads(piece.raw))
        for piece in split_objects(chunks, arrays)
    ]


def elements(found: list[object]) -> list[object]:
    return [piece[1] for piece in found if isinstance(piece, tuple) and piece[0] != "head"]


def test_objects_are_found_wherever_their_lines_end() -> None:
    data = b'{\n "a": 1\n}\n\n{"b": [{}]}{"c": "}"}'
    assert pieces(data, frozenset()) == [(1, {"a": 1}), (5, {"b": [{}]}), (5, {"c": "}"})]


@pytest.mark.parametrize("indent", [None, 1])
def test_an_array_is_taken_apart_and_its_head_comes_first(indent: int | None) -> None:
    head, *rest = pieces(json.dumps(CHAT, indent=indent).encode())
    assert isinstance(head, tuple)
    assert head[:2] == ("head", 1)
    assert head[2]["name"] == CHAT["name"]
    assert head[2]["messages"] == []
    assert elements(rest)[:3] == CHAT["messages"]


def test_chats_of_an_account_each_have_a_head_of_their_own() -> None:
    found = pieces(json.dumps(ACCOUNT).encode())
    heads = [
        piece[2]["name"]
        for piece in found
        if isinstance(piece, tuple) and piece[0] == "head" and "name" in piece[2]
    ]
    assert heads == [CHAT["name"], "b"]


def test_lines_are_counted_through_arrays() -> None:
    data = json.dumps({"messages": [{"a": 1}, {"b": 2}]}, indent=1).encode() + b'\n{"c": 3}'
    assert [piece[0] for piece in pieces(data) if isinstance(piece, tuple)] == ["head", 3, 6, 11]


@given(size=st.integers(1, 40), indent=st.none() | st.integers(0, 2))
def test_where_chunks_end_makes_no_difference(size: int, indent: int | None) -> None:
    data = b"\xef\xbb\xbf" + json.dumps([CHAT, ACCOUNT][size % 2], indent=indent).encode() * 2
    assert pieces(data, size=size) == pieces(data)


@given(st.binary(), st.booleans())
def test_no_bytes_raise(data: bytes, has_arrays: bool) -> None:
    data = data.replace(b"x", b'{"items": [').replace(b"y", b"}")
    arrays = ARRAYS if has_arrays else frozenset[bytes]()
    for piece in split_objects([data[:3], data[3:]], arrays):
        assert isinstance(piece, Head | Frame)


def test_what_is_no_object_or_is_cut_is_a_fault() -> None:
    assert elements(pieces(b'rubbish {"a": 1} more')) == ["not-json", {"a": 1}, "not-json"]
    assert elements(pieces(b'{"a": {"b": 1}')) == ["truncated-line"]
    assert elements(pieces(b'{"items": [{"b": 1}, {"c"')) == [{"b": 1}, "truncated-line"]
    damaged: list[Chunk] = [b'{"items": [{"b": 1}, ', Damage("damaged-archive", "wanted more")]
    *_, last = split_objects(damaged, ARRAYS)
    assert isinstance(last, Frame)
    assert last.fault
    assert last.fault.reason == "damaged-archive"


def test_an_object_over_the_limit_is_a_fault_and_the_next_one_is_found() -> None:
    data = [b'{"a": "' + b"x" * 90, b"x" * 90 + b'"}\n{"b": 1}\n']
    first, *_, last = split_objects(data, limit_bytes=64)
    assert isinstance(first, Frame)
    assert first.fault
    assert first.fault.reason == "line-too-long"
    assert isinstance(last, Frame)
    assert last.raw == b'{"b": 1}'


def test_a_long_array_is_read_in_little_memory() -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"name": "a", "messages": ['
        for number in range(40_000):
            yield b'{"id": %d, "text": "%s"},' % (number, b"x" * 900)
        yield b"{}]}"

    tracemalloc.start()
    try:
        assert sum(1 for _ in split_objects(chunks(), ARRAYS)) == 40_002
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
