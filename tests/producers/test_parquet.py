"""Tables in Parquet."""

import io
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from producers.columns import ColumnMap
from producers.inputs import Part, inspect, parts, read
from producers.parsed import Draft, Parsed, Unreadable
from tests.producers.archives import found_in, lines, tar_of, write, zip_of
from uproar.errors import InputError

TIME = datetime(2021, 1, 18, 9, 30, tzinfo=UTC)
COLUMNS = ColumnMap({"text": "body", "created_at": "date"})


def table(columns: dict[str, Any], **options: Any) -> bytes:
    packed = io.BytesIO()
    pq.write_table(pa.table(columns), packed, **options)
    return packed.getvalue()


def values(path: Path, columns: ColumnMap | None = None) -> list[Parsed]:
    return [value for _, found in read(inspect(path, columns), lambda _: None) for value in found]


def test_a_table_with_our_own_names_needs_no_columns(tmp_path: Path) -> None:
    data = table({"id": [1, 2], "text": ["a", "b"], "created_at": [TIME, TIME], "likes": [3, None]})
    first, second = values(write(tmp_path, data, "posts.parquet"))
    assert first == Draft(
        platform="unknown", text="a", created_at=TIME.timestamp(), post_id="1", likes=3
    )
    assert isinstance(second, Draft)
    assert second.likes == 0


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (pa.array([TIME], pa.timestamp("ns", "UTC")), TIME.timestamp()),
        (pa.array([TIME.replace(tzinfo=None)], pa.timestamp("s")), TIME.timestamp()),
        (pa.array([TIME], pa.timestamp("ms", "America/New_York")), TIME.timestamp()),
        (pa.array([date(2021, 1, 18)]), "2021-01-18"),
        (pa.array(["2021-01-18"]), "2021-01-18"),
        (pa.array([1610962200]), 1610962200),
        (pa.array([Decimal("1610962200.5")]), "1610962200.5"),
        (pa.array(["2021-01-18"]).dictionary_encode(), "2021-01-18"),
        (pa.array([None], pa.timestamp("us")), None),
    ],
)
def test_times_of_every_type_are_understood(
    dates: Any, expected: str | float | None, tmp_path: Path
) -> None:
    (draft,) = values(write(tmp_path, table({"body": ["a"], "date": dates})), COLUMNS)
    assert isinstance(draft, Draft)
    assert draft.created_at == expected


def test_columns_within_others_are_named_with_dots(tmp_path: Path) -> None:
    rows = [{"body": "a", "user": {"name": "ada"}}, None, {"body": "b", "user": None}]
    kind = pa.struct([("body", pa.string()), ("user", pa.struct([("name", pa.string())]))])
    data = table({"post": pa.array(rows, kind), "date.at": ["2021", "2021", "2021"]})
    mapped = ColumnMap({"text": "post.body", "author": "post.user.name", "created_at": "date.at"})
    found = values(write(tmp_path, data), mapped)
    assert [(d.text, d.author) for d in found if isinstance(d, Draft)] == [
        ("a", "ada"), (None, ""), ("b", ""),
    ]  # fmt: skip
    with pytest.raises(InputError, match=r"wanted the column `post.bdoy`"):
        inspect(tmp_path / "dump", ColumnMap({"text": "post.bdoy", "created_at": "date.at"}))


def test_bytes_that_are_no_utf_8_are_a_dead_letter_of_their_row(tmp_path: Path) -> None:
    data = table({"body": pa.array([b"a", b"\xff"], pa.binary()), "date": ["2021", "2021"]})
    first, second = values(write(tmp_path, data), COLUMNS)
    assert isinstance(first, Draft)
    assert isinstance(second, Unreadable)
    assert second.reason == "not-utf8"


def test_rows_are_read_some_at_a_time_over_all_groups(tmp_path: Path) -> None:
    data = table({"body": ["x" * 9] * 5_000, "date": ["2021"] * 5_000}, row_group_size=700)
    path = write(tmp_path, data)
    frames = [frame for frame, _ in read(inspect(path, COLUMNS), lambda _: None)]
    assert [frame.position for frame in frames] == list(range(1, 5_001))
    assert frames[0].raw == b'{"body":"xxxxxxxxx","date":"2021"}'


def test_a_table_in_an_archive_is_read_beside_other_files(tmp_path: Path) -> None:
    data = table({"id": ["7"], "text": ["a"], "created_at": [TIME]})
    for pack in (tar_of, zip_of):
        path = write(tmp_path, pack({"a.parquet": data, "b": lines("1"), "c.parquet": b"PAR1x"}))
        assert found_in(path) == {
            "dump/a.parquet": ["7"], "dump/b": ["1"], "dump/c.parquet": ["damaged-archive"],
        }  # fmt: skip


def test_the_bytes_of_a_table_add_up_though_not_all_are_read(tmp_path: Path) -> None:
    data = table({"text": ["a"], "created_at": ["2021"], "picture": ["x" * 100_000]})
    counted: list[int] = []
    for part in parts(inspect(write(tmp_path, data), None), counted.append):
        assert isinstance(part, Part)
        assert len(list(part.records)) == 1
    assert sum(counted) == len(data)


def test_a_table_that_is_damaged_gives_what_it_can(tmp_path: Path) -> None:
    texts = [f"{number * 7919 % 10_007}" * 20 for number in range(20_000)]
    data = bytearray(
        table(
            {"body": texts, "date": ["2021"] * 20_000}, row_group_size=5_000, use_dictionary=False
        )
    )
    middle = len(data) // 2
    data[middle : middle + 3_000] = bytes(3_000)
    found = values(write(tmp_path, bytes(data)), COLUMNS)
    assert len(found) > 5_000
    assert isinstance(found[-1], Unreadable)
    assert found[-1].reason == "damaged-archive"


def test_a_table_of_unknown_columns_is_refused_with_a_line_to_try(tmp_path: Path) -> None:
    path = write(tmp_path, table({"body": ["a"], "date": ["b"], "user": [{"id": 1}]}))
    with pytest.raises(InputError, match=r"columns `body`, `date`, `user`, `user.id`") as refused:
        inspect(path, None)
    assert "--columns text=body,created_at=date" in (refused.value.hint or "")


def test_without_pyarrow_the_line_that_installs_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = table({"text": ["a"], "created_at": ["2021"]})
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    for packed in (data, tar_of({"a.parquet": data})):
        with pytest.raises(InputError, match="is a Parquet file") as refused:
            inspect(write(tmp_path, packed), None)
        assert refused.value.hint == "pip install 'uproar[parquet]'"
