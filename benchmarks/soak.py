"""`python -m benchmarks.soak`: an hour at a steady rate, and the memory of every process.

`uproar up` in a folder of its own takes live posts from a sender; every ten seconds each process is
looked at. `rise` says when its memory is flat.
"""

import itertools
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click
import msgspec

from benchmarks.figures import slope
from benchmarks.grounds import statement
from benchmarks.paced import Order, Text
from benchmarks.posts import CONFIG, written
from benchmarks.results import Clock, save
from benchmarks.rivals.task import Task
from benchmarks.watching import Look, Stack, running_stack
from uproar.clickhouse import connect
from uproar.config import Reading
from uproar.config_file import read_config
from uproar.settings import Settings
from uproar.stack.local import attach

LOOK_EVERY_SECONDS = 10.0
CLOCK_EVERY = 6
TEXTS = 20_000
PATIENCE_SECONDS = 120.0
RUN = "live"


class Soaked(msgspec.Struct, frozen=True, kw_only=True):
    """A process over time."""

    process: str
    seconds: list[float]
    rss: list[float]
    """Megabytes at each look."""
    cpu_share: float
    """Of a core, over the whole time."""
    slope: float
    """Megabytes an hour (`rise`)."""
    lives: int
    """How often it was started."""


class Soak(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run."""

    rate: float
    minutes: float
    reading: Reading
    sent: int
    stored: int
    processes: list[Soaked]


@click.command()
@click.option("--minutes", default=60.0, show_default=True, help="For how long")
@click.option("--rate", default=2_000.0, show_default=True, help="Posts a second")
@click.option(
    "--reading",
    type=click.Choice(get_args(Reading)),
    default="light",
    show_default=True,
    help="How",
)
@click.option("--json", "out", type=click.Path(path_type=Path), help="Keep the figures here")
def main(minutes: float, rate: float, reading: Reading, out: Path | None) -> None:
    """Send, look, print; status 1 where what was sent is not what is stored."""
    clock = Clock("soak")
    folder = Path(tempfile.mkdtemp(prefix="uproar-bench-"))
    try:
        made = written(read_config(CONFIG).entities, TEXTS)
        texts = [Text(post.text, post.lang, post.entities[0]) for post in made]
        with running_stack(folder, reading) as stack:
            found = _soak(stack, texts, (minutes * 60, rate), reading, clock)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    save(clock.result([found]), out)
    click.echo(
        f"{found.sent:,} sent, {found.stored:,} stored at {rate:,.0f} a second, {reading} reading"
    )
    for one in found.processes:
        click.echo(
            f"{one.process:12} {one.rss[0]:6.0f} MB at first, {max(one.rss):6.0f} at most, "
            f"{one.rss[-1]:6.0f} at the end, {one.slope:+7.1f} MB an hour, {one.lives} lives, "
            f"{one.cpu_share:.0%} of a core"
        )
    if found.sent != found.stored:
        raise SystemExit(1)


def _soak(
    stack: Stack, texts: list[Text], pace: tuple[float, float], reading: Reading, clock: Clock
) -> Soak:
    seconds, rate = pace
    endpoints = attach(Settings(home=stack.home))
    client = connect(endpoints.reader_url)
    kafka = endpoints.kafka
    order = Order(
        task=Task(brokers=kafka.brokers, is_local=True, prefix="uproar", config=""),
        texts=texts,
        rate=rate,
        seconds=seconds,
        home=str(stack.home),
    )
    looks: list[dict[str, Look]] = []
    with stack.sending(msgspec.json.encode(order)) as sender:
        while sender.poll() is None:
            looks.append(stack.look({"producer": sender.pid}))
            if len(looks) % CLOCK_EVERY == 1:
                clock.look()
            stack.check()
            time.sleep(LOOK_EVERY_SECONDS)
        if sender.returncode:
            raise SystemExit(f"the sender ended with {sender.returncode}: {stack.sender_told()}")
    sent = int(stack.sender_told().split()[-1])
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        ((stored,),) = client.execute(statement("count_posts"), {"run": RUN})
        if stored >= sent or time.monotonic() > deadline:
            break
        time.sleep(2)
    return Soak(
        rate=rate,
        minutes=seconds / 60,
        reading=reading,
        sent=sent,
        stored=int(stored),
        processes=[_soaked(name, looks) for name in looks[-1]],
    )


def _soaked(name: str, looks: list[dict[str, Look]]) -> Soaked:
    seen = [look[name] for look in looks if name in look]
    lived = lives(seen)
    lasted = seen[-1].at - seen[0].at
    spent = sum(life[-1].cpu_seconds for life in lived) - seen[0].cpu_seconds
    return Soaked(
        process=name,
        seconds=[round(one.at, 1) for one in seen],
        rss=[round(one.rss / 1e6, 2) for one in seen],
        cpu_share=spent / lasted if lasted else 0.0,
        slope=rise(lived),
        lives=len(lived),
    )


def lives(seen: Sequence[Look]) -> list[list[Look]]:
    """Cut the looks at a process where it was started anew, and counted its time from 0 again."""
    found = [[seen[0]]]
    for then, now in itertools.pairwise(seen):
        if now.cpu_seconds < then.cpu_seconds:
            found.append([])
        found[-1].append(now)
    return found


def rise(lived: Sequence[Sequence[Look]]) -> float:
    """Return megabytes an hour that a process gains: 0 and less is flat.

    By the last half of its longest life; or, where that is less, by the largest looks of its lives,
    for what is started anew at a bound may grow up to it. The last life has not ended, so it counts
    only where it is the largest of all.
    """
    longest = max(lived, key=len)
    rises = [_slope(longest[len(longest) // 2 :])]
    *ended, last = [max(life, key=lambda look: look.rss) for life in lived]
    if ended and last.rss > max(one.rss for one in ended):
        ended.append(last)
    if len(ended) > 1:
        rises.append(_slope(ended))
    return min(rises)


def _slope(looks: Sequence[Look]) -> float:
    return slope([(one.at / 3600, one.rss / 1e6) for one in looks])


if __name__ == "__main__":
    main()
