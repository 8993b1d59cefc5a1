"""The real product as processes of their own: `uproar up`, `uproar replay`, added workers."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.uproar.stack.processes import eventually, is_alive
from uproar.settings import Settings
from uproar.stack.home import Home

CONFIG: Final = Path(__file__).with_name("uproar.yaml")
WORKERS: Final = 2
UP_SECONDS: Final = 120
GONE_SECONDS: Final = 60

WORDS: Final[Mapping[str, bytes]] = {
    "worker": b"worker",
    "sink": b"sink",
    "page": b"page",
    "clickhouse": b"uproar.stack.clickhouse_server",
    "broker": b"--advertised-listener-url",
}
"""A word in the command of each process that `uproar up` starts."""


class Failed(Exception):
    """The product did what it must not do, whatever was killed."""


class Product:
    """One stack in a folder, one run replayed into it. `kafka` names brokers of another's."""

    def __init__(self, folder: Path, recording: Path, run: str, pace: str, kafka: str = "") -> None:
        self.settings = Settings(home=folder / "home", kafka_brokers=kafka)
        self._logs = folder / "home" / "logs"
        self._folder = folder
        self._replay_command = ["replay", str(recording), "--run", run, "--speed", pace]
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("UPROAR_")},
            "UPROAR_HOME": str(self.settings.home),
            "UPROAR_WORKERS": str(WORKERS),
            "UPROAR_PAGE_PORT": str(_free_port()),
            "UPROAR_SENTIMENT": "vader",
            **({"UPROAR_KAFKA_BROKERS": kafka} if kafka else {}),
        }
        self.up: subprocess.Popen[bytes] | None = None
        self.replay: subprocess.Popen[bytes] | None = None
        self.added: list[subprocess.Popen[bytes]] = []
        self._removed: list[subprocess.Popen[bytes]] = []
        self._started = 0

    def start_up(self) -> None:
        """Start `uproar up` and return when its stages run."""
        self.up = self._start("up")
        home = Home(self.settings.home)
        self._wait(
            lambda: (
                (note := home.note()) is not None
                and note.owner_pid == self.up_pid()
                and bool(note.config)
            ),
            UP_SECONDS,
            "`uproar up` did not come up",
        )

    def start_replay(self) -> None:
        """Start the replay: the same command each time."""
        self.replay = self._start(*self._replay_command)

    def add_worker(self) -> None:
        """Start one more worker beside those of the stack."""
        self.added.append(self._start("worker"))

    def remove_worker(self, which: int, with_signal: signal.Signals) -> None:
        """End one of the added workers by a signal; whoever comes next does not wait for it."""
        worker = self.added.pop(which % len(self.added))
        worker.send_signal(with_signal)
        self._removed.append(worker)

    def up_pid(self) -> int:
        """Return the id of the command that runs the stack."""
        assert self.up is not None
        return self.up.pid

    def children(self, victim: str) -> list[int]:
        """Return the ids of the processes of the stack that are of a kind, and have become so."""
        found = []
        for task in Path(f"/proc/{self.up_pid()}/task").glob("*/children"):
            with suppress(OSError):
                for child in task.read_text().split():
                    with suppress(OSError):
                        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                        if WORDS[victim] in words and b"uproar.stack.leash" not in words:
                            found.append(int(child))
        return sorted(found)

    def everything(self) -> list[int]:
        """Return the ids of all processes that `uproar up` has started."""
        return [pid for victim in WORDS for pid in self.children(victim)]

    def wait_until_down(self, left: Sequence[int]) -> None:
        """Wait until `uproar up` is gone, as it must be without its broker, and all it started."""
        assert self.up is not None
        try:
            self.up.wait(GONE_SECONDS)
        except subprocess.TimeoutExpired as late:
            raise Failed(f"`uproar up` goes on without its broker{self.last_words()}") from late
        if not eventually(lambda: not any(map(is_alive, left)), GONE_SECONDS):
            alive = [pid for pid in left if is_alive(pid)]
            for pid in alive:
                os.kill(pid, signal.SIGKILL)
            raise Failed(f"{alive} outlive the command that started them{self.last_words()}")

    def end_replay(self) -> None:
        """See that the replay ends without its stack.

        One that was just starting may find no stack and run one of its own instead, as it does for
        who has none: that one is killed, and with it all that it started.
        """
        assert self.replay is not None
        home, replay = Home(self.settings.home), self.replay

        def has_taken_over() -> bool:
            note = home.note()
            return note is not None and note.owner_pid == replay.pid

        if not eventually(lambda: replay.poll() is not None or has_taken_over(), GONE_SECONDS):
            raise Failed(f"`uproar replay` goes on without a stack{self.last_words()}")
        replay.kill()
        replay.wait()

    def last_words(self) -> str:
        """Return the ends of all logs, for the message of a failure."""
        logs = sorted([*self._folder.glob("*.log"), *self._logs.glob("*.log")])
        ends = []
        for path in logs:
            lines = path.read_text("utf-8", "replace").strip().splitlines()[-6:]
            ends.append(f"\n--- {path.name}\n" + "\n".join(line[:400] for line in lines))
        return "".join(ends)

    def stop(self) -> None:
        """End everything that was started here."""
        for one in (self.replay, *self.added, *self._removed, self.up):
            if one is not None and one.poll() is None:
                with suppress(ProcessLookupError):
                    one.send_signal(signal.SIGCONT)
                one.terminate() if one is not self.up else one.send_signal(signal.SIGINT)
                try:
                    one.wait(GONE_SECONDS)
                except subprocess.TimeoutExpired:
                    one.kill()
                    one.wait()

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        self._started += 1
        with (self._folder / f"{self._started:03}-{words[0]}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "uproar", "--config", str(CONFIG), *words],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait(self, condition: Callable[[], bool], seconds: float, failure: str) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.up is not None
            if self.up.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"{failure}{self.last_words()}")
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
