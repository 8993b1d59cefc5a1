"""More than the pipeline can take, for minutes, and ClickHouse standing still for a part of it.

    python -m benchmarks.overload --minutes 10

Starts a stack of its own in a temporary folder, replays invented posts into it as fast as they can
be read (one in a few hundred is as long as a post may be), stops ClickHouse for a quarter of the
time with SIGSTOP, and samples the memory of every process each second. Prints a table and ends with
status 1 when a process took more than the bound that docs/runbook.md states for it.
"""

import argparse
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from uproar.operations.notes import ProcessNote, read_notes
from uproar.stack.memory import resident_bytes

MEGABYTE = 1_000_000
BROKER_MEGABYTES = 300
"""Its bound here: small, so that it is reached and the broker emptied within minutes."""
POSTS_A_SECOND = 6_000
LONG_POST_EVERY = 400
LONG_POST_PHRASES = 5_000
RUNBOOK = Path(__file__).parents[1] / "docs" / "runbook.md"
PHRASES = (
    "the domain registrar Epik", "should go down now", "people want Parler and Gab",
    "to leave their hosting", "call them", "write to them", "boycott", "what a great day",
    "it was awful", "never again",
)  # fmt: skip
CONFIG = """entities:
  - {id: epik, name: Epik}
  - {id: parler, name: Parler}
"""


def main() -> int:
    """Run, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    minutes: float = parser.parse_args().minutes
    with tempfile.TemporaryDirectory(prefix="overload-") as name:
        folder = Path(name)
        count = int(minutes * 60 * POSTS_A_SECOND)
        sys.stderr.write(f"writing {count:,} invented posts\n")
        write_posts(folder / "posts.jsonl", count)
        (folder / "uproar.yaml").write_text(CONFIG, "utf-8")
        with running_stack(folder) as stack:
            return flood(folder, stack, minutes * 60)


def write_posts(path: Path, count: int) -> None:
    """Write invented posts, most of them short."""
    random_ = random.Random(1)  # noqa: S311
    texts = [" ".join(random_.choices(PHRASES, k=random_.randint(2, 12))) for _ in range(5_000)]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            text = texts[number % len(texts)]
            if number % LONG_POST_EVERY == 0:
                text = " ".join(random_.choices(PHRASES, k=LONG_POST_PHRASES))
            second = number * 86_400 // count  # in order: a file that is not is sorted first
            line = {
                "platform": "mastodon",
                "id": str(number),
                "author": f"author-{number % 20_000}",
                "text": text,
                "created_at": 1_610_928_000 + second,
            }
            file.write(json.dumps(line) + "\n")


@contextmanager
def running_stack(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `uproar up` in a folder of its own."""
    stack = command(folder, "up")
    try:
        deadline = time.monotonic() + 60
        while len(read_notes(folder / "home")) < 4:  # itself, worker, sink, page
            if stack.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the stack did not start")
            time.sleep(0.2)
        yield stack
    finally:
        stack.send_signal(signal.SIGINT)
        stack.wait(60)


