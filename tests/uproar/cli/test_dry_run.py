"""`uproar replay --dry-run`: what is in a file, told without any server."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from uproar.cli import main

CONFIG = """\
entities:
  - id: quillhost
    name: Quillhost
columns:
  mydump: {text: body, created_at: date, id: key, posted_on: forum}
"""
POSTS = "".join(
    json.dumps({"id": str(day), "text": text, "created_at": f"2021-01-{day}T09:30:00Z"}) + "\n"
    for day, text in [(18, "Shut down Quillhost"), (19, "Something else"), (21, "Quillhost")]
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UPROAR_CONFIG", raising=False)
    (tmp_path / "posts.jsonl").write_text(POSTS + "{rubbish\n")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["replay", "--dry-run", *arguments])


def test_format_span_days_mentions_and_dead_letters_are_told(here: Path) -> None:
    (here / "uproar.yaml").write_text(CONFIG)
    result = run("posts.jsonl", "--speed", "60x")
    assert result.exit_code == 0, result.output
    for told in (
        "uproar JSON Lines", "4 records", "2021-01-18 09:30:00 UTC", "2021-01-20", "quillhost",
        "about 1:12:00", "not-json", "{rubbish", "of time",
    ):  # fmt: skip
        assert told in result.stdout, told


def test_the_same_is_told_as_json(here: Path) -> None:
    (here / "uproar.yaml").write_text(CONFIG)
    result = run("posts.jsonl", "--json")
    told = json.loads(result.stdout)
    (file,) = told["files"]
    assert (file["name"], file["format"]) == ("posts.jsonl", "uproar JSON Lines")
    assert (file["read"], file["kept"], file["filtered"], file["unreadable"]) == (4, 2, 1, 1)
    assert file["posts_by_day"] == {"2021-01-18": 1, "2021-01-19": 1, "2021-01-21": 1}
    assert file["mentions"] == {"quillhost": 2}
    assert file["dead_letters"]["not-json"]["positions"] == [4]
    assert told["total"]["read"] == 4
    assert told["in_order"] is True
    assert told["records_per_second"] > 0


def test_nothing_need_be_tracked_and_nothing_is_started_or_written(here: Path) -> None:
    result = run("posts.jsonl")
    assert result.exit_code == 0, result.output
    assert "nothing is tracked" in result.stdout
    assert [path.name for path in here.iterdir()] == ["posts.jsonl"]


def test_a_folder_is_looked_through_and_what_holds_no_posts_is_named(here: Path) -> None:
    (here / "notes.txt").write_text("a note")
    result = run(".")
    assert "1 skipped" in result.stdout
    assert "notes.txt" in result.stdout
    assert "posts.jsonl" in result.stdout


def test_a_saved_column_map_is_called_by_its_name(here: Path) -> None:
    (here / "uproar.yaml").write_text(CONFIG)
    (here / "dump.csv").write_text("key,body,date\n7,On Quillhost,2021-01-18\n")
    told = json.loads(run("dump.csv", "--columns", "mydump", "--json").stdout)
    assert told["total"]["mentions"] == {"quillhost": 1}


def test_a_name_that_no_map_is_saved_under_is_told_beside_those_there_are(here: Path) -> None:
    (here / "uproar.yaml").write_text(CONFIG)
    result = run("posts.jsonl", "--columns", "yourdump")
    assert result.exit_code == 1
    assert "no columns are saved as `yourdump`; saved: `mydump`" in result.stderr


def test_a_file_that_cannot_be_used_is_an_error_here_too(here: Path) -> None:
    (here / "notes.txt").write_text("a note")
    result = run("notes.txt")
    assert result.exit_code == 1
    assert "is of no known format" in result.stderr


def test_json_without_a_dry_run_is_refused(here: Path) -> None:
    result = CliRunner().invoke(main, ["replay", "posts.jsonl", "--json"])
    assert result.exit_code == 1
    assert "`--json` belongs to `--dry-run`" in result.stderr
