"""From a file's path to its records."""

import bz2
import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from producers.columns import ColumnMap
from producers.inputs import Input, inspect, read
from producers.parsed import Draft, Parsed, Unreadable
from uproar.errors import InputError

RECORDINGS = Path(__file__).parents[1] / "recordings"
SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
POST = {"text": "Hello", "created_at": "2021-01-18T09:30:00Z"}
COLUMNS = ColumnMap({"text": "body", "created_at": "date"})


def write(folder: Path, data: bytes, name: str = "posts") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def values(source: Input) -> list[Parsed]:
    return [value for _, parsed in read(source, lambda _: None) for value in parsed]


def outcomes(source: Input) -> list[str]:
    return [
        value.reason if isinstance(value, Unreadable) else type(value).__name__
        for value in values(source)
    ]


def texts(source: Input) -> list[str | None]:
    return [value.text for value in values(source) if isinstance(value, Draft)]


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("uproar.jsonl", "uproar JSON Lines"),
        ("twitter_v1.jsonl", "Twitter v1.1"),
        ("x_v2_pages.jsonl", "X v2"),
        ("airline.csv", "US airline tweets"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, zstandard.compress])
def test_a_format_is_known_by_its_content_whatever_the_file_is_called(
    name: str, format_name: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = write(tmp_path, pack((RECORDINGS / name).read_bytes()), "misleading.xml")
    assert inspect(path, None).format == format_name
    assert values(inspect(path, None)) == values(inspect(RECORDINGS / name, None))


def test_the_airline_csv_is_read_with_quotes_and_line_feeds() -> None:
    first, second, third = values(inspect(RECORDINGS / "airline.csv", None))
    assert isinstance(first, Draft)
    assert (first.platform, first.post_id, first.author) == ("twitter", "301", "invented_ada")
    assert first.created_at == "2015-02-16 23:36:05 -0800"
    assert isinstance(second, Draft)
    assert second.text == '@larkair "soon" is not a time,\nand nobody tells us anything'
    assert second.reposts == 2
    assert isinstance(third, Draft)


def test_a_json_array_is_read_element_by_element(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf" + json.dumps([POST, POST], indent=2).encode())
    assert inspect(path, None).kind == "array"
    assert texts(inspect(path, None)) == ["Hello", "Hello"]


def test_named_columns_go_before_what_a_format_looks_like(tmp_path: Path) -> None:
    line = {**POST, "body": "Named", "date": 1610962200}
    path = write(tmp_path, json.dumps(line).encode())
    assert texts(inspect(path, COLUMNS)) == ["Named"]
    path = write(tmp_path, b"body,date,text\nNamed,1610962200,not this\n")
    assert texts(inspect(path, COLUMNS)) == ["Named"]


def test_a_csv_with_our_own_names_needs_no_columns(tmp_path: Path) -> None:
    path = write(tmp_path, b"text;created_at;likes\nHello;2021-01-18;3\n")
    (draft,) = values(inspect(path, None))
    assert isinstance(draft, Draft)
    assert (draft.text, draft.likes, draft.platform) == ("Hello", 3, "unknown")


def test_rubbish_before_the_first_good_record_does_not_hide_the_format(tmp_path: Path) -> None:
    line = json.dumps(POST).encode()
    path = write(tmp_path, b"rubbish\n" + b"\n".join([line] * 3))
    assert outcomes(inspect(path, None)) == ["not-json", "Draft", "Draft", "Draft"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n\n ", "is blank"),
        (gzip.compress(b"", mtime=0), "is blank"),
        (b"PK\x03\x04rest", "wanted a zip archive with its directory, found none"),
        (b"PAR1rest", "cannot be read as a Parquet file"),
        (b"Rar!rest", "is a rar archive"),
        (b"text\x00more", "is binary data"),
        (b"\x1f\x8b rubbish that is no gzip", "cannot be unpacked"),
        (b'{"body": "a", "date": "b"}\n', "has the keys `body`, `date`"),
        (b"body,date\na,b\n", "has the columns `body`, `date`"),
        (b'{"text": "cut', "wanted a JSON object in each record, found none"),
        (b"[1, 2, 3]", "wanted a JSON object in each record, found none"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_its_name(
    data: bytes, message: str, tmp_path: Path
) -> None:
    path = write(tmp_path, data)
    with pytest.raises(InputError) as refused:
        inspect(path, None)
    assert message in str(refused.value)
    assert str(path) in str(refused.value)


def test_an_unknown_format_is_refused_with_a_line_to_try(tmp_path: Path) -> None:
    path = write(tmp_path, b"score,body,created_utc,post_id\n1,a,2,3\n")
    with pytest.raises(InputError) as refused:
        inspect(path, None)
    assert "--columns text=body,created_at=created_utc,id=post_id" in (refused.value.hint or "")


def test_a_missing_file_and_a_directory_are_refused_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file") as refused:
        inspect(tmp_path / "nowhere.jsonl", None)
    assert refused.value.hint
    with pytest.raises(InputError, match="directory") as refused:
        inspect(tmp_path, None)
    assert refused.value.hint


def test_a_gzip_that_ends_early_keeps_what_was_read(tmp_path: Path) -> None:
    lines = [json.dumps({**POST, "id": str(n * 7919 % 10_007)}) for n in range(10_000)]
    data = gzip.compress("\n".join(lines).encode())
    found = outcomes(inspect(write(tmp_path, data[: len(data) // 2]), None))
    assert found.count("Draft") == len(found) - 1 > 1_000
    assert found[-1] == "truncated-archive"


def test_a_line_of_fifty_megabytes_is_reported_in_little_memory(tmp_path: Path) -> None:
    line = json.dumps(POST).encode()
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(line + b'\n{"text": "')
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n' + line + b"\n")
    source = inspect(path, None)
    tracemalloc.start()
    try:
        frames = [frame for frame, _ in read(source, lambda _: None)]
        assert tracemalloc.get_traced_memory()[1] < 64_000_000
    finally:
        tracemalloc.stop()
    assert [frame.position for frame in frames] == [1, 2, 3]
    assert frames[1].size_bytes == 50_000_012
    assert frames[1].fault is not None


def test_the_bytes_read_from_disk_add_up_to_the_size_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(b"\n".join([json.dumps(POST).encode()] * 1_000)))
    counted: list[int] = []
    source = inspect(path, None)
    assert len(list(read(source, counted.append))) == 1_000
    assert sum(counted) == source.size_bytes == path.stat().st_size


@pytest.mark.parametrize(
    ("pattern", "posts"),
    [
        ("airline/tweets.csv", 14_640),
        ("twitter_v1_1/twut-100-sample.jsonl", 100),
        ("twitter_v1_1/pheme/ottawashooting.rumours.json", 470),
        ("twitter_v2/twarc-csv-2sets.jsonl", 200),
        ("twitter_v2/twarc-csv-flat.jsonl", 100),
    ],
)
def test_every_post_of_a_real_archive_is_read(pattern: str, posts: int) -> None:
    path = SHARED / pattern
    if not path.exists():
        pytest.skip(f"the archive {pattern} is not here")
    assert outcomes(inspect(path, None)) == ["Draft"] * posts
