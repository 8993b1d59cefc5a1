"""Watches the stack's processes: a stage that was killed starts again, what is broken stops all."""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence

from uproar.errors import StackError
from uproar.stack.children import Child

log = logging.getLogger(__name__)

RESTARTS_A_MINUTE = 5
LOOK_SECONDS = 0.2


class Supervisor:
    """Keeps stages running behind servers.

    A stage that was killed by a signal is started again, a few times a minute: it goes on where
    its offsets say. A stage that ended by itself is broken (its own last words say how), and so is
    everything when a server is gone: the local broker forgets its topics, so going on would lose
    records without a word. `failure` then says why, and the owner stops all.
    """

    def __init__(self, servers: Sequence[Child], stages: Sequence[Child]) -> None:
        self._servers = servers
        self._stages = stages
        self._restarts: dict[str, deque[float]] = {stage.name: deque() for stage in stages}
        self._looking = threading.Lock()
        self._is_closing = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor")
        self.failure: StackError | None = None

    def start(self) -> None:
        """Start watching."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the stages, in the order in which data flows, then stop watching.

        From the first of them on, none is started again. The thread ends last: a process that it
        started is on its leash.
        """
        with self._looking:  # what a look under way starts is stopped with the others
            self._is_closing = True
        for stage in self._stages:
            stage.ask_to_stop()
        for stage in self._stages:
            stage.stop()
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            with self._looking:
                if self.failure is None and not self._is_closing:
                    self.failure = self._look()

    def _look(self) -> StackError | None:
        for server in self._servers:
            if server.status() is not None:
                return StackError(
                    f"{server.name} ended with status {server.status()}{server.last_words()}",
                    hint="run the same command again: a replay goes on where it was stored",
                )
        for stage in self._stages:
            if (status := stage.status()) is not None and (error := self._revive(stage, status)):
                return error
        return None

    def _revive(self, stage: Child, status: int) -> StackError | None:
        recent = self._restarts[stage.name]
        while recent and recent[0] < time.monotonic() - 60:
            recent.popleft()
        if status >= 0 or len(recent) >= RESTARTS_A_MINUTE:
            return StackError(f"{stage.name} ended with status {status}{stage.last_words()}")
        log.warning("%s was killed by signal %d: starting it again", stage.name, -status)
        recent.append(time.monotonic())
        try:
            stage.start()
        except OSError as error:
            return StackError(f"{stage.name} cannot be started again: {error}")
        return None
