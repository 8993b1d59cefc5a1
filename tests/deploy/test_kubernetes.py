"""deploy/kubernetes: what kustomize makes of it is valid, locked in, at one with other files."""

import functools
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.deploy.composed import ROOT
from uproar.config_file import read_config
from uproar.guarded import is_secret
from uproar.secret_files import SUFFIX
from uproar.settings import describe_settings
from uproar.topics import topics

FOLDER = ROOT / "deploy" / "kubernetes"
OF_OPERATORS = (
    "kafka.strimzi.io/", "clickhouse.altinity.com/", "clickhouse-keeper.altinity.com/",
    "keda.sh/", "monitoring.coreos.com/",
)  # fmt: skip
"""Kinds whose schemas no package has: docs/deployment.md says against what they were held."""
VERSIONS = ("1.30", "1.36")
PROBES = {"livenessProbe": "/healthz", "startupProbe": "/healthz", "readinessProbe": "/readyz"}
SETTINGS = {one.variable for one in describe_settings()}
RIGHTS = re.compile(r"^\| (.*?) ?\| (\w[\w, ]*) \| (.*) \| `([^`]+)` \|$", re.M)

pytestmark = pytest.mark.skipif(
    shutil.which("kubectl") is None, reason="`kubectl kustomize` puts the files together"
)

Object = dict[str, Any]


