"""The documents are true of what is in the tree."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from producers.formats import JSON_FORMATS
from uproar.cli import main
from uproar.cli.reference import reference
from uproar.config import parse_config

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMAND = re.compile(r"(?:`|bin/|\$ |\| )uproar ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
REASON = re.compile(r'(?:Unreadable|Damage)\(\s*"([a-z0-9-]+)"')


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    for name, below in COMMAND.findall(page.read_text("utf-8")):
        command = main.commands.get(name)
        assert command is not None, name
        if below and hasattr(command, "commands"):
            assert below in command.commands


def test_the_reference_is_what_the_commands_and_settings_say_of_themselves() -> None:
    written = (ROOT / "docs" / "reference.md").read_text("utf-8")
    assert written == reference(), "run `make reference`"


def test_the_readme_opens_with_what_it_is_a_picture_and_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    places = [text.index(part) for part in ("# Uproar", "![", "make demo", "make test", "## What")]
    assert places == sorted(places)


def test_what_the_readme_shows_of_analyze_is_what_it_prints() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    example = re.search(r"\$ echo '(.*)' \| \S+ analyze -\n(.*)\n", text)
    assert example
    with CliRunner().isolated_filesystem():
        result = CliRunner().invoke(main, ["analyze", "-"], input=example[1].encode())
    assert json.loads(result.stdout) == json.loads(example[2])


def test_what_the_configuration_page_shows_is_true() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    written = re.search(r"```yaml\n(.*?)```", text, re.S)
    example = re.search(r'\$ uproar entities test "(.*)"\n(.*?)```', text, re.S)
    assert written
    assert example
    assert parse_config(written[1], "configuration.md")
    with CliRunner().isolated_filesystem():
        Path("uproar.yaml").write_text(written[1], "utf-8")
        result = CliRunner().invoke(main, ["entities", "test", example[1]])
    assert result.stdout == example[2]


def test_the_formats_page_names_every_format_reason_and_a_readable_example() -> None:
    text = (ROOT / "docs" / "formats.md").read_text("utf-8")
    for name in JSON_FORMATS:
        assert name in text
    sources = "\n".join(p.read_text("utf-8") for p in (ROOT / "producers").rglob("*.py"))
    for reason in set(REASON.findall(sources)):
        assert f"`{reason}`" in text, reason
    example = re.search(r"```json\n(.*?)```", text, re.S)
    assert example
    parse = JSON_FORMATS["uproar JSON Lines"].parse
    kinds = [type(parse(line.encode())[0]).__name__ for line in example[1].splitlines()]
    assert kinds == ["Draft", "Withdrawal"]


def test_every_dependency_has_its_licence_named() -> None:
    licences = (ROOT / "docs" / "licences.md").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    for name in re.findall(r'^  "([A-Za-z0-9_-]+)[>=;]', project, re.M):
        assert name in licences, name


def test_the_tables_page_names_every_table_and_view_of_the_schema() -> None:
    text = (ROOT / "docs" / "tables.md").read_text("utf-8")
    schema = "".join(path.read_text("utf-8") for path in (ROOT / "sinks").rglob("*.sql"))
    for name in re.findall(r"CREATE (?:TABLE|VIEW) IF NOT EXISTS (\w+)", schema):
        # What a migration fills and gives its true name is never seen by a reader.
        assert f"`{name}`" in text or name.endswith("_next"), name


def test_the_grafana_page_names_every_variable_of_the_provisioning() -> None:
    text = (ROOT / "docs" / "grafana.md").read_text("utf-8")
    files = (ROOT / "dashboards" / "grafana" / "provisioning").rglob("*.yaml")
    for name in re.findall(r"\$\{(\w+)\}", "".join(path.read_text("utf-8") for path in files)):
        assert f"`{name}`" in text, name
