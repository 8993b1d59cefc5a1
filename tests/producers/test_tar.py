"""Tar archives as streams, of every dialect."""

import io
import tarfile
import tracemalloc
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.parsed import Damage
from producers.tar import TarEntry, is_tar, tar_entries
from tests.producers.archives import tar_of

DIALECTS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def contents(data: bytes, piece: int = 10_000) -> dict[str, bytes]:
    return {
        entry.name: b"".join(chunk for chunk in entry.chunks if isinstance(chunk, bytes))
        for entry in tar_entries(iter(cut(data, piece)))
        if isinstance(entry, TarEntry)
    }


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("piece", [1, 511, 512, 100_000])
def test_files_come_out_whole_however_the_stream_is_cut(dialect: int, piece: int) -> None:
    files = {"a": b"", "b/c": b"x" * 511, "d": b"y" * 512, "e": b"z" * 1_025}
    data = tar_of(files, dialect)
    assert is_tar(data[:512])
    assert contents(data, piece) == files


@pytest.mark.parametrize("dialect", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@given(
    names=st.lists(
        st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1)
        .map(lambda name: name * 40)
        .filter(lambda name: len(name.encode()) < 4_000),
        max_size=4,
        unique=True,
    )
)
@settings(deadline=None)
def test_long_names_in_any_letters_are_kept(dialect: int, names: list[str]) -> None:
    files = {name: name.encode() for name in names}
    assert contents(tar_of(files, dialect)) == files


def test_a_file_that_nobody_reads_is_passed_over() -> None:
    data = tar_of({"a": b"x" * 5_000, "b": b"y" * 5_000})
    found = [entry for entry in tar_entries(iter([data])) if isinstance(entry, TarEntry)]
    assert [(entry.name, entry.size_bytes) for entry in found] == [("a", 5_000), ("b", 5_000)]


def test_links_devices_and_folders_are_no_files() -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, kind in (
            ("folder", tarfile.DIRTYPE),
            ("hard", tarfile.LNKTYPE),
            ("soft", tarfile.SYMTYPE),
            ("pipe", tarfile.FIFOTYPE),
        ):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "elsewhere"
            archive.addfile(entry)
    found = list(tar_entries(iter([packed.getvalue()])))
    assert [(one.name, one.is_other) for one in found if isinstance(one, TarEntry)] == [
        ("hard", "a link"), ("soft", "a link"), ("pipe", "a pipe"),
    ]  # fmt: skip


def test_archives_that_are_appended_to_each_other_are_read_to_the_last() -> None:
    assert contents(tar_of({"a": b"1"}) + tar_of({"b": b"2"})) == {"a": b"1", "b": b"2"}


def test_an_archive_without_its_end_mark_says_so() -> None:
    data = tar_of({"a": b"1"})[:1024]
    *_, last = tar_entries(iter([data]))
    assert isinstance(last, Damage)
    assert "end mark" in last.detail


def test_a_name_without_end_is_refused_in_little_memory() -> None:
    entry = tarfile.TarInfo("././@LongLink")
    entry.type, entry.size = tarfile.GNUTYPE_LONGNAME, 1 << 40
    header = entry.tobuf(tarfile.GNU_FORMAT)
    stream = chain([header], (b"x" * 100_000 for _ in range(10_000)))
    tracemalloc.start()
    try:
        found = list(tar_entries(stream))
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    assert [type(one) for one in found] == [Damage]


@given(st.binary(max_size=3_000), st.integers(0, 5_000), st.binary(min_size=1, max_size=40))
@settings(deadline=None)
def test_any_bytes_give_entries_or_a_damage_and_never_an_exception(
    rubbish: bytes, at: int, change: bytes
) -> None:
    data = tar_of({"a": b"1" * 700, "b" * 200: b"2"})
    for broken in (rubbish, data[:at] + change + data[at + len(change) :]):
        for entry in tar_entries(iter(cut(broken, 1_000))):
            if isinstance(entry, TarEntry):
                assert sum(len(c) for c in entry.chunks if isinstance(c, bytes)) <= len(broken)
