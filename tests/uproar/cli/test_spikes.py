"""`uproar spikes` and `uproar evaluate spikes`: what they print, write and fail on."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from uproar.cli.evaluate import evaluate
from uproar.cli.spikes import spikes
from uproar.errors import InputError, UproarError

INVENTED = Path(__file__).parents[3] / "evaluation" / "spikes"
SMALL = INVENTED / "small_every_5_minutes.csv"


def run(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(spikes, [str(argument) for argument in arguments], input=text)


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.exception
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_every_row_comes_out_as_it_stood_and_three_of_them_announce_a_spike() -> None:
    found = rows(run(SMALL))
    with SMALL.open(newline="") as file:
        given = list(csv.DictReader(file))
    assert [(row["timestamp"], row["value"]) for row in found] == [
        (row["timestamp"], row["value"]) for row in given
    ]
    assert list(found[0]) == ["timestamp", "value", "expected", "score", "is_spike"]
    told = [row["timestamp"] for row in found if row["is_spike"] == "true"]
    assert [stamp[:10] for stamp in told] == ["2026-01-10", "2026-01-14", "2026-01-19"]


def test_sensitivity_changes_what_is_announced_and_not_the_scores() -> None:
    low, high = (rows(run(SMALL, "--sensitivity", word)) for word in ("low", "high"))
    assert [row["score"] for row in low] == [row["score"] for row in high]
    told = [
        next(row["timestamp"] for row in some if row["is_spike"] == "true") for some in (low, high)
    ]
    assert told[1] <= told[0]


def test_repeated_stamps_and_gaps_lose_no_row() -> None:
    stamps = ["00:00", "00:30", "01:00", "01:00", "00:30", "01:00", "09:00"]
    lines = ["timestamp,value", *(f"2026-10-25 {stamp},7" for stamp in stamps)]
    found = rows(run("-", text="\n".join(lines)))
    assert [row["timestamp"][11:] for row in found] == stamps


def test_a_row_that_cannot_be_read_stops_it_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("timestamp,value\n2026-01-01,1\n2026-01-02,many\n", "utf-8")
    result = run(path)
    assert isinstance(result.exception, InputError)
    assert "bad.csv, line 3: wanted a count, found `many`" in str(result.exception)
    assert not result.stdout


def measure(*arguments: object) -> Result:
    return CliRunner().invoke(evaluate, ["spikes", *(str(argument) for argument in arguments)])


def test_the_invented_series_keep_their_floors_and_the_report_has_every_figure(
    tmp_path: Path,
) -> None:
    report = tmp_path / "report.json"
    floors = INVENTED.parent / "expected.json"
    result = measure(INVENTED, "--floors", floors, "--json", report)
    assert result.exit_code == 0, result.exception
    assert "bounds: all kept" in result.stdout
    outcome = json.loads(report.read_text("utf-8"))["outcome"]
    assert outcome["overall"]["figures"]["caught"]["value"] == 8
    assert set(outcome["by"]["series"]) == {path.name for path in INVENTED.glob("*.csv")}


def test_a_figure_beyond_its_bound_is_a_failure(tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    floors.write_text('{"spikes": {"at_least": {"overall.normalised": 0.999}}}', "utf-8")
    result = measure(INVENTED, "--floors", floors)
    assert isinstance(result.exception, UproarError)
    assert "`overall.normalised`" in str(result.exception)


def test_leave_one_out_judges_each_series_at_a_cut_of_the_others() -> None:
    result = measure(INVENTED, "--leave-one-out")
    assert result.exit_code == 0, result.exception
    assert "8 of 8" in result.stdout


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "wanted combined_windows.json or windows.json, found neither"),
        ({"windows.json": "{}"}, "wanted series as .csv files, found none"),
    ],
)
def test_a_folder_without_series_or_windows_is_told(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")
    result = measure(tmp_path)
    assert isinstance(result.exception, InputError)
    assert said in str(result.exception)
