"""One course of posts through a way: sent, read, stored, counted, and checked to be right."""

import os
import re
import subprocess
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

import msgspec

from benchmarks.grounds import Grounds, Running, statement
from benchmarks.posts import Written
from benchmarks.processes import cpu_seconds, memory_bytes, tree
from benchmarks.rivals.naive_reading import NaiveReader
from benchmarks.ways import WAYS, Way
from uproar.config import Reading

LOOK_SECONDS = 0.05
LEAST_RATE = 60
"""Posts a second below which a way is given up."""
PATIENCE_SECONDS = 120
LEAST_SHARE = 0.1
"""Of what all workers do, what each must do to count as ready."""
WARM_TRIES = 6


class CourseFailed(Exception):
    """A way could not be measured: a process of it ended, or not all came."""


class Lines(msgspec.Struct, frozen=True):
    """A file of posts, each of which mentions an entity, and what must be stored of it."""

    kind: str
    path: Path
    posts: int
    rows: int
    naive_posts: int
    naive_rows: int
    """What the naive expressions find in them."""

    @classmethod
    def write(
        cls, path: Path, posts: Sequence[Written], naive: NaiveReader, kind: str = "ordinary"
    ) -> Self:
        """Write them, and count what must come of them."""
        path.write_bytes(b"".join(post.line + b"\n" for post in posts))
        found = [len(naive.mentioned(post.text)) for post in posts]
        return cls(
            kind=kind,
            path=path,
            posts=len(posts),
            rows=sum(len(post.entities) for post in posts),
            naive_posts=sum(1 for count in found if count),
            naive_rows=sum(found),
        )

    def wanted(self, way: Way) -> tuple[int, int]:
        """Return posts and rows that a way must store."""
        if way.is_tutorial:
            return self.naive_posts, self.naive_rows
        return self.posts, self.rows


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement. Processor seconds are those between start and end of it."""

    way: str
    reading: Reading
    posts_of: str
    posts: int
    rows: int
    seconds: float
    """From the moment the sender begins to send until the last row is counted."""
    before_seconds: float
    """From the sender's start to that moment: Python starts, files are looked through."""
    ready_seconds: float
    """From the start of the way's processes until warm: they have stored posts."""
    cpu: dict[str, float]
    memory: dict[str, int]
    """Bytes of RSS at the end, by process group."""
    problems: list[str]


def run_course(grounds: Grounds, name: str, reading: Reading, lines: Lines, warm: Lines) -> Course:
    """Start a way, warm it, send the lines, and tell what it took; stops the way.

    Raises CourseFailed, or StackError where a process of it ends.
    """
    way = WAYS[name]
    began = time.monotonic()
    with grounds.running(way, reading) as running:
        warm_up(grounds, running, warm)
        ready = time.monotonic() - began
        measured = _Measured(grounds, running, "measured", lines)
        measured.run()
        return Course(
            way=name,
            reading=reading,
            posts_of=lines.kind,
            posts=lines.wanted(way)[0],
            rows=lines.wanted(way)[1],
            seconds=measured.seconds,
            before_seconds=measured.before_seconds,
            ready_seconds=ready,
            cpu=measured.cpu,
            memory=measured.memory,
            problems=measured.problems(),
        )


def warm_up(grounds: Grounds, running: Running, warm: Lines) -> None:
    """Send a few posts until every worker has had its share."""
    for number in range(1, WARM_TRIES + 1):
        before = _workers(running)
        _Measured(grounds, running, f"warm-{number}", warm).run()
        spent = [now - then for now, then in zip(_workers(running), before, strict=True)]
        if min(spent) >= LEAST_SHARE * sum(spent):
            return
        time.sleep(2)
    raise CourseFailed(f"{running.way.title}: a worker was given no posts: {spent} s")


def _workers(running: Running) -> list[float]:
    return [cpu_seconds(pids) for pids in running.workers()]


