"""From a dropped file to the files of posts in it, whatever it is packed in."""

import gzip
import itertools
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.compression import BOMB_FREE_BYTES
from producers.inputs import Part, inspect, inspect_all, parts
from tests.producers.archives import (
    PACKERS,
    found_in,
    lines,
    skipped_in,
    tar_of,
    write,
    zip_of,
)
from uproar.errors import InputError

ARCHIVERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {"tar": tar_of, "zip": zip_of}


@pytest.mark.parametrize("outer", [*PACKERS, ""])
@pytest.mark.parametrize("inner", [*PACKERS, ""])
@pytest.mark.parametrize("archiver", ARCHIVERS)
def test_an_archive_of_packed_files_packed_itself_is_read_file_by_file(
    outer: str, inner: str, archiver: str, tmp_path: Path
) -> None:
    pack_inner = PACKERS.get(inner, bytes)
    data = ARCHIVERS[archiver](
        {"a/one.jsonl": pack_inner(lines("1", "2")), "a/two.jsonl": pack_inner(lines("3"))}
    )
    path = write(tmp_path, PACKERS.get(outer, bytes)(data), "misleading.txt")
    if outer and inner and archiver == "zip":
        assert found_in(path)  # two levels and the zip's own: three
    assert found_in(path) == {
        "misleading.txt/a/one.jsonl": ["1", "2"],
        "misleading.txt/a/two.jsonl": ["3"],
    }


def test_archives_in_each_other_are_read_three_levels_deep(tmp_path: Path) -> None:
    hour = gzip.compress(lines("1"))
    day = zip_of({"hour.json.gz": hour})
    path = write(tmp_path, gzip.compress(tar_of({"day.zip": day})), "month.tar.gz")
    assert found_in(path) == {"month.tar.gz/day.zip/hour.json.gz": ["1"]}
    deeper = write(tmp_path, zip_of({"month.tar.gz": path.read_bytes(), "a": lines("2")}), "y.zip")
    assert found_in(deeper) == {
        "y.zip/a": ["2"],
        "y.zip/month.tar.gz/day.zip/hour.json.gz": ["nested-too-deep"],
    }


def test_an_archive_with_nothing_but_what_is_too_deep_is_refused(tmp_path: Path) -> None:
    data = lines("1")
    for _ in range(4):
        data = gzip.compress(data)
    with pytest.raises(InputError, match="at most 3 archives in each other, found more"):
        inspect(write(tmp_path, data), None)


@pytest.mark.parametrize("archiver", ARCHIVERS)
def test_what_holds_no_posts_is_skipped_with_a_sentence(archiver: str, tmp_path: Path) -> None:
    files = {
        "README.md": b"# About these files\n",
        "__MACOSX/a/._posts": b"\0\5\26\7",
        "a/.DS_Store": b"x",
        "a/empty.jsonl": b"",
        "a/map.png": b"\x89PNG\r\n\x1a\n\0",
        "a/posts.jsonl": lines("1"),
        "weather.csv": b"station,degrees\nA,3\n",
        "settings.json": b'{"volume": 3}\n',
    }
    path = write(tmp_path, ARCHIVERS[archiver](files))
    assert found_in(path) == {"dump/a/posts.jsonl": ["1"]}
    assert skipped_in(path) == {
        "dump/README.md": "is of no known format: it has the columns `# About these files`",
        "dump/__MACOSX/a/._posts": "is hidden",
        "dump/a/.DS_Store": "is hidden",
        "dump/a/empty.jsonl": "is empty",
        "dump/a/map.png": "is an image, wanted JSON Lines, a JSON array, CSV or Parquet",
        "dump/weather.csv": "is of no known format: it has the columns `station`, `degrees`",
        "dump/settings.json": "is of no known format: it has the keys `volume`",
    }


@pytest.mark.parametrize("archiver", ARCHIVERS)
def test_an_archive_without_any_posts_is_refused_by_what_is_in_it(
    archiver: str, tmp_path: Path
) -> None:
    files = {f"{number}.csv": b"station,degrees\nA,3\n" for number in range(5)}
    with pytest.raises(InputError) as refused:
        inspect(write(tmp_path, ARCHIVERS[archiver](files)), None)
    assert "holds no file of posts: `0.csv` is of no known format" in str(refused.value)
    assert str(refused.value).endswith("; 2 more")


