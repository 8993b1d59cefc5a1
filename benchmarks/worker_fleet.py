"""Processes of ours beside servers of their own: `uproar up` without stages, workers, a sink.

The broker is the local one or a node of Apache Kafka. Everything lies in one folder, listens on
loopback alone, and ends with the context.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec

from deploy.kafka.node import KafkaNode
from uproar.endpoints import Endpoints
from uproar.errors import UproarError
from uproar.operations.lag import read_lag
from uproar.operations.notes import read_notes
from uproar.operations.waits import WAITS
from uproar.settings import Settings
from uproar.stack.local import attach
from uproar.svg import Point
from uproar.topics import Topics, topics

Broker = Literal["local", "kafka"]
START_SECONDS = 60.0
STOP_SECONDS = 20.0
CONFIG = """entities:
  - {id: epik, name: Epik}
  - {id: parler, name: Parler}
"""
FIRST_AT = 1_610_928_000
TEXTS = (
    "The domain registrar Epik should be shut down now, call them and tell them so",
    "People want Parler and Gab to leave their hosting at Epik, what a great day",
    "It was awful, never again: Epik took my domain and nobody answers the phone",
    "Write to the board of Epik, and boycott whoever does business with Parler",
)


class Fleet:
    """The servers of one folder, the processes started beside them, and how far they are behind."""

    def __init__(self, folder: Path, settings: dict[str, str], endpoints: Endpoints) -> None:
        self.folder = folder
        self.endpoints = endpoints
        self.topics: Topics = topics()
        self._settings = settings
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start a command of Uproar, with its output in a log."""
        number = len(self._processes)
        self._processes.append(
            _command(self.folder, self._settings, f"{words[0]}-{number}", *words)
        )
        return self._processes[-1]

    def end(self) -> None:
        """Stop what was started; returns when it is gone."""
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def lag(self) -> dict[int, int]:
        """Return how many messages of each partition of posts no worker has acknowledged yet."""
        found = read_lag(self.endpoints.kafka, self.topics)
        return {one.partition: one.lag or 0 for one in found if one.stage == "streams"}


class LagRecord:
    """Looks once and again how far each partition is behind, in a thread, from `start` on."""

    def __init__(self, fleet: Fleet, seconds: float = 0.5) -> None:
        self.lines: dict[int, list[Point]] = {}
        self.began = time.monotonic()
        self._fleet, self._seconds = fleet, seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="lag")

    def __enter__(self) -> "LagRecord":
        self.began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def now(self) -> float:
        """Return the seconds since it began."""
        return time.monotonic() - self.began

    def newest(self) -> int | None:
        """Return the lag of all partitions together at the last look; None before the first."""
        return int(sum(line[-1][1] for line in self.lines.values())) if self.lines else None

    def _look(self) -> None:
        while not self._ended.wait(self._seconds):
            with suppress(UproarError):
                lags = self._fleet.lag()
                at = self.now()
                for partition, lag in lags.items():
                    self.lines.setdefault(partition, []).append((at, lag))


@contextmanager
def fleet(folder: Path, broker: Broker, partitions: int) -> Iterator[Fleet]:
    """Lend servers with topics of so many partitions and with empty tables, and no stages yet."""
    folder.mkdir(parents=True)
    (folder / "uproar.yaml").write_text(CONFIG, "utf-8")
    settings = {
        "UPROAR_HOME": str(folder / "home"),
        "UPROAR_WORKERS": "0",
        "UPROAR_KAFKA_PARTITIONS": str(partitions),
    }
    node = KafkaNode(folder / "node") if broker == "kafka" else None
    try:
        if node:
            node.start()
            settings["UPROAR_KAFKA_BROKERS"] = node.address
        with _servers(folder, settings) as endpoints:
            found = Fleet(folder, settings, endpoints)
            try:
                yield found
            finally:
                found.end()
    finally:
        if node:
            node.stop()


@contextmanager
def _servers(folder: Path, settings: dict[str, str]) -> Iterator[Endpoints]:
    running = _command(folder, settings, "up", "up")
    try:
        deadline = time.monotonic() + START_SECONDS
        while len(read_notes(folder / "home")) < 2:  # itself and the page: all else is there
            if running.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the servers did not start:\n{_tail(folder / 'up.log')}")
            time.sleep(0.1)
        given = {name.removeprefix("UPROAR_"): value for name, value in settings.items()}
        found = attach(
            Settings(
                home=Path(given["HOME"]),
                kafka_brokers=given.get("KAFKA_BROKERS", ""),
            )
        )
        WAITS.end("kafka")
        yield found
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(60)


def _command(
    folder: Path, settings: dict[str, str], name: str, *words: str
) -> "subprocess.Popen[bytes]":
    others = {key: value for key, value in os.environ.items() if not key.startswith("UPROAR_")}
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own command line, no shell
            [sys.executable, "-m", "uproar", "--config", str(folder / "uproar.yaml"), *words],
            env=others | settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _tail(log: Path) -> str:
    return log.read_text("utf-8", errors="replace")[-1_000:]


def write_posts(path: Path, count: int, a_second: float) -> None:
    """Write posts, so many for each second of their time, all of them about an entity."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            line = {
                "platform": "mastodon",
                "id": str(number),
                "author": f"author-{number % 2_000}",
                "text": f"{TEXTS[number % len(TEXTS)]} ({number})",
                "created_at": round(FIRST_AT + number / a_second, 3),
            }
            file.write(json.dumps(line) + "\n")


class Shared(msgspec.Struct, frozen=True):
    """How evenly partitions were behind: the most by which one left the mean of all, as a share.

    Taken over the looks at which there was a lag of at least `at_least` messages a partition.
    """

    worst: float
    typical: float


def shared(lines: Sequence[Sequence[Point]], at_least: float = 5.0) -> Shared | None:
    """Return how evenly the lag lay; None where there never was one worth speaking of.

    >>> shared([[(0, 10), (1, 6)], [(0, 30), (1, 2)]])
    Shared(worst=0.5, typical=0.5)
    """
    shares = []
    for points in zip(*lines, strict=False):
        lags = [lag for _, lag in points]
        mean = sum(lags) / len(lags)
        if mean >= at_least:
            shares.append(max(abs(lag - mean) for lag in lags) / mean)
    if not shares:
        return None
    return Shared(max(shares), sorted(shares)[len(shares) // 2])
