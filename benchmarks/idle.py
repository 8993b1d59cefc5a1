"""`python -m benchmarks.idle`: what a stack takes that has nothing to do.

`uproar up` in a folder of its own, left alone; then each process's memory and its share of a core
over a minute. PSS shares out what processes hold in common, so that its sum is what they take
together; RSS counts that again for each.
"""

import tempfile
import time
from pathlib import Path

import click
import msgspec

from benchmarks.results import Clock, save
from benchmarks.watching import running_stack

LOOK_EVERY_SECONDS = 15.0


class Idle(msgspec.Struct, frozen=True, kw_only=True):
    """What a process takes: megabytes, and its share of a core."""

    process: str
    rss: float
    pss: float
    cpu_share: float


@click.command()
@click.option("--seconds", default=60.0, show_default=True, help="How long to look")
@click.option("--settle", default=30.0, show_default=True, help="How long to wait before")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Keep the figures here")
def main(seconds: float, settle: float, out: Path | None) -> None:
    """Measure and print."""
    clock = Clock("idle")
    with (
        tempfile.TemporaryDirectory(prefix="uproar-bench-") as name,
        running_stack(Path(name)) as stack,
    ):
        time.sleep(settle)
        before = stack.look()
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            clock.look()
            time.sleep(min(left, LOOK_EVERY_SECONDS))
        after = stack.look()
    found = [
        Idle(
            process=process,
            rss=look.rss / 1e6,
            pss=look.pss / 1e6,
            cpu_share=(look.cpu_seconds - before[process].cpu_seconds)
            / (look.at - before[process].at),
        )
        for process, look in after.items()
    ]
    save(clock.result(found), out)
    click.echo(f"{'process':12}{'RSS MB':>8}{'PSS MB':>8}{'of a core':>11}")
    for one in (*found, total(found)):
        click.echo(f"{one.process:12}{one.rss:8.0f}{one.pss:8.0f}{one.cpu_share:11.2%}")


def total(found: list[Idle]) -> Idle:
    """Return the sum of all processes."""
    return Idle(
        process="all",
        rss=sum(one.rss for one in found),
        pss=sum(one.pss for one in found),
        cpu_share=sum(one.cpu_share for one in found),
    )


if __name__ == "__main__":
    main()
