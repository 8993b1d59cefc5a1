"""Keeps the local broker small: it holds all it was ever sent in memory, and forgets nothing.

When it has grown, it is started anew, empty, on the same port. That is safe only when nothing is
left in it to read: producers have stopped sending, the streams have read every post, and the sink
has stored every reaction and dead letter. Worker and sink are stopped meanwhile, for their offsets
would point into topics that are gone.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from uproar import metrics
from uproar.errors import StackError, UproarError
from uproar.operations.lag import PartitionLag
from uproar.stack.home import Home
from uproar.stack.turns import FullSign, producers_lock

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
IDLE_SHARE = 0.25
"""Of the memory that is too much: grown by so much, the broker is emptied when nobody sends."""
HELD_UP_SECONDS = 60.0
"""After which producers go on, when something that is not ours keeps the broker in use."""
LATER_SECONDS = 600.0


class Renewal:
    """Empties the broker of a stack in a thread of its own, when its memory says so.

    `memory` tells its bytes, `lag` what is unread in it. `halted` is a context in which worker and
    sink do not run; `start_anew` replaces the broker by an empty one with the same topics, and
    raises UproarError where that fails: `failure` then says why.
    """

    def __init__(
        self,
        home: Home,
        limit_bytes: int,
        *,
        memory: Callable[[], int],
        lag: Callable[[], list[PartitionLag]],
        halted: Callable[[], AbstractContextManager[None]],
        start_anew: Callable[[], None],
    ) -> None:
        self._limit = limit_bytes
        self._memory = memory
        self._lag = lag
        self._halted = halted
        self._start_anew = start_anew
        self._lock = producers_lock(home)
        self._sign = FullSign(home)
        self._at_start: int | None = None
        self._held_up_since: float | None = None
        self._not_before = 0.0
        self._looking = threading.Lock()
        self._closing = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="renewal")
        self.failure: StackError | None = None

    def start(self) -> None:
        """Start watching."""
        self._sign.take_down()  # a killed owner's
        self._thread.start()

    def close(self) -> None:
        """Renew no more; one that is under way is finished first."""
        self._closing.set()
        with self._looking:
            self._sign.take_down()

    def stop(self) -> None:
        """End the thread. Processes that it started are on its leash, and must have ended."""
        self.close()
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while self.failure is None and not self._closing.wait(LOOK_SECONDS):
            with self._looking:
                if self._closing.is_set():
                    break
                try:
                    self.look()
                except UproarError as error:
                    log.warning("cannot look after the broker's memory: %s", error)
        self._ending.wait()

    def look(self) -> bool:
        """Empty the broker if it is due and possible; tell whether that was done."""
        memory = self._memory()
        if self._at_start is None:
            self._at_start = memory
        grown = memory - self._at_start
        if time.monotonic() < self._not_before or grown < IDLE_SHARE * self._limit:
            return False
        if memory >= self._limit:
            self._sign.put_up()
        if not self._lock.acquire():
            self._is_held_up()
            return False
        try:
            if any(one.lag != 0 for one in self._lag()):
                return False  # what is on the way arrives; the lock is free meanwhile
            self._renew(memory)
        finally:
            self._lock.release()
        return True

    def _renew(self, memory: int) -> None:
        log.info("emptying the local broker, which holds %d MB", memory // 1_000_000)
        try:
            with self._halted():
                self._start_anew()
        except UproarError as error:
            self.failure = StackError(
                f"the local broker could not be emptied: {error}",
                hint="run the same command again: a replay goes on where it was stored",
            )
            return
        metrics.RENEWALS.inc()
        self._held_up_since = self._at_start = None
        self._sign.take_down()

    def _is_held_up(self) -> None:
        """Somebody sends. Who was asked to wait does so at once, others do not belong to us."""
        now = time.monotonic()
        if not self._sign.is_up():
            self._held_up_since = None
            return
        self._held_up_since = self._held_up_since or now
        if now - self._held_up_since > HELD_UP_SECONDS:
            self._held_up_since, self._not_before = None, now + LATER_SECONDS
            self._sign.take_down()
            log.warning(
                "the local broker holds %d MB and cannot be emptied: a worker or sink that was "
                "started by hand uses it", self._memory() // 1_000_000,
            )  # fmt: skip