@pytest.mark.parametrize("archiver", ARCHIVERS)
def test_a_name_that_leads_out_of_the_archive_is_refused(archiver: str, tmp_path: Path) -> None:
    files = {"../../etc/posts": lines("1"), "/abs/posts": lines("2"), "a\\..\\b": lines("3")}
    path = write(tmp_path, ARCHIVERS[archiver](files))
    found = found_in(path)
    assert found["dump/abs/posts"] == ["2"]
    assert sorted(reason for ids in found.values() for reason in ids) == [
        "2", "unsafe-name", "unsafe-name",
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_encrypted_is_a_dead_letter_beside_those_that_are_not(
    tmp_path: Path,
) -> None:
    data = bytearray(zip_of({"a": lines("1"), "b": lines("2")}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(magic) + offset  # of the first file: `a`
        data[at] |= 1
    path = write(tmp_path, bytes(data))
    assert found_in(path) == {"dump/a": ["encrypted-archive"], "dump/b": ["2"]}


def test_a_zip_with_a_wrong_checksum_says_so_behind_what_it_gave(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a": lines("1")}))
    at = data.index(b"PK\x01\x02") + 16
    data[at : at + 4] = struct.pack("<I", 7)
    assert found_in(write(tmp_path, bytes(data))) == {"dump/a": ["1", "damaged-archive"]}


def test_a_zip_of_a_method_that_we_do_not_read_says_which(tmp_path: Path) -> None:
    data = zip_of({"a": lines("1")}, zipfile.ZIP_LZMA)
    with pytest.raises(InputError, match="deflate, bzip2, zstandard or xz, found the method 14"):
        inspect(write(tmp_path, data), None)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_zip_is_read_by_its_directory_whatever_stands_before_it(
    method: int, tmp_path: Path
) -> None:
    data = b"#!/bin/sh\nexit 0\n" + zip_of({"b": lines("2"), "a": lines("1")}, method)
    packed = zip_of({"inner.zip": data[17:]})
    assert found_in(write(tmp_path, packed)) == {
        "dump/inner.zip/a": ["1"],
        "dump/inner.zip/b": ["2"],
    }


@pytest.mark.parametrize("pack", [bytes, *PACKERS.values()])
@given(share=st.floats(0.05, 0.99))
@settings(deadline=None)
def test_wherever_a_tar_is_cut_what_came_before_is_read_and_the_cut_is_told(
    pack: Callable[[bytes], bytes], share: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = {f"{n}.jsonl": lines(*(str(n * 1000 + m) for m in range(20))) for n in range(20)}
    whole = tar_of(files)
    end = len(whole.rstrip(b"\0"))
    data = pack(whole)
    size = int((end if pack is bytes else len(data)) * share)
    path = write(tmp_path_factory.mktemp("cut"), data[:size])
    try:
        found = found_in(path)
    except InputError as error:
        assert "dump" in str(error)  # not one file could be told
        return
    ids = [id_ for each in found.values() for id_ in each]
    faults = [id_ for id_ in ids if not id_.isdigit()]
    assert [id_ for id_ in ids if id_.isdigit()] == [
        str(n * 1000 + m) for n, m in itertools.product(range(20), range(20))
    ][: len(ids) - len(faults)]
    assert faults
    assert set(faults) <= {"truncated-archive", "damaged-archive", "truncated-line", "not-json"}


def test_a_tar_whose_header_is_damaged_is_read_up_to_it(tmp_path: Path) -> None:
    data = bytearray(tar_of({"a": lines("1"), "b": lines("2")}))
    data[1024 + 148] ^= 1  # the checksum of the second header
    assert found_in(write(tmp_path, bytes(data))) == {"dump/a": ["1"], "dump": ["damaged-archive"]}


@pytest.mark.parametrize("pack", [gzip.compress, PACKERS["zst"], PACKERS["bz2"], PACKERS["xz"]])
def test_a_bomb_is_given_up_in_little_memory_with_what_came_before_it(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    # Packed twice, so that even gzip reaches the ratio.
    more = pack(b"x" * (1 << 24)) * (BOMB_FREE_BYTES // (1 << 24) + 2)
    path = write(tmp_path, gzip.compress(pack(lines("1")) + more))
    tracemalloc.start()
    try:
        assert found_in(path) == {"dump": ["1", "compression-bomb"]}
        assert tracemalloc.get_traced_memory()[1] < 64_000_000
    finally:
        tracemalloc.stop()


def test_posts_that_are_very_alike_are_no_bomb(tmp_path: Path) -> None:
    packed = PACKERS["zst"](lines("1") * 200_000)
    assert len(lines("1")) * 200_000 / len(packed) > 3_000
    assert len(found_in(write(tmp_path, packed))["dump"]) == 200_000


def test_the_bytes_read_add_up_to_the_size_whatever_the_archive(tmp_path: Path) -> None:
    files = {f"{n}.jsonl": lines(str(n)) for n in range(10)} | {"x.png": b"\x89PNG\0" * 100}
    inner = zip_of({"inner.zip": zip_of(files), "inner.tar": tar_of(files)})
    for data in (tar_of(files), zip_of(files), gzip.compress(tar_of(files)), inner):
        path = write(tmp_path, data)
        counted: list[int] = []
        for part in parts(inspect(path, None), counted.append):
            if isinstance(part, Part):
                next(part.records)  # the rest is passed over
        assert sum(counted) == len(data)


def test_nothing_of_an_archive_is_left_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.files.SPOOL_MEMORY_BYTES", 10)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = write(tmp_path, tar_of({"inner.zip": zip_of({"a": lines("1", "2")})}))
    for part in parts(inspect(path, None), lambda _: None):
        assert isinstance(part, Part)
        next(part.records)
        assert not list((tmp_path / "temporary").iterdir())


def test_an_endless_line_in_an_archive_is_one_dead_letter(tmp_path: Path) -> None:
    data = lines("1") + b'{"text": "' + b"x" * 40_000_000 + b'"}\n' + lines("2")
    path = write(tmp_path, gzip.compress(tar_of({"a": data, "b": lines("3")})))
    assert found_in(path) == {"dump/a": ["1", "line-too-long", "2"], "dump/b": ["3"]}


def test_an_archive_whose_first_file_is_one_endless_line_is_looked_at_in_little_memory(
    tmp_path: Path,
) -> None:
    data = b'{"text": "' + b"x" * 200_000_000
    path = write(tmp_path, gzip.compress(tar_of({"a": data, "b": lines("3")}), 1))
    del data
    tracemalloc.start()
    try:
        assert found_in(path) == {"dump/b": ["3"]}
        assert tracemalloc.get_traced_memory()[1] < 120_000_000
    finally:
        tracemalloc.stop()


def test_a_folder_is_read_by_name_and_what_is_hidden_is_counted(tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    (folder / "b" / "c").mkdir(parents=True)
    (folder / ".git").mkdir()
    write(folder, lines("3"), "z.jsonl")
    write(folder, gzip.compress(lines("1")), "a.jsonl.gz")
    write(folder / "b" / "c", tar_of({"x": lines("2")}), "day.tar")
    write(folder, b"a note", "README")
    write(folder / ".git", lines("4"), "posts")
    found = inspect_all([folder], None)
    assert [one.name for one in found.inputs] == [
        "dump/a.jsonl.gz", "dump/b/c/day.tar", "dump/z.jsonl",
    ]  # fmt: skip
    assert [(one.name, one.why.split(":")[0]) for one in found.skipped] == [
        ("dump/.git", "is hidden"),
        ("dump/README", "is of no known format"),
    ]


def test_a_folder_without_posts_is_refused_but_a_named_file_says_what_is_wrong_with_it(
    tmp_path: Path,
) -> None:
    readme = write(tmp_path, b"a note", "README")
    with pytest.raises(InputError, match=r"holds no file of posts: `.*README` is of no known"):
        inspect_all([tmp_path], None)
    posts = write(tmp_path, lines("1"), "posts")
    with pytest.raises(InputError, match="README` is of no known format"):
        inspect_all([posts, readme], None)
