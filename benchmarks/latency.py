"""`python -m benchmarks.latency`: from produced to queryable, live, at a steady rate.

A sender of its own process sends posts as a live source does; one in ten is looked for by its key
every hundredth of a second until it is there. Each figure includes that look.
"""

import math
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import click
import msgspec

from benchmarks.course import CourseFailed, Lines, warm_up
from benchmarks.figures import percentile
from benchmarks.grounds import Broker, Grounds, Running, grounds, statement
from benchmarks.paced import Order, Probe, Text
from benchmarks.posts import CONFIG, Written, written
from benchmarks.results import Clock, save
from benchmarks.rivals.naive_reading import NaiveReader
from benchmarks.ways import WAYS, Way
from uproar.config_file import read_config
from uproar.errors import StackError

LOOK_SECONDS = 0.01
PROBE_EVERY = 10
SETTLE_SECONDS = 15.0
"""Of the beginning, which does not count: buffers and compilers warm up, and what has waited
meanwhile is worked off."""
PATIENCE_SECONDS = 20.0
TEXTS = 3_000
WARM_POSTS = 1_000
USUAL = "uproar,uproar-2,loop,quix,bytewax,naive-batches"


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds from produced to queryable."""

    way: str
    broker: Broker
    rate: float
    probes: int
    missing: int
    """Probes that never came."""
    p50: float
    p90: float
    p99: float
    most: float
    looks_a_second: float
    cpu_share: dict[str, float]
    """Of one core, by process group."""


@click.command()
@click.option("--rate", default=500.0, show_default=True, help="Posts a second")
@click.option("--seconds", default=60.0, show_default=True, help="For how long")
@click.option("--ways", default=USUAL, show_default=True, help="Which ones")
@click.option("--brokers", default="local,apache", show_default=True, help="Which ones")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Keep the figures here")
def main(rate: float, seconds: float, ways: str, brokers: str, out: Path | None) -> None:
    """Measure and print milliseconds."""
    clock = Clock("latency")
    entities = read_config(CONFIG).entities
    naive = NaiveReader(entities)
    made = [post for post in written(entities, TEXTS + WARM_POSTS) if naive.mentioned(post.text)]
    found: list[Latency] = []
    failed: list[str] = []
    for broker in brokers.split(","):
        folder = Path(tempfile.mkdtemp(prefix="uproar-bench-"))
        try:
            with grounds(folder, _broker(broker)) as servers:
                warm = Lines.write(folder / "warm.jsonl", made[-WARM_POSTS:], naive)
                for name in ways.split(","):
                    clock.look()
                    try:
                        found.append(_course(servers, name, warm, made, (rate, seconds)))
                        click.echo(_line(found[-1]))
                        save(clock.result(found), out)
                    except CourseFailed as error:
                        failed.append(f"{broker}, {name}: {error}")
        except StackError as error:  # Apache Kafka wants Java, and to be fetched
            failed.append(f"{broker}: {error}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    if failed:
        raise SystemExit("\n".join(["not measured:", *failed]))


def _course(
    servers: Grounds, name: str, warm: Lines, made: list[Written], pace: tuple[float, float]
) -> Latency:
    with servers.running(WAYS[name], "full") as running:
        warm_up(servers, running, warm)
        return _measure(servers, running, name, made[:-WARM_POSTS], pace)


def _broker(name: str) -> Broker:
    match name:
        case "local" | "apache":
            return name
    raise click.UsageError(f"no such broker: `{name}`; wanted local or apache")


def _measure(
    servers: Grounds, running: Running, name: str, made: list[Written], pace: tuple[float, float]
) -> Latency:
    rate, seconds = pace
    order = Order(
        task=msgspec.structs.replace(running.task, run="live"),
        texts=[Text(post.text, post.lang, post.entities[0]) for post in made],
        rate=rate,
        seconds=seconds,
        probe_every=PROBE_EVERY,
    )
    told = running.write_order(msgspec.json.encode(order))
    before = running.spent()
    with running.sending("benchmarks.paced", told) as sender:
        looking = _Looking(servers, running.way, sender)
        began = time.monotonic()
        looks = looking.until_all_came(seconds + PATIENCE_SECONDS)
        lasted = time.monotonic() - began
    after = running.spent()
    if not looking.taken:
        raise CourseFailed(f"no post came in {lasted:.0f} s")
    taken = [milliseconds for at, milliseconds in looking.taken if at >= SETTLE_SECONDS]
    taken = taken or [milliseconds for _, milliseconds in looking.taken]  # a very short trial
    return Latency(
        way=name,
        broker="local" if servers.endpoints.kafka.is_local else "apache",
        rate=rate,
        probes=len(taken),
        missing=len(looking.waiting),
        p50=percentile(taken, 0.5),
        p90=percentile(taken, 0.9),
        p99=percentile(taken, 0.99),
        most=max(taken),
        looks_a_second=looks / lasted,
        cpu_share={name: (after[name] - spent) / lasted for name, spent in before.items()},
    )


class _Looking:
    """Looks for probes until they are there."""

    def __init__(self, servers: Grounds, way: Way, sender: "subprocess.Popen[bytes]") -> None:
        self._client = servers.client
        self._sql = statement("probes").format(
            table="naive_reactions" if way.naive_rows else "reactions"
        )
        self._sender = sender
        self.waiting: dict[str, Probe] = {}
        self.taken: list[tuple[float, float]] = []
        """Seconds since the first probe, and milliseconds until it was there."""
        self._first: float | None = None
        self._hearing = threading.Thread(target=self._hear, daemon=True)

    def _hear(self) -> None:
        for line in self._sender.stdout or ():
            probe = msgspec.json.decode(line, type=Probe)
            self.waiting[probe.post_id] = probe

    def until_all_came(self, seconds: float) -> int:
        """Look until the sender has ended and all probes came, at most so long; count the looks."""
        self._hearing.start()
        deadline = time.monotonic() + seconds
        looks = 0
        while time.monotonic() < deadline:
            began = time.monotonic()
            if waiting := list(self.waiting.values()):
                self._look(waiting)
                looks += 1
            elif self._sender.poll() is not None and not self._hearing.is_alive():
                break
            time.sleep(max(0.0, LOOK_SECONDS - (time.monotonic() - began)))
        return looks

    def _look(self, waiting: list[Probe]) -> None:
        times = [probe.at for probe in waiting]
        given = {
            "run": "live",
            "entities": tuple({probe.entity for probe in waiting}),
            "first": math.floor(min(times)),
            "last": math.ceil(max(times)),
            "ids": tuple(probe.post_id for probe in waiting),
        }
        rows = self._client.execute(self._sql, given)
        now = time.time()
        for (post_id,) in rows:
            probe = self.waiting.pop(post_id)
            self._first = probe.at if self._first is None else self._first
            self.taken.append((probe.at - self._first, (now - probe.at) * 1000))


def _line(found: Latency) -> str:
    share = ", ".join(f"{name} {share:.0%}" for name, share in found.cpu_share.items())
    missing = f" {found.missing} NEVER CAME" if found.missing else ""
    return (
        f"{found.broker:7}{found.way:16} p50 {found.p50:5.0f}  p90 {found.p90:5.0f}  "
        f"p99 {found.p99:5.0f}  max {found.most:5.0f} ms  of a core: {share}{missing}"
    )


if __name__ == "__main__":
    main()
