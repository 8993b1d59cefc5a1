"""`python -m benchmarks.spikes`: the figures of docs/models/spikes.md."""

import math
import statistics
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import click
import numpy as np

from benchmarks.spike_baselines import BASELINES, Scores, rows_above
from benchmarks.spike_series import Event, invented
from benchmarks.spike_variants import started_late, thinned
from dashboards.alerts.series_spikes import alert_rows, judge_series
from dashboards.alerts.spikes import (
    CUTS,
    SENSITIVITIES,
    DetectorState,
    SpikeDetector,
    SpikeTracker,
    TrackerState,
)
from uproar.cli.evaluate_spikes import read_folder
from uproar.evaluation import spikes as evaluation
from uproar.evaluation.nab import Scored, score, together

RATES = (0.1, 1.0, 10.0, 100.0)
"""Posts a minute."""
SIZES = (2, 3, 5, 10)
WEEKS = 4
LASTS = 360
"""Minutes a spike lasts, and how long is waited for its announcement."""
RAMP = 60
NEVER = math.inf


@click.group()
def main() -> None:
    """Measure the spike detector."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def nab(folder: Path) -> None:
    """Score it on labelled series at every cut, and the baselines beside it."""
    known, series = read_folder(folder)
    judged = {one.name: list(judge_series(one)) for one in series}
    click.echo("| cut | NAB score | caught | false rows |\n|---|---|---|---|")
    for tenth in range(6, 21):
        cut = tenth / 10
        found = together(
            score(one.rows, one.windows, alert_rows(judged[one.name], cut)) for one in known
        )
        _row(f"{cut}", found)
    medium = CUTS["medium"]
    click.echo("\n| at medium, the series | NAB score | caught | false rows |\n|---|---|---|---|")
    for share in (0.5, 0.25, 0.1):
        made = {one.name: list(judge_series(thinned(one, share))) for one in series}
        few = [score(one.rows, one.windows, alert_rows(made[one.name], medium)) for one in known]
        _row(f"thinned to {share:.0%}", together(few))
    pairs = zip(known, series, strict=True)
    late = [one for labelled, whole in pairs for one in started_late(labelled, whole, medium)]
    _row(f"started just before a window ({len(late)} series)", together(late))
    click.echo(
        "\n| detector | best cut | leave one out | caught | false rows |\n|---|---|---|---|---|"
    )
    values = {one.name: np.array([point.value for point in one.points]) for one in series}
    steps = {one.name: 86400 // one.step_seconds for one in series}
    for name, detector in BASELINES.items():
        scores = {key: detector(values[key], steps[key]) for key in values}
        for apart in (False, True):
            _baseline(
                f"{name}{', one a day' if apart else ''}", known, scores, steps if apart else {}
            )


def _baseline(
    title: str,
    known: Sequence[evaluation.Labelled],
    scores: dict[str, Scores],
    apart: dict[str, int],
) -> None:
    """Print the score at the best cut of all series, and at the best of the others of each."""
    every = np.concatenate(list(scores.values()))
    cuts = [float(cut) for cut in np.quantile(every, 1 - np.geomspace(1e-5, 0.02, 80))]
    table = {
        one.name: [
            score(one.rows, one.windows, rows_above(scores[one.name], cut, apart.get(one.name, 0)))
            for cut in cuts
        ]
        for one in known
    }
    best = together(table[name][_best(list(table.values()))] for name in table)
    left_out = together(
        table[name][_best([table[other] for other in table if other != name])] for name in table
    )
    _row(title, best, f"{left_out.normalised:.1f}")


def _best(some: Sequence[Sequence[Scored]]) -> int:
    raw = [sum(one.raw for one in column) for column in zip(*some, strict=True)]
    return raw.index(max(raw))


def _row(title: str, found: Scored, *cells: str) -> None:
    given = (f"{found.normalised:.1f}", *cells, f"{found.caught} of {found.windows}")
    click.echo(f"| {title} | {' | '.join(given)} | {found.false_rows} |")


@main.command()
@click.option("--entities", default=10, show_default=True, help="How many of each rate")
@click.option("--days", default=30, show_default=True)
def calm(entities: int, days: int) -> None:
    """Count the alerts of calm entities a month, by how much their volume wanders."""
    click.echo("| wander | rate | " + " | ".join(SENSITIVITIES) + " |\n|---|---|---|---|---|")
    for wander in (0.0, 0.15, 0.3):
        for rate in RATES:
            counts = dict.fromkeys(SENSITIVITIES, 0)
            for number in range(entities):
                detector = SpikeDetector(60)
                trackers = {word: SpikeTracker(word) for word in SENSITIVITIES}
                for at, count in invented(f"calm {rate} {number}", rate, days=days, wander=wander):
                    judgement = detector.update(at, count)
                    for word, tracker in trackers.items():
                        change = tracker.update(judgement)
                        counts[word] += change is not None and change.kind == "started"
            months = entities * days / 30
            cells = " | ".join(f"{count / months:.2f}" for count in counts.values())
            click.echo(f"| {wander} | {rate:g} | {cells} |")


@main.command()
@click.option("--entities", default=15, show_default=True, help="How many of each rate")
def delays(entities: int) -> None:
    """Time from a true start to the announcement, after four calm weeks: median, and share told."""
    click.echo("| shape | size | rate | " + " | ".join((*SENSITIVITIES, *BASELINES)) + " |")
    click.echo("|---|---|---|" + "---|" * (len(SENSITIVITIES) + len(BASELINES)))
    found: dict[tuple[str, int, float], dict[str, list[float]]] = {}
    for rate in RATES:
        for number in range(entities):
            for key, name, delay in _delays(rate, number):
                found.setdefault(key, {}).setdefault(name, []).append(delay)
    for (shape, size, rate), by in sorted(found.items()):
        cells = " | ".join(_told(some) for some in by.values())
        click.echo(f"| {shape} | x{size} | {rate:g} | {cells} |")


@main.command()
@click.option("--entities", default=5, show_default=True)
def least(entities: int) -> None:
    """Find the smallest step that is announced at medium, by how many days were seen before."""
    click.echo("| days seen | smallest step announced, median |\n|---|---|")
    for days in (1, 3, 7, 14, 28):
        found = [_least(f"least {number}", days) for number in range(entities)]
        click.echo(f"| {days} | x{statistics.median(found):g} |")


def _least(seed: str, days: int) -> float:
    start = days * 1440 + 600
    for size in (1.5, 1.75, 2, 2.25, 2.5, 3, 3.5, 4, 5, 6, 8):
        detector, tracker = SpikeDetector(120), SpikeTracker()
        rows = invented(
            seed, 30, days=days + 0.75, step_minutes=2, events=[Event(start, size, LASTS)]
        )
        for number, (at, count) in enumerate(rows):
            change = tracker.update(detector.update(at, count))
            if change and change.kind == "started" and 2 * number >= start:
                return size
    return NEVER


def _told(some: Sequence[float]) -> str:
    told = sum(one < NEVER for one in some) / len(some)
    middle = statistics.median(some)
    text = f"{middle:.0f}" if middle < NEVER else "–"
    return text if told == 1 else f"{text} ({told:.0%})"


def _delays(rate: float, number: int) -> Iterator[tuple[tuple[str, int, float], str, float]]:
    """Yield the minutes until each detector tells each spike of one entity."""
    detector = SpikeDetector(60)
    trackers = {word: SpikeTracker(word) for word in SENSITIVITIES}
    past: list[int] = []
    for at, count in invented(f"past {rate} {number}", rate, days=7 * WEEKS):
        judgement = detector.update(at, count)
        for tracker in trackers.values():
            tracker.update(judgement)
        past.append(count)
    state = detector.state()
    known = {word: tracker.state() for word, tracker in trackers.items()}
    start = Random(f"start {rate} {number}").randrange(720, 2160)  # noqa: S311  # no secret
    calm_days = np.array(past, dtype=float)
    cuts = {
        name: float(baseline(calm_days, 1440)[7 * 1440 :].max()) + 1e-9
        for name, baseline in BASELINES.items()
    }
    for shape, rise in (("step", 0), ("ramp of an hour", RAMP)):
        for size in SIZES:
            event = Event(start, size, LASTS, rise)
            rows = list(
                invented(f"now {rate} {number}", rate, days=(start + LASTS) / 1440, events=(event,))
            )
            key = (shape, size, rate)
            for word in SENSITIVITIES:
                yield key, word, _delay(state, word, known[word], rows, start)
            together_ = np.concatenate([calm_days, [float(count) for _, count in rows]])
            for name, baseline in BASELINES.items():
                scores = baseline(together_, 1440)[len(past) + start :]
                above = np.flatnonzero(scores >= cuts[name])
                yield key, name, float(above[0]) + 1 if len(above) else NEVER


def _delay(
    state: DetectorState,
    word: str,
    known: TrackerState,
    rows: Sequence[tuple[datetime, int]],
    start: int,
) -> float:
    detector = SpikeDetector.restored(state)
    tracker = SpikeTracker.restored(next(one for one in CUTS if one == word), known)
    for number, (at, count) in enumerate(rows):
        change = tracker.update(detector.update(at + timedelta(weeks=WEEKS), count))
        if number >= start and change and change.kind == "started":
            return number - start + 1
    return NEVER


if __name__ == "__main__":
    main()
