"""Keys that a person presses while a command runs; none where there is no terminal."""

import contextlib
import os
import select
import sys
import time
from collections.abc import Callable, Iterator

NextKey = Callable[[float], str]
"""Waits so many seconds at most for a key; "" where none came."""


@contextlib.contextmanager
def keys() -> Iterator[NextKey]:
    """Lend a reader of single keys; the terminal is as it was afterwards, however this ends."""
    try:
        import termios
        import tty

        before = termios.tcgetattr(sys.stdin.fileno())
    except (ImportError, OSError, ValueError, termios.error):
        yield _wait
        return
    try:
        tty.setcbreak(sys.stdin.fileno())
        yield _next_key
    finally:
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, before)


def _next_key(seconds: float) -> str:
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    # Not through the buffer of sys.stdin, where further keys would wait unseen.
    return os.read(sys.stdin.fileno(), 1).decode("latin-1") if ready else ""


def _wait(seconds: float) -> str:
    time.sleep(seconds)
    return ""
