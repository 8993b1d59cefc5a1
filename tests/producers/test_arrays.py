"""Splitting a JSON array without reading it whole."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.arrays import split_array
from producers.parsed import Damage

JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NASTY = st.text(alphabet='"\\{}[],: \n\u00e9😀', max_size=20)


def chunked(data: bytes, sizes: list[int]) -> list[bytes]:
    pieces = []
    for size in sizes:
        pieces.append(data[:size])
        data = data[size:]
    return [*pieces, data]


@given(
    st.lists(JSON_VALUES | st.dictionaries(NASTY, NASTY)),
    st.lists(st.integers(0, 7), max_size=40),
    st.sampled_from([None, 0, 2]),
    st.booleans(),
)
def test_elements_are_the_same_however_the_bytes_are_cut(
    values: list[Any], sizes: list[int], indent: int | None, is_ascii: bool
) -> None:
    data = json.dumps(values, indent=indent, ensure_ascii=is_ascii).encode()
    frames = list(split_array(chunked(data, sizes)))
    assert [frame.fault for frame in frames] == [None] * len(values)
    assert [json.loads(frame.raw) for frame in frames] == values
    assert [frame.part for frame in frames] == list(range(len(values)))


@given(st.binary(max_size=60), st.lists(st.integers(0, 5)))
def test_any_bytes_are_split_without_an_error(data: bytes, sizes: list[int]) -> None:
    assert len(list(split_array(chunked(b"[" + data, sizes)))) <= len(data) + 1


def test_an_element_knows_the_line_it_starts_in() -> None:
    frames = list(split_array([b'[\n  {"a":\n 1},\n\n  {"b": 2}\n]\n']))
    assert [frame.position for frame in frames] == [2, 5]


def test_an_element_over_the_limit_is_reported_and_the_next_arrives() -> None:
    long = json.dumps({"text": "x" * 5_000}).encode()
    frames = list(split_array([b"[", long[:100], long[100:], b', {"a": 1}]'], limit_bytes=1_000))
    assert frames[0].fault is not None
    assert frames[0].fault.reason == "line-too-long"
    assert frames[0].size_bytes == len(long)
    assert frames[1].fault is None
    assert frames[1].raw == b'{"a": 1}'


@pytest.mark.parametrize("rest", [b'{"b": "cut', b'{"b": 2', b'"\\'])
def test_a_file_that_ends_within_an_element_keeps_those_before(rest: bytes) -> None:
    frames = list(split_array([b'[{"a": 1}, ' + rest]))
    assert frames[0].raw == b'{"a": 1}'
    assert frames[1].fault is not None
    assert frames[1].fault.reason == "truncated-line"
    assert frames[1].raw == rest
    assert len(frames) == 2


def test_a_file_that_ends_behind_an_element_keeps_it() -> None:
    frames = list(split_array([b'[{"a": 1}, {"b": 2}']))
    assert [frame.raw for frame in frames] == [b'{"a": 1}', b'{"b": 2}', b""]
    assert frames[2].fault is not None


def test_damage_of_the_archive_is_reported_once() -> None:
    frames = list(split_array([b'[{"a": 1}, {"b', Damage("truncated-archive", "found the end")]))
    assert [frame.fault.reason if frame.fault else None for frame in frames] == [
        None,
        "truncated-archive",
    ]


def test_what_follows_the_array_is_reported() -> None:
    frames = list(split_array([b'[{"a": 1}]\n', b'{"b": 2}']))
    assert [frame.fault.reason if frame.fault else None for frame in frames] == [None, "not-json"]


def test_an_empty_array_has_no_elements() -> None:
    assert list(split_array([b" [ ] \n"])) == []
