"""`python -m benchmarks.stages`: each stage alone, microseconds of processor time a post, memory.

Every stage runs in a process of its own, so that what it adds to memory is its own: models, word
lists, libraries. The panels' queries are timed by `python -m benchmarks` (docs/growth.md).
"""

import gc
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import click
import msgspec

from benchmarks.posts import CONFIG, written
from benchmarks.processes import memory_bytes, servers_below
from benchmarks.results import Clock, save
from uproar.config_file import read_config
from uproar.records import Post

SERVED = ("produce", "Faust, without reading", "sink")
SERVED_POSTS = 20_000
SERVED_ROUNDS = 3
"""Of what needs servers, and takes longer."""


class StageCost(msgspec.Struct, frozen=True, kw_only=True):
    """What a stage costs alone: processor microseconds a post, megabytes of RSS that it adds."""

    stage: str
    best: float
    median: float
    server: float | None = None
    """Of the broker or of ClickHouse, in the median round."""
    megabytes: float | None = None


@click.command()
@click.option("--posts", default=4_000, show_default=True, help="For each stage and round")
@click.option("--rounds", default=5, show_default=True, help="Best and median count")
@click.option("--stage", "only", multiple=True, help="Only this one, or these")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Keep the figures here")
def main(posts: int, rounds: int, only: tuple[str, ...], out: Path | None) -> None:
    """Measure and print; status 1 where a stage could not be measured."""
    from benchmarks.stage_steps import STEPS

    clock = Clock("stages")
    names = [name for name in (*STEPS, *SERVED) if not only or name in only]
    costs: list[StageCost] = []
    click.echo(f"{'us a post':32}{'best':>8}{'median':>8}{'server':>8}{'MB':>8}")
    made = written(read_config(CONFIG).entities, posts * (rounds + 1))
    lines = [post.line for post in made]
    failed = []
    for name in names:
        clock.look()
        measure = _served if name in SERVED else _alone
        found = in_a_process(measure, name, lines, rounds)
        if found is None:
            failed.append(name)
        for cost in found or ():
            costs.append(cost)
            click.echo(_line(cost))
    save(clock.result(costs), out)
    if failed:
        raise SystemExit(f"could not be measured: {', '.join(failed)}")


Measure = Callable[[str, list[bytes], int], list[StageCost]]


def in_a_process(
    measure: Measure, name: str, lines: list[bytes], rounds: int
) -> list[StageCost] | None:
    """Measure in a fresh process; None where that ends without a figure, after saying why."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_told, args=(there, measure, name, lines, rounds))
    child.start()
    there.close()
    try:
        costs: list[StageCost] = msgspec.json.decode(here.recv_bytes(), type=list[StageCost])
    except EOFError:
        return None
    finally:
        child.join()
    return costs


def _told(there: Connection, measure: Measure, name: str, lines: list[bytes], rounds: int) -> None:
    there.send_bytes(msgspec.json.encode(measure(name, lines, rounds)))


def _alone(name: str, lines: list[bytes], rounds: int) -> list[StageCost]:
    from benchmarks.stage_steps import FINDS_LANGUAGE, HOLDS_NOTHING, STEPS, Given, posts_of
    from streams.language import detect_language
    from uproar.mentions import MentionMatcher

    # Each round has posts that were not read before, as a stream has: what is remembered of a text,
    # or of a word, helps as far as words come again.
    warm, *fresh = _parted(lines, rounds + 1)

    def given(some: list[bytes]) -> Given:
        posts = posts_of(some, MentionMatcher(read_config(CONFIG).entities))
        langs = [] if name in FINDS_LANGUAGE else [detect_language(p.text, p.lang) for p in posts]
        return Given(some, posts, langs)

    first, others = given(warm), [given(some) for some in fresh]
    before = _held()
    STEPS[name](first)()
    added = None if name in HOLDS_NOTHING else max(0.0, _held() - before)
    spent = []
    for one in others:
        step = STEPS[name](one)
        began = time.process_time()
        step()
        spent.append((time.process_time() - began) / len(one.posts) * 1e6)
    return [_cost(name, spent, added)]


def _parted(lines: list[bytes], count: int) -> list[list[bytes]]:
    size = len(lines) // count
    return [lines[at * size : (at + 1) * size] for at in range(count)]


def _cost(
    name: str,
    spent: list[float],
    megabytes: float | None = None,
    server: list[float] | None = None,
) -> StageCost:
    return StageCost(
        stage=name,
        best=min(spent),
        median=statistics.median(spent),
        server=statistics.median(server) if server else None,
        megabytes=megabytes,
    )


def _held() -> float:
    gc.collect()
    return memory_bytes(os.getpid())[0] / 1e6


def _served(name: str, lines: list[bytes], rounds: int) -> list[StageCost]:
    """Measure a stage with servers of its own."""
    from benchmarks import stage_servers
    from benchmarks.stage_steps import posts_of
    from uproar.mentions import MentionMatcher
    from uproar.settings import Settings
    from uproar.stack.local import stack

    some = posts_of(lines, MentionMatcher(read_config(CONFIG).entities))
    posts: list[Post] = (some * (SERVED_POSTS // len(some) + 1))[:SERVED_POSTS]
    ours: dict[str, list[float]] = {}
    theirs: dict[str, list[float]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="uproar-bench-") as folder,
        stack(Settings(home=Path(folder))) as servers,
    ):
        ends = servers.endpoints
        pids = servers_below(os.getpid())
        for number in range(min(rounds, SERVED_ROUNDS)):
            if name == "sink":
                stage_servers.empty_tables(ends)
                costs = stage_servers.sink(ends, SERVED_POSTS, pids["ClickHouse"])
            else:
                place = (ends.kafka, f"stages{number}", pids["broker"])
                costs = {name: stage_servers.produce(*place, posts)}
                if name != "produce":
                    costs = {name: stage_servers.cost_of_faust(*place, SERVED_POSTS, Path(folder))}
            for stage, cost in costs.items():
                ours.setdefault(stage, []).append(cost.ours / SERVED_POSTS * 1e6)
                theirs.setdefault(stage, []).append(cost.theirs / SERVED_POSTS * 1e6)
    return [_cost(stage, spent, server=theirs[stage]) for stage, spent in ours.items()]


def _line(cost: StageCost) -> str:
    server = f"{cost.server:8.1f}" if cost.server is not None else " " * 8
    held = f"{cost.megabytes:8.0f}" if cost.megabytes is not None else ""
    return f"{cost.stage:32}{cost.best:8.1f}{cost.median:8.1f}{server}{held}"


if __name__ == "__main__":
    main()
