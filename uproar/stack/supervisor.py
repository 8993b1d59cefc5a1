"""Watches the stack's processes: what was killed starts again, what is broken stops all."""

import logging
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from uproar import metrics
from uproar.errors import StackError
from uproar.stack.children import BUSY_SECONDS, START_SECONDS, Child, DurableServer
from uproar.stack.retries import Retry

log = logging.getLogger(__name__)

RESTARTS_A_MINUTE = 5
LOOK_SECONDS = 0.2


class Supervisor:
    """Keeps stages running behind servers.

    What was killed by a signal is started again, a few times a minute: a stage, which goes on
    where its offsets say, and a server whose data outlive it, for which the stages wait. So is a
    stage that ended with `EX_TEMPFAIL`: Kafka went away as it started. Whatever else ended by
    itself is broken (its own last words say how), and so is everything when another server is
    gone: the local broker forgets its topics, so going on would lose records without a word.
    `failure` then says why, and the owner stops all.
    """

    def __init__(self, servers: Sequence[Child], stages: Sequence[Child]) -> None:
        self._servers = servers
        self._stages = stages
        self._restarts: dict[str, deque[float]] = {}
        self._retries: dict[str, Retry] = {}
        self._restarted_at: dict[str, float] = {}
        """Servers that were started again and do not answer yet."""
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

    @contextmanager
    def halted(self) -> Iterator[None]:
        """Have no stage that reads topics while the block lasts; where it raises, for good.

        Nothing is watched meanwhile. To be used in a thread that ends after the stages, for those
        that it starts are on its leash. Raises StackError when everything is being stopped.
        """
        halting = [stage for stage in self._stages if stage.reads_topics]
        with self._looking:
            if self._is_closing or self.failure:
                raise StackError("the stack is being stopped")
            for stage in halting:
                stage.ask_to_stop()
            for stage in halting:
                stage.stop()
            yield
            for stage in halting:
                if error := _start(stage):
                    raise error

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            with self._looking:
                if self.failure is None and not self._is_closing:
                    self.failure = self._look()

    def _look(self) -> StackError | None:
        for server in self._servers:
            if isinstance(server, DurableServer):
                error = self._keep(server)
            else:
                error = None if server.status() is None else _gone(server)
            if error:
                return error
        for stage in self._stages:
            if (status := stage.status()) is None:
                continue
            if stage.is_vital or status < 0:
                error = self._revive(stage, status)
            else:
                error = self._try_again_later(stage, status)
            if error and stage.is_vital:
                return error
        return None

    def _try_again_later(self, stage: Child, status: int) -> StackError | None:
        """Start what ended by itself again, each time after a longer while."""
        now = time.monotonic()
        retry = self._retries.setdefault(stage.name, Retry(now))
        if not retry.is_waiting:
            wait = retry.ended(now)
            words = stage.last_words()
            log.error("%s ended (%d)%s: again in %d s", stage.name, status, words, wait)
        elif retry.is_due(now):
            retry.started(now)
            metrics.RESTARTS.labels(stage.name).inc()
            return _start(stage)
        return None

    def _keep(self, server: DurableServer) -> StackError | None:
        """Start a server again that was killed, with the patience that its data need."""
        status = server.status()
        began = self._restarted_at.get(server.name)
        if status is None:
            if began is None:
                return None
            if server.is_healthy():
                log.warning("%s answers again", server.name)
                del self._restarted_at[server.name]
            elif time.monotonic() - began > START_SECONDS:
                return StackError(
                    f"{server.name} was started again and did not answer within "
                    f"{START_SECONDS:g} s{server.last_words()}"
                )
            return None
        if began is not None and status > 0 and server.may_start_soon():
            if time.monotonic() - began > BUSY_SECONDS:
                return _gone(server)
            return _start(server)
        if status > 0:
            return _gone(server)
        # One that was asked to stop by somebody else ends with 0: its data are as good.
        error = self._revive(server, status or -signal.SIGTERM)
        self._restarted_at[server.name] = time.monotonic()
        return error

    def _revive(self, child: Child, status: int) -> StackError | None:
        recent = self._restarts.setdefault(child.name, deque())
        while recent and recent[0] < time.monotonic() - 60:
            recent.popleft()
        is_broken = status >= 0 and status != os.EX_TEMPFAIL
        if is_broken or len(recent) >= RESTARTS_A_MINUTE:
            return StackError(f"{child.name} ended with status {status}{child.last_words()}")
        how = f"was killed by signal {-status}" if status < 0 else "found no Kafka"
        log.warning("%s %s: starting it again", child.name, how)
        recent.append(time.monotonic())
        metrics.RESTARTS.labels(child.name).inc()
        return _start(child)


def _start(child: Child) -> StackError | None:
    try:
        child.start()
    except OSError as error:
        return StackError(f"{child.name} cannot be started again: {error}")
    return None


def _gone(server: Child) -> StackError:
    return StackError(
        f"{server.name} ended with status {server.status()}{server.last_words()}",
        hint="run the same command again: a replay goes on where it was stored",
    )
