"""Splitting bytes into lines, however they come."""

from hypothesis import given
from hypothesis import strategies as st

from producers.lines import split_lines
from producers.parsed import Damage
from uproar.records import PAYLOAD_LIMIT_BYTES


def chunked(data: bytes, sizes: list[int]) -> list[bytes]:
    pieces = []
    for size in sizes:
        pieces.append(data[:size])
        data = data[size:]
    return [*pieces, data]


@given(st.lists(st.binary(max_size=12)), st.lists(st.integers(0, 9)))
def test_lines_are_the_same_however_the_bytes_are_cut(lines: list[bytes], sizes: list[int]) -> None:
    data = b"\n".join(lines).removeprefix(b"\xef\xbb\xbf")
    expected = [
        (number, line)
        for number, line in enumerate(data.split(b"\n"), 1)
        if line and not line.isspace()
    ]
    found = [(line.position, line.raw) for line in split_lines(chunked(data, sizes))]
    assert found == expected


def test_a_line_over_the_limit_is_reported_with_its_size_and_the_next_line_arrives() -> None:
    long = b"x" * 50_000
    frames = list(split_lines([b"a\n", long[:20_000], long[20_000:], b"\nb\n"], limit_bytes=9_999))
    assert [(frame.position, frame.size_bytes) for frame in frames] == [(1, 1), (2, 50_000), (3, 1)]
    assert frames[1].fault is not None
    assert frames[1].fault.reason == "line-too-long"
    assert frames[1].raw == long[:PAYLOAD_LIMIT_BYTES]


def test_a_long_line_within_one_chunk_is_reported_too() -> None:
    (frame,) = split_lines([b"y" * 101], limit_bytes=100)
    assert frame.fault is not None
    assert frame.size_bytes == 101


def test_a_line_of_just_the_limit_is_a_good_line() -> None:
    (frame,) = split_lines([b"y" * 60, b"y" * 40], limit_bytes=100)
    assert frame.fault is None
    assert frame.size_bytes == 100


def test_an_endless_line_is_not_held_in_memory() -> None:
    held = split_lines((b"z" * 100_000 for _ in range(2_000)), limit_bytes=1_000)
    (frame,) = held
    assert frame.size_bytes == 200_000_000
    assert len(frame.raw) == PAYLOAD_LIMIT_BYTES


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert [line.raw for line in split_lines([b"\xef", b"\xbb\xbfa", b"\nb"])] == [b"a", b"b"]


def test_damage_comes_out_as_one_fault_that_holds_the_line_it_cut() -> None:
    frames = list(split_lines([b"a\nhalf a li", Damage("truncated-archive", "found the end")]))
    assert [frame.raw for frame in frames] == [b"a", b"half a li"]
    assert frames[0].fault is None
    assert frames[1].fault is not None
    assert frames[1].fault.reason == "truncated-archive"
    assert frames[1].position == 2
