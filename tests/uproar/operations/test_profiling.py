"""A running process is watched from outside, and what may not be watched is said."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from uproar.cli import main
from uproar.errors import StackError
from uproar.operations.flame import flame_graph, speedscope
from uproar.operations.notes import ProcessNote, noted
from uproar.operations.profiling import failure, find_process, record
from uproar.operations.stacks import (
    Frame,
    at_work,
    hottest,
    markdown,
    parse_stacks,
    shares_of_packages,
)

RAW = """main (/x/site-packages/faust/app.py:3);read (/srv/streams/assess.py:5) 71
main (/x/site-packages/faust/app.py:3);read (/srv/streams/assess.py:4) 28
not a stack
main (/x/site-packages/faust/app.py:4) 1
"""
SPINNING = """
def busy():
    return sum(number * number for number in range(20_000))
print("up", flush=True)
while True:
    busy()
"""


@pytest.fixture
def spinning() -> Iterator[int]:
    """Start a child that is at work, and return its process id."""
    child = subprocess.Popen([sys.executable, "-c", SPINNING], stdout=subprocess.PIPE)
    assert child.stdout
    assert child.stdout.readline()
    try:
        yield child.pid
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def watched(pid: int) -> list[tuple[str, int]]:
    """Watch for a second; where the system forbids it even of a child, skip."""
    try:
        return [(one.frames[-1].function, one.samples) for one in record(pid, 1)]
    except StackError as error:
        if str(error).startswith("may not look"):
            pytest.skip(f"ptrace is forbidden here: {error}")
        raise


def test_a_process_that_computes_is_seen_where_it_computes(spinning: int) -> None:
    found = watched(spinning)
    assert sum(samples for _, samples in found) > 20
    assert any("genexpr" in function or function == "busy" for function, _ in found)


def test_the_command_watches_the_process_of_a_note_and_writes_a_graph(
    spinning: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched(spinning)
    monkeypatch.setenv("UPROAR_HOME", str(tmp_path))
    note = ProcessNote(
        name="worker-1", stage="streams", pid=spinning, parent_pid=os.getpid(),
        started_at=datetime.now(UTC),
    )  # fmt: skip
    graph = tmp_path / "worker.svg"
    with noted(tmp_path, note):
        words = ["profile", "worker", "--seconds", "1", "--out", str(graph), "--markdown"]
        result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert "| | share | line | in |" in result.output
    assert graph.read_text("utf-8").startswith("<svg")


def test_where_nothing_runs_the_error_says_what_does(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="no sink of") as caught:
        find_process(tmp_path, "sink")
    assert "uproar up" in str(caught.value.hint)
    note = ProcessNote(
        name="worker-1", stage="streams", pid=os.getpid(), parent_pid=os.getppid(),
        started_at=datetime.fromtimestamp(time.time(), UTC),
    )  # fmt: skip
    with noted(tmp_path, note):
        assert find_process(tmp_path, "worker").name == "worker-1"
        assert find_process(tmp_path, "worker-1").name == "worker-1"
        with pytest.raises(StackError) as caught:
            find_process(tmp_path, "sink")
    assert "`worker-1`" in str(caught.value.hint)


@pytest.mark.parametrize(
    "said",
    [
        "Permission Denied: Try running again with elevated permissions",
        "Error: Failed to open\n\nCaused by:\n    0: Operation not permitted (os error 1)",
    ],
)
def test_a_process_that_may_not_be_watched_is_told_with_what_to_do(said: str) -> None:
    error = failure(os.getpid(), said)
    assert str(error).startswith("may not look into process")
    assert "SYS_PTRACE" in str(error.hint)
    assert "as root" in str(error.hint)


def test_what_py_spy_cannot_read_is_told_in_its_words() -> None:
    error = failure(os.getpid(), "Error: Failed to find a python version\n\nCaused by:")
    assert "Failed to find a python version" in str(error)


def test_an_ended_process_is_told_as_such() -> None:
    assert "ended" in str(failure(2**22 + 1, "Error: Failed to get process executable name"))


def test_the_hottest_lines_are_counted_by_where_a_stack_ends() -> None:
    lines = hottest(parse_stacks(RAW))
    assert lines[0].frame == Frame("read", "streams/assess.py", 5)
    assert [one.share for one in lines] == [0.71, 0.28, 0.01]
    assert shares_of_packages(parse_stacks(RAW)) == [("streams", 0.99), ("faust", 0.01)]
    assert "| 1 | 71.0% | `streams/assess.py:5` | `read` |" in markdown(lines)


def test_a_thread_that_waits_for_others_is_not_counted_as_work() -> None:
    waiting = (
        "run (/p/python3.11/asyncio/b.py:1);EpollSelector.select (/p/python3.11/selectors.py:468) 9"
    )
    assert [one.samples for one in at_work(parse_stacks(f"{waiting}\n{RAW}"))] == [71, 28, 1]


def test_a_flame_graph_has_a_bar_for_each_function_and_hides_no_markup() -> None:
    stacks = parse_stacks("<module> (/srv/streams/a.py:1);f<x> (/srv/streams/a.py:2) 3")
    drawn = flame_graph(stacks, "a & b")
    assert drawn.count("<rect") == 4
    assert "f&lt;x&gt;" in drawn
    assert "a &amp; b" in drawn


def test_what_is_written_for_speedscope_holds_every_sample() -> None:
    written = json.loads(speedscope(parse_stacks(RAW), "worker-1"))
    (told,) = written["profiles"]
    assert sum(told["weights"]) == told["endValue"] == 100
    frames = written["shared"]["frames"]
    assert frames[told["samples"][0][-1]] == {
        "name": "read", "file": "streams/assess.py", "line": 5
    }  # fmt: skip


def test_a_file_of_no_known_kind_is_refused_before_anything_is_watched() -> None:
    result = CliRunner().invoke(main, ["profile", "worker", "--out", "profile.png"])
    assert result.exit_code == 1
    assert ".svg" in result.output
