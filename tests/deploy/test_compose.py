"""What deploy/compose.yaml promises, and that Docker Compose would take it."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from tests.deploy.composed import (
    COMPOSE,
    ROOT,
    MissingVariable,
    mounted_secrets,
    read_compose,
    secret_files,
)
from uproar.guarded import is_secret
from uproar.secret_files import SUFFIX
from uproar.settings import describe_settings
from uproar.source_config import Mastodon, Reddit, X, Youtube

COMPOSED: dict[str, Any] = read_compose({"UPROAR_UID": "1000"})
SERVICES: dict[str, dict[str, Any]] = COMPOSED["services"]
OURS = sorted(name for name, one in SERVICES.items() if one["image"].startswith("uproar:"))
SETTINGS = {one.variable for one in describe_settings()}
PLATFORM_TOKENS = {
    field.default
    for kind in (Mastodon, Reddit, X, Youtube)
    for field in msgspec.structs.fields(kind)
    if field.name.endswith("_env")
}
PROVISIONING = ROOT / "dashboards" / "grafana" / "provisioning"


@pytest.mark.filterwarnings("ignore:The metaschema specified:DeprecationWarning")
def test_the_file_is_a_compose_file() -> None:
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(
        yaml.safe_load(COMPOSE.read_text("utf-8")), json.loads(schema.read_text("utf-8"))
    )


def test_without_secrets_it_says_what_to_run() -> None:
    with pytest.raises(MissingVariable, match=r"run deploy/secrets\.sh first"):
        read_compose({})


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_locked_in(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service["user"].startswith("0")
    assert service["mem_limit"]
    assert not service.get("privileged")
    assert "network_mode" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_pinned_to_a_version_and_can_be_chosen(name: str) -> None:
    written = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"][name]["image"]
    assert re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[a-z/-]+:v?\d+(\.\d+)+\}", written)


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_on_loopback_alone(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert port.startswith("127.0.0.1:")


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_is_in_the_file_or_a_variable(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        is_address = variable == "GF_SERVER_ROOT_URL"
        names_secret = is_secret(variable.removesuffix(SUFFIX).removesuffix("_")) and not is_address
        assert not names_secret or "/run/secrets/" in value, variable


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_names_just_the_secrets_that_it_is_given(name: str) -> None:
    service = SERVICES[name]
    mounted = mounted_secrets(service)
    assert set(mounted.values()) <= set(COMPOSED["secrets"])
    named = set(re.findall(r"/run/secrets/\w+", str(service.get("environment", {}))))
    others = {path for path in mounted if not path.startswith("/run/secrets/")}
    if name == "clickhouse":
        others.add("/run/secrets/clickhouse_admin_password")  # for who looks after it
    assert named | others == set(mounted)


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_a_process_is_a_setting(name: str) -> None:
    for variable in SERVICES[name]["environment"]:
        plain = variable if variable in SETTINGS else variable.removesuffix(SUFFIX)
        assert plain in SETTINGS | PLATFORM_TOKENS, variable
        assert plain == variable or plain in PLATFORM_TOKENS or is_secret(plain)


def test_each_process_reaches_only_the_servers_that_it_needs() -> None:
    reaches = {name: set(SERVICES[name]["networks"]) for name in SERVICES}
    assert reaches["worker"] == {"kafka"}
    assert reaches["sink"] == reaches["prepare"] == reaches["uproar"] == {"kafka", "tables"}
    assert reaches["page"] == reaches["watch"] == reaches["grafana"] == {"tables", "outside"}
    assert {tuple(sorted(reaches[name])) for name in SERVICES if name.startswith("ingest-")} == {
        ("kafka", "outside")
    }
    assert all(COMPOSED["networks"][name]["internal"] for name in ("kafka", "tables"))


def test_each_process_has_the_login_with_the_least_rights() -> None:
    logins = {
        name: {secret for secret in mounted_secrets(SERVICES[name]).values() if "_url" in secret}
        for name in OURS
    }
    assert logins["worker"] == logins["ingest-bluesky"] == set()
    assert logins["page"] == {"clickhouse_reader_url"}
    assert logins["sink"] == {"clickhouse_writer_url"}
    assert logins["prepare"] == {"clickhouse_migrator_url"}
    assert "author_key" not in mounted_secrets(SERVICES["sink"]).values()


def test_everything_starts_after_topics_and_tables_are_ready() -> None:
    for name in (*OURS, "grafana"):
        if name not in ("prepare", "uproar"):
            waits = SERVICES[name]["depends_on"]
            assert waits == {"prepare": {"condition": "service_completed_successfully"}}
    for name in SERVICES["prepare"]["depends_on"]:
        assert SERVICES[name]["healthcheck"]["test"]


def test_every_platform_has_a_service() -> None:
    from producers.sources import SOURCES

    watched = {name.removeprefix("ingest-") for name in SERVICES if name.startswith("ingest-")}
    assert watched == set(SOURCES)
    for platform in SOURCES:
        service = SERVICES[f"ingest-{platform}"]
        assert service["profiles"] == [platform]
        assert service["command"] == ["ingest", platform, "--attach"]
        assert any(one.get("source") == "cursors" for one in service["volumes"])


def test_every_path_that_is_mounted_is_there() -> None:
    made = {"./config"}  # by secrets.sh
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            if volume["type"] == "volume":
                assert volume["source"] in COMPOSED["volumes"]
            elif volume["source"] not in made:
                assert (COMPOSE.parent / volume["source"]).exists(), volume["source"]
                assert volume["read_only"]


def test_grafana_gets_every_variable_that_its_provisioning_asks_for() -> None:
    asked = set()
    for path in PROVISIONING.rglob("*.y*ml"):
        for line in path.read_text("utf-8").splitlines():
            asked |= set(re.findall(r"(?<!\$)\$\{?([A-Z][A-Z_]+)\b", line.partition("#")[0]))
    assert {"CLICKHOUSE_READER_PASSWORD", "GRAFANA_BOARDS_FOLDER"} <= asked
    assert asked - set(SERVICES["grafana"]["environment"]) == set()


def test_prometheus_asks_every_process_at_its_port() -> None:
    path = ROOT / "deploy" / "prometheus" / "compose.yml"
    (found,) = yaml.safe_load(path.read_text("utf-8"))["scrape_configs"][0]["dns_sd_configs"]
    assert set(found["names"]) == set(OURS) - {"prepare", "uproar"}
    for name in found["names"]:
        assert SERVICES[name]["environment"]["UPROAR_METRICS_PORT"] == str(found["port"])


def test_secrets_lie_where_git_and_the_image_do_not_look() -> None:
    ignored = (ROOT / "deploy" / ".gitignore").read_text("utf-8").splitlines()
    assert {"/secrets/", "/.env", "/config/"} <= set(ignored)
    assert {path.parts[0] for path in secret_files(COMPOSED).values()} == {"secrets"}
    copied = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert "*" in copied
    assert not {"!deploy", "!deploy/secrets", "!."} & set(copied)


def test_the_example_of_a_machine_is_read_as_written(tmp_path: Path) -> None:
    example = tmp_path / "compose.yaml"
    example.write_text("a: ['${X:?set it}', '$${X}', '${Y:-2}']\n")
    assert read_compose({"X": "1"}, example) == {"a": ["1", "${X}", "2"]}
