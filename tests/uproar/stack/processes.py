"""Looking at real processes, and waiting for them with a deadline."""

import time
from collections.abc import Callable
from pathlib import Path

from uproar.stack.children import Child

StartChild = Callable[..., Child]
"""Takes the words of a command, and by name `name` and `env`."""


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Wait for a condition up to a deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def is_running(child: Child, command: str) -> bool:
    """Tell whether a child has become its command, past its leash."""
    try:
        return Path(f"/proc/{child.pid}/comm").read_text().strip() == command
    except FileNotFoundError:
        return False
