"""The ways from posts to rows that are compared, and the commands that run each. Pure."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

Program = Literal["uproar", "loop", "quix", "bytewax", "naive"]
RIVALS_PYTHON = Path(__file__).parents[1] / ".venv-bench" / "bin" / "python"
"""Where Quix Streams and Bytewax are (`benchmarks/rivals/environment.sh`)."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """A way: what reads the posts, in how many processes, and what stands before and behind it.

    Packs come from `uproar replay`, and then page and watcher run beside, as `uproar up` has them;
    single posts from a sender of JSON. Rows are written by Uproar's sink, or by a naive one.
    """

    title: str
    program: Program
    workers: int = 1
    is_single: bool = False
    is_tutorial: bool = False
    naive_rows: int = 0
    """Rows that a naive sink inserts at once; 0: Uproar's sink writes."""

    @property
    def is_slow(self) -> bool:
        """Whether it is given fewer posts, so that it ends."""
        return self.program == "naive"


WAYS: dict[str, Way] = {
    "uproar": Way(title="Uproar", program="uproar"),
    "uproar-2": Way(title="Uproar, 2 workers", program="uproar", workers=2),
    "loop": Way(title="plain confluent-kafka loop", program="loop"),
    "loop-2": Way(title="plain loop, 2 processes", program="loop", workers=2),
    "quix": Way(title="Quix Streams", program="quix"),
    "quix-2": Way(title="Quix Streams, 2 processes", program="quix", workers=2),
    "bytewax": Way(title="Bytewax", program="bytewax"),
    "bytewax-2": Way(title="Bytewax, 2 processes", program="bytewax", workers=2),
    "loop-single": Way(title="plain loop, a post a message", program="loop", is_single=True),
    "quix-single": Way(title="Quix Streams, a post a message", program="quix", is_single=True),
    "bytewax-single": Way(title="Bytewax, a post a message", program="bytewax", is_single=True),
    "naive": Way(title="naive", program="naive", is_single=True, is_tutorial=True, naive_rows=1),
    "naive-batches": Way(
        title="naive, 500 rows an insert",
        program="naive",
        is_single=True,
        is_tutorial=True,
        naive_rows=500,
    ),
    "naive-reading": Way(
        title="naive, but Uproar's reading", program="naive", is_single=True, naive_rows=1
    ),
}


def worker_commands(way: Way, task: Path, config: Path, ports: Sequence[int]) -> list[list[str]]:
    """Return the commands of the processes that read; `ports` are free ones, one for each."""
    match way.program:
        case "uproar":
            command = [sys.executable, "-m", "uproar", "--config", str(config), "worker"]
        case "naive":
            command = [sys.executable, "-m", "benchmarks.rivals.naive_worker", str(task)]
        case "bytewax":
            return [
                [
                    *(str(RIVALS_PYTHON), "-m", "bytewax.run"),
                    f"benchmarks.rivals.bytewax_flow:flow('{task}')",
                    *_cluster(number, ports[: way.workers]),
                ]
                for number in range(way.workers)
            ]
        case _:
            command = [str(RIVALS_PYTHON), "-m", f"benchmarks.rivals.{way.program}", str(task)]
    return [command] * way.workers


def _cluster(number: int, ports: Sequence[int]) -> list[str]:
    if len(ports) < 2:
        return []
    return ["-i", str(number), "-a", ";".join(f"127.0.0.1:{port}" for port in ports)]


def sink_command(way: Way, task: Path, config: Path) -> list[str]:
    """Return the command of the process that writes."""
    if way.naive_rows:
        return [sys.executable, "-m", "benchmarks.rivals.naive_sink", str(task)]
    return [sys.executable, "-m", "uproar", "--config", str(config), "sink"]
