"""`uproar alerts compare` and `uproar alerts sync`: uproar.yaml and the table of thresholds."""

import difflib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uproar.cli.alerting import AS, JSON, author_of
from uproar.cli.invocation import Invocation
from uproar.cli.writing import replacing
from uproar.config_file import read_config
from uproar.errors import ConfigError, InputError
from uproar.printable import printable

if TYPE_CHECKING:
    from dashboards.alerts.sync import Difference

COLUMNS = ("entity", "signal", "severity", "uproar.yaml", "table")


@click.command()
@JSON
@click.pass_obj
def compare(invocation: Invocation, *, as_json: bool) -> None:
    """Show in what uproar.yaml and the thresholds of the table differ.

    Status 0: in nothing; 1: in something. That one is muted for a while is no difference.
    """
    from dashboards.alerts.changes import read_table
    from dashboards.alerts.sync import differences
    from dashboards.alerts.thresholds import from_config
    from uproar.cli.asking import reader

    config = read_config(invocation.config)
    with reader(invocation) as client:
        table = read_table(client)
    found = differences(from_config(config), table)
    _show(found, as_json=as_json)
    if found:
        raise SystemExit(1)


@click.command()
@click.option(
    "--from",
    "origin",
    required=True,
    type=click.Choice(["yaml", "table"]),
    help="Which is right: the other is made equal to it.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@AS
@click.pass_obj
def sync(invocation: Invocation, origin: str, author: str | None, *, dry_run: bool) -> None:
    """Make uproar.yaml and the thresholds of the table equal.

    From the table: each threshold that differs is written into uproar.yaml, all else in it left as
    it stands, and a copy of the old file is kept beside it. From the file: what commands have
    changed is forgotten. Afterwards, all follow the file again.
    """
    name = author_of(author)
    if origin == "yaml":
        _from_yaml(invocation, name, is_dry=dry_run)
    else:
        _from_table(invocation, name, is_dry=dry_run)


def _from_yaml(invocation: Invocation, author: str, *, is_dry: bool) -> None:
    from dashboards.alerts.changes import read_table, write_changes
    from dashboards.alerts.sync import differences, from_yaml
    from dashboards.alerts.thresholds import from_config
    from uproar.cli.asking import writer

    wanted = from_config(read_config(invocation.config))
    with writer(invocation) as client:
        table = read_table(client)
        _show(differences(wanted, table))
        changes = from_yaml(wanted, table)
        if not is_dry:
            write_changes(client, changes, author, datetime.now(UTC))
    done = "Would set" if is_dry else "Set"
    count = f"{len(changes):,} threshold{'' if len(changes) == 1 else 's'}"
    click.echo(f"{done} {count} of the table as uproar.yaml has them.")


def _from_table(invocation: Invocation, author: str, *, is_dry: bool) -> None:
    from dashboards.alerts.changes import read_table, write_changes
    from dashboards.alerts.sync import changed, from_table, seeding
    from dashboards.alerts.thresholds import from_config
    from dashboards.alerts.yaml_edits import write_thresholds
    from uproar.cli.asking import writer

    path = invocation.config
    config = read_config(path)
    text = path.read_bytes().decode("utf-8")
    with writer(invocation) as client:
        now = datetime.now(UTC)
        # What has changed in the file since the last look, and no command has a say in, holds.
        late = seeding(from_config(config), read_table(client))
        table = changed(read_table(client), late)
        wanted = [known.threshold for _, known in sorted(table.present.items())]
        written = write_thresholds(text, str(path), wanted)
        _show_lines(text, written.text)
        if not is_dry:
            if written.text != text:
                click.echo(f"The file as it was is `{_replace(path, text, written.text, now)}`.")
            write_changes(client, [*late, *from_table(table)], author, now)
    for entity in written.unknown:
        click.echo(
            f"`{printable(entity)}` is no entity of uproar.yaml: its thresholds are left out",
            err=True,
        )
    if written.text == text:
        click.echo("uproar.yaml says what the table does.")


def _replace(path: Path, before: str, after: str, now: datetime) -> Path:
    """Write the file whole or not at all, its rights as they are; return where the old one is."""
    path = path.resolve()
    copy = path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%S}.bak")
    mode = path.stat().st_mode & 0o777
    try:
        for target, text in ((copy, before), (path, after)):
            with replacing(target) as file:
                os.fchmod(file.fileno(), mode)
                file.write(text.encode("utf-8"))
    except InputError as error:
        raise ConfigError(str(error), hint="the folder of uproar.yaml must be writable") from error
    return copy


def _show_lines(before: str, after: str) -> None:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "uproar.yaml", "as the table is", lineterm="", n=1
    )
    for line in lines:
        click.echo(printable(line))


def _show(found: "Sequence[Difference]", *, as_json: bool = False) -> None:
    import msgspec

    from dashboards.alerts.edits import described
    from uproar.cli.tables import console, table_of

    if as_json:
        for one in found:
            click.echo(msgspec.json.encode(one))
        return
    if not found:
        click.echo("uproar.yaml and the table say the same.")
        return
    rows = [
        (*map(printable, one.key), *(described(side) if side else "–" for side in
                                     (one.in_yaml, one.in_table)))
        for one in found
    ]  # fmt: skip
    console().print(table_of(COLUMNS, rows))
