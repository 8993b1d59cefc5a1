"""`python -m benchmarks.ahead`: a replay of a large file with and without processes ahead of it.

What it sends goes nowhere. Processor time in microseconds a post, of the replay and of the others:
on idle cores a post takes as long as the busiest of them, or their sum over the cores.
"""

import os
import resource
import shutil
import tempfile
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
        click.echo("| processes ahead | the replay, us | the others, us | sum, us | kept |")
        click.echo("|---|---|---|---|---|")
        for processes in (0, 1, 2):
            ours, others, kept = min(_replayed(path, processes) for _ in range(rounds))
            each = [1e6 * seconds / posts for seconds in (ours, others, ours + others)]
            cells = " | ".join(f"{figure:.1f}" for figure in each)
            click.echo(f"| {processes} | {cells} | {kept:,} |")
    finally:
        shutil.rmtree(folder)


def _write(path: Path, posts: int, matching: float) -> int:
    platform, text = PLATFORMS["Bluesky"], TEXTS["English"]
    with path.open("wb") as file:
        for first in range(0, posts, _POSTS_AT_ONCE):
            count = min(_POSTS_AT_ONCE, posts - first)
            file.writelines(line + b"\n" for line in lines(platform, text, count, matching, first))
    return posts


def _replayed(path: Path, processes: int) -> tuple[float, float, int]:
    """Return the processor seconds of this process and of the others, and how much was kept."""
    tracked = entities()
    names = Pseudonyms("a secret of this benchmark alone")
    plan = ReplayPlan(files=(path,), run="benchmark", names=names)
    ours, others = _spent(resource.RUSAGE_SELF), _spent(resource.RUSAGE_CHILDREN)
    with Scouts(Rules(tuple(tracked)), processes) as scouts:
        result = replay(plan, MentionMatcher(tracked), _Nowhere(), _ignore, scouts=scouts)
    return (
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
