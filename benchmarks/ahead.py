"""`python -m benchmarks.ahead`: a replay of a large file with and without processes ahead of it.

What it sends goes nowhere. Microseconds a post: by the clock, and of processor time, of the replay
and of the others, their start included. On a machine that is busy the clock tells little: on idle
cores a post takes as long as the busiest of them, or their sum over the cores.
"""

import os
import resource
import shutil
import tempfile
import time
from datetime import datetime
from pathlib import Path

import click

from benchmarks.firehose import PLATFORMS, TEXTS, entities, lines
from producers.ahead import Rules, Scouts
from producers.plan import ReplayPlan
from producers.replay import replay
from uproar.mentions import MentionMatcher
from uproar.pseudonym import Pseudonyms
from uproar.records import AccountDeletion, DeadLetter, Deletion, Note, Post, Watermark

_POSTS_AT_ONCE = 20_000


@click.command()
@click.option("--megabytes", default=300, show_default=True, help="Of posts of 1 kB")
@click.option("--matching", default=0.01, show_default=True, help="Share that is kept")
@click.option("--rounds", default=3, show_default=True, help="The best one counts")
def main(megabytes: int, matching: float, rounds: int) -> None:
    """Write a file, and replay it in each way."""
    folder = Path(tempfile.mkdtemp(prefix="uproar-bench-"))
    try:
        path = folder / "invented.jsonl"
        posts = _write(path, megabytes * 1_000, matching)
        click.echo(f"{posts:,} posts, {matching:.0%} kept, {os.cpu_count()} cores\n")
        heads = ("processes ahead", "clock", "the replay", "the others", "sum", "kept")
        click.echo(f"| {' | '.join(heads)} |")
        click.echo("|" + "---|" * len(heads))
        for processes in (0, 1, 2):
            found = [_replayed(path, processes) for _ in range(rounds)]
            clock, ours, others = (min(one[place] for one in found) for place in range(3))
            each = [1e6 * seconds / posts for seconds in (clock, ours, others, ours + others)]
            cells = " | ".join(f"{figure:.1f}" for figure in each)
            click.echo(f"| {processes} | {cells} | {found[0][3]:,} |")
    finally:
        shutil.rmtree(folder)


def _write(path: Path, posts: int, matching: float) -> int:
    platform, text = PLATFORMS["Bluesky"], TEXTS["English"]
    with path.open("wb") as file:
        for first in range(0, posts, _POSTS_AT_ONCE):
            count = min(_POSTS_AT_ONCE, posts - first)
            file.writelines(line + b"\n" for line in lines(platform, text, count, matching, first))
    return posts


def _replayed(path: Path, processes: int) -> tuple[float, float, float, int]:
    """Return the seconds, those of the processor, here and in the others, and how much was kept."""
    tracked = entities()
    names = Pseudonyms("a secret of this benchmark alone")
    plan = ReplayPlan(files=(path,), run="benchmark", names=names)
    begun = time.perf_counter()
    ours, others = _spent(resource.RUSAGE_SELF), _spent(resource.RUSAGE_CHILDREN)
    with Scouts(Rules(tuple(tracked)), processes) as scouts:
        result = replay(plan, MentionMatcher(tracked), _Nowhere(), _ignore, scouts=scouts)
    return (
        time.perf_counter() - begun,
        _spent(resource.RUSAGE_SELF) - ours,
        _spent(resource.RUSAGE_CHILDREN) - others,
        result.report.kept,
    )


def _spent(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def _ignore(_: object) -> None:
    return None


class _Nowhere:
    """An outlet that keeps nothing."""

    partitions = 4

    def begin(self, run: str, source: str, started_at: datetime) -> None: ...
    def send(self, record: Post | Deletion | AccountDeletion) -> int:
        return 1

    def send_dead_letter(self, letter: DeadLetter) -> None: ...
    def send_note(self, note: Note) -> None: ...
    def send_watermark(self, watermark: Watermark) -> None: ...
    def flush_idle(self, seconds: float) -> None: ...
    def flush(self) -> None: ...


if __name__ == "__main__":
    main()
