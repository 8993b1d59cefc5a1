"""deploy/Dockerfile: what is in the image, and what it runs as."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.deploy.composed import ABSENT, ROOT
from uproar.errors import SettingsError
from uproar.settings import Settings

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
IGNORED = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
STEPS = re.findall(r"^([A-Z]+) ((?:.*\\\n)*.*)$", DOCKERFILE, re.M)
LAST = STEPS[max(at for at, (name, _) in enumerate(STEPS) if name == "FROM") :]


def steps(name: str) -> list[str]:
    return [words for step, words in STEPS if step == name]


def of_image(name: str) -> list[str]:
    return [words for step, words in LAST if step == name]


def test_the_base_is_pinned_and_can_be_pinned_by_digest() -> None:
    assert re.fullmatch(r"PYTHON=python:3\.\d+\.\d+-slim-[a-z]+", steps("ARG")[0])
    assert {words.split()[0] for words in steps("FROM")} == {"${PYTHON}"}


def test_it_runs_as_nobody_in_particular() -> None:
    assert of_image("USER") == ["10001:0"]
    assert of_image("ENTRYPOINT") == ['["uproar"]']


def test_its_health_check_asks_the_process_itself() -> None:
    (check,) = of_image("HEALTHCHECK")
    assert '"uproar.operations.probe", "healthz"' in check


def test_everything_is_installed_by_hash_and_nothing_is_added_unseen() -> None:
    installs = "\n".join(steps("RUN"))
    for line in re.findall(r"pip (?:download|install) [^\n]*-r [^\n]*", installs):
        assert "--require-hashes" in line
    assert "--no-index --find-links /wheels" in installs
    assert not steps("ADD")
    for words in steps("COPY"):
        assert not words.startswith((". ", "./ "))
    lock = (ROOT / "deploy" / "image" / "build.lock").read_text("utf-8")
    assert re.findall(r"^(\S+) --hash=sha256:[0-9a-f]{64}$", lock, re.M)


def test_every_package_is_copied_and_reaches_the_builder() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found = project["tool"]["setuptools"]["packages"]["find"]["include"]
    packages = {name.rstrip("*") for name in found}
    copied = {source for words in steps("COPY") for source in words.split()[:-1]}
    assert packages <= copied
    for source in copied - {"--from=build", "/opt/uproar", "deploy/image/build.lock"}:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in IGNORED
    assert project["project"]["readme"] in copied
    assert set(project["project"]["license-files"]) <= copied


def test_what_the_tests_take_away_is_what_the_image_leaves_out() -> None:
    removed = " ".join(re.findall(r"pip uninstall -y ([\w -]+)", DOCKERFILE)).replace("-", "_")
    names = {"chdb": "chdb_core"}
    assert {names.get(name, name) for name in ABSENT} <= set(removed.split())


def test_it_says_what_it_is() -> None:
    labels = "\n".join(of_image("LABEL"))
    for name in ("title", "description", "licenses", "version", "revision"):
        assert f"org.opencontainers.image.{name}=" in labels


def test_a_user_of_whom_the_system_knows_nothing_needs_a_home_only_where_none_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", unknown)
    assert Settings.from_env({"UPROAR_HOME": "/var/lib/uproar/home"}).home.name == "home"
    with pytest.raises(SettingsError, match="has no home folder"):
        Settings.from_env({})
