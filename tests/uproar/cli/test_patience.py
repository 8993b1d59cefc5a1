"""A question outlasts a restart of ClickHouse, and no more than that. Nothing is connected to."""

from collections.abc import Sequence
from typing import Any

import pytest
from clickhouse_driver.errors import NetworkError, ServerException

from uproar.cli.patience import PatientClient
from uproar.errors import StackError


class Answering:
    """Answers, or breaks, as it was told beforehand."""

    def __init__(self, answers: Sequence[Any]) -> None:
        self._answers = list(answers)

    def execute(self, *_: Any) -> Any:
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uproar.cli.patience.AGAIN_SECONDS", 0.01)


def nothing() -> None:
    """All is well with the stack."""


BROKEN = [NetworkError("away"), EOFError(), ConnectionResetError(), ServerException("busy", 209)]


def test_a_question_is_asked_again_until_the_server_is_back() -> None:
    assert PatientClient(Answering([*BROKEN, [(7,)]]), nothing).execute("SELECT 7") == [(7,)]


def test_a_question_that_the_server_refuses_is_not_asked_again() -> None:
    with pytest.raises(ServerException, match="no such table"):
        PatientClient(Answering([ServerException("no such table", 60)]), nothing).execute("SELECT")


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uproar.cli.patience.PATIENCE_SECONDS", 0.05)
    with pytest.raises(EOFError):
        PatientClient(Answering([EOFError()] * 50), nothing).execute("SELECT")


def test_nobody_waits_for_a_stack_that_is_gone() -> None:
    def gone() -> None:
        raise StackError("the stack ended")

    with pytest.raises(StackError, match="the stack ended"):
        PatientClient(Answering([EOFError()]), gone).execute("SELECT")
