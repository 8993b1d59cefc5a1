"""When a batch is written and settled: at once what is live, in larger pieces what is replayed."""

import pytest

from sinks.pace import (
    GATHER_SECONDS,
    QUIET_SETTLE_SECONDS,
    SETTLE_REPLAY_SECONDS,
    SETTLE_SECONDS,
    Pace,
    is_settling_due,
)

PACE = Pace(flush_seconds=0.25, batch_records=1000, batch_bytes=5000)


def test_what_is_live_is_written_after_the_flush_interval_however_much_arrives() -> None:
    assert not PACE.is_due(0.2, is_live=True, is_quiet=False)
    assert PACE.is_due(0.25, is_live=True, is_quiet=False)


def test_a_replay_gathers_while_more_arrives_and_no_longer() -> None:
    assert not PACE.is_due(0.9, is_live=False, is_quiet=False)
    assert PACE.is_due(GATHER_SECONDS, is_live=False, is_quiet=False)
    assert PACE.is_due(0.25, is_live=False, is_quiet=True)


def test_a_longer_flush_interval_than_that_of_gathering_is_kept() -> None:
    slow = Pace(flush_seconds=5, batch_records=1000)
    assert not slow.is_due(GATHER_SECONDS, is_live=False, is_quiet=False)
    assert slow.is_due(5, is_live=False, is_quiet=False)


def test_a_batch_is_full_by_its_records_or_by_their_bytes() -> None:
    assert PACE.is_full(1000, 0)
    assert PACE.is_full(1, 5000)
    assert not PACE.is_full(999, 4999)


@pytest.mark.parametrize("is_live", [True, False])
def test_settling_is_soonest_when_nothing_more_arrives(is_live: bool) -> None:
    assert is_settling_due(QUIET_SETTLE_SECONDS, is_live=is_live, is_quiet=True)
    assert not is_settling_due(QUIET_SETTLE_SECONDS, is_live=is_live, is_quiet=False)


def test_a_replay_under_way_is_settled_less_often_than_what_is_live() -> None:
    assert is_settling_due(SETTLE_SECONDS, is_live=True, is_quiet=False)
    assert not is_settling_due(SETTLE_SECONDS, is_live=False, is_quiet=False)
    assert is_settling_due(SETTLE_REPLAY_SECONDS, is_live=False, is_quiet=False)
