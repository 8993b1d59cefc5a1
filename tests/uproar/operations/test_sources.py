"""Notes of live sources: kept while somebody will watch them, forgotten with the last of these."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from uproar.operations.sources import (
    SourceNote,
    forget_source,
    keeper,
    read_sources,
    write_source,
)

NOW = datetime(2026, 1, 18, 12, tzinfo=UTC)


def gone_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def note(name: str, **changes: int) -> SourceNote:
    one = SourceNote(
        name=name, platform="x", pid=os.getpid(), state="connected", since=NOW, told_at=NOW
    )
    return msgspec.structs.replace(one, **changes)


def test_a_note_is_there_as_long_as_its_process_or_who_starts_that_again(tmp_path: Path) -> None:
    gone = gone_pid()
    write_source(tmp_path, note("watched"))
    write_source(tmp_path, note("left", pid=gone))
    write_source(tmp_path, note("refused", pid=gone, keeper_pid=os.getpid()))
    assert sorted(one.name for one in read_sources(tmp_path)) == ["refused", "watched"]
    forget_source(tmp_path, "watched")
    forget_source(tmp_path, "never there")
    assert [one.name for one in read_sources(tmp_path)] == ["refused"]


def test_a_note_is_for_its_owner_only_and_a_torn_one_is_none(tmp_path: Path) -> None:
    write_source(tmp_path, note("watched"))
    [path] = (tmp_path / "sources").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("{")
    assert read_sources(tmp_path) == []


def test_only_a_process_of_the_stack_has_a_keeper(monkeypatch: pytest.MonkeyPatch) -> None:
    assert keeper() == 0
    monkeypatch.setenv("UPROAR_PROCESS_NAME", "source-x")
    assert keeper() == os.getppid()
