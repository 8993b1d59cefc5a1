"""The command line as a whole: help, errors, configuration, and what goes where."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from uproar.cli import main
from uproar.config_file import read_config
from uproar.settings import describe_settings

DRIVERS = ("faust", "kafka", "aiokafka", "clickhouse_driver", "chdb", "aiohttp", "grafana_api")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def commands(group: click.Group = main, *above: str) -> list[tuple[str, ...]]:
    """Return the path of every command and group."""
    found = []
    for name, command in group.commands.items():
        found.append((*above, name))
        if isinstance(command, click.Group):
            found += commands(command, *above, name)
    return found


MORE_OPTIONS: dict[tuple[str, ...], int] = {
    ("replay",): 11,
    ("alerts", "backtest"): 7,
    ("capacity",): 7,
}
"""What is in a dump, which part of it, how fast, and into what: nobody needs all at once."""


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_says_what_it_does_and_takes_few_options(
    path: tuple[str, ...],
) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 4
    command: click.Command = main
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    assert len([p for p in command.params if isinstance(p, click.Option)]) <= MORE_OPTIONS.get(
        path, 6
    )


def test_help_loads_no_driver() -> None:
    script = f"import sys, uproar.cli; print([m for m in {DRIVERS} if m in sys.modules])"
    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    assert printed.strip() == "[]"


def test_init_writes_a_configuration_that_check_accepts_and_never_overwrites_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "uproar.yaml"
    assert run("--config", str(path), "init").exit_code == 0
    assert read_config(path).entities
    checked = run("--config", str(path), "check")
    assert (checked.exit_code, "no mistake" in checked.stdout) == (0, True)
    path.write_text("mine")
    again = run("--config", str(path), "init")
    assert (again.exit_code, path.read_text()) == (1, "mine")


def test_an_error_is_one_sentence_and_a_hint_on_stderr_with_status_1(tmp_path: Path) -> None:
    path = tmp_path / "uproar.yaml"
    path.write_text("entities:\n  - id: epik\n    name: Epik\n    ambigous: true\n")
    result = run("--config", str(path), "check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"error: {path}:4: no such key: `ambigous`\n\nhint: did you mean `ambiguous`?\n"
    )


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["replay", "nowhere.jsonl"], "there is no file `nowhere.jsonl`"),
        (["replay", "nowhere.jsonl", "--speed", "warp"], "found `warp`"),
        (["replay", "nowhere.jsonl", "--run", "live"], "`live` is the run of live posts"),
        (["replay", "nowhere.jsonl", "--from", "monday"], "found `monday`"),
        (["replay", "nowhere.jsonl", "--columns", "body"], "no columns are saved as `body`"),
    ],
)
def test_a_replay_that_cannot_be_is_told_before_anything_starts(
    arguments: list[str], wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UPROAR_HOME", str(tmp_path / "home"))
    assert run("init").exit_code == 0
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: ")
    assert wanted in result.stderr
    assert not (tmp_path / "home").exists()


def test_settings_lists_every_setting_and_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPROAR_CLICKHOUSE_URL", "clickhouse://me:hush@db.example/uproar")
    printed = run("settings").stdout
    for setting in describe_settings():
        assert f"{setting.variable}=" in printed
        assert setting.meaning in printed
    assert "hush" not in printed


def test_a_misspelt_variable_stops_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPROAR_KAFKA_PROT", "1")
    result = run("settings")
    assert result.exit_code == 1
    assert "did you mean `UPROAR_KAFKA_PORT`" in result.stderr


def test_the_boards_in_the_tree_are_what_the_definitions_say() -> None:
    assert run("dashboards", "check").exit_code == 0
