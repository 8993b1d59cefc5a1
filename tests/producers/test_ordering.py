"""Whether a window is enough, and where an interrupted sort goes on."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.inputs import Input, Part, inspect_all, parts
from producers.intake import Intake, Timed
from producers.order import Held, Order
from producers.ordering import Record, fits_window, order_of
from producers.plan import ReplayPlan
from uproar.pseudonym import Pseudonyms
from uproar.records import AccountDeletion, Deletion, Post

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BEGAN = 1_610_962_200


class Quillhost:
    """Finds one name."""

    def may_mention(self, text: str) -> bool:
        return "Quillhost" in text


def plan_for(path: Path, window: int = 3) -> ReplayPlan:
    names = Pseudonyms("an invented key, long enough")
    return ReplayPlan(files=(path,), run="r", names=names, window_records=window)


def write(path: Path, seconds: list[int], bad: frozenset[int] = frozenset()) -> tuple[Input, ...]:
    lines = [json.dumps({"id": "0", "text": "Quillhost", "created_at": BEGAN})] + [
        "{"
        if number in bad
        else json.dumps(
            {"id": str(number), "text": "Quillhost" * (second % 3), "created_at": BEGAN + second}
        )
        for number, second in enumerate(seconds, 1)
    ]
    path.write_text("\n".join(lines))
    return inspect_all([path], None).inputs


@pytest.mark.parametrize(
    ("seconds", "fits"),
    [([1, 2, 3, 4, 5], True), ([3, 2, 1], True), ([9, 9, 9, 9, 1], False), ([], True)],
)
def test_a_window_is_enough_where_no_record_stands_more_than_it_too_late(
    seconds: list[int], fits: bool, tmp_path: Path
) -> None:
    path = tmp_path / "posts"
    inputs = write(path, seconds)
    assert fits_window(inputs, plan_for(path), NOW, lambda _: None) is fits


def test_whoever_asks_to_stop_need_not_wait_for_the_end(tmp_path: Path) -> None:
    path = tmp_path / "posts"
    inputs = write(path, list(range(3_000)))
    counted: list[int] = []
    assert fits_window(inputs, plan_for(path), NOW, counted.append, lambda: True)


def sending(
    path: Path, inputs: tuple[Input, ...], goes_on_after: int, *, is_sorted: bool
) -> Iterator[tuple[int, str]]:
    """Yield what a replay sends and where it stands, as `producers.replay` does it."""
    plan = plan_for(path)
    intake = Intake(plan, Quillhost())
    read = 0
    with order_of(plan, is_sorted=is_sorted) as order:
        for part in parts(inputs[0], lambda _: None):
            assert isinstance(part, Part)
            for frame, values in part.records:
                for index, value in enumerate(values):
                    judged = intake.judge(frame, index, value, "posts", NOW)
                    read += 1
                    if not isinstance(judged, Timed):
                        place = order.aside(read)
                        if place > goes_on_after:
                            yield position(order, read), f"dead letter of line {frame.position}"
                        continue
                    for held in order.push(Held(judged.time, read, 0, judged.record)):
                        yield from sent(order, read, held, goes_on_after)
        for held in order.drain():
            yield from sent(order, read, held, goes_on_after)


def sent(
    order: Order[Record | None], read: int, held: Held[Record | None], goes_on_after: int
) -> Iterator[tuple[int, str]]:
    if held.ordinal > goes_on_after and isinstance(held.item, Post):
        yield position(order, read), held.item.post_id


def position(order: Order[Record | None], read: int) -> int:
    first = order.first_ordinal()
    return read if first is None else first - 1


@given(
    st.lists(st.integers(0, 40), max_size=30),
    st.frozensets(st.integers(1, 30)),
    st.integers(0, 40),
    st.booleans(),
)
@settings(deadline=None)
def test_wherever_it_is_stopped_a_sort_or_window_goes_on_without_a_loss(
    tmp_path_factory: pytest.TempPathFactory,
    seconds: list[int],
    bad: frozenset[int],
    stop_after: int,
    is_sorted: bool,
) -> None:
    path = tmp_path_factory.mktemp("a") / "posts"
    inputs = write(path, seconds, bad)
    whole = list(sending(path, inputs, 0, is_sorted=is_sorted))
    first = whole[:stop_after]
    reached = first[-1][0] if first else 0
    rest = list(sending(path, inputs, reached, is_sorted=is_sorted))
    assert {what for _, what in first} | {what for _, what in rest} == {what for _, what in whole}
    if is_sorted:  # nothing is sent twice either
        assert [what for _, what in [*first, *rest]] == [what for _, what in whole]


def test_every_kind_of_record_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    post = Post(
        run="r", platform="p", post_id="1", author="a", text="t", created_at=NOW, observed_at=NOW,
        received_at=NOW,
    )  # fmt: skip
    gone = Deletion(run="r", platform="p", post_id="1", observed_at=NOW, received_at=NOW)
    left = AccountDeletion(run="r", platform="p", author="a", observed_at=NOW, received_at=NOW)
    records: list[Record | None] = [post, gone, left, None]
    with order_of(plan_for(tmp_path), is_sorted=True, folder=tmp_path) as order:
        for place, record in enumerate(records, 1):
            assert list(order.push(Held(NOW, place, 0, record))) == []
        assert [held.item for held in order.drain()] == records
