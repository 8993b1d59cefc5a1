"""When the local broker is emptied: when it is full, or unused; never with unread messages."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from uproar.errors import StackError
from uproar.operations.lag import PartitionLag
from uproar.stack import renewal as module
from uproar.stack.home import Home
from uproar.stack.renewal import Renewal
from uproar.stack.turns import FullSign, SendingTurn

LIMIT = 1000


class Broker:
    """The figures of a broker, and what was done to it."""

    def __init__(self) -> None:
        self.memory = 100
        self.unread: int | None = 0
        self.done: list[str] = []
        self.breaks = False

    def lag(self) -> list[PartitionLag]:
        end = None if self.unread is None else self.unread
        return [PartitionLag(stage="sink", stream="reactions", partition=0, end=end, committed=0)]

    @contextmanager
    def halted(self) -> Iterator[None]:
        self.done.append("halt")
        yield
        self.done.append("go on")

    def start_anew(self) -> None:
        if self.breaks:
            raise StackError("its port is taken")
        self.memory = 100
        self.done.append("start")


RENEWED = ["halt", "start", "go on"]


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def folder(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def renewal(broker: Broker, folder: Home) -> Renewal:
    made = Renewal(
        folder,
        LIMIT,
        memory=lambda: broker.memory,
        lag=broker.lag,
        halted=broker.halted,
        start_anew=broker.start_anew,
    )
    made.look()
    return made


def test_a_small_broker_is_left_alone(renewal: Renewal, broker: Broker) -> None:
    broker.memory = 300
    assert not renewal.look()
    assert broker.done == []


def test_a_broker_that_nobody_uses_is_emptied_before_it_is_full(
    renewal: Renewal, broker: Broker, folder: Home
) -> None:
    broker.memory = 400
    assert renewal.look()
    assert broker.done == RENEWED
    assert not FullSign(folder).is_up()


@pytest.mark.parametrize("unread", [1, None])
def test_a_broker_with_unread_or_unknown_messages_is_not_emptied(
    renewal: Renewal, broker: Broker, folder: Home, unread: int | None
) -> None:
    broker.memory, broker.unread = 2000, unread
    assert not renewal.look()
    assert FullSign(folder).is_up()
    broker.unread = 0
    assert renewal.look()
    assert not FullSign(folder).is_up()


def test_a_growing_broker_is_left_alone_while_somebody_sends(
    renewal: Renewal, broker: Broker, folder: Home
) -> None:
    broker.memory = 400
    with SendingTurn(folder, lambda: False):
        assert not renewal.look()
        assert not FullSign(folder).is_up()
    assert renewal.look()


def test_a_producer_settles_waits_and_goes_on_when_a_full_broker_is_empty_again(
    renewal: Renewal, broker: Broker, folder: Home
) -> None:
    settled = threading.Event()
    passed = threading.Event()

    def produce() -> None:
        with SendingTurn(folder, lambda: False) as turn:
            while not settled.is_set():
                turn.before_message(settled.set)
                time.sleep(0.01)
            passed.set()

    thread = threading.Thread(target=produce)
    thread.start()
    try:
        broker.memory, broker.unread = 1000, 1
        deadline = time.monotonic() + 20
        while not settled.is_set():
            assert not renewal.look()
            assert time.monotonic() < deadline
        assert not passed.wait(0.3)
        broker.unread = 0
        while not renewal.look():
            assert time.monotonic() < deadline
        assert passed.wait(20)
        assert broker.done == RENEWED
    finally:
        settled.set()
        FullSign(folder).take_down()
        thread.join(20)


def test_a_producer_that_is_to_stop_does_not_wait_for_a_pipeline_that_stands_still(
    renewal: Renewal, broker: Broker, folder: Home
) -> None:
    broker.memory, broker.unread = 1000, 1
    renewal.look()
    began = time.monotonic()
    asked = iter([False, *[True] * 100])
    with SendingTurn(folder, lambda: next(asked)) as turn:
        turn.before_message(lambda: None)
    assert time.monotonic() - began < 5


def test_producers_go_on_when_somebody_else_keeps_the_broker_in_use(
    renewal: Renewal, broker: Broker, folder: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HELD_UP_SECONDS", 0.0)
    broker.memory = 1000
    with SendingTurn(folder, lambda: True):  # a worker that was started by hand
        assert not renewal.look()
        assert FullSign(folder).is_up()
        time.sleep(0.01)
        assert not renewal.look()
        assert not FullSign(folder).is_up()
        assert not renewal.look()
        assert not FullSign(folder).is_up()  # it is not tried again at once


def test_a_broker_that_does_not_come_back_is_a_failure_with_its_reason(
    renewal: Renewal, broker: Broker
) -> None:
    broker.memory, broker.breaks = 2000, True
    renewal.look()
    assert "its port is taken" in str(renewal.failure)
    assert broker.done == ["halt"]  # nothing runs on in a broker that is not there
