"""`python -m benchmarks.hottest`: a worker's ten hottest lines, written into docs/profiling.md.

Starts a stack of its own in a temporary folder, replays the demo's recording into it again and
again, and watches the worker with `uproar profile` meanwhile. Needs the right to trace (root).
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from benchmarks.overload import command, running_stack
from uproar.operations.profiling import find_process, record
from uproar.operations.stacks import at_work, hottest, markdown, shares_of_packages

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "producers" / "demo"
PAGE = ROOT / "docs" / "profiling.md"
WARM_SECONDS = 180.0
"""For the first round at the longest: a worker loads its models with the first posts."""
_PART = re.compile(r"(<!-- profile: worker -->\n).*?(<!-- end -->)", re.S)


def main() -> int:
    """Measure, write, and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    seconds: float = parser.parse_args().seconds
    with tempfile.TemporaryDirectory(prefix="hottest-") as name:
        folder = Path(name)
        shutil.copy(DEMO / "uproar.yaml", folder / "uproar.yaml")
        with running_stack(folder):
            text = watched(folder, seconds)
    page = PAGE.read_text("utf-8")
    PAGE.write_text(_PART.sub(lambda found: found[1] + text + found[2], page), "utf-8")
    sys.stdout.write(text)
    return 0


def watched(folder: Path, seconds: float) -> str:
    """Return the table of a worker that has posts to read all the time."""
    is_warm, is_over = threading.Event(), threading.Event()
    feeding = threading.Thread(target=feed, args=(folder, is_warm, is_over))
    feeding.start()
    try:
        is_warm.wait(WARM_SECONDS)
        stacks = at_work(record(find_process(folder / "home", "worker").pid, seconds))
    finally:
        is_over.set()
        feeding.join()
    shares = ", ".join(f"{name} {share:.0%}" for name, share in shares_of_packages(stacks)[:8])
    samples = sum(stack.samples for stack in stacks)
    return f"{markdown(hottest(stacks))}\n{samples:,} samples; by package: {shares}.\n"


def feed(folder: Path, is_warm: threading.Event, is_over: threading.Event) -> None:
    """Replay the recording under one name after another, until it is over."""
    number = 0
    while not is_over.is_set():
        recording = str(DEMO / "recording.jsonl.zst")
        producer = command(folder, "replay", recording, "--run", f"round-{number}")
        number += 1
        while producer.poll() is None:
            if is_over.wait(0.2):
                producer.terminate()
                try:
                    producer.wait(60)
                except subprocess.TimeoutExpired:
                    producer.kill()
                    producer.wait()
        is_warm.set()


if __name__ == "__main__":
    sys.exit(main())
