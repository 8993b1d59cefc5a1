"""Run a command that dies with its parent: `python -m uproar.stack.leash PARENT_PID COMMAND…`.

On Linux the kernel sends SIGTERM when the parent is gone, even after kill -9, and the command
takes this process's place, so that nothing stands between the two. Elsewhere this process stays
as a guard and looks for its parent a few times a second.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
"""From Linux's prctl(2); it survives execve(2)."""

LOOK_SECONDS = 0.2


def main(arguments: list[str]) -> int:
    """Become the command, or guard it; returns its exit status."""
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() == parent:  # else it died before we were on the leash
            os.execvp(command[0], command)  # noqa: S606 - our own command line, no shell
        return 1
    return _guard(parent, command)


def _guard(parent: int, command: list[str]) -> int:
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))  # before there is a child
    child = subprocess.Popen(command)  # noqa: S603 - our own command line, no shell
    while child.poll() is None:
        if told or os.getppid() != parent:
            child.terminate()
        time.sleep(LOOK_SECONDS)
    if child.returncode < 0:  # end as it did: a stage that was killed is started again
        with contextlib.suppress(OSError):  # SIGKILL has no handler to put back
            signal.signal(-child.returncode, signal.SIG_DFL)
        os.kill(os.getpid(), -child.returncode)
    return child.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
