"""One round: a recording replayed through the real product under blows, and what came of it."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final, Protocol

import msgspec

from tests.chaos.answer import Answer, Reading, work_out
from tests.chaos.blows import Blow, Broker, blows
from tests.chaos.product import Failed, Product
from tests.chaos.recording import SPAN_SECONDS, draw_recording
from tests.chaos.stored import ask, differences, disagreements, read_tables
from tests.chaos.watch import Watch
from uproar.clickhouse import connect
from uproar.settings import Settings
from uproar.stack.local import attach

RUN: Final = "chaos"
LOOK_SECONDS: Final = 0.05
ROUND_SECONDS: Final = 900
"""A round that takes longer is a failure: something waits for ever."""

Say = Callable[[str], None]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a round is asked to be: how many blows at most, 0 for as many as go with its size."""

    number: int
    seed: int
    posts: int
    broker: Broker
    most_blows: int = 0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a round came to.

    `repeats` counts records that came to the sink more than once; `again` rows that were seen
    written more than once, `wrong` minutes that were seen with a total that did not agree with its
    rows, at the worst moment. `differences` are those at the end: none, or the product is wrong.
    """

    wish: Wish
    pace: str
    dealt: Counter[str]
    seconds: float
    repeats: int
    again: int
    wrong: int
    differences: list[str]


class Node(Protocol):
    """A broker that is not of the stack: `deploy.kafka.node.KafkaNode`."""

    @property
    def address(self) -> str:
        """Host and port."""

    @property
    def pid(self) -> int | None:
        """The process's id."""

    def start(self) -> None:
        """Start it, on the data that is there."""

    def stop(self) -> None:
        """Stop it cleanly."""

    def kill(self) -> None:
        """Kill it."""


def play(wish: Wish, reading: Reading, folder: Path, say: Say, node: Node | None = None) -> Outcome:
    """Play a round in an empty folder. Raises Failed where the product ends or hangs."""
    lines = draw_recording(wish.seed, wish.posts)
    recording = folder / "recording.jsonl"
    recording.write_bytes(b"\n".join(lines) + b"\n")
    wanted = work_out(lines, reading)
    del lines
    pace = _pace(wish)
    product = Product(folder, recording, RUN, pace, node.address if node else "")
    began = time.monotonic()
    watch = None
    try:
        product.start_up()
        watch = Watch(product.settings, RUN)
        struck = _Round(wish, product, say, node)
        struck.run()
        seconds = time.monotonic() - began
        watch.stop()
        repeats, found = _compare(product.settings, wanted)
        return Outcome(
            wish=wish,
            pace=pace,
            dealt=struck.dealt,
            seconds=seconds,
            repeats=repeats,
            again=watch.again,
            wrong=watch.wrong,
            differences=[*found, *_reconcile(product)],
        )
    finally:
        if watch:
            watch.stop()
        product.stop()


def _pace(wish: Wish) -> str:
    """Draw how fast: so that blows fall from the first post to the last, or as fast as it can."""
    rng = Random(f"pace {wish.seed}")
    if wish.posts >= 20_000 and rng.random() < 0.4:
        return "max"
    seconds = min(45.0, max(12.0, wish.posts / 5_000)) * rng.uniform(0.6, 1.2)
    return f"{round(SPAN_SECONDS / seconds)}x"


