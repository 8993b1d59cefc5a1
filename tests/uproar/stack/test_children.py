"""Child processes: started with a log, watched, stopped. Each is a real, tiny one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.uproar.stack.processes import StartChild, eventually, is_alive, is_running
from uproar.errors import StackError
from uproar.stack.children import Child


def test_a_child_runs_until_it_is_stopped(child: StartChild) -> None:
    sleeper = child("sleep", "600")
    assert (sleeper.pid, sleeper.status()) == (None, None)
    sleeper.start()
    assert eventually(lambda: is_running(sleeper, "sleep"))
    assert sleeper.status() is None
    sleeper.stop()
    assert sleeper.status() == -signal.SIGTERM
    assert sleeper.pid is not None
    assert not is_alive(sleeper.pid)


def test_stopping_is_safe_before_the_start_and_twice(child: StartChild) -> None:
    sleeper = child("sleep", "600")
    sleeper.stop()
    sleeper.start()
    sleeper.stop()
    sleeper.stop()


def test_a_child_that_does_not_listen_is_stopped_by_force(
    child: StartChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uproar.stack.children.STOP_SECONDS", 0.2)
    deaf = child("sh", "-c", "trap '' TERM; echo ready; while true; do sleep 0.05; done")
    deaf.start()
    assert eventually(lambda: "ready" in deaf.last_words())
    deaf.stop()
    assert deaf.status() == -signal.SIGKILL


def test_a_child_has_its_environment_no_input_and_a_session_of_its_own(child: StartChild) -> None:
    teller = child("sh", "-c", 'echo "$INVENTED"; cat; echo end', env={"INVENTED": "value"})
    teller.start()
    assert teller.pid is not None
    assert os.getsid(teller.pid) != os.getsid(0)
    assert eventually(lambda: teller.status() is not None)
    assert (teller.status(), teller.last_words()) == (0, ": value / end")


def test_the_last_words_are_the_last_three_lines_of_both_outputs(child: StartChild) -> None:
    teller = child("sh", "-c", "echo one; echo two; echo three >&2; printf 'f\\377ur\\n'")
    teller.start()
    assert eventually(lambda: teller.status() is not None)
    assert teller.last_words() == ": two / three / f\N{REPLACEMENT CHARACTER}ur"


def test_a_silent_child_has_no_last_words_nor_has_one_whose_log_is_gone(
    child: StartChild, tmp_path: Path
) -> None:
    silent = child("true")
    silent.start()
    assert eventually(lambda: silent.status() is not None)
    assert silent.last_words() == ""
    (tmp_path / "0.log").unlink()
    assert silent.last_words() == ""


def test_waiting_ends_when_it_is_healthy(child: StartChild) -> None:
    teller = child("sh", "-c", "echo ready; exec sleep 600")
    teller.start()
    teller.wait_until(lambda: "ready" in teller.last_words(), 20)
    assert teller.status() is None


def test_a_child_that_ends_while_starting_is_an_error_with_its_last_words(
    child: StartChild,
) -> None:
    broken = child("sh", "-c", "echo no such thing; exit 3", name="the server")
    broken.start()
    with pytest.raises(StackError) as failure:
        broken.wait_until(lambda: False, 20)
    assert str(failure.value) == "the server ended with status 3 while starting: no such thing"
    assert "0.log" in str(failure.value.hint)


def test_a_child_that_never_gets_healthy_is_an_error_and_is_stopped(child: StartChild) -> None:
    sleeper = child("sleep", "600", name="the server")
    sleeper.start()
    with pytest.raises(StackError, match=r"the server did not answer within 0.1 s"):
        sleeper.wait_until(lambda: False, 0.1)
    assert sleeper.status() is not None


def test_a_command_that_does_not_exist_ends_with_a_word_about_it(child: StartChild) -> None:
    missing = child("no-such-command-at-all")
    missing.start()
    assert eventually(lambda: missing.status() is not None)
    assert missing.status() == 1
    assert "No such file" in missing.last_words()


OWNER = """
import sys, time
from pathlib import Path
from uproar.stack.children import Child
child = Child("a child", ["sleep", "600"], Path(sys.argv[1]))
child.start()
while Path(f"/proc/{child.pid}/comm").read_text() != "sleep\\n":
    time.sleep(0.01)
print(child.pid, flush=True)
time.sleep(600)
"""


def test_a_child_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path / "log")], stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    with owner.stdout:
        pid = int(owner.stdout.readline())
    assert is_alive(pid)
    owner.kill()
    owner.wait()
    assert eventually(lambda: not is_alive(pid))


def test_a_child_can_be_started_again(child: StartChild) -> None:
    sleeper: Child = child("sleep", "600")
    sleeper.start()
    first = sleeper.pid
    sleeper.stop()
    sleeper.start()
    assert sleeper.pid != first
    assert sleeper.status() is None
