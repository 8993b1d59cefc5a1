"""Where the processes of this machine say that they run, and where to ask them.

home/
├── processes/<name>.json   for `uproar status`: process id, address, how often it was started again
└── targets/<name>.json     for Prometheus: `file_sd_configs` with `targets/*.json`
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import msgspec

from uproar.metrics import Stage
from uproar.stack.home import is_alive, write_private


class ProcessNote(msgspec.Struct, frozen=True, kw_only=True):
    """One process. `address` is empty where its metrics could not be served.

    `restarts` counts how often the same parent has started it again.
    """

    name: str
    stage: Stage
    pid: int
    parent_pid: int
    started_at: datetime
    address: str = ""
    restarts: int = 0


@contextmanager
def noted(home: Path, note: ProcessNote) -> Iterator[ProcessNote]:
    """Keep the notes of a process for as long as the block lasts.

    A process that was killed leaves its own behind: whoever reads it looks for the process.
    """
    folders = [home / "processes", home / "targets"]
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(home)
    process, target = (folder / f"{note.name}.json" for folder in folders)
    before = _read(process)
    if before is not None and before.parent_pid == note.parent_pid:
        note = msgspec.structs.replace(note, restarts=before.restarts + 1)
    write_private(process, msgspec.json.encode(note), replace=True)
    if note.address:
        # The metrics tell their stage themselves; a label of the target would only repeat it.
        group = [{"targets": [note.address], "labels": {"process": note.name}}]
        write_private(target, msgspec.json.encode(group), replace=True)
    try:
        yield note
    finally:
        now = _read(process)
        if now is not None and now.pid == note.pid:
            for path in (process, target):
                path.unlink(missing_ok=True)


def read_notes(home: Path) -> list[ProcessNote]:
    """Return the notes in a folder, in the order of names, those of dead processes included."""
    notes = (_read(path) for path in sorted((home / "processes").glob("*.json")))
    return [note for note in notes if note is not None]


def runs(note: ProcessNote) -> bool:
    """Tell whether the process of a note is there still: its id may be another's by now."""
    if not is_alive(note.pid):
        return False
    began = began_at(note.pid)
    return began is None or began <= note.started_at.timestamp() + 1


def began_at(pid: int) -> float | None:
    """Return when a process began, in seconds since 1970; None where the system does not tell."""
    try:
        ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return time.time() - uptime + ticks / os.sysconf("SC_CLK_TCK")


def _sweep(home: Path) -> None:
    """Remove notes of processes that were killed and that nobody starts again by that name."""
    for note in read_notes(home):
        if note.name.endswith(f"-{note.pid}") and not runs(note):
            for folder in ("processes", "targets"):
                (home / folder / f"{note.name}.json").unlink(missing_ok=True)


def _read(path: Path) -> ProcessNote | None:
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(path.read_bytes(), type=ProcessNote)
    return None
