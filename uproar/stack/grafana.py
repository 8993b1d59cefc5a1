"""A Grafana that is found on this machine, with our boards loaded and open on loopback.

No package that pip installs has a Grafana, so one is only started where it is there already. It
gets a data folder of its own and never reads the configuration of another one; everybody on this
machine may look, nobody may change, and it reports to nobody.
"""

import shutil
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from uproar.errors import StackError
from uproar.guarded import Guarded
from uproar.stack.home import write_private
from uproar.stack.ports import LOOPBACK

PLUGIN = "grafana-clickhouse-datasource"
PROGRAMS = ("grafana", "grafana-server")
"""The newer name first; the older one is the server alone."""
PACKAGED_HOMES = (Path("/usr/share/grafana"), Path("/usr/local/share/grafana"))
FIRST_BOARD = "uproar-overview.json"
PACKAGED_PLUGINS = Path("/var/lib/grafana/plugins")

HOW_TO_GET_ONE = (
    "No Grafana found; the page shows the same boards. To have it started too, unpack one "
    "(grafana.com/grafana/download) and set `UPROAR_GRAFANA_HOME` to its folder."
)


class Install(msgspec.Struct, frozen=True, kw_only=True):
    """A Grafana on disk: its program, and the folder with its `conf` and `public`."""

    program: Path
    home: Path


class Login(Guarded, frozen=True, kw_only=True):
    """What Grafana needs to know beside its folder: where it listens, and whom it reads as."""

    port: int
    reader_url: str
    admin_password: str
    signing_key: str


def find_install(wanted: str, path: str) -> Install | None:
    """Return the Grafana in the folder `wanted`, else the one in `path`; None where there is none.

    Raises StackError where a folder was named and is none of Grafana's.
    """
    if wanted:
        home = Path(wanted).expanduser().absolute()
        if (found := _in_home(home)) is None:
            raise StackError(
                f"`UPROAR_GRAFANA_HOME` is `{home}`, where no Grafana is",
                hint="wanted the folder that has `bin/grafana` and `conf/defaults.ini` in it",
            )
        return found
    for name in PROGRAMS:
        if program := shutil.which(name, path=path):
            real = Path(program).resolve()
            prefix = real.parent.parent
            for home in (prefix, prefix / "share" / "grafana", *PACKAGED_HOMES):
                if (home / "conf" / "defaults.ini").is_file():
                    # A package's program in the path is often a script with another data folder.
                    return _in_home(home) or Install(program=real, home=home)
    return None


def _in_home(home: Path) -> Install | None:
    if not (home / "conf" / "defaults.ini").is_file():
        return None
    for name in PROGRAMS:
        if (program := home / "bin" / name).is_file():
            return Install(program=program, home=home)
    return None


def find_plugins(install: Install, folder: Path) -> Path | None:
    """Return the folder that has the ClickHouse plugin; None where none has."""
    places = (folder / "plugins", install.home / "data" / "plugins", PACKAGED_PLUGINS)
    return next((place for place in places if (place / PLUGIN).is_dir()), None)


def how_to_install_plugin(install: Install, folder: Path) -> str:
    """Return a line that says what is missing, and the command that installs it."""
    cli = [str(install.program), "cli"]
    if install.program.name != PROGRAMS[0]:
        cli = [str(install.program.with_name("grafana-cli"))]
    command = [*cli, "--homepath", str(install.home), "--pluginsDir", str(folder / "plugins")]
    return (
        f"Grafana is not started: its plugin `{PLUGIN}` is missing. Install it with "
        f"`{' '.join([*command, 'plugins', 'install', PLUGIN])}`"
    )


def command_of(install: Install, folder: Path) -> list[str]:
    """Return the command line. Its configuration file is ours and empty: the environment counts."""
    server = ["server"] if install.program.name == PROGRAMS[0] else []
    config = str(folder / "grafana.ini")
    return [str(install.program), *server, "--homepath", str(install.home), "--config", config]


def environment_of(folder: Path, plugins: Path, login: Login) -> dict[str, str]:
    """Return Grafana's settings, and what our provisioning files ask of the environment."""
    reader = urlsplit(login.reader_url)
    port = reader.port or (9440 if reader.scheme == "clickhouses" else 9000)
    return {
        "GF_PATHS_DATA": str(folder / "data"),
        "GF_PATHS_LOGS": str(folder / "data" / "log"),
        "GF_PATHS_PLUGINS": str(plugins),
        "GF_PATHS_PROVISIONING": str(folder / "provisioning"),
        "GF_LOG_MODE": "console",
        "GF_LOG_LEVEL": "warn",
        "GF_SERVER_PROTOCOL": "http",
        "GF_SERVER_HTTP_ADDR": LOOPBACK,
        "GF_SERVER_HTTP_PORT": str(login.port),
        "GF_SERVER_DOMAIN": LOOPBACK,
        "GF_SERVER_ROOT_URL": f"http://{LOOPBACK}:{login.port}/",
        # Another site cannot point its own name here and read what anybody may see.
        "GF_SERVER_ENFORCE_DOMAIN": "true",
        "GF_AUTH_ANONYMOUS_ENABLED": "true",
        "GF_AUTH_ANONYMOUS_ORG_ROLE": "Viewer",
        "GF_USERS_ALLOW_SIGN_UP": "false",
        "GF_USERS_DEFAULT_THEME": "system",
        "GF_SECURITY_ADMIN_PASSWORD": login.admin_password,
        "GF_SECURITY_SECRET_KEY": login.signing_key,
        "GF_SECURITY_DISABLE_GRAVATAR": "true",
        "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH": str(folder / "boards" / FIRST_BOARD),
        "GF_ANALYTICS_REPORTING_ENABLED": "false",
        "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
        "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false",
        "GF_NEWS_NEWS_FEED_ENABLED": "false",
        "GF_SNAPSHOTS_EXTERNAL_ENABLED": "false",
        "GF_PLUGINS_PREINSTALL_DISABLED": "true",
        "GF_UNIFIED_ALERTING_ENABLED": "true",
        "GRAFANA_BOARDS_FOLDER": str(folder / "boards"),
        "CLICKHOUSE_HOST": reader.hostname or LOOPBACK,
        "CLICKHOUSE_PORT": str(port),
        "CLICKHOUSE_SECURE": "true" if reader.scheme == "clickhouses" else "false",
        "CLICKHOUSE_DATABASE": reader.path.strip("/") or "default",
        "CLICKHOUSE_READER_USER": unquote(reader.username or "default"),
        "CLICKHOUSE_READER_PASSWORD": unquote(reader.password or ""),
    }  # fmt: skip


def lay_out(folder: Path, files: Mapping[str, str]) -> None:
    """Write what Grafana loads into its folder, and take away what was there of another version."""
    for name in ("boards", "provisioning"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("data", "plugins", "provisioning/plugins", "provisioning/access-control"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in {"grafana.ini": "", **files}.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, text.encode(), replace=True)


def kept_secret(path: Path, fresh: str) -> str:
    """Return the secret in a file, which is written with `fresh` on first use."""
    write_private(path, fresh.encode(), replace=False)
    return path.read_text("utf-8")


def is_healthy(port: int) -> bool:
    """Tell whether Grafana answers, and its database does."""
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/api/health", timeout=1) as answer:
            return b'"ok"' in answer.read(10_000).replace(b" ", b"")
    except (urllib.error.URLError, OSError):
        return False
