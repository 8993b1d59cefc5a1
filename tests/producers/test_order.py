"""Restoring order within a window."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from producers.order import Held, OrderBuffer

BEGAN = datetime(2021, 1, 18, tzinfo=UTC)


def released(seconds: list[int], window: int, max_bytes: float = 1e9) -> tuple[list[int], int]:
    """Return the places of the records in the order in which they come out, and the late ones."""
    buffer = OrderBuffer[None](window, max_bytes)
    out: list[int] = []
    for ordinal, second in enumerate(seconds, 1):
        held = Held(BEGAN + timedelta(seconds=second), ordinal, 10, None)
        out += [one.ordinal for one in buffer.push(held)]
    out += [one.ordinal for one in buffer.drain()]
    return out, buffer.late


@given(st.lists(st.integers(0, 50)), st.integers(1, 20))
def test_every_record_comes_out_once(seconds: list[int], window: int) -> None:
    out, _ = released(seconds, window)
    assert sorted(out) == list(range(1, len(seconds) + 1))


@given(st.lists(st.integers(0, 50), max_size=200), st.integers(0, 20), st.data())
def test_records_displaced_by_less_than_the_window_come_out_in_order_and_stable(
    seconds: list[int], window: int, data: st.DataObject
) -> None:
    seconds.sort()
    displaced = sorted(
        range(len(seconds)), key=lambda place: place + data.draw(st.integers(0, window))
    )
    arriving = [seconds[place] for place in displaced]
    out, late = released(arriving, window)
    assert out == [place + 1 for place in sorted(range(len(arriving)), key=arriving.__getitem__)]
    assert late == 0


@given(st.lists(st.integers(0, 50)), st.integers(1, 5))
def test_late_records_are_just_those_that_go_back_in_time(seconds: list[int], window: int) -> None:
    out, late = released(seconds, window)
    times = [seconds[ordinal - 1] for ordinal in out]
    assert late == sum(time < max(times[:place]) for place, time in enumerate(times) if place)


def test_a_record_that_is_too_late_is_sent_all_the_same() -> None:
    assert released([10, 11, 12, 13, 1, 14], window=2) == ([1, 2, 5, 3, 4, 6], 1)


def test_heavy_records_are_held_in_smaller_number() -> None:
    buffer = OrderBuffer[None](100, max_bytes=25)
    pushed = [list(buffer.push(Held(BEGAN, n, 10, None))) for n in (1, 2, 3)]
    assert [len(out) for out in pushed] == [0, 0, 1]


@given(st.lists(st.integers(0, 50), min_size=1), st.integers(1, 20))
def test_the_first_place_that_is_held_is_known(seconds: list[int], window: int) -> None:
    buffer = OrderBuffer[None](window)
    held = set()
    for ordinal, second in enumerate(seconds, 1):
        held.add(ordinal)
        entry = Held(BEGAN + timedelta(seconds=second), ordinal, 10, None)
        held -= {one.ordinal for one in buffer.push(entry)}
        assert buffer.first_ordinal() == min(held, default=None)
