"""The Grafana that `uproar up` starts beside the stages, where it finds one."""

import os
import secrets

import msgspec

from uproar.endpoints import Endpoints
from uproar.settings import Settings
from uproar.stack import grafana
from uproar.stack.children import Child
from uproar.stack.home import Home
from uproar.stack.ports import choose_port, is_open
from uproar.stack.servers import bare_environment

USUAL_PORT = 8766


NEEDS_READER = (
    "Grafana is not started: everybody on this machine could write through it. Set "
    "`UPROAR_CLICKHOUSE_READER_URL` to a user that may only read."
)


class FoundGrafana(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it: a process to start and its port, or why there is none, in a line."""

    child: Child | None = None
    port: int = 0
    reason: str = ""


def find_grafana(settings: Settings, endpoints: Endpoints, home: Home) -> FoundGrafana:
    """Lay a found Grafana's folder out and return its process, not started yet.

    Raises StackError where `UPROAR_GRAFANA_HOME` or `UPROAR_GRAFANA_PORT` cannot be used.
    """
    install = grafana.find_install(settings.grafana_home, os.environ.get("PATH", ""))
    if install is None:
        return FoundGrafana(reason=grafana.HOW_TO_GET_ONE)
    if endpoints.reader_url == endpoints.clickhouse_url:
        return FoundGrafana(reason=NEEDS_READER)
    folder = home.folder / "grafana"
    grafana.lay_out(folder, files())
    plugins = grafana.find_plugins(install, folder)
    if plugins is None:
        return FoundGrafana(reason=grafana.how_to_install_plugin(install, folder))
    port = _port(settings.grafana_port)
    login = grafana.Login(
        port=port,
        reader_url=endpoints.reader_url,
        admin_password=grafana.kept_secret(folder / "admin-password", secrets.token_urlsafe(24)),
        signing_key=grafana.kept_secret(folder / "signing-key", secrets.token_urlsafe(32)),
    )
    child = Child(
        "Grafana",
        grafana.command_of(install, folder),
        home.logs / "grafana.log",
        {**bare_environment(), **grafana.environment_of(folder, plugins, login)},
    )
    child.is_vital = False  # the page shows the same boards
    child.reads_topics = False
    return FoundGrafana(child=child, port=port)


def files() -> dict[str, str]:
    """Return what Grafana loads, by its path in the folder; its rules deliver nothing.

    The watcher of the same stack delivers already.
    """
    from dashboards.build import GRAFANA, render_all
    from dashboards.grafana_files import silent_alerting_files

    provisioning = GRAFANA / "provisioning"
    fixed = {
        f"provisioning/{path.relative_to(provisioning).as_posix()}": path.read_text("utf-8")
        for kind in ("datasources", "dashboards")
        for path in sorted((provisioning / kind).glob("*.yaml"))
    }
    boards = {f"boards/{name}": text for name, text in render_all().items()}
    alerting = {
        f"provisioning/alerting/{name}": text for name, text in silent_alerting_files().items()
    }
    return fixed | boards | alerting


def _port(wanted: int) -> int:
    if wanted == 0 and not is_open(USUAL_PORT):
        wanted = USUAL_PORT
    return choose_port(wanted, "UPROAR_GRAFANA_PORT")