def command(folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    """Start a command of Uproar, with its output in a log."""
    environment = {
        **os.environ,
        "UPROAR_HOME": str(folder / "home"),
        "UPROAR_CONFIG": str(folder / "uproar.yaml"),
        "UPROAR_BROKER_MEMORY_MEGABYTES": str(BROKER_MEGABYTES),
        "UPROAR_LOG_LEVEL": "INFO",
        "UPROAR_PAGE_PORT": os.environ.get("UPROAR_PAGE_PORT", "0"),
    }
    with (folder / f"{words[0]}.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own command line, no shell
            [sys.executable, "-m", "uproar", *words],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def flood(folder: Path, stack: "subprocess.Popen[bytes]", seconds: float) -> int:
    """Replay for that long, sampling; print what it came to."""
    producer = command(folder, "replay", str(folder / "posts.jsonl"), "--run", "overload")
    samples: dict[str, list[int]] = {}
    began = time.monotonic()
    standing: int | None = None
    counts: Mapping[str, float] = {}
    try:
        while (elapsed := time.monotonic() - began) < seconds and producer.poll() is None:
            pids = processes(folder, stack.pid) | {"producer": producer.pid}
            for name, pid in pids.items():
                if memory := resident_bytes(pid):
                    samples.setdefault(name, []).append(memory)
            stands = seconds / 4 <= elapsed < seconds / 2
            if stands and standing is None and "clickhouse" in pids:
                standing = pids["clickhouse"]
                os.kill(standing, signal.SIGSTOP)
                sys.stderr.write(f"{elapsed:.0f} s: ClickHouse stands still\n")
            elif not stands and standing is not None and standing > 0:
                os.kill(standing, signal.SIGCONT)
                sys.stderr.write(f"{elapsed:.0f} s: ClickHouse goes on\n")
                standing = 0
            if int(elapsed) % 30 == 0:
                counts = totals(folder) or counts
            time.sleep(max(0.0, 1 - (time.monotonic() - began - elapsed)))
        counts = totals(folder) or counts
    finally:
        if standing:
            os.kill(standing, signal.SIGCONT)
        producer.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            producer.wait(120)
        producer.kill()
        producer.wait()
    return report(samples, counts, (folder / "replay.log").read_text("utf-8"))


def processes(folder: Path, stack: int) -> dict[str, int]:
    """Return the processes of the stack, by what they are."""
    found = {"stack": stack}
    for note in read_notes(folder / "home"):
        if note.stage in ("streams", "sink", "page"):
            found[{"streams": "worker"}.get(note.stage, note.stage)] = note.pid
    for path in Path(f"/proc/{stack}/task").glob("*/children"):
        with suppress(OSError):
            for child in path.read_text().split():
                words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                if b"uproar.stack.clickhouse_server" in words:
                    found["clickhouse"] = int(child)
                elif words[0].endswith(b"tansu"):
                    found["broker"] = int(child)
    return found


def totals(folder: Path) -> dict[str, float]:
    """Return what the processes have counted, summed over kinds."""
    found: dict[str, float] = {}
    for note in read_notes(folder / "home"):
        for line in scraped(note).splitlines():
            if match := re.match(r"(uproar_[a-z_]+_total)(?:\{([^}]*)\})? (\S+)", line):
                place = f"{match[1]}{{{match[2] or ''}}}"
                found[place] = found.get(place, 0) + float(match[3])
    return found


def scraped(note: ProcessNote) -> str:
    """Return a process's metrics; nothing where it does not answer."""
    with (
        suppress(OSError),
        urllib.request.urlopen(f"http://{note.address}/metrics", timeout=2) as answer,
    ):
        return str(answer.read().decode())
    return ""


def report(samples: Mapping[str, list[int]], counts: Mapping[str, float], told: str) -> int:
    """Print the table; return 1 where a bound was broken."""
    bounds = stated_bounds(RUNBOOK.read_text("utf-8"))
    print_ = sys.stdout.write
    print_(f"{'process':12}{'start':>8}{'median':>8}{'peak':>8}{'end':>8}{'bound':>8}   MB\n")
    broken = []
    for name in ("producer", "worker", "sink", "page", "stack", "broker", "clickhouse"):
        series = [one / MEGABYTE for one in samples.get(name, [0])]
        bound = bounds[name] if name != "broker" else 2 * BROKER_MEGABYTES
        figures = (series[0], statistics.median(series), max(series), series[-1], bound)
        print_(f"{name:12}" + "".join(f"{figure:8.0f}" for figure in figures) + "\n")
        if max(series) > bound:
            broken.append(name)
    for place, count in sorted(counts.items()):
        if re.match(r"uproar_(records_out|retries|renewals|restarts|waited)", place):
            print_(f"{place} {count:,.0f}\n")
    print_(f"the replay said: {' / '.join(told.splitlines()[-4:])}\n")
    print_(f"over the bound: {', '.join(broken) or 'none'}\n")
    return 1 if broken else 0


def stated_bounds(text: str) -> dict[str, int]:
    """Return the bounds in megabytes that the runbook states, by process."""
    rows = re.findall(r"^\| (\w+) \| ([\d,]+) MB \|", text, re.M)
    return {name: int(bound.replace(",", "")) for name, bound in rows}


if __name__ == "__main__":
    sys.exit(main())
