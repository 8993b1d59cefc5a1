"""Series in CSV files: what is read of them, and what is said of one that cannot be."""

import pytest

from uproar.errors import InputError
from uproar.series import read_series


def read(*lines: str) -> list[tuple[str, str]]:
    series = read_series("s.csv", "\n".join(lines).encode())
    return [(point.stamp, f"{point.at:%H:%M}") for point in series.points]


def test_columns_stand_in_any_order_and_others_are_ignored() -> None:
    rows = ["note,Value,timestamp", "x,3,2026-01-01T00:00:00Z", "y,4.5,2026-01-01 00:05", ""]
    series = read_series("s.csv", "\r\n".join(rows).encode("utf-8-sig"))
    assert [(one.stamp, one.value) for one in series.points] == [
        ("2026-01-01T00:00:00Z", 3.0), ("2026-01-01 00:05", 4.5),
    ]  # fmt: skip
    assert series.step_seconds == 300


def test_the_step_is_told_in_spite_of_jitter_and_gaps() -> None:
    stamps = ["00:00:00", "00:04:58", "00:10:03", "00:15:00", "03:00:00", "03:05:00"]
    rows = "\n".join(f"2026-01-01 {stamp},1" for stamp in stamps)
    assert read_series("s.csv", f"timestamp,value\n{rows}".encode()).step_seconds == 300


def test_stamps_that_repeat_or_go_back_an_hour_are_read_as_the_next_steps() -> None:
    stamps = ["01:00", "01:30", "02:00", "02:30", "02:00", "02:30", "03:00", "05:00"]
    found = read("timestamp,value", *(f"2026-10-25 {stamp},1" for stamp in stamps))
    assert [time for _, time in found] == [
        "01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00", "05:00",
    ]  # fmt: skip
    assert [stamp[11:] for stamp, _ in found] == stamps


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "line 1: wanted the column `timestamp` and `value`, found nothing"),
        ("timestamp,count\n", "line 1: wanted the column `value`, found `timestamp`, `count`"),
        ("timestamp,value\nyesterday,1\n", "line 2: wanted a timestamp, found `yesterday`"),
        ("timestamp,value\n2026-01-01,\n", "line 2: wanted a count, found ``"),
        ("timestamp,value\n2026-01-01,-3\n", "line 2: wanted a count of 0 or more, found `-3`"),
        ("timestamp,value\n2026-01-01,nan\n", "line 2: wanted a count of 0 or more, found `nan`"),
        ("timestamp,value\n2026-01-01\n", "line 2: wanted 2 columns, found `2026-01-01`"),
        ("timestamp,value\n2026-01-01,1\n", "wanted at least two rows at different times"),
        (
            "timestamp,value\n2026-01-02,1\n2026-01-03,1\n2026-01-01,1\n",
            "wanted rows in order of time, found `2026-01-01` after `2026-01-03`",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(content: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_series("s.csv", content.encode())
    assert said in str(caught.value)
    assert str(caught.value).startswith("s.csv")
    assert caught.value.hint


def test_what_is_no_text_is_told() -> None:
    with pytest.raises(InputError, match="wanted text in UTF-8"):
        read_series("s.csv", b"timestamp,value\n\xff\xfe")
