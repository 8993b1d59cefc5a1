"""Zip archives by their directory, and what a broken one still gives."""

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from producers import zips
from producers.compression import Budget
from producers.parsed import Damage
from producers.zips import ZipEntry, zip_entries
from tests.producers.archives import zip_of

FILES = {"b/two": b"2" * 3_000, "a": b"1", "empty": b"", "folder/": b""}


def contents(data: bytes) -> dict[str, list[bytes | str]]:
    """Return the content of each file in order, with the reason where it has a damage."""
    found: dict[str, list[bytes | str]] = {}
    for entry in zip_entries(io.BytesIO(data), Budget(), 1):
        if isinstance(entry, Damage):
            found[""] = [entry.reason]
            continue
        chunks = list(entry.chunks)
        whole = b"".join(chunk for chunk in chunks if isinstance(chunk, bytes))
        reasons = [chunk.reason for chunk in chunks if isinstance(chunk, Damage)]
        found[entry.name] = [whole, *reasons]
    return found


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_files_come_out_sorted_by_name_and_folders_do_not(method: int) -> None:
    found = contents(zip_of(FILES, method))
    assert found == {"a": [b"1"], "b/two": [b"2" * 3_000], "empty": [b""]}
    assert list(found) == ["a", "b/two", "empty"]


def test_an_archive_without_its_end_is_told_to_be_cut() -> None:
    data = zip_of(FILES)
    for size in (10, len(data) // 2, len(data) - 1):
        assert contents(data[:size]) == {"": ["truncated-archive"]}


def test_an_archive_of_more_files_than_memory_should_hold_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(zips, "ENTRIES_LIMIT", 50)
    many = zip_of({str(number): b"x" for number in range(51)})
    (damage,) = zip_entries(io.BytesIO(many), Budget(), 1)
    assert isinstance(damage, Damage)
    assert "at most 50 files in a zip archive, found 51: unpack it" in damage.detail


def test_a_file_that_unpacks_to_very_much_does_so_in_little_memory() -> None:
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        data = zip_of({"a": b"x" * 100_000_000}, method)
        tracemalloc.start()
        try:
            (entry,) = zip_entries(io.BytesIO(data), Budget(), 1)
            assert isinstance(entry, ZipEntry)
            assert sum(len(c) for c in entry.chunks if isinstance(c, bytes)) == 100_000_000
            assert tracemalloc.get_traced_memory()[1] < 20_000_000
        finally:
            tracemalloc.stop()


def test_files_that_share_their_bytes_give_no_more_than_the_file_on_disk_allows() -> None:
    data = zip_of({"a": b"x" * 10_000_000})
    budget = Budget(ratio=100, free_bytes=1_000_000)
    budget.taken = len(data)
    found = [entry for _ in range(3) for entry in zip_entries(io.BytesIO(data), budget, 1)]
    for entry in found:
        assert isinstance(entry, ZipEntry)
        *_, last = entry.chunks
        assert isinstance(last, Damage)
        assert last.reason == "compression-bomb"


WHOLE = zip_of(FILES)


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8))
@example(WHOLE.index(b"PK\x05\x06") + 16, b"\xff\xff\xff\xff")
@example(WHOLE.index(b"PK\x05\x06") + 12, b"\xff\xff\x00\x00")
@settings(deadline=None)
def test_changed_bytes_give_files_or_a_damage_and_never_an_exception(
    at: int, change: bytes
) -> None:
    found = contents(WHOLE[:at] + change + WHOLE[at + len(change) :])
    for name, (data, *reasons) in found.items():
        assert reasons or not name or FILES.get(name, data) == data


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_rubbish_is_a_damage(rubbish: bytes) -> None:
    assert list(contents(b"PK\x03\x04" + rubbish)) == [""]
