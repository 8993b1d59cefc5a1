"""How far a replay is, on stderr: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

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
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[past]}"),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(f"replay {run}", total=None, rate="", past="")

        def show(progress: "ReplayProgress") -> None:
            bar.update(
                task,
                total=progress.bytes_total,
                completed=progress.bytes_read,
                rate=_rate(progress, began),
                past=f"{progress.event_time:%Y-%m-%d %H:%M}" if progress.event_time else "",
            )

        yield show


def _lines(run: str, began: float) -> Callable[["ReplayProgress"], None]:
    due = began + LINE_SECONDS

    def show(progress: "ReplayProgress") -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + LINE_SECONDS
            share = progress.bytes_read / max(progress.bytes_total, 1)
            click.echo(f"replay {run}: {share:.0%}, {_rate(progress, began)}", err=True)

    return show


def _rate(progress: "ReplayProgress", began: float) -> str:
    return f"{progress.read / max(time.monotonic() - began, 0.1):,.0f} posts/s"
