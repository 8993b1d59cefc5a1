"""What is meant by the names of files, folders and patterns."""

from pathlib import Path

import pytest

from producers.folders import expand
from uproar.errors import InputError


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    for name in ("2021/01/b.jsonl", "2021/01/a.jsonl", "2021/02/a.jsonl", "2021/.note", "read.me"):
        path = tmp_path / "dump" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path / "dump"


def labels(*paths: Path) -> list[str]:
    return [one.label for one in expand(paths).files]


def test_a_folder_stands_for_all_below_it_sorted_by_name(dump: Path) -> None:
    assert labels(dump / "2021") == ["2021/01/a.jsonl", "2021/01/b.jsonl", "2021/02/a.jsonl"]
    assert [one.name for one in expand([dump]).skipped] == ["dump/2021/.note"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("2021/01/*.jsonl", ["a.jsonl", "b.jsonl"]),
        ("2021/*/a.jsonl", ["01/a.jsonl", "02/a.jsonl"]),
        ("2021/0[2-9]", ["02/a.jsonl"]),
        ("**/a.*", ["2021/01/a.jsonl", "2021/02/a.jsonl"]),
        ("2021/**", ["01/a.jsonl", "01/b.jsonl", "02/a.jsonl"]),
        ("rea?.me", ["read.me"]),
    ],
)
def test_a_pattern_in_quotes_stands_for_what_fits_it(
    pattern: str, expected: list[str], dump: Path
) -> None:
    assert labels(dump / pattern) == expected


def test_a_pattern_is_taken_from_where_one_is(dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(dump)
    assert labels(Path("2021/02/*"), Path("r*")) == ["a.jsonl", "read.me"]
    assert labels(Path()) == [
        "2021/01/a.jsonl", "2021/01/b.jsonl", "2021/02/a.jsonl", "read.me",
    ]  # fmt: skip


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(dump: Path) -> None:
    (dump / "a[1].jsonl").write_text("x")
    assert labels(dump / "a[1].jsonl") == ["a[1].jsonl"]


def test_files_of_one_name_are_told_apart_by_their_folders(dump: Path) -> None:
    first, second = dump / "2021/01/a.jsonl", dump / "2021/02/a.jsonl"
    assert labels(first, second, dump / "read.me") == ["01/a.jsonl", "02/a.jsonl", "read.me"]


def test_a_file_that_is_meant_twice_is_read_once_and_counted(dump: Path) -> None:
    found = expand([dump / "2021/01/a.jsonl", dump / "2021/01"])
    assert [one.label for one in found.files] == ["a.jsonl", "01/b.jsonl"]
    assert [(one.name, one.why) for one in found.skipped] == [("01/a.jsonl", "is named twice")]


def test_a_link_to_a_folder_is_not_followed_into_a_ring(dump: Path) -> None:
    (dump / "2021/again").symlink_to(dump)
    assert len(expand([dump]).files) == 4


def test_a_pattern_or_folder_without_files_is_refused(dump: Path) -> None:
    (dump / "empty").mkdir()
    with pytest.raises(InputError, match="a folder without files"):
        expand([dump / "empty"])
    with pytest.raises(InputError, match="no file fits"):
        expand([dump / "*.parquet"])
