"""How much memory another process takes."""

import os
import subprocess
from pathlib import Path


def resident_bytes(pid: int | None) -> int:
    """Return what a process holds in memory; 0 where there is no such process."""
    if pid is None:
        return 0
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return _by_ps(pid)


def _by_ps(pid: int) -> int:
    """Ask as other systems than Linux want to be asked."""
    if Path("/proc/self/statm").exists():
        return 0
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return int(told.stdout.strip() or 0) * 1024
