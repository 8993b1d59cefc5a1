"""Unpacking by content, and what a damaged archive still gives."""

import bz2
import gzip
import lzma
import random
import tracemalloc
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from producers.compression import unpack
from producers.parsed import Damage

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "zstandard": zstandard.ZstdCompressor().compress,
    "xz": lzma.compress,
}
PACKED = [name for name in PACKERS if name != "plain"]
# Letters without a pattern, so that the archive is long enough to be cut.
TEXT = bytes(random.Random(7).choices(b"abcdefghijklmnop \n", k=300_000))


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("piece", [1_000, 7_777, 1_000_000])
def test_the_content_comes_out_whatever_it_is_packed_with(name: str, piece: int) -> None:
    chunks = list(unpack(cut(PACKERS[name](TEXT), piece)))
    assert b"".join(chunk for chunk in chunks if isinstance(chunk, bytes)) == TEXT
    assert not any(isinstance(chunk, Damage) for chunk in chunks)


@pytest.mark.parametrize("name", PACKED)
@given(sizes=st.lists(st.integers(1, 4), max_size=40))
def test_a_magic_number_may_come_in_pieces(name: str, sizes: list[int]) -> None:
    data = PACKERS[name](b"a few words")
    pieces = []
    for size in sizes:
        pieces.append(data[:size])
        data = data[size:]
    chunks = list(unpack([*pieces, data]))
    assert b"".join(chunk for chunk in chunks if isinstance(chunk, bytes)) == b"a few words"


@pytest.mark.parametrize("name", PACKED)
def test_an_archive_of_two_members_is_read_to_the_last(name: str) -> None:
    data = PACKERS[name](b"first\n") + PACKERS[name](b"second\n")
    assert list(unpack([data])) == [b"first\n", b"second\n"]


@pytest.mark.parametrize("name", PACKED)
def test_an_archive_that_ends_early_gives_what_it_has_and_then_one_damage(name: str) -> None:
    data = PACKERS[name](TEXT)
    *chunks, last = unpack(cut(data[: len(data) * 3 // 4], 4_096))
    found = b"".join(chunk for chunk in chunks if isinstance(chunk, bytes))
    assert TEXT.startswith(found)
    assert isinstance(last, Damage)
    assert last.reason == "truncated-archive"
    if name != "bzip2":  # a block of bzip2 is read whole or not at all
        assert found


@pytest.mark.parametrize("name", PACKED)
def test_bytes_that_are_no_archive_after_a_good_member_are_a_damage(name: str) -> None:
    *chunks, last = unpack([PACKERS[name](b"good\n") + b"rubbish that is not packed at all"])
    assert chunks == [b"good\n"]
    assert isinstance(last, Damage)
    assert last.reason == "damaged-archive"


def zstandard_frame(window_log: int, data: bytes) -> bytes:
    """Return a frame that asks for a window, with a raw block in it (RFC 8878)."""
    block = (len(data) << 3 | 1).to_bytes(3, "little") + data
    return b"\x28\xb5\x2f\xfd" + bytes([0, (window_log - 10) << 3]) + block


def test_the_long_window_of_the_dumps_of_reddit_is_read_and_a_longer_one_is_not() -> None:
    assert list(unpack([zstandard_frame(31, b"a post")])) == [b"a post"]
    (damage,) = unpack([zstandard_frame(32, b"a post")])
    assert isinstance(damage, Damage)
    assert damage.reason == "damaged-archive"


def test_what_the_layer_around_it_lost_is_passed_on() -> None:
    data = gzip.compress(TEXT)
    lost = Damage("damaged-archive", "of the outer layer")
    *_, last = unpack([data[:1_000], lost])
    assert last == lost
    assert list(unpack([lost])) == [lost]


def test_zero_padding_behind_a_gzip_is_no_damage() -> None:
    assert list(unpack([gzip.compress(b"a") + bytes(512)])) == [b"a"]


@pytest.mark.parametrize("name", PACKED)
def test_an_archive_of_one_letter_is_unpacked_in_bounded_memory(name: str) -> None:
    data = PACKERS[name](b"x" * 100_000_000)
    tracemalloc.start()
    try:
        assert sum(len(c) for c in unpack(cut(data, 65_536)) if isinstance(c, bytes)) == 10**8
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
