"""Write evaluation/spikes: three invented series and the windows of the events in them.

python -m evaluation.make_spikes

As in NAB the windows of a series hold a tenth of its rows together, and each has its event's
start in its middle. There are rises that are no event, too: a busy evening, and weeks of growth.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.spike_series import MONDAY, Event, invented

FOLDER = Path(__file__).with_name("spikes")


class Plan(NamedTuple):
    """One series, the events that are labelled, and the rises that are not."""

    per_minute: float
    days: int
    step_minutes: int
    events: Sequence[Event]
    others: Sequence[Event] = ()


def _hour(day: int, hour: float) -> float:
    return 1440 * day + 60 * hour


PLANS = {
    "small_every_5_minutes.csv": Plan(
        0.5, 16, 5,
        (
            Event(_hour(5, 11), 25, 90, fades=True),
            Event(_hour(9, 20), 8, 240, rise=60),
            Event(_hour(14, 7), 15, 200, fades=True),
        ),
        (Event(_hour(7, 18), 1.7, 120),),
    ),
    "large_every_15_minutes.csv": Plan(
        40, 30, 15,
        (
            Event(_hour(8, 9), 6, 300, fades=True),
            Event(_hour(19, 15), 4, 600, rise=120),
        ),
        (Event(_hour(13, 19), 1.5, 180), Event(_hour(21, 0), 1.5, 1e6, rise=7 * 1440)),
    ),
    "middling_every_hour.csv": Plan(
        3, 80, 60,
        (
            Event(_hour(30, 14), 10, 500, fades=True),
            Event(_hour(47, 6), 5, 900, rise=180),
            Event(_hour(66, 18), 20, 300, fades=True),
        ),
        (Event(_hour(40, 10), 1.6, 300),),
    ),
}  # fmt: skip


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    labelled = {}
    for name, plan in PLANS.items():
        series = invented(
            name, plan.per_minute, days=plan.days, step_minutes=plan.step_minutes,
            events=(*plan.events, *plan.others),
        )  # fmt: skip
        rows = [f"{at:%Y-%m-%d %H:%M:%S},{count}" for at, count in series]
        (FOLDER / name).write_text("\n".join(["timestamp,value", *rows, ""]), "utf-8")
        half = round(0.1 * len(rows) / len(plan.events) / 2)
        labelled[name] = [_window(event, half, plan.step_minutes) for event in plan.events]
    text = json.dumps(labelled, indent=2) + "\n"
    (FOLDER / "windows.json").write_text(text, "utf-8")


def _window(event: Event, half: int, step_minutes: int) -> tuple[str, str]:
    """Return the ends of a window of so many rows on each side of an event's start."""
    row = round(event.at_minute / step_minutes)
    first, last = (MONDAY + timedelta(minutes=step_minutes * at) for at in (row - half, row + half))
    return f"{first:%Y-%m-%d %H:%M:%S}", f"{last:%Y-%m-%d %H:%M:%S}"


if __name__ == "__main__":
    main()
