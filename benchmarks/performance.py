"""`python -m benchmarks.performance`: everything measured, and written into docs/performance.md.

    python -m benchmarks.performance measure build/bench   # run all, then write
    python -m benchmarks.performance write build/bench     # write again what was measured

What was not measured stays as it stands in the page.
"""

import subprocess
import sys
import time
from pathlib import Path

import click

from benchmarks.performance_page import Found, pictures, sections
from benchmarks.tables import replaced

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "performance.md"
USUAL = Path("build") / "bench"

Job = tuple[str, list[str]]
"""The name of a result, and the module with its arguments."""


def jobs(
    *,
    soak_minutes: float,
    rounds: int,
    count: int,
    posts: Path | None = None,
    config: Path | None = None,
) -> list[Job]:
    """Return what is measured, the shortest first; `posts` are a file of one's own."""
    end_to_end = ["benchmarks.end_to_end", "--rounds", str(rounds), "--count", str(count)]
    wave = ["--kind", "wave", "--ways", "uproar,uproar-2,loop,loop-2"]
    own: list[Job] = [
        ("end-to-end-posts", [*end_to_end, "--posts", str(posts), "--config", str(config)])
    ]
    soak: list[Job] = [("soak", ["benchmarks.soak", "--minutes", f"{soak_minutes:g}"])]
    return [
        ("idle", ["benchmarks.idle"]),
        ("stages", ["benchmarks.stages"]),
        ("latency", ["benchmarks.latency"]),
        ("end-to-end", end_to_end),
        ("end-to-end-wave", [*end_to_end, *wave]),
        *(own if posts and config else []),
        *(soak if soak_minutes else []),
    ]


@click.group()
def main() -> None:
    """Measure, and write what was measured."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=USUAL)
@click.option("--soak-minutes", default=60.0, show_default=True, help="0 leaves the soak out")
@click.option("--rounds", default=5, show_default=True, help="Of the ways from end to end")
@click.option("--count", default=30_000, show_default=True, help="Posts for each of these ways")
@click.option("--posts", type=click.Path(path_type=Path), help="CSV or JSON Lines with `text`")
@click.option("--config", type=click.Path(path_type=Path), help="Whom these posts mention")
@click.option("--only", default="", help="Some of the results, by their names")
def measure(
    folder: Path,
    soak_minutes: float,
    rounds: int,
    count: int,
    posts: Path | None,
    config: Path | None,
    only: str,
) -> None:
    """Run every benchmark one after the other, keep its figures in FOLDER, write the page.

    One that fails is named at the end, with status 1, and does not stop the others.
    """
    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    wanted = jobs(soak_minutes=soak_minutes, rounds=rounds, count=count, posts=posts, config=config)
    for name, words in wanted:
        if only and name not in only.split(","):
            continue
        click.echo(f"== {name}: python -m {' '.join(words)}", err=True)
        began = time.monotonic()
        command = [sys.executable, "-m", *words, "--json", str(folder / f"{name}.json")]
        if subprocess.run(command, check=False).returncode:  # noqa: S603 - our own, no shell
            failed.append(name)
        click.echo(f"== {name}: {(time.monotonic() - began) / 60:.1f} minutes", err=True)
        write_page(folder)
    if failed:
        raise SystemExit(f"failed, see above: {', '.join(failed)}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=USUAL)
def write(folder: Path) -> None:
    """Write the figures in FOLDER into docs/performance.md, and draw its pictures."""
    write_page(folder)


def write_page(folder: Path) -> None:
    """Write what FOLDER holds."""
    found = Found.read(folder)
    PAGE.write_text(replaced(PAGE.read_text("utf-8"), sections(found)), "utf-8")
    for name, svg in pictures(found).items():
        (DOCS / name).write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
