"""A stack as `uproar up` runs it, in a folder of its own, and what its processes take."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benchmarks.posts import CONFIG
from benchmarks.processes import cpu_seconds, memory_bytes, servers_below
from uproar.config import Reading
from uproar.operations.notes import read_notes

START_SECONDS = 60
STAGES = {"streams": "worker", "sink": "sink", "page": "page", "watch": "watcher"}
NAMES = ("broker", "ClickHouse", "worker", "sink", "page", "watcher", "stack")


class Look(msgspec.Struct, frozen=True):
    """What a process held at some moment, and the processor time that it had used by then."""

    at: float
    """Seconds since the first look."""
    rss: int
    pss: int
    cpu_seconds: float


class Stack:
    """A running `uproar up`."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]") -> None:
        self.folder = folder
        self.home = folder / "home"
        self._process = process
        self._began = time.monotonic()

    def pids(self) -> dict[str, int]:
        """Return the processes, by what they are."""
        found = servers_below(self._process.pid) | {"stack": self._process.pid}
        for note in read_notes(self.home):
            if note.stage in STAGES:
                found[STAGES[note.stage]] = note.pid
        return {name: found[name] for name in NAMES if name in found}

    def look(self, others: Mapping[str, int] | None = None) -> dict[str, Look]:
        """Look at every process, and at others by their names."""
        at = time.monotonic() - self._began
        return {
            name: Look(at, *memory_bytes(pid), cpu_seconds([pid]))
            for name, pid in {**self.pids(), **(others or {})}.items()
        }

    @contextmanager
    def sending(self, order: bytes) -> "Iterator[subprocess.Popen[bytes]]":
        """Run a paced sender; it ends with the block."""
        (self.folder / "order.json").write_bytes(order)
        words = ["benchmarks.paced", str(self.folder / "order.json")]
        sender = _started(self.folder, "sender", words)
        try:
            yield sender
        finally:
            sender.kill()
            sender.wait()

    def sender_told(self) -> str:
        """Return what the sender has said, which ends with how many posts it has sent."""
        return (self.folder / "sender.log").read_text("utf-8")

    def check(self) -> None:
        """End the benchmark where the stack has ended."""
        if self._process.poll() is not None:
            raise SystemExit((self.folder / "up.log").read_text("utf-8")[-2_000:])


@contextmanager
def running_stack(folder: Path, reading: Reading = "full") -> Iterator[Stack]:
    """Run `uproar up` with the demo's entities, until the block ends."""
    config = f"reading: {reading}\n{CONFIG.read_text('utf-8')}"
    (folder / "uproar.yaml").write_text(config, "utf-8")
    process = _started(folder, "up", ["uproar", "up"])
    stack = Stack(folder, process)
    try:
        deadline = time.monotonic() + START_SECONDS
        while len(stack.pids()) < len(NAMES):
            stack.check()
            if time.monotonic() > deadline:
                raise SystemExit(f"the stack did not start: {sorted(stack.pids())}")
            time.sleep(0.2)
        yield stack
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(START_SECONDS)


def _started(folder: Path, name: str, module: list[str]) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "UPROAR_HOME": str(folder / "home"),
        "UPROAR_CONFIG": str(folder / "uproar.yaml"),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own command line, no shell
            [sys.executable, "-m", *module],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
