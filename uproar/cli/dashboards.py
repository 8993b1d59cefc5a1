"""`uproar dashboards`: the boards as Grafana's JSON, and a Grafana brought to them."""

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uproar.cli.grafana_telling import DRY_RUN, grafana_of, make_changes, warn_without_datasource
from uproar.cli.invocation import Invocation
from uproar.errors import InputError, UproarError

if TYPE_CHECKING:
    from dashboards.apply import Permission

GENERATED = Path("dashboards") / "grafana"

_FOLDER = click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), default=GENERATED
)


@click.group()
def dashboards() -> None:
    """Make the boards and alert rules for Grafana.

    The boards come from the same definitions as those of the built-in page.
    """


@dashboards.command("build")
@_FOLDER
@DRY_RUN
def dashboards_build(folder: Path, *, dry_run: bool) -> None:
    """Write boards and alert rules to FOLDER (dashboards/grafana where it is not given)."""
    from dashboards.build import build, differing

    if not dry_run:
        for path in build(folder):
            click.echo(path)
        return
    for name, found, wanted in differing(folder):
        lines = difflib.unified_diff(
            found.splitlines(), wanted.splitlines(), f"{name} (there)", f"{name} (wanted)",
            lineterm="",
        )  # fmt: skip
        click.echo("\n".join(lines))


@dashboards.command("check")
@_FOLDER
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
@DRY_RUN
@click.option(
    "--permission", "permissions", multiple=True, metavar="WHO=LEVEL",
    help="Viewer, Editor or a team, and view, edit or admin: replaces the permissions there are.",
)  # fmt: skip
@click.option("--annotations", is_flag=True, help="Push known events, too, for other boards.")
@click.pass_obj
def dashboards_apply(
    invocation: Invocation,
    url: str,
    *,
    dry_run: bool,
    permissions: tuple[str, ...],
    annotations: bool,
) -> None:
    """Push the boards to the Grafana at URL, into a folder of their own.

    For a Grafana that is not provisioned from files. It goes by UPROAR_GRAFANA_TOKEN; what is as
    it should be is left alone. The data source stays with Grafana's own provisioning, because of
    its password. The alert rules are pushed by `uproar alerts apply`.

    Example: uproar dashboards apply https://grafana.example.org --permission Viewer=view
    """
    from dashboards.apply import board_changes, permission_changes

    wanted = [_permission(one) for one in permissions]
    grafana = grafana_of(url, invocation.settings)
    make_changes(grafana, board_changes(grafana), dry_run=dry_run)
    if wanted:
        make_changes(grafana, permission_changes(grafana, wanted), dry_run=dry_run)
    if annotations:
        from dashboards.alerts.annotations import read_events
        from dashboards.apply_annotations import annotation_changes
        from uproar.cli.asking import reader

        with reader(invocation) as client:
            events = read_events(client)
        make_changes(grafana, annotation_changes(grafana, events), dry_run=dry_run)
    warn_without_datasource(grafana)
    click.echo(f"The boards are at {grafana.url}/d/uproar-overview", err=True)


def _permission(written: str) -> "Permission":
    from dashboards.apply import LEVELS, Permission

    who, separator, level = written.rpartition("=")
    if not separator or not who.strip() or level not in LEVELS:
        raise InputError(
            f"cannot use `{written}` as a permission",
            hint=f"wanted a role or team, then `=` and one of {', '.join(LEVELS)}: `Viewer=view`",
        )
    return Permission(who=who.strip(), level=level)


@dashboards.command("open")
@click.argument("board", default="overview")
@click.option("--url", default="", help="Of Grafana; the one of `uproar up` where not given.")
@click.option("--print", "only_print", is_flag=True, help="Print the address, open no browser.")
@click.pass_obj
def dashboards_open(invocation: Invocation, board: str, url: str, *, only_print: bool) -> None:
    """Open BOARD (overview where it is not given) in a browser."""
    from dashboards.boards import BOARDS
    from dashboards.render_grafana import uid_of

    names = [one.id for one in BOARDS]
    if board not in names:
        raise InputError(
            f"no such board: `{board}`", hint=f"there are {', '.join(f'`{one}`' for one in names)}"
        )
    place = url.rstrip("/") or _running_grafana(invocation)
    address = f"{place}/d/{uid_of(board)}"
    click.echo(address)
    if not only_print:
        click.launch(address)


def _running_grafana(invocation: Invocation) -> str:
    from uproar.stack.home import Home
    from uproar.stack.ports import LOOPBACK

    note = Home(invocation.settings.home).note()
    if note is None or not note.grafana_port:
        raise UproarError(
            f"no Grafana runs in `{invocation.settings.home}`",
            hint="give its address with `--url`, or let `uproar up` start one (docs/grafana.md)",
        )
    return f"http://{LOOPBACK}:{note.grafana_port}"