class _Measured:
    """Posts under way, and what the processes use meanwhile."""

    def __init__(self, grounds: Grounds, running: Running, run: str, lines: Lines) -> None:
        self._client = grounds.client
        self._running = running
        self._run = run
        self._lines = lines
        self._samples: list[tuple[float, dict[str, float]]] = []
        self._pids = running.pids()  # once: to look for children takes longer than to ask them
        self._is_naive = bool(running.way.naive_rows)
        self.seconds = self.before_seconds = 0.0
        self.cpu: dict[str, float] = {}
        self.memory: dict[str, int] = {}

    def run(self) -> None:
        """Send, and wait until every row is there."""
        self._look()
        started = time.time()
        sender = self._running.send(self._lines.path, self._run)
        try:
            ended = self._wait(sender)
            self.memory = _memory(self._running, sender.pid)
            if status := sender.wait(PATIENCE_SECONDS):
                raise CourseFailed(f"the sender ended with {status}: {self._told()}")
        except subprocess.TimeoutExpired as error:
            raise CourseFailed(f"the sender does not end: {self._told()}") from error
        finally:
            sender.kill()
            sender.wait()
        began = self._began()
        self.seconds = ended - began
        self.before_seconds = began - started
        first = max((at, spent) for at, spent in self._samples if at <= began)[1]
        self.cpu = {
            name: spent - first.get(name, 0.0) for name, spent in self._samples[-1][1].items()
        }

    def problems(self) -> list[str]:
        """Say what is not as it must be: rows that are missing, or there twice."""
        posts, rows = self._lines.wanted(self._running.way)
        given = {"run": self._run}
        ((found, different, distinct),) = self._client.execute(
            statement("naive_check" if self._is_naive else "check"), given
        )
        told = {
            "rows": (found, rows),
            "different rows": (different, rows),
            "posts": (distinct, posts),
        }
        if not self._is_naive:
            told["posts by the totals of minutes"] = (self._totals(rows), rows)
        return [
            f"{found:,} {what}, not {wanted:,}"
            for what, (found, wanted) in told.items()
            if found != wanted
        ]

    def _totals(self, rows: int) -> int:
        """Return the posts that minutes count; the last are computed behind the rows."""
        deadline = time.monotonic() + 5
        while True:
            ((found,),) = self._client.execute(statement("totals"), {"run": self._run})
            if found == rows or time.monotonic() > deadline:
                return int(found)
            time.sleep(0.2)

    def _wait(self, sender: "subprocess.Popen[bytes]") -> float:
        _, rows = self._lines.wanted(self._running.way)
        count = statement("naive_count" if self._is_naive else "count")
        deadline = time.monotonic() + PATIENCE_SECONDS + self._lines.posts / LEAST_RATE
        found = 0
        while time.monotonic() < deadline:
            ((found,),) = self._client.execute(count, {"run": self._run})
            at = time.time()
            self._look(sender.pid)
            if found >= rows:
                return at
            self._running.check()
            if status := _failure(sender.pid):
                raise CourseFailed(f"the sender ended with {status}: {self._told()}")
            time.sleep(LOOK_SECONDS)
        raise CourseFailed(f"{self._running.way.title}: {found:,} rows of {rows:,} came")

    def _look(self, sender: int | None = None) -> None:
        spent = {name: cpu_seconds(pids) for name, pids in self._pids.items()}
        spent["producer"] = cpu_seconds(tree(sender)) if sender else 0.0
        self._samples.append((time.time(), spent))

    def _began(self) -> float:
        if self._running.way.is_single:
            found = re.search(r"^\d{4}-\d\d-\d\dT\S+", self._told(), re.M)
            if found is None:
                raise CourseFailed(f"the sender did not say when it began: {self._told()}")
            return datetime.fromisoformat(found[0]).timestamp()
        ((began,),) = self._client.execute(statement("began"), {"run": self._run})
        return float(began.timestamp())

    def _told(self) -> str:
        return self._running.sender_log.read_text("utf-8")[-2_000:]


def _failure(pid: int) -> int:
    """Return the status of a child that failed, and 0 where it did not, or not yet.

    One that has ended stays in the system's tables: what it has used can still be asked for.
    """
    ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return ended.si_status if ended else 0


def _memory(running: Running, sender: int) -> dict[str, int]:
    pids = running.pids() | {"producer": [sender]}
    return {name: sum(memory_bytes(pid)[0] for pid in group) for name, group in pids.items()}
