"""The guard that holds a command where the kernel has no leash. It runs on Linux, too."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.uproar.stack.processes import is_alive

GUARD = "import os, sys; from uproar.stack import leash; "
GUARD += "sys.exit(leash._guard(int(sys.argv[1]) or os.getppid(), sys.argv[2:]))"
SLEEP = "echo $$; exec sleep 60"

StartGuard = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def guard() -> Iterator[StartGuard]:
    """Start guards of ours, which are gone at the end of the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str, parent: int = 0) -> subprocess.Popen[bytes]:
        one = subprocess.Popen(
            [sys.executable, "-c", GUARD, str(parent), *command], stdout=subprocess.PIPE
        )
        started.append(one)
        return one

    yield start
    for one in started:
        one.kill()
        one.communicate()


@pytest.mark.parametrize("status", [0, 3])
def test_a_guard_ends_with_the_status_of_its_command(guard: StartGuard, status: int) -> None:
    assert guard("sh", "-c", f"exit {status}").wait(20) == status


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGABRT])
def test_a_guard_ends_by_the_signal_that_ended_its_command(
    guard: StartGuard, by: signal.Signals
) -> None:
    assert guard("sh", "-c", f"kill -{by.value} $$").wait(20) == -by


def test_a_guard_that_is_told_to_stop_stops_its_command(guard: StartGuard) -> None:
    guarding = guard("sh", "-c", SLEEP)
    assert guarding.stdout is not None
    command = int(guarding.stdout.readline())
    guarding.send_signal(signal.SIGTERM)
    assert guarding.wait(20) == -signal.SIGTERM
    assert not is_alive(command)


def test_a_guard_whose_parent_is_gone_stops_its_command(guard: StartGuard) -> None:
    guarding = guard("sleep", "60", parent=2**22 + 1)  # above any pid of Linux
    assert guarding.wait(20) == -signal.SIGTERM


def test_a_command_whose_parent_died_before_it_was_on_the_leash_is_not_started(
    tmp_path: Path,
) -> None:
    made = tmp_path / "made"
    leash = [sys.executable, "-m", "uproar.stack.leash", str(2**22 + 1), "touch", str(made)]
    assert subprocess.run(leash, check=False).returncode != 0 or sys.platform != "linux"
    assert not made.exists()
