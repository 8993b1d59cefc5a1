"""Notes of processes: there while they run, for `uproar status` and for Prometheus."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from uproar.operations.notes import ProcessNote, began_at, noted, read_notes, runs
from uproar.operations.scrape import last_error


@pytest.fixture
def note() -> ProcessNote:
    return ProcessNote(
        name="sink",
        stage="sink",
        pid=os.getpid(),
        parent_pid=os.getppid(),
        started_at=datetime.now(UTC),
        address="127.0.0.1:9465",
    )


def test_a_process_is_noted_as_long_as_it_runs(tmp_path: Path, note: ProcessNote) -> None:
    with noted(tmp_path, note):
        assert read_notes(tmp_path) == [note]
        (target,) = json.loads((tmp_path / "targets" / "sink.json").read_text())
        assert target == {
            "targets": ["127.0.0.1:9465"],
            "labels": {"process": "sink"},
        }
        assert (tmp_path / "processes" / "sink.json").stat().st_mode & 0o077 == 0
    assert read_notes(tmp_path) == []
    assert list((tmp_path / "targets").iterdir()) == []


def test_a_process_that_was_killed_and_started_again_has_a_restart(
    tmp_path: Path, note: ProcessNote
) -> None:
    killed = msgspec.structs.replace(note, pid=note.pid + 1)
    with noted(tmp_path, killed):  # as it would have left it
        with noted(tmp_path, note) as again:
            assert again.restarts == 1
        assert read_notes(tmp_path) == []  # and the note of the new one was its own to take away


def test_another_stack_begins_to_count_anew(tmp_path: Path, note: ProcessNote) -> None:
    with (
        noted(tmp_path, msgspec.structs.replace(note, parent_pid=1)),
        noted(tmp_path, note) as other,
    ):
        assert other.restarts == 0


def test_a_process_id_that_is_another_process_by_now_does_not_run(note: ProcessNote) -> None:
    assert runs(note)
    began = began_at(os.getpid())
    assert began is not None
    long_ago = datetime.fromtimestamp(began, tz=UTC) - timedelta(hours=1)
    assert not runs(msgspec.structs.replace(note, started_at=long_ago))
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert not runs(msgspec.structs.replace(note, pid=ended.pid))


def test_notes_of_producers_that_were_killed_are_swept_away(
    tmp_path: Path, note: ProcessNote
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    killed = msgspec.structs.replace(note, name=f"producer-{ended.pid}", pid=ended.pid)
    (tmp_path / "processes").mkdir()
    (tmp_path / "processes" / f"{killed.name}.json").write_bytes(msgspec.json.encode(killed))
    with noted(tmp_path, note):
        assert [one.name for one in read_notes(tmp_path)] == ["sink"]


@pytest.mark.parametrize(
    "line",
    [
        "2026-01-18T12:00:00.000Z WARNING sinks.consume: cannot write",
        '{"at":"2026-01-18T12:00:00.000Z","level":"ERROR","logger":"uproar","message":"so"}',
        "error: no stack runs",
    ],
)
def test_the_last_complaint_is_found_in_a_log_of_either_form(tmp_path: Path, line: str) -> None:
    log = tmp_path / "sink.log"
    more = "2026-01-18T12:00:01.000Z INFO sinks.consume: writing again ERROR "
    log.write_text(f"{line}\n{more}\n")
    assert last_error(log) == line
    assert last_error(tmp_path / "none.log") == ""
