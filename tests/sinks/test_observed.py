"""What a sink tells of a run: its slowest partition, and nothing more once it has ended."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sinks.batch import Arrival, empty_batch
from sinks.observed import MOST_RUNS, ObservedSink
from uproar.metrics import OBSERVED_BEFORE, REGISTRY
from uproar.records import Watermark

AT = datetime(2021, 1, 18, 12, 0, tzinfo=UTC)


@pytest.fixture
def sink() -> Iterator[ObservedSink]:
    yield ObservedSink({"r": "reactions", "d": "dead-letters"})
    OBSERVED_BEFORE.read_from(lambda: ())


def tell(
    sink: ObservedSink, before: datetime, *, partition: int = 0, run: str = "january",
    life: int = 0, is_last: bool = False, stream: str = "reactions",
) -> None:  # fmt: skip
    watermark = Watermark(
        run=run,
        source="replay",
        started_at=AT + timedelta(days=life),
        observed_before=before,
        position=1,
        is_last=is_last,
    )
    arrival = Arrival(topic="r", stream=stream, partition=partition, offset=0, at=AT)
    sink.arrived([watermark], [], arrival, 100)


def told(run: str = "january") -> float | None:
    return REGISTRY.get_sample_value("uproar_watermark_timestamp_seconds", {"run": run})


def test_nothing_is_told_before_it_is_stored(sink: ObservedSink) -> None:
    tell(sink, AT)
    assert told() is None
    sink.stored(empty_batch())
    assert told() == AT.timestamp()


def test_a_batch_that_is_given_up_tells_nothing(sink: ObservedSink) -> None:
    tell(sink, AT)
    sink.dropped()
    sink.stored(empty_batch())
    assert told() is None


def test_a_run_is_as_far_as_its_slowest_partition(sink: ObservedSink) -> None:
    tell(sink, AT + timedelta(hours=1), partition=0)
    tell(sink, AT, partition=1)
    sink.stored(empty_batch())
    assert told() == AT.timestamp()


def test_a_watermark_that_is_read_again_does_not_go_back_but_a_new_life_does(
    sink: ObservedSink,
) -> None:
    tell(sink, AT + timedelta(hours=1))
    tell(sink, AT)
    sink.stored(empty_batch())
    assert told() == (AT + timedelta(hours=1)).timestamp()
    tell(sink, AT, life=1)
    sink.stored(empty_batch())
    assert told() == AT.timestamp()


def test_a_run_that_has_ended_everywhere_is_told_no_longer(sink: ObservedSink) -> None:
    tell(sink, AT, partition=0)
    tell(sink, AT, partition=1)
    tell(sink, AT, partition=0, is_last=True)
    sink.stored(empty_batch())
    assert told() is not None
    tell(sink, AT, partition=1, is_last=True)
    sink.stored(empty_batch())
    assert told() is None


def test_only_so_many_runs_are_told_those_that_moved_last(sink: ObservedSink) -> None:
    for number in range(MOST_RUNS + 5):
        tell(sink, AT, run=f"run-{number}")
    sink.stored(empty_batch())
    assert told("run-4") is None
    assert told("run-5") is not None
