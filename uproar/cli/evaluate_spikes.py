"""`uproar evaluate spikes`: how well spikes are told, on labelled series of anybody's."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
import msgspec

from dashboards.alerts.spikes import Sensitivity
from uproar import __version__
from uproar.errors import InputError, UproarError

if TYPE_CHECKING:
    from uproar.evaluation.report import Outcome
    from uproar.evaluation.spikes import Labelled
    from uproar.series import Series

WINDOWS = ("combined_windows.json", "windows.json")
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("spikes")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--sensitivity",
    type=click.Choice(get_args(Sensitivity)),
    default="medium",
    show_default=True,
    help="How readily a spike is announced.",
)
@click.option(
    "--leave-one-out", is_flag=True, help="Judge each series at the cut that is best on the others."
)
@click.option("--floors", type=FILE, help="Status 1 when a figure is beyond these bounds.")
@click.option("--json", type=FILE, help="Write everything to this file, too.")
def evaluate_spikes(
    folder: Path,
    sensitivity: Sensitivity,
    leave_one_out: bool,
    floors: Path | None,
    json: Path | None,
) -> None:
    """Are labelled spikes announced, early and once? NAB's score, standard profile.

    FOLDER has series as for `uproar spikes`, and their windows in combined_windows.json (as the
    Numenta Anomaly Benchmark has them) or windows.json. 0 is silence, 100 is an alert at the start
    of each window and none elsewhere. docs/models/spikes.md has the rule.
    """
    from dashboards.alerts.series_spikes import alert_rows, judge_series
    from dashboards.alerts.spikes import CUTS
    from uproar.evaluation import spikes
    from uproar.evaluation.report import Report, Speed

    started = time.perf_counter()
    known, series = read_folder(folder)
    judged = {one.name: list(judge_series(one)) for one in series}
    cuts = dict.fromkeys(judged, CUTS[sensitivity])
    if leave_one_out:
        cuts = spikes.leave_one_out(known, lambda name, cut: alert_rows(judged[name], cut))
    found = {name: alert_rows(judged[name], cut) for name, cut in cuts.items()}
    outcome = spikes.evaluate_spikes(known, found)
    _show(outcome, cuts)
    seconds = time.perf_counter() - started
    report = Report(
        part="spikes", inputs=tuple(judged), outcome=outcome, versions={"uproar": __version__},
        options={"sensitivity": "left out in turn" if leave_one_out else sensitivity},
        speed=Speed(posts_per_second=sum(map(len, judged.values())) / seconds, seconds=seconds),
    )  # fmt: skip
    if json:
        try:
            json.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
        except OSError as error:
            raise InputError(f"cannot write `{json}`: {error.strerror}") from error
    if floors:
        _hold(outcome, floors)


def read_folder(folder: Path) -> "tuple[list[Labelled], list[Series]]":
    """Read a folder's series and their windows. Raises InputError."""
    from uproar.evaluation.nab import read_windows, windows_of
    from uproar.evaluation.spikes import Labelled
    from uproar.series import read_series

    there = [folder / name for name in WINDOWS if (folder / name).exists()]
    if not there:
        raise InputError(f"`{folder}`: wanted {' or '.join(WINDOWS)}, found neither")
    labelled = read_windows(there[0].name, there[0].read_bytes())
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise InputError(f"`{folder}`: wanted series as .csv files, found none")
    series = [read_series(file.name, file.read_bytes()) for file in files]
    return [
        Labelled(
            one.name,
            len(one.points),
            windows_of(one.name, [point.stamp for point in one.points], labelled),
        )
        for one in series
    ], series


def _show(outcome: "Outcome", cuts: Mapping[str, float]) -> None:
    from uproar.cli.tables import console, table_of

    rows: list[tuple[object, ...]] = []
    for name, group in (*outcome.by["series"].items(), ("all", outcome.overall)):
        normalised = group.figures["normalised"].value
        rows.append(
            (
                name, "" if name == "all" else f"{cuts[name]:.2f}",
                "–" if normalised is None else f"{100 * normalised:.1f}",
                f"{group.figures['caught'].value} of {group.n}",
                group.figures["false_rows"].value,
            )
        )  # fmt: skip
    console().print(table_of(("series", "cut", "NAB score", "caught", "false rows"), rows))


def _hold(outcome: "Outcome", path: Path) -> None:
    from uproar.evaluation.floors import falls, read_floors

    try:
        floors = read_floors(str(path), path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot read `{path}`: {error.strerror}") from error
    if "spikes" not in floors:
        raise InputError(f"{path}: wanted bounds for `spikes`, found none")
    if fallen := falls(outcome, floors["spikes"], str(path)):
        raise UproarError(
            f"spikes is beyond the bounds of `{path}`:\n  " + "\n  ".join(fallen),
            hint="`uproar spikes SERIES.csv` shows what is announced, and the scores",
        )
    click.echo(f"bounds: all kept ({path.name})")
