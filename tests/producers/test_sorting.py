"""The external sort, in memory and on disk, and what it tells of places."""

import random
import stat
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.order import Disorder, Held, OrderBuffer
from producers.sorting import ExternalOrder
from producers.spill import Run, Spill
from uproar.errors import InputError

BEGAN = datetime(2021, 1, 18, tzinfo=UTC)


class Memory:
    """Runs that are kept in a list."""

    def __init__(self) -> None:
        self.runs: list[list[bytes]] = []

    def write(self, blocks: Iterable[bytes]) -> int:
        self.runs.append(list(blocks))
        return len(self.runs) - 1

    def read(self, run: int) -> Iterator[bytes]:
        return iter(self.runs[run])

    def replace_all(self, blocks: Iterable[bytes]) -> int:
        self.runs = [list(blocks)]
        return 0


def held(second: float, ordinal: int, item: str = "") -> Held[str]:
    return Held(BEGAN + timedelta(seconds=second), ordinal, len(item), item or str(ordinal))


def order(runs: Any, **options: int) -> ExternalOrder[str, Any]:
    return ExternalOrder(runs, str.encode, bytes.decode, **options)


@given(
    st.lists(st.integers(0, 50), max_size=200),
    st.integers(200, 3_000),
    st.integers(2, 5),
)
@settings(deadline=None)
def test_every_record_comes_out_once_in_order_of_time_and_then_of_its_place(
    seconds: list[int], run_bytes: int, most_runs: int
) -> None:
    sorting = order(Memory(), run_bytes=run_bytes, most_runs=most_runs)
    records = [held(second, place) for place, second in enumerate(seconds, 1)]
    assert [one for record in records for one in sorting.push(record)] == []
    found = list(sorting.drain())
    expected = sorted(records)
    assert [(one.time, one.item) for one in found] == [(one.time, one.item) for one in expected]
    assert [one.ordinal for one in found] == list(range(1, len(seconds) + 1))
    assert (sorting.late, len(sorting), sorting.first_ordinal()) == (0, 0, None)


def test_microseconds_and_times_before_1970_are_kept() -> None:
    sorting = order(Memory())
    times = [datetime(1969, 7, 20, 20, 17, 40, 123_457, UTC), datetime(9999, 1, 1, tzinfo=UTC)]
    for place, time in enumerate(reversed(times), 1):
        sorting.push(Held(time, place, 0, "x"))
    assert [one.time for one in sorting.drain()] == times


def test_places_count_what_is_set_aside_first_then_the_sorted() -> None:
    sorting = order(Memory())
    assert sorting.first_ordinal() is None
    sorting.push(held(9, 1))
    assert sorting.aside(2) == 1
    assert sorting.first_ordinal() == 2
    sorting.push(held(5, 3))
    assert sorting.aside(4) == 2
    drained = sorting.drain()
    first = next(drained)
    assert (first.item, first.ordinal, sorting.first_ordinal()) == ("3", 3, 4)
    assert [(one.item, one.ordinal) for one in sorting.drain()] == [("1", 4)]  # it goes on
    assert sorting.first_ordinal() is None


def test_runs_on_disk_are_read_in_turns_and_replaced_by_their_merge(tmp_path: Path) -> None:
    shuffled = list(range(30_000))
    random.Random(3).shuffle(shuffled)
    with Spill(tmp_path / "room") as spill:
        sorting = order(spill, run_bytes=500_000, most_runs=4)
        for place, second in enumerate(shuffled, 1):
            sorting.push(held(second, place, f"a post of second {second}"))
        assert spill.size_bytes > 100_000
        assert [one.item for one in sorting.drain()] == [
            f"a post of second {second}" for second in range(30_000)
        ]


def test_memory_is_bounded_whatever_there_is_to_sort(tmp_path: Path) -> None:
    with Spill(tmp_path) as spill:
        sorting = order(spill, run_bytes=2_000_000)
        tracemalloc.start()
        try:
            for place in range(60_000):
                sorting.push(held(-place, place, "x" * 500))
            assert sum(1 for _ in sorting.drain()) == 60_000
            assert tracemalloc.get_traced_memory()[1] < 12_000_000
        finally:
            tracemalloc.stop()


def test_what_is_on_disk_has_no_name_and_its_folder_is_ours_alone(tmp_path: Path) -> None:
    folder = tmp_path / "room"
    with Spill(folder) as spill:
        run = spill.write([b"a post", b"another"])
        assert list(folder.iterdir()) == []
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert list(spill.read(run)) == [b"a post", b"another"]


def test_a_full_disk_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    class Full:
        def write(self, data: bytes) -> int:
            raise OSError(28, "No space left on device")

    with Spill(tmp_path) as spill:
        with pytest.raises(InputError, match=r"needs room in .*: No space left") as refused:
            spill._write(_as_file(Full()), [b"a"], 0)
        assert refused.value.hint
        assert spill.write([]) == Run(0, 0)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="needs room in"):
        Spill(tmp_path / "file" / "room")


@given(st.lists(st.integers(0, 30), max_size=60), st.integers(1, 8))
@settings(deadline=None)
def test_disorder_counts_what_a_window_would_send_late(seconds: list[int], window: int) -> None:
    buffer, disorder = OrderBuffer[str](window), Disorder(window)
    for place, second in enumerate(seconds, 1):
        list(buffer.push(held(second, place)))
        disorder.see(BEGAN + timedelta(seconds=second), 0)
    list(buffer.drain())
    list(disorder.rest())
    assert disorder.late == buffer.late


def _as_file(fake: Any) -> IO[bytes]:
    return fake  # type: ignore[no-any-return]
