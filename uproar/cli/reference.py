"""`python -m uproar.cli.reference`: commands, settings, topics and tables as one page of Markdown.

docs/reference.md is what this prints, and a test compares the two.
"""

from collections.abc import Iterator

import click
import msgspec

from uproar.cli import main
from uproar.cli.reference_data import tables_page, topics_page
from uproar.settings import Settings, describe_settings

WIDTH = 100


def reference() -> str:
    """Return the page."""
    parts = [
        "# Reference",
        "Written by `make reference`; `uproar COMMAND --help` and `uproar settings` say the same.",
        "## Commands",
        *(f"### {path}\n\n```\n{text}\n```" for path, text in helps(main, "uproar")),
        "## Settings",
        "Environment variables, read once when a command starts. An unknown one is an error.",
        "\n".join(_settings()),
        "## Topics",
        "A message is a JSON array of records. `UPROAR_TOPIC_PREFIX` changes how names begin.",
        *topics_page(),
        "## Tables",
        "[tables.md](tables.md) says how to read them, and has the views.",
        *tables_page(),
    ]
    return "\n\n".join(parts) + "\n"


def helps(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    """Yield each command with its help, a group before its commands."""
    context = click.Context(
        command,
        info_name=path,
        max_content_width=WIDTH,
        terminal_width=WIDTH,
        help_option_names=["-h", "--help"],
    )
    yield path, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from helps(below, f"{path} {name}")


def _settings() -> Iterator[str]:
    yield "| variable | without it | meaning |"
    yield "|---|---|---|"
    defaults = {field.name: field.default for field in msgspec.structs.fields(Settings)}
    defaults["home"] = "~/.local/share/uproar"  # as `default_home` says, for anybody
    for setting in describe_settings():
        default = f"`{defaults[setting.field]}`" if defaults[setting.field] != "" else ""
        yield f"| `{setting.variable}` | {default} | {setting.meaning} |"


if __name__ == "__main__":
    click.echo(reference(), nl=False)
