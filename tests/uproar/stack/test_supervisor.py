"""What is killed starts again; what is broken stops all and says why. Real, tiny processes."""

import os
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.uproar.stack.processes import StartChild, eventually, is_alive, is_running
from uproar.stack.children import Child
from uproar.stack.supervisor import RESTARTS_A_MINUTE, Supervisor

Supervise = Callable[[Sequence[Child], Sequence[Child]], Supervisor]


@pytest.fixture
def supervise(monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervise]:
    """Start servers, stages and a supervisor over them, which is stopped at the end."""
    monkeypatch.setattr("uproar.stack.supervisor.LOOK_SECONDS", 0.02)
    supervisors: list[Supervisor] = []

    def start(servers: Sequence[Child], stages: Sequence[Child]) -> Supervisor:
        for one in (*servers, *stages):
            one.start()
        supervisor = Supervisor(servers, stages)
        supervisors.append(supervisor)
        supervisor.start()
        return supervisor

    yield start
    for supervisor in supervisors:
        supervisor.stop()


def kill(child: Child) -> int:
    """Kill a child by its id, and return that."""
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    return child.pid


def test_a_stage_that_was_killed_is_started_again(child: StartChild, supervise: Supervise) -> None:
    stage = child("sleep", "600")
    supervisor = supervise([], [stage])
    assert eventually(lambda: is_running(stage, "sleep"))
    killed = kill(stage)
    assert eventually(lambda: stage.pid != killed and is_running(stage, "sleep"))
    assert supervisor.failure is None


def test_a_stage_that_is_killed_again_and_again_is_given_up(
    child: StartChild, supervise: Supervise, tmp_path: Path
) -> None:
    starts = tmp_path / "starts"
    stage = child("sh", "-c", f"echo x >> {starts}; kill -9 $$", name="the sink")
    supervisor = supervise([], [stage])
    assert eventually(lambda: supervisor.failure is not None)
    assert re.search("the sink ended with status -9", str(supervisor.failure))
    assert starts.read_text().count("x") == 1 + RESTARTS_A_MINUTE


@pytest.mark.parametrize("status", [0, 1])
def test_a_stage_that_ends_by_itself_is_a_failure_with_its_last_words(
    child: StartChild, supervise: Supervise, status: int
) -> None:
    stage = child("sh", "-c", f"echo cannot go on; exit {status}", name="a worker")
    supervisor = supervise([], [stage])
    assert eventually(lambda: supervisor.failure is not None)
    assert str(supervisor.failure) == f"a worker ended with status {status}: cannot go on"


@pytest.mark.parametrize("end", ["exit 0", "kill -9 $$"])
def test_a_server_that_ends_however_is_a_failure_and_is_not_started_again(
    child: StartChild, supervise: Supervise, end: str
) -> None:
    server = child("sh", "-c", f"echo out of memory; {end}", name="the Kafka broker")
    stage = child("sleep", "600")
    supervisor = supervise([server], [stage])
    assert eventually(lambda: supervisor.failure is not None)
    assert re.search(r"the Kafka broker ended with status .*out of memory", str(supervisor.failure))
    assert server.status() is not None


def test_a_stage_that_cannot_be_started_again_is_a_failure_not_silence(
    child: StartChild, supervise: Supervise, tmp_path: Path
) -> None:
    stage = Child("a worker", ["sleep", "600"], tmp_path / "logs" / "worker.log")
    (tmp_path / "logs").mkdir()
    supervisor = supervise([], [stage])
    assert eventually(lambda: is_running(stage, "sleep"))
    (tmp_path / "logs" / "worker.log").unlink()
    (tmp_path / "logs").rmdir()
    kill(stage)
    assert eventually(lambda: supervisor.failure is not None)
    assert "a worker cannot be started again" in str(supervisor.failure)


def test_a_stage_that_is_stopped_at_the_end_is_neither_started_again_nor_a_failure(
    child: StartChild, supervise: Supervise
) -> None:
    quick = child("sleep", "600")
    slow = child("sh", "-c", "trap 'sleep 0.5; exit 0' TERM; while true; do sleep 0.02; done")
    supervisor = supervise([], [quick, slow])
    assert eventually(lambda: is_running(quick, "sleep") and is_running(slow, "sh"))
    before = quick.pid
    supervisor.stop()  # for as long as the slow one takes, the quick one lies dead in its sight
    assert quick.pid == before
    assert supervisor.failure is None
    for pid in (quick.pid, slow.pid):
        assert pid is not None
        assert not is_alive(pid)


def test_a_supervisor_of_nothing_can_be_stopped_without_a_start() -> None:
    supervisor = Supervisor([], [])
    supervisor.stop()
    assert supervisor.failure is None
