"""How far a command is, on stderr: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

if TYPE_CHECKING:
    from producers.plan import Progress as ReplayProgress

LINE_SECONDS = 10.0


@contextmanager
def shown_progress(run: str) -> Iterator[Callable[["ReplayProgress"], None]]:
    """Hand out the function that a replay tells its progress to."""
    began = time.monotonic()
    if not sys.stderr.isatty():
        yield _lines(run, began)
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[left]}"),
        TextColumn("{task.fields[past]}"),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(f"replay {run}", total=None, rate="", left="", past="")

        def show(progress: "ReplayProgress") -> None:
            bar.update(
                task,
                total=1.0,
                completed=progress.share,
                rate=_rate(progress, began),
                left=_left(progress),
                past=_past(progress),
            )

        yield show


def _lines(run: str, began: float) -> Callable[["ReplayProgress"], None]:
    due = began + LINE_SECONDS

    def show(progress: "ReplayProgress") -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + LINE_SECONDS
            share = f"{progress.share:.0%}"
            facts = (share, _rate(progress, began), _left(progress), _past(progress))
            click.echo(f"replay {run}: {', '.join(filter(None, facts))}", err=True)

    return show


def _rate(progress: "ReplayProgress", began: float) -> str:
    return f"{progress.settled / max(time.monotonic() - began, 0.1):,.0f} posts/s"


def _left(progress: "ReplayProgress") -> str:
    """Say how long it will take.

    >>> from producers.plan import Progress
    >>> _left(Progress(share=0.5, settled=1, kept=1, event_time=None, remaining_seconds=3725))
    '1:02:05 left'
    """
    if progress.remaining_seconds is None:
        return ""
    return f"{timedelta(seconds=round(progress.remaining_seconds))} left"


def _past(progress: "ReplayProgress") -> str:
    return f"{progress.event_time:%Y-%m-%d %H:%M}" if progress.event_time else ""


@contextmanager
def shown_count(doing: str) -> Iterator[Callable[[int], None]]:
    """Hand out the function that something without a known end tells its count of posts to."""
    began = due = time.monotonic()
    is_terminal = sys.stderr.isatty()

    def show(count: int) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + (0.2 if is_terminal else LINE_SECONDS)
            rate = count / max(time.monotonic() - began, 0.1)
            line = f"{doing}: {count:,} posts, {rate:,.0f} posts/s"
            click.echo(f"\r{line}" if is_terminal else line, err=True, nl=not is_terminal)

    yield show
    if is_terminal:
        click.echo(err=True)