class _Round:
    """Deals out blows until the replay is over."""

    def __init__(self, wish: Wish, product: Product, say: Say, node: Node | None) -> None:
        self._product = product
        self._node = node
        self._say = say
        self._blows = blows(wish.seed, wish.broker)
        self._left = wish.most_blows or 12 + wish.posts // 10_000
        self._paused: dict[int, float] = {}
        self._began = time.monotonic()
        self.dealt: Counter[str] = Counter()

    def run(self) -> None:
        """Replay to the end. Raises Failed where that is not reached."""
        product = self._product
        product.start_replay()
        end = self._began + ROUND_SECONDS
        blow = next(self._blows)
        due = time.monotonic() + blow.after
        while not self._is_over():
            now = time.monotonic()
            if now > end:
                raise Failed(f"the replay did not come to its end{product.last_words()}")
            self._resume(now)
            if self._left and now >= due:
                self._strike(blow)
                self._left -= 1
                blow = next(self._blows)
                due = time.monotonic() + blow.after
            time.sleep(LOOK_SECONDS)
        self._resume(float("inf"))
        self._say(f"  {time.monotonic() - self._began:5.1f} s: all is stored")

    def _is_over(self) -> bool:
        product = self._product
        assert product.up is not None
        assert product.replay is not None
        if product.up.poll() is not None:
            raise Failed(f"`uproar up` ended with {product.up.returncode}{product.last_words()}")
        status = product.replay.poll()
        if status not in (None, 0):
            raise Failed(f"`uproar replay` ended with {status}{product.last_words()}")
        return status == 0

    def _strike(self, blow: Blow) -> None:
        self._say(f"  {time.monotonic() - self._began:5.1f} s: {blow.act} {blow.victim}")
        if blow.victim == "added worker":
            self._add_or_remove(blow)
        elif blow.act == "pause":
            self._pause(blow)
        elif blow.victim == "producer":
            self._kill_producer()
        elif blow.victim == "owner":
            self._cold_start(self._product.up_pid())
        elif blow.victim == "broker" and self._node is None:
            self._cold_start(*self._product.children("broker"))
        elif blow.victim == "broker":
            self._restart_node(blow)
        elif pids := self._product.children(blow.victim):
            os.kill(pids[blow.which % len(pids)], signal.SIGKILL)
        else:
            return  # it was killed a moment ago and is just starting again
        self.dealt[f"{blow.act} {blow.victim}"] += 1

    def _add_or_remove(self, blow: Blow) -> None:
        if blow.act == "add":
            self._product.add_worker()
            return
        if self._product.added:
            end = signal.SIGKILL if blow.act == "kill" else signal.SIGTERM
            self._product.remove_worker(blow.which, end)

    def _pause(self, blow: Blow) -> None:
        if blow.victim == "producer":
            assert self._product.replay is not None
            pids = [self._product.replay.pid]
        elif blow.victim == "broker" and self._node is not None:
            pids = [self._node.pid] if self._node.pid else []
        else:
            pids = self._product.children(blow.victim)
        if pids:
            pid = pids[blow.which % len(pids)]
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
                self._paused[pid] = time.monotonic() + blow.seconds

    def _resume(self, now: float) -> None:
        for pid, until in list(self._paused.items()):
            if now >= until:
                del self._paused[pid]
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def _kill_producer(self) -> None:
        product = self._product
        assert product.replay is not None
        product.replay.kill()
        if product.replay.wait() == -signal.SIGKILL:
            product.start_replay()

    def _cold_start(self, *pids: int) -> None:
        """End what ends everything, see that it does, and begin again with the same commands."""
        product = self._product
        self._resume(float("inf"))
        while product.added:
            product.remove_worker(0, signal.SIGKILL)
        left = product.everything()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        product.wait_until_down(left)
        product.end_replay()
        product.start_up()
        product.start_replay()

    def _restart_node(self, blow: Blow) -> None:
        assert self._node is not None
        self._resume(float("inf"))
        if blow.act == "kill":
            self._node.kill()
        else:
            self._node.stop()
        time.sleep(blow.seconds)
        self._node.start()


def _compare(settings: Settings, wanted: Answer) -> tuple[int, list[str]]:
    """Return how many records came more than once, and in what the tables differ."""
    client = connect(attach(settings).clickhouse_url)
    needed = wanted.sent + wanted.departures * settings.kafka_partitions
    try:
        ((arrived,),) = ask(client, "arrived", RUN)
        found = differences(wanted, read_tables(client, RUN))
        return arrived - needed, [*found, *disagreements(client, RUN)]
    finally:
        client.disconnect()


def _reconcile(product: Product) -> list[str]:
    """Ask the product itself whether everything adds up."""
    told = subprocess.run(
        [sys.executable, "-m", "uproar", "reconcile", RUN],
        env=product.env,
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode == 0:
        return []
    return [f"reconcile: {line}" for line in (told.stdout + told.stderr).splitlines() if line]
