"""deploy/systemd: units that systemd takes, and what they keep processes from."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.composed import ROOT
from uproar.cli import main
from uproar.guarded import is_secret
from uproar.secret_files import SUFFIX
from uproar.settings import Settings, describe_settings

FOLDER = ROOT / "deploy" / "systemd"
UNITS = sorted(path.name for path in FOLDER.glob("*.service"))
COMMON = (FOLDER / "uproar-.service.d" / "50-common.conf").read_text("utf-8")
SETTINGS = {one.variable for one in describe_settings()}
WORST_EXPOSURE = 2.0
"""Of 10, as `systemd-analyze security` rates it; what it calls OK."""

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd itself judges its units"
)


def text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as they are installed, with a program that is there."""
    program = tmp_path / "uproar"
    program.write_text(f"#!{sys.executable}\n")
    program.chmod(0o755)
    settings = tmp_path / "uproar.env"
    shutil.copy(FOLDER / "uproar.env", settings)
    for path in FOLDER.rglob("*"):
        if path.suffix in (".service", ".target", ".conf"):
            there = tmp_path / "system" / path.relative_to(FOLDER)
            there.parent.mkdir(parents=True, exist_ok=True)
            written = path.read_text("utf-8").replace("/opt/uproar/bin/uproar", str(program))
            there.write_text(written.replace("/etc/uproar/uproar.env", str(settings)))
    return tmp_path / "system"


def analyze(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *words],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"},
        capture_output=True,
        text=True,
        check=False,
    )


def instances() -> list[str]:
    return [name.replace("@.", "@1.") for name in UNITS]


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units(installed: Path) -> None:
    found = analyze(installed, "verify", "--man=no", *instances(), "uproar.target")
    said = (found.stdout + found.stderr).replace(str(installed), "")
    assert not [line for line in said.splitlines() if "uproar" in line]


@needs_systemd
def test_what_a_process_is_exposed_to_is_little(installed: Path) -> None:
    for name in instances():
        found = analyze(
            installed, "security", "--offline=true", str(installed / name.replace("@1", "@"))
        )
        rated = re.search(r"Overall exposure level for \S+: (\d+\.\d+)", found.stdout)
        assert rated, found.stdout + found.stderr
        assert float(rated[1]) <= WORST_EXPOSURE, name


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_runs_a_command_that_there_is(name: str) -> None:
    (command,) = re.findall(r"^ExecStart=/opt/uproar/bin/uproar (\S+)", text(name), re.M)
    assert command in main.commands


@pytest.mark.parametrize("name", UNITS)
def test_every_secret_is_a_credential(name: str) -> None:
    credentials = dict(re.findall(r"^LoadCredential=(\w+):(\S+)$", text(name), re.M))
    named = {}
    for variable, value in re.findall(r"^Environment=(\w+)=(\S*)$", text(name), re.M):
        plain = variable if variable in SETTINGS else variable.removesuffix(SUFFIX)
        assert plain in SETTINGS, variable
        assert not is_secret(plain) or value.startswith("%d/"), variable
        if value.startswith("%d/"):
            named[value.removeprefix("%d/")] = f"/etc/uproar/secrets/{value.removeprefix('%d/')}"
    assert credentials == named


def test_the_settings_of_a_machine_are_settings_and_no_secret() -> None:
    written = dict(re.findall(r"^(\w+)=(.*)$", text("uproar.env"), re.M))
    settings = Settings.from_env(written | {"UPROAR_HOME": "/nowhere"})
    assert settings.kafka_security == "SASL_SSL"
    assert not any(is_secret(name) for name in written)


@pytest.mark.parametrize(
    "line",
    ["ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "PrivateTmp=yes",
     "User=uproar", "ProtectHome=yes", "RestrictNamespaces=yes"],
)  # fmt: skip
def test_all_units_share_what_shuts_them_in(line: str) -> None:
    assert line in COMMON.splitlines()
    for name in UNITS:
        assert name.startswith("uproar-")  # so that the common file holds for it
        assert line.partition("=")[0] not in text(name)
