"""`python -m benchmarks.archive_memory`: read an archive as a replay does; peak memory, MB/s."""

import bz2
import gzip
import io
import lzma
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import zstandard

from producers.inputs import Part, inspect_all, parts
from producers.intake import Intake, Timed
from producers.order import Held, OrderBuffer
from producers.ordering import HELD_BYTES, Record, fits_window, order_of
from producers.plan import ReplayPlan
from uproar.config import Entity
from uproar.mentions import MentionMatcher
from uproar.pseudonym import Pseudonyms
from uproar.records import Post

POSTS_IN_A_FILE = 100_000
POST_BYTES = 1_000
MENTIONED_IN = 50  # posts: one of so many goes on
LIMIT_MB = 300

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gz": lambda data: gzip.compress(data, 4),
    "bz2": bz2.compress,
    "zst": zstandard.ZstdCompressor(level=3).compress,
    "xz": lambda data: lzma.compress(data, preset=1),
}


@click.command()
@click.option("--gigabytes", default=1.0, show_default=True, help="Of posts, unpacked.")
@click.option("--pack", type=click.Choice(list(PACKERS)), default="zst", show_default=True)
@click.option("--into", type=click.Choice(["tar", "zip", "file"]), default="tar", show_default=True)
@click.option("--shuffled", is_flag=True, help="Files in no order, so that they must be sorted.")
@click.option("--read", "path", type=click.Path(path_type=Path), help="Read this file alone.")
def main(gigabytes: float, pack: str, into: str, path: Path | None, *, shuffled: bool) -> None:
    """Write an archive of invented posts, then read it in a process of its own."""
    if path is not None:
        measure(path)
        return
    folder = Path(tempfile.mkdtemp(prefix="uproar-bench-"))
    try:
        began = time.monotonic()
        made = folder / f"invented.{into}"
        write(made, files(round(gigabytes * 1e9), shuffled=shuffled), into, PACKERS[pack], pack)
        size = made.stat().st_size / 1e6
        click.echo(f"wrote {size:,.0f} MB in {time.monotonic() - began:,.0f} s")
        command = [sys.executable, "-m", "benchmarks.archive_memory", "--read", str(made)]
        done = subprocess.run(command, check=False)  # noqa: S603 - ourselves
        if done.returncode:
            raise SystemExit(done.returncode)
    finally:
        shutil.rmtree(folder)


def files(size_bytes: int, *, shuffled: bool) -> Iterator[tuple[str, bytes]]:
    """Yield files of invented posts: a name, and JSON Lines in order of time."""
    chosen = random.Random(7)  # noqa: S311 - the same posts every time
    words = ["".join(chosen.choices("abcdefghijklmnoprstuvw", k=7)) for _ in range(5_000)]
    texts = [" ".join(chosen.choices(words, k=105)) for _ in range(2_000)]
    count = size_bytes // POST_BYTES
    starts = list(range(0, count, POSTS_IN_A_FILE))
    if shuffled:
        chosen.shuffle(starts)
    for start in starts:
        lines = [
            f'{{"id": "{n}", "platform": "invented", "author": "author {n % 9973}", "created_at": '
            f'{1_600_000_000 + n // 10}, "text": "{chosen.choice(texts)}'
            f'{" Quillhost" if n % MENTIONED_IN == 0 else ""}"}}\n'
            for n in range(start, min(start + POSTS_IN_A_FILE, count))
        ]
        yield f"posts-{start:012}.jsonl", "".join(lines).encode()


def write(
    path: Path,
    content: Iterator[tuple[str, bytes]],
    into: str,
    packer: Callable[[bytes], bytes],
    suffix: str,
) -> None:
    """Write the files, each packed by itself, into an archive or one behind the other."""
    if into == "file":
        with path.open("wb") as file:
            for _, data in content:
                file.write(packer(data))
    elif into == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in content:
                archive.writestr(f"{name}.{suffix}", packer(data))
    else:
        with tarfile.open(path, "w") as archive:
            for name, data in content:
                packed = packer(data)
                entry = tarfile.TarInfo(f"{name}.{suffix}")
                entry.size = len(packed)
                archive.addfile(entry, io.BytesIO(packed))


def measure(path: Path) -> None:
    """Inspect, read, judge and put in order what is in a file; print what that took."""
    plan = ReplayPlan(
        files=(path,), run="benchmark", names=Pseudonyms("an invented key, long enough")
    )
    intake = Intake(plan, MentionMatcher([Entity(id="quillhost", name="Quillhost")]))
    inputs = inspect_all([path], None).inputs
    now = datetime.now(UTC)
    began = time.process_time()
    is_sorted = not fits_window(inputs, plan, now, lambda _: None)
    looked = time.process_time() - began
    began, began_cpu = time.monotonic(), time.process_time()
    count = size = late = 0
    last = datetime.min.replace(tzinfo=UTC)
    with order_of(plan, is_sorted=is_sorted) as order:

        def records() -> Iterator[Held[Record | None]]:
            nonlocal count, size
            for part in parts(inputs[0], lambda _: None):
                if not isinstance(part, Part):
                    continue
                for frame, values in part.records:
                    size += frame.size_bytes + 1
                    for index, value in enumerate(values):
                        count += 1
                        judged = intake.judge(frame, index, value, part.source.name, now)
                        if isinstance(judged, Timed):
                            weight = HELD_BYTES if isinstance(judged.record, Post) else 0
                            held = Held(judged.time, count, weight, judged.record)
                            yield from order.push(held)
            yield from order.drain()

        for held in records():
            late += held.time < last
            last = max(last, held.time)
    seconds, cpu = time.monotonic() - began, time.process_time() - began_cpu
    peak = peak_megabytes()
    how = "sorted on disk" if is_sorted else OrderBuffer.__name__
    click.echo(
        f"read {count:,} posts, {size / 1e6:,.0f} MB, in {seconds:,.1f} s ({cpu:,.1f} s of one "
        f"core: {size / 1e6 / cpu:,.0f} MB/s, {count / cpu:,.0f} posts/s); before that, looked "
        f"for disorder in {looked:,.1f} s of one core\n{how}, {late:,} late; peak memory "
        f"{peak:,.0f} MB (wanted at most {LIMIT_MB})"
    )
    if peak > LIMIT_MB:
        raise SystemExit(1)


def peak_megabytes() -> float:
    """Return the most memory that this process had; `getrusage` counts also who started it."""
    status = Path("/proc/self/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1_000


if __name__ == "__main__":
    main()
