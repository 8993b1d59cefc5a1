"""Child processes on a leash: started with a log, watched, stopped by their own id."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from uproar.errors import StackError

START_SECONDS = 30
"""After which a server that does not answer never will."""
BUSY_SECONDS = 10
"""How long a start is tried again whose trouble may pass."""
STOP_SECONDS = 12
"""ClickHouse takes up to 6 s when clients are still connected."""


class Child:
    """One process of the stack, in a session of its own so that Ctrl-C reaches its parent only."""

    def __init__(
        self, name: str, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self._command = command
        self._log = log
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None
        self.reads_topics = True
        """Whether it must not run while the local broker is emptied."""
        self.is_vital = True
        """Whether everything ends with it; what is not is started again after a while."""

    @property
    def pid(self) -> int | None:
        """The process's id; None before it was started."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it. Its output goes to the log, which starts anew; what it writes is its user's.

        Whatever the umask: what a process of the stack makes, nobody else can read.
        """
        with _private_log(self._log) as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
                [sys.executable, "-m", "uproar.stack.leash", str(os.getpid()), *self._command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._env,
                umask=0o077,
                start_new_session=True,
            )

    def status(self) -> int | None:
        """Return None while it runs, else its exit status (negative: killed by that signal)."""
        return self._process.poll() if self._process else None

    def wait_until(self, healthy: Callable[[], bool], seconds: float) -> None:
        """Wait until it is healthy. Raises StackError with its last words when it is not."""
        deadline = time.monotonic() + seconds
        while not healthy():
            if self.status() is not None:
                raise StackError(
                    f"{self.name} ended with status {self.status()} while starting"
                    f"{self.last_words()}",
                    hint=f"its log is `{self._log}`",
                )
            if time.monotonic() > deadline:
                self.stop()
                raise StackError(
                    f"{self.name} did not answer within {seconds:g} s of its start"
                    f"{self.last_words()}",
                    hint=f"its log is `{self._log}`",
                )
            time.sleep(0.05)

    def last_words(self) -> str:
        """Return the end of its log, for an error's message."""
        return log_end(self._log)

    def ask_to_stop(self) -> None:
        """Send SIGTERM, if it runs."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Stop it, by force if it does not listen; returns when it is gone."""
        self.ask_to_stop()
        if self._process:
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class DurableServer(Child):
    """A server whose data outlive it: killed, it may start again on them, on the same ports.

    `is_healthy` tells whether it answers; whoever starts it says how that is asked.
    `passing_trouble` are the words with which a start may fail and succeed a moment later.
    """

    is_healthy: Callable[[], bool] = staticmethod(lambda: False)
    passing_trouble: tuple[str, ...] = ()

    def may_start_soon(self) -> bool:
        """Tell whether what it said last is a trouble that goes by itself."""
        return any(words in self.last_words() for words in self.passing_trouble)


def _private_log(path: Path) -> IO[bytes]:
    """Open a log anew, for its owner only, also one that was there for others to read."""
    log = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    os.fchmod(log.fileno(), 0o600)
    return log


def log_end(log: Path, lines: int = 3) -> str:
    """Return the last lines of a log with `: ` before them; nothing where there are none."""
    try:
        text = log.read_text("utf-8", errors="replace")
        last = [line for line in text.splitlines() if line.strip()][-lines:]
    except OSError:
        return ""  # somebody removed the log: what it belongs to is still worth telling
    return ": " + " / ".join(line.strip()[:300] for line in last) if last else ""
