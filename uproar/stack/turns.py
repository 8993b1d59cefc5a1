"""Who may send into the local broker, and when it must be left alone to be emptied.

home/
├── producers.lock   held shared by whoever sends; by the stack alone while it empties the broker
└── broker.full      there as long as producers are asked to wait
"""

import logging
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from uproar.operations.waits import WAITS
from uproar.stack.home import FolderLock, Home

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
_PAUSE_SECONDS = 0.05


def producers_lock(home: Home) -> FolderLock:
    """Return the lock, not taken yet."""
    return FolderLock(home.folder / "producers.lock")


class FullSign:
    """The sign that the broker is full; whoever sends looks for it."""

    def __init__(self, home: Home) -> None:
        self._path = home.folder / "broker.full"

    def put_up(self) -> None:
        """Ask producers to wait."""
        self._path.touch(mode=0o600)

    def take_down(self) -> None:
        """Let them go on."""
        self._path.unlink(missing_ok=True)

    def is_up(self) -> bool:
        """Tell whether producers are to wait."""
        return self._path.exists()


class SendingTurn:
    """A producer's turn at the local broker, as a context.

    Guarantee: within it, the broker is not emptied between two calls of `before_message`, and
    whatever was sent before such a call is stored when the broker is.
    """

    def __init__(self, home: Home, should_stop: Callable[[], bool]) -> None:
        """Waiting for the pipeline ends early when `should_stop` says so."""
        self._lock = producers_lock(home)
        self._sign = FullSign(home)
        self._should_stop = should_stop
        self._due = 0.0

    def __enter__(self) -> Self:
        self._take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()

    def before_message(self, settle: Callable[[], None]) -> None:
        """Wait here where the broker is full; `settle` waits until all sent is acknowledged."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + LOOK_SECONDS
        if not self._sign.is_up() or self._should_stop():
            return
        settle()
        self._lock.release()
        log.warning("the local broker is full: waiting until what was sent is stored")
        with WAITS.during("pipeline", "the local broker is full; what was sent is being stored"):
            while self._sign.is_up() and not self._should_stop():
                time.sleep(_PAUSE_SECONDS)
            self._take()

    def _take(self) -> None:
        while not self._lock.acquire(shared=True):
            time.sleep(_PAUSE_SECONDS)
