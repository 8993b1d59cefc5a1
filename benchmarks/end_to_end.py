"""`python -m benchmarks.end_to_end`: from a file to rows that can be queried, in several ways.

All processes run on this machine. In each round every way runs once, each time beginning with
another, on posts that are the same and read by the same functions (the naive ways excepted, which
say so). A way is ready and warm before it is measured, and must store every post exactly once.
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.course import Course, CourseFailed, Lines, run_course
from benchmarks.figures import rotated, spread
from benchmarks.grounds import Broker, Grounds, grounds
from benchmarks.posts import CONFIG, Kind, Written, from_lines, texts_of, written
from benchmarks.results import Clock, save
from benchmarks.rivals.naive_reading import NaiveReader
from benchmarks.ways import RIVALS_PYTHON, WAYS
from uproar.config import Reading
from uproar.config_file import read_config
from uproar.errors import StackError

WARM_POSTS = 1_000
SLOW_WARM_POSTS = 100
RIVALS = ("quix", "bytewax", "loop")


@click.command()
@click.option("--count", default=30_000, show_default=True, help="Posts for each way")
@click.option("--slow", default=2_000, show_default=True, help="Posts for each naive way")
@click.option("--rounds", default=5, show_default=True, help="The median counts")
@click.option("--ways", default=",".join(WAYS), show_default=True, help="Which ones")
@click.option(
    "--kind", type=click.Choice(["ordinary", "wave"]), default="ordinary", show_default=True
)
@click.option("--posts", type=click.Path(path_type=Path), help="CSV or JSON Lines with `text`")
@click.option("--config", type=click.Path(path_type=Path), default=CONFIG, help="Whom they mention")
@click.option("--readings", default="full,light", show_default=True, help="Which ones")
@click.option(
    "--broker", type=click.Choice(["local", "apache"]), default="local", show_default=True
)
@click.option("--json", "out", type=click.Path(path_type=Path), help="Keep the figures here")
def main(
    count: int, slow: int, rounds: int, ways: str, kind: Kind, posts: Path | None, config: Path,
    readings: str, broker: Broker, out: Path | None,
) -> None:  # fmt: skip
    """Measure, print a table, and end with status 1 where a way has lost or repeated a post."""
    measuring = _Measuring(_chosen(ways), rounds, out)
    entities = read_config(config).entities
    folder = Path(tempfile.mkdtemp(prefix="uproar-bench-"))
    try:
        click.echo("inventing posts", err=True)
        wanted = count + WARM_POSTS
        made = (
            from_lines(entities, texts_of(posts))[:wanted]
            if posts
            else written(entities, wanted, kind)
        )
        given = _Given(folder, made, slow, NaiveReader(entities), posts.name if posts else kind)
        with grounds(folder, broker, config) as servers:
            for reading in _readings(readings):
                measuring.rounds_of(reading, servers, given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    click.echo(summary(measuring.courses))
    if measuring.failed or any(course.problems for course in measuring.courses):
        raise SystemExit("\n".join(["not as it should be, see above", *measuring.failed]))


class _Given:
    """The files that ways are given: for the fast and for the slow ones, and to warm each."""

    def __init__(
        self, folder: Path, made: Sequence[Written], slow: int, naive: NaiveReader, kind: str
    ) -> None:
        posts, warm = made[:-WARM_POSTS], made[-WARM_POSTS:]
        if not posts:
            raise click.UsageError(
                f"more than {WARM_POSTS} posts are wanted: as many warm the ways"
            )

        def file(name: str, some: Sequence[Written]) -> Lines:
            return Lines.write(folder / f"{name}.jsonl", some, naive, kind)

        self._fast = (file("posts", posts), file("warm", warm))
        self._slow = (file("few-posts", posts[:slow]), file("few-warm", warm[:SLOW_WARM_POSTS]))

    def lines(self, *, is_slow: bool) -> tuple[Lines, Lines]:
        """Return what is sent, and what warms."""
        return self._slow if is_slow else self._fast


class _Measuring:
    """Ways in rounds, and what came of them."""

    def __init__(self, ways: list[str], rounds: int, out: Path | None) -> None:
        self._ways = ways
        self._rounds = rounds
        self._out = out
        self._clock = Clock("end_to_end")
        self.courses: list[Course] = []
        self.failed: list[str] = []

    def rounds_of(self, reading: Reading, servers: Grounds, given: _Given) -> None:
        """Run every way once a round; one that fails does not stop the others."""
        for number in range(self._rounds):
            self._clock.look()
            for name in rotated(_meant(self._ways, reading), number):
                lines, warm = given.lines(is_slow=WAYS[name].is_slow)
                try:
                    self.courses.append(run_course(servers, name, reading, lines, warm))
                    click.echo(_line(self.courses[-1]), err=True)
                except (CourseFailed, StackError) as error:
                    self.failed.append(f"{name}: {error}")
                    click.echo(self.failed[-1], err=True)
            save(self._clock.result(self.courses), self._out)


def _meant(ways: list[str], reading: Reading) -> list[str]:
    """Return the ways that a reading makes a difference to, or is the first of."""
    return [name for name in ways if reading == "full" or not WAYS[name].is_tutorial]


def _chosen(ways: str) -> list[str]:
    chosen = ways.split(",")
    for name in chosen:
        if name not in WAYS:
            raise click.UsageError(f"no such way: `{name}`; wanted some of {', '.join(WAYS)}")
    if RIVALS_PYTHON.exists() or not any(WAYS[name].program in RIVALS for name in chosen):
        return chosen
    raise click.UsageError("`sh benchmarks/rivals/environment.sh` installs what is compared with")


def _readings(asked: str) -> list[Reading]:
    found: list[Reading] = []
    for name in asked.split(","):
        match name:
            case "full" | "light":
                found.append(name)
            case _:
                raise click.UsageError(f"no such reading: `{name}`; wanted full or light")
    return found


def _line(course: Course) -> str:
    cpu = ", ".join(
        f"{name} {seconds / course.posts * 1e6:.0f}" for name, seconds in course.cpu.items()
    )
    problems = f" WRONG: {'; '.join(course.problems)}" if course.problems else ""
    return (
        f"{course.reading} {course.way}: {course.posts / course.seconds:,.0f} posts/s "
        f"({course.seconds:.2f} s after {course.before_seconds:.1f} s, ready in "
        f"{course.ready_seconds:.0f} s); us a post: {cpu}{problems}"
    )


def summary(courses: Sequence[Course]) -> str:
    """Return posts a second by reading and way: median, least and most of the rounds."""
    lines = []
    for key in dict.fromkeys((course.reading, course.way) for course in courses):
        rates = spread(
            [one.posts / one.seconds for one in courses if (one.reading, one.way) == key]
        )
        lines.append(
            f"{' '.join(key):28}{rates.median:10,.0f} posts/s "
            f"({rates.least:,.0f} to {rates.most:,.0f})"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
