"""What a process holds for good is looked through once by the collector."""

import subprocess
import sys

TRIED = """
import gc
from uproar.operations.collector import spare_collector
spare_collector()
before = gc.get_freeze_count()
held = [[number] for number in range(10_000)]
gc.collect()
assert gc.get_freeze_count() >= before + len(held)
circle = []
circle.append(circle)
del circle
assert gc.collect() > 0
"""


def test_what_was_found_alive_is_spared_and_garbage_in_circles_still_goes() -> None:
    subprocess.run([sys.executable, "-c", TRIED], check=True)
