"""`uproar spikes`: the spikes in any series of counts, by the detector that the alerts use."""

import csv
from pathlib import Path
from typing import get_args

import click

from dashboards.alerts.spikes import Sensitivity
from uproar.errors import InputError

FILE = click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
COLUMNS = ("timestamp", "value", "expected", "score", "is_spike")


@click.command()
@click.argument("series", type=FILE)
@click.option(
    "--sensitivity",
    type=click.Choice(get_args(Sensitivity)),
    default="medium",
    show_default=True,
    help="How readily a spike is announced.",
)
def spikes(series: Path, sensitivity: Sensitivity) -> None:
    r"""Find the spikes in SERIES, a CSV file with the columns timestamp and value; - is stdin.

    Rows are counts at any regular step, in order of time; a missing step is unknown, not 0. Out
    comes a row for each: timestamp, value, expected, score, is_spike. A row is judged by those
    before it. is_spike is true in the one row that announces a spike, as early as it can be told.

    \b
    Example:
      uproar spikes mentions.csv | grep true
    """
    from dashboards.alerts.series_spikes import alerts, judge_series
    from dashboards.alerts.spikes import SpikeTracker
    from uproar.series import read_series

    read = read_series(*_content(series))
    judgements = list(judge_series(read))
    told = alerts(judgements, SpikeTracker(sensitivity))
    rows = csv.writer(click.get_text_stream("stdout"), lineterminator="\n")
    rows.writerow(COLUMNS)
    for point, judgement, is_spike in zip(read.points, judgements, told, strict=True):
        rows.writerow(
            (
                point.stamp, point.written, f"{judgement.expected:.2f}", f"{judgement.score:.3f}",
                "true" if is_spike else "false",
            )
        )  # fmt: skip


def _content(path: Path) -> tuple[str, bytes]:
    """Return how a file is called in messages, and its bytes. Raises InputError."""
    if path == Path("-"):
        return "stdin", click.get_binary_stream("stdin").read()
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read `{path}`: {error.strerror}") from error
