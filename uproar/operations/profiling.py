"""Watch a running process with py-spy: which one, and what it says when it may not look.

Guarantee: the process goes on; it is held for less than a millisecond a hundred times a second.
"""

import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

from uproar.errors import StackError
from uproar.metrics import Stage
from uproar.operations.notes import ProcessNote, read_notes, runs
from uproar.operations.stacks import Stack, parse_stacks

SAMPLES_A_SECOND = 100
PATIENCE_SECONDS = 30
"""That py-spy may take longer than it was told to watch: it reads the process's symbols first."""
STAGES: dict[str, Stage] = {
    "worker": "streams", "sink": "sink", "producer": "producer", "watcher": "watch",
    "page": "page",
}  # fmt: skip
_DENIED = ("Permission denied", "Permission Denied", "Operation not permitted", "os error 1)")
_RIGHTS = (
    "looking into another process needs the right to trace it: run the command as root with the "
    "same `UPROAR_HOME`, give a container the capability SYS_PTRACE, or set "
    "`sysctl kernel.yama.ptrace_scope=0` on a machine of your own"
)


def find_process(home: Path, wanted: str) -> ProcessNote:
    """Return the running process of a stage, or of that name; the first where there are several.

    Raises StackError where there is none, with those there are.
    """
    alive = [note for note in read_notes(home) if runs(note)]
    stage = STAGES.get(wanted)
    for note in alive:
        if note.name == wanted or note.stage == stage:
            return note
    names = ", ".join(f"`{note.name}`" for note in alive)
    raise StackError(
        f"no {wanted} of `{home}` runs on this machine",
        hint=f"there are {names}" if names else "`uproar up` or `uproar demo` starts the stack",
    )


def record(pid: int, seconds: float) -> list[Stack]:
    """Return where the working threads of a process stood. Raises StackError where it cannot."""
    program = py_spy()
    with tempfile.TemporaryDirectory(prefix="uproar-profile-") as folder:
        raw = Path(folder) / "stacks.txt"
        command = [
            program, "record", "--pid", str(pid), "--duration", str(max(1, round(seconds))),
            "--rate", str(SAMPLES_A_SECOND), "--format", "raw", "--full-filenames",
            "--output", str(raw),
        ]  # fmt: skip
        said = _run(command, pid, seconds)
        text = raw.read_text("utf-8", errors="replace") if raw.exists() else ""
    stacks = parse_stacks(text)
    if not stacks and said:
        raise failure(pid, said)
    return stacks


def _run(command: Sequence[str], pid: int, seconds: float) -> str:
    """Run py-spy to its end; return what it said where it failed, else nothing."""
    try:
        done = subprocess.run(  # noqa: S603 - our own command line, no shell
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds + PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise StackError(
            f"py-spy did not end within {seconds + PATIENCE_SECONDS:g} s",
            hint="try fewer `--seconds`, or when the machine is less busy",
        ) from error
    if done.returncode == 0:
        return ""
    return done.stderr.strip() or f"status {done.returncode} of process {pid}'s watcher"


def failure(pid: int, said: str) -> StackError:
    """Return the error for what py-spy said."""
    first = said.partition("\n\n")[0].splitlines()[0] if said else ""
    if any(words in said for words in _DENIED):
        return StackError(f"may not look into process {pid}", hint=_RIGHTS)
    if not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
        return StackError(f"process {pid} ended while it was watched")
    return StackError(
        f"py-spy cannot read process {pid}: {first.removeprefix('Error: ')}",
        hint="it reads CPython up to 3.14; in Docker and on hardened kernels it needs SYS_PTRACE",
    )


def py_spy() -> str:
    """Return where py-spy is: beside this Python, or in PATH. Raises StackError where it is not."""
    beside = Path(sysconfig.get_path("scripts")) / ("py-spy.exe" if os.name == "nt" else "py-spy")
    found = str(beside) if beside.exists() else shutil.which("py-spy")
    if not found:
        raise StackError(
            "py-spy is not installed",
            hint="`pip install 'uproar[profile]'`, or `pip install py-spy`",
        )
    return found
