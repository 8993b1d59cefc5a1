"""Processor time and memory of processes, from `/proc`: Linux only."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the processor time that processes have used, with that of children that ended.

    A process that is gone counts 0; a tick is a hundredth of a second.
    """
    ticks = 0
    for pid in pids:
        with suppress(OSError, IndexError):
            fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICKS_A_SECOND


def memory_bytes(pid: int) -> tuple[int, int]:
    """Return RSS and PSS of a process: all that it holds, and its share of what others hold, too.

    Both are 0 where it is gone.
    """
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()[1:]
        held = {words[0]: int(words[1]) * 1024 for words in map(str.split, lines)}
        return held["Rss:"], held["Pss:"]
    return 0, 0


def tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    for one in found:
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            with suppress(OSError):
                found += [int(child) for child in path.read_text("utf-8").split()]
    return found


def servers_below(pid: int) -> dict[str, int]:
    """Return the servers of the local stack that a process has started: broker, ClickHouse."""
    found = {}
    for child in tree(pid)[1:]:
        with suppress(OSError):
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if b"uproar.stack.clickhouse_server" in words:
                found["ClickHouse"] = child
            elif words[0].endswith(b"tansu") or b"kafka.Kafka" in words:
                found["broker"] = child
    return found
