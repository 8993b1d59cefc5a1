"""The way to the process that delivers: started when first needed, started again when it is gone.

Guarantee: `carry_out` returns, whatever a service does: after `MOST_SECONDS` at the latest. A
letter whose outcome did not come back in time may have been delivered all the same.
"""

import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import IO

import msgspec

from dashboards.delivery.orders import Letter, Order, Outcome

log = logging.getLogger(__name__)

MOST_SECONDS = 90.0
CLOSING_SECONDS = 5.0


class _Process:
    """One life of the process."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._waiting: dict[int, queue.SimpleQueue[Outcome]] = {}
        self._lock = threading.Lock()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "dashboards.delivery.apprise_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may show an address
            env={name: value for name, value in env.items() if not name.startswith("UPROAR_")},
            start_new_session=True,  # a Ctrl-C is for us: it ends with its standard input
        )
        self._reader = threading.Thread(target=self._read, name="outcomes", daemon=True)
        self._reader.start()

    @property
    def is_alive(self) -> bool:
        return self._child.poll() is None

    def ask(self, order: Order, seconds: float) -> Outcome:
        answer: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        line = msgspec.json.encode(order) + b"\n"
        try:
            with self._lock:
                self._waiting[order.number] = answer
                stdin = _pipe(self._child.stdin)
                stdin.write(line)
                stdin.flush()
        except (OSError, ValueError):
            self._waiting.pop(order.number, None)
            return Outcome(number=order.number, is_done=False, detail=_ENDED)
        try:
            return answer.get(timeout=seconds)
        except queue.Empty:
            detail = f"no answer within {seconds:.0f} s"
            return Outcome(number=order.number, is_done=False, detail=detail)
        finally:
            self._waiting.pop(order.number, None)

    def _read(self) -> None:
        for line in _pipe(self._child.stdout):
            outcome = msgspec.json.decode(line, type=Outcome)
            if answer := self._waiting.get(outcome.number):
                answer.put(outcome)
        for number, answer in list(self._waiting.items()):
            answer.put(Outcome(number=number, is_done=False, detail=_ENDED))

    def close(self) -> None:
        with self._lock:
            _pipe(self._child.stdin).close()
        try:
            self._child.wait(CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._reader.join(CLOSING_SECONDS)
        _pipe(self._child.stdout).close()


_ENDED = "the process that delivers ended by itself"


class Outbox:
    """Carries out orders from any thread."""

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        self._env = dict(os.environ if env is None else env)
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._number = 0

    def carry_out(
        self,
        url: str,
        letter: Letter | None,
        *,
        local: bool = False,
        seconds: float = MOST_SECONDS,
    ) -> Outcome:
        """Send a letter, or look at an address where there is none; return what came of it."""
        with self._lock:
            if self._process is None or not self._process.is_alive:
                if self._process is not None:
                    log.warning("the process that delivers ended by itself, and is started again")
                    self._process.close()
                self._process = _Process(self._env)
            process = self._process
            self._number += 1
            order = Order(number=self._number, url=url, local=local, letter=letter)
        return process.ask(order, seconds)

    def close(self) -> None:
        """End the process; what it is at is given a few seconds."""
        with self._lock:
            if self._process is not None:
                self._process.close()
                self._process = None


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("this process has no such pipe")
    return pipe