@functools.cache
def rendered(name: str) -> tuple[Object, ...]:
    """Return what kustomize makes of a folder, without any cluster."""
    restricted = [] if name != "boards" else ["--load-restrictor", "LoadRestrictionsNone"]
    made = subprocess.run(
        ["kubectl", "kustomize", *restricted, str(FOLDER / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return tuple(yaml.safe_load_all(made.stdout))


def of_kind(*kinds: str, of: str = "example") -> list[Object]:
    return [one for one in rendered(of) if one["kind"] in kinds]


def workloads() -> list[Object]:
    return of_kind("Deployment", "StatefulSet", "Job")


def pods() -> Iterator[tuple[str, Object, Object]]:
    for one in workloads():
        pod = one["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        yield one["metadata"]["name"], pod, container


@functools.cache
def settings() -> dict[str, str]:
    (found,) = [c for c in of_kind("ConfigMap") if "UPROAR_HOME" in c["data"]]
    return dict(found["data"])


@pytest.mark.filterwarnings("ignore:The metaschema specified:DeprecationWarning")
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["example", "boards"])
def test_what_kustomize_makes_is_valid(name: str, version: str) -> None:
    for one in rendered(name):
        if not one["apiVersion"].startswith(OF_OPERATORS):
            kubernetes_validate.validate(one, version, strict=True)


@pytest.mark.parametrize("name", ["strimzi", "clickhouse"])
def test_the_examples_of_servers_are_of_their_operators(name: str) -> None:
    assert rendered(name)
    assert all(one["apiVersion"].startswith(OF_OPERATORS) for one in rendered(name))


def test_every_pod_keeps_to_the_restricted_standard_and_speaks_to_no_api() -> None:
    (space,) = of_kind("Namespace")
    assert space["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for name, pod, container in pods():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["enableServiceLinks"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert all("hostPath" not in volume for volume in pod["volumes"]), name
        assert set(container["resources"]["requests"]) == {"cpu", "memory"}, name
        assert container["resources"]["limits"]["memory"], name


def test_every_process_that_stays_is_probed_where_it_answers() -> None:
    for name, _, container in pods():
        if name == "uproar-prepare":
            continue
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        assert str(ports["metrics"]) == settings()["UPROAR_METRICS_PORT"]
        for kind, page in PROBES.items():
            assert container[kind]["httpGet"] == {"path": page, "port": "metrics"}, name


def test_every_variable_is_a_setting_and_every_secret_a_file() -> None:
    for name, pod, container in pods():
        given = {one["name"]: one["value"] for one in container["env"]} | settings()
        for variable, value in given.items():
            plain = variable if variable in SETTINGS else variable.removesuffix(SUFFIX)
            assert plain in SETTINGS, variable
            assert not is_secret(plain) or value.startswith("/run/secrets/uproar/"), variable
        (secrets,) = [one for one in pod["volumes"] if one["name"] == "secrets"]
        files = {
            item["path"]
            for source in secrets["projected"]["sources"]
            for item in source["secret"]["items"]
        }
        named = {v.rpartition("/")[2] for v in given.values() if v.startswith("/run/secrets/")}
        assert named == files, name


def test_no_secret_is_among_the_files() -> None:
    for name in ("example", "boards", "strimzi", "clickhouse"):
        assert not of_kind("Secret", of=name)


def test_the_configuration_that_it_begins_with_is_valid() -> None:
    config = read_config(FOLDER / "base" / "uproar.yaml")
    sources = [one["metadata"]["name"] for one in of_kind("StatefulSet")]
    assert sources == [f"ingest-{name}" for name in config.sources.named()]


def test_nothing_may_speak_or_listen_that_is_not_named() -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in of_kind("NetworkPolicy")}
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    labels = {
        one["metadata"]["name"]: set(one["spec"]["template"]["metadata"]["labels"])
        for one in workloads()
    }
    for name in ("kafka", "clickhouse", "internet"):
        assert policies[name]["podSelector"] == {"matchLabels": {f"needs-{name}": "true"}}
    assert {name for name, found in labels.items() if "needs-internet" in found} == {
        "ingest-bluesky", "uproar-watch"
    }  # fmt: skip
    for name, _, container in pods():
        given = {one["name"] for one in container["env"]}
        speaks = any(variable.startswith("UPROAR_KAFKA_PASSWORD") for variable in given)
        assert speaks == ("needs-kafka" in labels[name]), name
        asks = any(variable.startswith("UPROAR_CLICKHOUSE") for variable in given)
        assert asks == ("needs-clickhouse" in labels[name]), name


def test_workers_are_never_more_than_partitions() -> None:
    partitions = int(settings()["UPROAR_KAFKA_PARTITIONS"])
    most = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"]["maxReplicaCount"]
        for one in of_kind("ScaledObject")
    }
    assert most["uproar-worker"] == partitions
    assert most["uproar-sink"] <= partitions
    for one in of_kind("KafkaTopic", of="strimzi"):
        assert one["spec"]["partitions"] == partitions
    for one in of_kind("Deployment"):
        assert ("replicas" in one["spec"]) == (one["metadata"]["name"] not in most)


def test_lag_is_that_of_our_groups_and_topics() -> None:
    names = topics()
    asked = {
        (one["consumerGroup"], one["topic"])
        for scaled in of_kind("ScaledObject")
        for one in (trigger["metadata"] for trigger in scaled["spec"]["triggers"])
    }
    assert asked == {(names.streams_group, names.posts), (names.sink_group, names.reactions)}
    made = {one["metadata"]["name"] for one in of_kind("KafkaTopic", of="strimzi")}
    assert made == set(names.all())


def test_a_budget_never_holds_a_machine_up() -> None:
    budgets = of_kind("PodDisruptionBudget")
    names = {one["metadata"]["name"] for one in of_kind("Deployment")}
    for one in budgets:
        assert one["spec"]["maxUnavailable"] == 1
        assert one["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"] in names
    assert len(budgets) == 3


def test_kafkas_users_may_do_what_the_documentation_lists_and_no_more() -> None:
    listed: dict[str, set[tuple[str, str, str]]] = {}
    process = ""
    for who, operations, kind, name in RIGHTS.findall((ROOT / "docs" / "kafka.md").read_text()):
        process = who.strip() or process
        for operation in operations.split(", "):
            listed.setdefault(process, set()).add((operation, kind.split()[0].rstrip("s"), name))
    granted = {
        one["metadata"]["name"]: {
            (operation, acl["resource"]["type"], acl["resource"]["name"])
            for acl in one["spec"]["authorization"]["acls"]
            for operation in acl["operations"]
        }
        for one in of_kind("KafkaUser", of="strimzi")
    }
    begins = {"uproar-creator": "who creates", "uproar-producer": "a producer",
              "uproar-worker": "`uproar worker", "uproar-sink": "`uproar sink",
              "uproar-status": "`uproar status"}  # fmt: skip
    for user, beginning in begins.items():
        (found,) = [rights for who, rights in listed.items() if who.startswith(beginning)]
        assert granted[user] == found, user
    assert {operation for operation, _, _ in granted["uproar-scaler"]} == {"Describe"}


def test_every_process_logs_in_to_kafka_as_a_user_that_there_is() -> None:
    users = {one["metadata"]["name"] for one in of_kind("KafkaUser", of="strimzi")}
    for name, pod, container in pods():
        given = {one["name"]: one["value"] for one in container["env"]}
        if "UPROAR_KAFKA_PASSWORD_FILE" in given:
            user = given["UPROAR_KAFKA_USERNAME"]
            assert user in users, name
            assert f"'name': '{user}'" in str(pod["volumes"]), name


def test_every_board_is_handed_to_grafana() -> None:
    maps = {one["metadata"]["name"]: one for one in of_kind("ConfigMap", of="boards")}
    boards = maps["uproar-boards"]
    made = {path.name for path in (ROOT / "dashboards" / "grafana").glob("uproar-*.json")}
    assert set(boards["data"]) == made
    assert boards["metadata"]["labels"]["grafana_dashboard"] == "1"


def test_the_alerts_are_those_of_prometheus() -> None:
    (rules,) = of_kind("PrometheusRule")
    alerts = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text("utf-8"))
    assert rules["spec"] == alerts
    (pods_asked,) = of_kind("PodMonitor")
    assert pods_asked["spec"]["jobLabel"] == "app.kubernetes.io/part-of"
    for one in workloads():
        labels = one["spec"]["template"]["metadata"]["labels"]
        assert labels["app.kubernetes.io/part-of"] == "uproar"
