"""`uproar evaluate`: what it prints, writes and fails on."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from uproar.cli import main

CALLS: list[dict[str, Any]] = [
    {"id": "a", "lang": "en", "text": "Boycott Quillhost now!", "is_call_to_action": True,
     "target": "Quillhost", "action": "boycott", "direction": "against"},
    {"id": "b", "lang": "en", "text": "They said boycott Quillhost, and left", "target": None,
     "is_call_to_action": False},
    {"id": "c", "lang": "fr", "text": "Il pleut encore sur Quillhost", "is_call_to_action": True,
     "target": "Quillhost", "action": "legal", "direction": "against"},
]  # fmt: skip


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def lines_in(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    return lines_in(tmp_path / "calls.jsonl", CALLS)


def test_the_report_has_every_figure_with_its_interval_and_says_what_read(
    calls: Path, tmp_path: Path
) -> None:
    result = run("evaluate", "calls", calls, "--json", tmp_path / "out.json")
    assert result.exit_code == 0
    report = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert report["part"] == "calls"
    assert report["inputs"] == ["calls.jsonl"]
    assert report["versions"]["uproar"]
    assert report["interval_level"] == 0.95
    assert report["speed"]["runs"] == 1
    assert report["outcome"]["overall"]["n"] == 3
    recall = report["outcome"]["overall"]["figures"]["recall"]
    assert (recall["value"], recall["n"]) == (0.5, 2)
    assert recall["low"] < 0.5 < recall["high"]
    assert set(report["outcome"]["by"]["language"]) == {"en", "fr"}


def test_the_same_posts_give_the_same_figures(calls: Path, tmp_path: Path) -> None:
    outcomes = []
    for name in ("one.json", "two.json"):
        run("evaluate", "calls", calls, "--json", tmp_path / name)
        outcomes.append(json.loads((tmp_path / name).read_text("utf-8"))["outcome"])
    assert outcomes[0] == outcomes[1]


def test_a_text_is_shown_only_when_it_is_asked_for(calls: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    quiet = run("evaluate", "calls", calls, "--details", "--json", out)
    assert "Il pleut" not in quiet.stdout + out.read_text("utf-8")
    assert "legal against Quillhost" in quiet.stdout
    told = run("evaluate", "calls", calls, "--details", "--show-text", "--json", out)
    assert "Il pleut" in told.stdout
    assert "Il pleut" in out.read_text("utf-8")


def test_a_text_in_the_misses_cannot_steer_the_terminal(tmp_path: Path) -> None:
    row = {**CALLS[2], "text": "Il pleut\x1b[2J encore"}
    path = lines_in(tmp_path / "calls.jsonl", [row])
    result = run("evaluate", "calls", path, "--details", "--show-text")
    assert "Il pleut" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_fall_ends_with_status_1_and_names_each_figure(calls: Path, tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    bounds = {"overall.recall": 0.9, "overall.n": 4, "language.en.recall": 0.2}
    floors.write_text(json.dumps({"calls": {"at_least": bounds}}))
    result = run("evaluate", "calls", calls, "--floors", floors)
    assert result.exit_code == 1
    assert "`overall.recall` is 0.5, wanted at least 0.9" in result.stderr
    assert "`overall.n` is 3, wanted at least 4" in result.stderr
    assert "language.en" not in result.stderr


def test_floors_without_this_part_are_a_mistake(calls: Path, tmp_path: Path) -> None:
    (tmp_path / "floors.json").write_text("{}")
    result = run("evaluate", "calls", calls, "--floors", tmp_path / "floors.json")
    assert result.exit_code == 1
    assert "wanted bounds for `calls`, found none" in result.stderr


def test_of_a_folder_the_files_of_the_part_are_read_and_the_others_named(
    calls: Path, tmp_path: Path
) -> None:
    lines_in(tmp_path / "other.jsonl", [{"text": "x", "label": "neutral"}])
    (tmp_path / "README.md").write_text("words")
    result = run("evaluate", "calls", tmp_path)
    assert result.exit_code == 0
    assert result.stderr == "left out: other.jsonl\n"


def test_a_file_of_another_part_is_refused_with_what_it_lacks(calls: Path) -> None:
    result = run("evaluate", "mentions", calls)
    assert result.exit_code == 1
    assert "calls.jsonl:1: wanted the key `entity`, found the keys `id`" in result.stderr


@pytest.mark.parametrize("part", ["mentions", "sentiment", "calls", "language"])
def test_a_file_or_folder_without_posts_is_refused(part: str, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    for path in (tmp_path, tmp_path / "empty.jsonl"):
        result = run("evaluate", part, path)
        assert result.exit_code == 1
        assert ", found no" in result.stderr


def test_umsabs_folders_are_read_for_sentiment_and_for_language(tmp_path: Path) -> None:
    folder = tmp_path / "french"
    folder.mkdir()
    (folder / "val_text.txt").write_text("quel temps magnifique aujourd'hui\nil est dix heures\n")
    (folder / "val_labels.txt").write_text("2\n1\n")
    for part in ("sentiment", "language"):
        out = tmp_path / "out.json"
        assert run("evaluate", part, tmp_path, "--json", out).exit_code == 0
        report = json.loads(out.read_text("utf-8"))
        assert report["inputs"] == ["french/val_text.txt"]
        assert report["outcome"]["by"]["language"]["fr"]["n"] == 2


def test_the_model_that_was_chosen_is_measured_and_named(tmp_path: Path) -> None:
    path = lines_in(tmp_path / "s.jsonl", [{"text": "what a lovely day", "label": "positive"}])
    result = run("evaluate", "sentiment", path, "--model", "vader")
    assert "model: vader" in result.stdout
    assert "sentiment vader-" in result.stdout


def test_a_configuration_that_is_named_has_its_rules_used(tmp_path: Path) -> None:
    config = tmp_path / "uproar.yaml"
    config.write_text("entities: [{id: q, name: Quillhost, exclude: [Quillhost Road]}]\n")
    text = "a flat on Quillhost Road"
    row = {"entity": "Quillhost", "about": False, "text": text, "lang": "en"}
    path = lines_in(tmp_path / "m.jsonl", [row])
    out = tmp_path / "out.json"
    right = {}
    for options in ((), ("--config", config)):
        assert run(*options, "evaluate", "mentions", path, "--json", out).exit_code == 0
        report = json.loads(out.read_text("utf-8"))
        right[len(options)] = report["outcome"]["overall"]["figures"]["accuracy"]["value"]
    assert right == {0: 0.0, 2: 1.0}


def test_targets_that_the_labels_name_can_be_tracked(tmp_path: Path) -> None:
    row = {**CALLS[0], "text": "boycott the quill host people", "target": "quill host"}
    path = lines_in(tmp_path / "c.jsonl", [row])
    result = run("evaluate", "calls", path, "--track-targets")
    assert result.exit_code == 0
    assert "tracked: the targets of the labels" in result.stdout


def test_help_loads_neither_numpy_nor_a_model() -> None:
    code = (
        "import sys, uproar.cli;"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'py3langid', 'rich.console')))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
