"""`uproar dashboards`: the boards as Grafana's JSON."""

from pathlib import Path

import click

from uproar.cli.invocation import Invocation
from uproar.errors import SettingsError, UproarError

GENERATED = Path("dashboards") / "grafana"


@click.group()
def dashboards() -> None:
    """Make the boards for Grafana.

    They come from the same definitions as those of the built-in page.
    """


@dashboards.command("build")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=GENERATED)
def dashboards_build(folder: Path) -> None:
    """Write the boards' JSON to FOLDER (dashboards/grafana where it is not given)."""
    from dashboards.build import build

    for path in build(folder):
        click.echo(path)


@dashboards.command("check")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=GENERATED)
def dashboards_check(folder: Path) -> None:
    """Compare FOLDER with what `build` would write; status 1 when a file is stale."""
    from dashboards.build import check

    if stale := check(folder):
        raise UproarError(
            f"not what the definitions say: {', '.join(f'`{name}`' for name in stale)}",
            hint="run `uproar dashboards build` and commit what changed",
        )
    click.echo("every board is up to date")


@dashboards.command("apply")
@click.argument("url")
@click.pass_obj
def dashboards_apply(invocation: Invocation, url: str) -> None:
    """Push the boards to the Grafana at URL, into a folder of their own.

    For a Grafana that is not provisioned from files. It goes by UPROAR_GRAFANA_TOKEN; the data
    source stays with Grafana's own provisioning, because of its password.
    """
    from dashboards.apply import apply_boards

    token = invocation.settings.grafana_token
    if not token:
        raise SettingsError(
            "`UPROAR_GRAFANA_TOKEN` is not set, so Grafana would refuse us",
            hint="make a service account with the role Editor in Grafana, and a token for it",
        )
    for uid in apply_boards(url, token):
        click.echo(f"{url.rstrip('/')}/d/{uid}")
