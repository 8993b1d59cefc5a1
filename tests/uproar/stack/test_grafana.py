"""A Grafana that is found: what it is started with, and what it then finds in its folder.

A stand-in for its program checks that by itself, and answers `/api/health` only where all is there.
"""

import json
import os
import re
import stat
import sys
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from uproar.cli.grafana_start import NEEDS_READER, files, find_grafana
from uproar.endpoints import Endpoints, KafkaEndpoint
from uproar.errors import StackError
from uproar.settings import Settings
from uproar.stack.grafana import (
    HOW_TO_GET_ONE,
    PLUGIN,
    Install,
    Login,
    command_of,
    environment_of,
    find_install,
    find_plugins,
    how_to_install_plugin,
    is_healthy,
    kept_secret,
    lay_out,
)
from uproar.stack.home import Home

PASSWORD = "it's p@ss/word"

STAND_IN = '''#!{python}
"""Answers as Grafana does, where it was started as Grafana has to be."""
import json, os, pathlib, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

OURS = ("GF_", "CLICKHOUSE_", "GRAFANA_")
env = {{name: value for name, value in os.environ.items() if name.startswith(OURS)}}
assert sys.argv[1:3] == ["server", "--homepath"], sys.argv
assert (pathlib.Path(sys.argv[3]) / "conf" / "defaults.ini").is_file()
assert sys.argv[4] == "--config" and pathlib.Path(sys.argv[5]).read_text() == ""
assert not any(name.startswith("UPROAR_") for name in os.environ), "settings of ours, and secrets"
provisioning = pathlib.Path(env["GF_PATHS_PROVISIONING"])
for kind in ("datasources", "dashboards", "alerting"):
    assert list((provisioning / kind).glob("*.yaml")), kind
for kind in ("plugins", "access-control"):
    assert (provisioning / kind).is_dir(), kind
assert (pathlib.Path(env["GF_PATHS_PLUGINS"]) / "grafana-clickhouse-datasource").is_dir()
assert pathlib.Path(env["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]).is_file()
data = pathlib.Path(env["GF_PATHS_DATA"])
(data / "seen.json").write_text(json.dumps(env))

class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/api/health" else 404)
        self.end_headers()
        self.wfile.write(b'{{"commit": "stand-in", "database": "ok", "version": "11.6.0"}}')

HTTPServer((env["GF_SERVER_HTTP_ADDR"], int(env["GF_SERVER_HTTP_PORT"])), Health).serve_forever()
'''


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """A folder as Grafana's archive unpacks to, with the plugin installed."""
    folder = tmp_path / "grafana-11.6"
    for name in ("bin", "conf", f"data/plugins/{PLUGIN}"):
        (folder / name).mkdir(parents=True)
    (folder / "conf" / "defaults.ini").write_text("")
    program = folder / "bin" / "grafana"
    program.write_text(STAND_IN.format(python=sys.executable))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


def endpoints(reader: str = "reader") -> Endpoints:
    def url(user: str) -> str:
        return f"clickhouse://{user}:{quote(PASSWORD, safe='')}@127.0.0.1:9123/uproar"

    return Endpoints(
        kafka=KafkaEndpoint(brokers=("127.0.0.1:1",), is_local=True),
        clickhouse_url=url("writer"),
        reader_url=url(reader),
        migrator_url=url("migrator"),
    )


def test_the_folder_that_was_named_is_the_one_that_is_used(unpacked: Path) -> None:
    assert find_install(str(unpacked), "") == Install(
        program=unpacked / "bin" / "grafana", home=unpacked
    )


def test_a_folder_without_a_grafana_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="UPROAR_GRAFANA_HOME") as raised:
        find_install(str(tmp_path), "")
    assert str(tmp_path) in str(raised.value)
    assert "conf/defaults.ini" in (raised.value.hint or "")


def test_one_in_the_path_is_found_also_behind_a_link(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "grafana").symlink_to(unpacked / "bin" / "grafana")
    for folder in (unpacked / "bin", tmp_path / "local"):
        assert find_install("", str(folder)) == find_install(str(unpacked), "")
    assert find_install("", str(tmp_path)) is None


def test_an_older_one_is_started_by_its_older_name(unpacked: Path, tmp_path: Path) -> None:
    (unpacked / "bin" / "grafana").rename(unpacked / "bin" / "grafana-server")
    install = find_install(str(unpacked), "")
    assert install
    assert command_of(install, tmp_path)[:2] == [f"{unpacked}/bin/grafana-server", "--homepath"]
    assert f"{unpacked}/bin/grafana-cli --homepath" in how_to_install_plugin(install, tmp_path)


