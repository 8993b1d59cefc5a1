"""`uproar report`, `uproar export` and `uproar top` as a person calls them."""

import json
import stat
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from clickhouse_driver import Client

from uproar.cli.export import export
from uproar.cli.invocation import CommandGroup, Invocation
from uproar.cli.ranges import parse_moment
from uproar.cli.report import report
from uproar.cli.top import top
from uproar.cli.writing import replacing
from uproar.errors import InputError
from uproar.records import Reaction

pytestmark = pytest.mark.integration

MAIN = CommandGroup("uproar", commands=[report, export, top])
PEAK = "2021-01-11T01:00:00Z"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def filled(
    store: Client, invented: list[Reaction], write: Callable[[Sequence[Any]], None]
) -> Client:
    write(invented)
    return store


@pytest.fixture
def run(filled: Client, server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call a command on the tables of this module."""
    ((database,),) = filled.execute("SELECT currentDatabase()")
    monkeypatch.setenv("UPROAR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("UPROAR_CLICKHOUSE_URL", f"{server_url}/{database}")
    monkeypatch.setenv("UPROAR_KAFKA_BROKERS", "127.0.0.1:9")

    def called(*arguments: object) -> Result:
        return CliRunner().invoke(MAIN, [str(one) for one in arguments], obj=Invocation(None))

    return called


@pytest.mark.parametrize("name", ["report.html", "report.md", "report.pdf", "report.png"])
def test_a_report_is_one_file_for_its_owner(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    result = run("report", "wave", "--out", path, "--queries")
    assert result.exit_code == 0, result.output
    begins = {".html": b"<!doctype", ".md": b"# ", ".pdf": b"%PDF", ".png": b"\x89PNG"}
    assert path.read_bytes().startswith(begins[path.suffix])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == [name]


def test_a_report_that_cannot_be_made_leaves_the_old_one(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("old")
    result = run("report", "no-such-run", "--out", path)
    assert result.exit_code == 1
    assert "nothing is stored of a run `no-such-run`" in result.stderr
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["report.md"]


def test_without_the_extra_a_page_is_refused_by_its_name_and_markdown_is_not(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    refused = run("report", "wave", "--out", tmp_path / "report.html")
    assert refused.exit_code == 1
    assert "pip install 'uproar[report]'" in refused.stderr
    assert run("report", "wave", "--out", tmp_path / "report.md").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("report", "wave", "--out", "report.docx"), ".html, .md, .pdf or .png"),
        (("report", "wave", "--out", "/no/such/folder/report.md"), "cannot write"),
        (("report", "wave", "--out", "r.md", "--since", "yesterday"), "wanted a time"),
        (("export", "wave", "--out", "-", "--format", "parquet"), "goes into a file"),
        (("export", "wave", "--out", "wave.doc"), ".parquet, .csv or .ndjson"),
        (("export", "wave", "--out", "a.csv", "--since", "2021-02-01", "--until", "2021-01-01"),
         "ends before it begins"),
        (("top", "no-such-run", "--once"), "nothing is stored"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_was_wanted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: Any, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 1
    assert told in result.stderr
    assert not [one for one in tmp_path.iterdir() if one.is_file()]


def test_an_export_goes_to_stdout_and_its_count_does_not(run: Run) -> None:
    result = run("export", "wave", "--out", "-", "--format", "ndjson", "--entity", "nimbus")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["entity"] for row in rows} == {"nimbus"}
    assert f"Exported {len(rows):,} mentions" in result.stderr


@pytest.mark.parametrize("name", ["a.csv.gz", "a.ndjson.zst"])
def test_a_packed_export_is_whole(run: Run, tmp_path: Path, name: str) -> None:
    from producers.inputs import inspect, read

    assert run("export", "wave", "--out", tmp_path / name).exit_code == 0
    plain = run("export", "wave", "--out", "-", "--format", "ndjson").stdout.splitlines()
    assert len(list(read(inspect(tmp_path / name, None), lambda _: None))) == len(plain)


def test_every_column_of_an_export_is_explained(run: Run) -> None:
    shown = run("export", "--columns").stdout
    assert "observed_at" in shown
    assert "guarded" in shown


def test_top_prints_once_into_a_pipe(run: Run) -> None:
    shown = run("top", "wave", "--at", PEAK).stdout
    assert shown.startswith("wave at 2021-01-11 01:00 UTC")
    assert "nimbus" in shown
    assert any(block in shown for block in "▂▃▄▅▆▇█")


def test_a_file_that_fails_half_way_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "half.csv"
    with pytest.raises(RuntimeError), replacing(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_a_moment_is_a_time_or_how_long_ago() -> None:
    ago = parse_moment("90m", "--since")
    assert ago
    assert timedelta(minutes=89) < datetime.now(UTC) - ago < timedelta(minutes=91)
    assert parse_moment(None, "--since") is None
    for wrong in ("soon", "1066-10-14", "99999w", ""):
        with pytest.raises(InputError):
            parse_moment(wrong, "--since")
