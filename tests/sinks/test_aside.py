"""Something slow beside something that must not wait."""

import threading

import pytest

from sinks import aside
from sinks.aside import run_aside


def test_a_quick_call_needs_no_company() -> None:
    done: list[str] = []
    assert run_aside(lambda: done.append("call"), lambda: pytest.fail("too early"))
    assert done == ["call"]


def test_what_a_call_raises_is_raised_where_it_was_asked_for() -> None:
    def broken() -> None:
        raise EOFError("broke off")

    with pytest.raises(EOFError, match="broke off"):
        run_aside(broken, lambda: True)


def test_meanwhile_is_done_again_and_again_until_the_call_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(aside, "PATIENCE_SECONDS", 0.0)
    ended = threading.Event()
    rounds: list[int] = []

    def meanwhile() -> bool:
        rounds.append(1)
        if len(rounds) == 3:
            ended.set()
        return True

    assert run_aside(lambda: assert_soon(ended), meanwhile)
    assert len(rounds) >= 3


def test_a_call_may_be_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "PATIENCE_SECONDS", 0.0)
    ended = threading.Event()
    assert not run_aside(lambda: assert_soon(ended), lambda: False)
    ended.set()


def assert_soon(event: threading.Event) -> None:
    assert event.wait(20)