def test_without_the_plugin_the_command_that_installs_it_is_told(
    unpacked: Path, tmp_path: Path
) -> None:
    install = find_install(str(unpacked), "")
    assert install
    assert find_plugins(install, tmp_path) == unpacked / "data" / "plugins"
    (unpacked / "data" / "plugins" / PLUGIN).rmdir()
    assert find_plugins(install, tmp_path) is None
    assert how_to_install_plugin(install, tmp_path).endswith(
        f"`{unpacked}/bin/grafana cli --homepath {unpacked} --pluginsDir {tmp_path}/plugins "
        f"plugins install {PLUGIN}`"
    )
    (tmp_path / "plugins" / PLUGIN).mkdir(parents=True)
    assert find_plugins(install, tmp_path) == tmp_path / "plugins"


def test_it_listens_on_loopback_shows_to_everybody_and_lets_nobody_change(tmp_path: Path) -> None:
    login = Login(
        port=8766,
        reader_url=endpoints().reader_url,
        admin_password="an-invented-one",
        signing_key="another",
    )
    env = environment_of(tmp_path, tmp_path / "plugins", login)
    assert (env["GF_SERVER_HTTP_ADDR"], env["GF_SERVER_HTTP_PORT"]) == ("127.0.0.1", "8766")
    assert (env["GF_SERVER_DOMAIN"], env["GF_SERVER_ENFORCE_DOMAIN"]) == ("127.0.0.1", "true")
    assert env["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    assert env["GF_ANALYTICS_REPORTING_ENABLED"] == "false"
    assert (env["CLICKHOUSE_READER_USER"], env["CLICKHOUSE_READER_PASSWORD"]) == (
        "reader",
        PASSWORD,
    )
    assert (env["CLICKHOUSE_HOST"], env["CLICKHOUSE_PORT"]) == ("127.0.0.1", "9123")
    assert "an-invented-one" not in repr(login)
    assert PASSWORD not in repr(login)


def test_every_variable_of_the_provisioning_is_given_but_where_alerts_go(tmp_path: Path) -> None:

    login = Login(port=1, reader_url=endpoints().reader_url, admin_password="a", signing_key="b")
    env = environment_of(tmp_path, tmp_path, login)
    asked = {name for text in files().values() for name in re.findall(r"\$\{(\w+)\}", text)}
    provisioned = {name for name in asked if name.isupper()}
    assert provisioned - env.keys() == {"GRAFANA_ALERT_WEBHOOK"}, "the watcher delivers"


def test_what_lay_there_of_another_version_is_gone_and_what_grafana_keeps_is_not(
    tmp_path: Path,
) -> None:
    lay_out(tmp_path, {"boards/old.json": "{}", "provisioning/alerting/old.yaml": ""})
    (tmp_path / "data" / "grafana.db").write_text("kept")
    lay_out(tmp_path, {"boards/new.json": "{}"})
    assert [path.name for path in (tmp_path / "boards").iterdir()] == ["new.json"]
    assert not (tmp_path / "provisioning" / "alerting").exists()
    assert (tmp_path / "data" / "grafana.db").read_text() == "kept"
    assert (tmp_path / "boards" / "new.json").stat().st_mode & 0o077 == 0


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    assert (
        kept_secret(tmp_path / "key", "first") == kept_secret(tmp_path / "key", "second") == "first"
    )
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


def test_where_there_is_none_one_line_says_how_to_get_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    found = find_grafana(Settings(home=home), endpoints(), Home(home))
    assert (found.child, found.reason) == (None, HOW_TO_GET_ONE)
    assert "\n" not in found.reason


def test_it_is_never_given_a_login_that_may_write(home: Path, unpacked: Path) -> None:
    settings = Settings(home=home, grafana_home=str(unpacked))
    found = find_grafana(settings, endpoints(reader="writer"), Home(home))
    assert (found.child, found.reason) == (None, NEEDS_READER)


@pytest.mark.integration
def test_a_found_grafana_starts_with_all_of_it_loaded_and_is_stopped_again(
    home: Path, unpacked: Path
) -> None:
    settings = Settings(home=home, grafana_home=str(unpacked))
    found = find_grafana(settings, endpoints(), Home(home))
    assert found.child
    assert not found.child.is_vital, "the page shows the same boards"
    assert not is_healthy(found.port)
    found.child.start()
    try:
        found.child.wait_until(lambda: is_healthy(found.port), 20)
        with urllib.request.urlopen(f"http://127.0.0.1:{found.port}/api/health") as answer:
            assert json.load(answer)["version"] == "11.6.0"
    finally:
        found.child.stop()
    assert not is_healthy(found.port)
    folder = home / "grafana"
    seen = json.loads((folder / "data" / "seen.json").read_text())
    assert seen["GRAFANA_BOARDS_FOLDER"] == str(folder / "boards")
    assert len(list((folder / "boards").glob("uproar-*.json"))) > 3
    rules = yaml.safe_load((folder / "provisioning" / "alerting" / "rules.yaml").read_text())
    muted = [r["notification_settings"]["mute_time_intervals"] for r in rules["groups"][0]["rules"]]
    assert set(map(tuple, muted)) == {("uproar-always",)}, "the watcher delivers"
    assert not os.access(folder / "admin-password", os.X_OK)
