"""What a command tells of the changes that it makes in a Grafana, or would make."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from uproar.errors import SettingsError

if TYPE_CHECKING:
    from dashboards.grafana_changes import Change
    from dashboards.grafana_client import Grafana
    from uproar.settings import Settings

DRY_RUN = click.option(
    "--dry-run", is_flag=True, help="Print the difference and change nothing."
)  # fmt: skip


def grafana_of(url: str, settings: "Settings") -> "Grafana":
    """Return the Grafana at a URL, spoken to with the token of the settings."""
    from dashboards.grafana_client import Grafana

    if not settings.grafana_token:
        raise SettingsError(
            "`UPROAR_GRAFANA_TOKEN` is not set, so Grafana would refuse us",
            hint="make a service account in Grafana, with the role Editor for boards or Admin for "
            "alerts, and a token for it",
        )
    return Grafana(url, settings.grafana_token)


def make_changes(grafana: "Grafana", changes: Iterable["Change"], *, dry_run: bool) -> None:
    """Make what is due and name each thing on stdout; or print the differences, and touch nothing.

    How many of each kind there were comes last, on stderr.
    """
    from dashboards.apply import carry_out
    from dashboards.grafana_changes import KIND_WORDS, difference, tally

    told: list[Change] = []
    for change in changes if dry_run else carry_out(grafana, changes):
        told.append(change)
        if dry_run and (text := difference(change)):
            click.echo(text)
        elif not dry_run and change.kind != "keep":
            click.echo(f"{KIND_WORDS[change.kind]} {change.name}")
        if change.note:
            click.echo(f"{change.name}: {change.note}", err=True)
    before = "Would be: " if dry_run else "Done: "
    click.echo(f"{before}{tally(told) or 'nothing'}.", err=True)


def warn_without_datasource(grafana: "Grafana") -> None:
    """Say so where the data source is missing that everything asks."""
    from dashboards.apply import has_datasource
    from dashboards.grafana_query import DATASOURCE

    if not has_datasource(grafana):
        click.echo(
            f"Grafana has no data source `{DATASOURCE['uid']}` yet, so nothing can be shown: "
            "docs/grafana.md has the file that makes one",
            err=True,
        )
