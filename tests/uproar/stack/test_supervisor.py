"""What is killed starts again; what is broken stops all and says why. Real, tiny processes."""

import os
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.uproar.stack.processes import StartChild, eventually, is_alive, is_running
from uproar.stack.children import Child, DurableServer
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


def test_a_stage_that_could_not_start_for_a_passing_trouble_is_started_again(
    child: StartChild, supervise: Supervise, tmp_path: Path
) -> None:
    starts = tmp_path / "starts"
    stage = child(
        "sh", "-c", f"echo x >> {starts}; [ $(wc -l < {starts}) = 1 ] && exit {os.EX_TEMPFAIL}; "
        "exec sleep 600",
    )  # fmt: skip
    supervisor = supervise([], [stage])
    assert eventually(lambda: is_running(stage, "sleep"))
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


class Tables(DurableServer):
    """Stands for a server that keeps its data."""

    def __init__(self, folder: Path, script: str) -> None:
        super().__init__("the tables", ["sh", "-c", script], folder / "tables.log")
        self.is_healthy = lambda: "ready" in self.last_words()
        self.passing_trouble = ("data are locked",)


COUNTED = "echo x >> starts; n=$(wc -l < starts); "
"""Begins a script that knows which start it is."""


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Callable[[str], Tables]]:
    made: list[Tables] = []

    def make(script: str) -> Tables:
        made.append(Tables(tmp_path, f"cd {tmp_path}; {script}"))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.mark.parametrize("end", ["kill -9 $$", "exit 0"])
def test_a_server_whose_data_outlive_it_is_started_again_when_it_was_killed_or_told_to_stop(
    tables: Callable[[str], Tables], supervise: Supervise, tmp_path: Path, end: str
) -> None:
    server = tables(f"{COUNTED} [ $n = 1 ] && {end}; echo ready; exec sleep 600")
    supervisor = supervise([server], [])
    assert eventually(server.is_healthy)
    assert (tmp_path / "starts").read_text().count("x") == 2
    assert supervisor.failure is None


def test_a_started_server_whose_data_are_locked_for_a_moment_is_started_once_more(
    tables: Callable[[str], Tables], supervise: Supervise, tmp_path: Path
) -> None:
    server = tables(
        f"{COUNTED} [ $n = 1 ] && kill -9 $$; [ $n -lt 12 ] && echo data are locked && exit 1; "
        "echo ready; exec sleep 600"
    )
    supervisor = supervise([server], [])
    assert eventually(server.is_healthy)
    assert (tmp_path / "starts").read_text().count("x") == 12  # more than it may be killed
    assert supervisor.failure is None


def test_a_server_whose_data_stay_locked_is_given_up(
    tables: Callable[[str], Tables], supervise: Supervise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uproar.stack.supervisor.BUSY_SECONDS", 0.3)
    server = tables(f"{COUNTED} [ $n = 1 ] && kill -9 $$; echo data are locked; exit 1")
    supervisor = supervise([server], [])
    assert eventually(lambda: supervisor.failure is not None)
    assert str(supervisor.failure) == "the tables ended with status 1: data are locked"


def test_a_server_that_was_started_again_and_does_not_answer_is_given_up(
    tables: Callable[[str], Tables], supervise: Supervise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uproar.stack.supervisor.START_SECONDS", 0.3)
    server = tables(f"{COUNTED} [ $n = 1 ] && kill -9 $$; echo dumb; exec sleep 600")
    supervisor = supervise([server], [])
    assert eventually(lambda: supervisor.failure is not None)
    assert re.search("did not answer within 0.3 s: dumb", str(supervisor.failure))


@pytest.mark.parametrize("end", ["echo broken; exit 1", "echo broken; kill -9 $$"])
def test_a_server_that_breaks_or_is_killed_again_and_again_is_given_up(
    tables: Callable[[str], Tables], supervise: Supervise, end: str
) -> None:
    server = tables(end)
    supervisor = supervise([server], [])
    assert eventually(lambda: supervisor.failure is not None)
    assert re.search("the tables ended with status .*broken", str(supervisor.failure))


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
