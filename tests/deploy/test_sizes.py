"""docs/capacity.md and deploy/kubernetes/sizes say what the costs come to."""

import functools
import re
import shutil
import subprocess
from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.sizes import FOLDER, PAGE, SIZES, filled, fingerprint, overlay, parts_of, plan_of
from uproar.capacity.costs import read_costs
from uproar.capacity.plan import Plan
from uproar.settings import describe_settings

SHEET = read_costs()
QUICK = ("small", "middle")
"""The large one takes a third of a minute; that it is of these costs, the page tells."""
STALE = "run `make capacity`"
OF_OPERATORS = ("kafka.strimzi.io/", "clickhouse", "keda.sh/", "monitoring.coreos.com/")

needs_kubectl = pytest.mark.skipif(
    shutil.which("kubectl") is None, reason="`kubectl kustomize` puts the files together"
)


@functools.cache
def plans() -> dict[str, Plan]:
    return {name: plan_of(name, SHEET.costs) for name in QUICK}


@functools.cache
def rendered(name: str) -> tuple[dict[str, Any], ...]:
    command = ["kubectl", "kustomize", str(FOLDER / name)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return tuple(yaml.safe_load_all(made.stdout))


def of_kind(name: str, kind: str) -> list[dict[str, Any]]:
    return [one for one in rendered(name) if one["kind"] == kind]


def test_the_page_is_written_from_the_costs_as_they_are() -> None:
    assert f"Costs `{fingerprint()}`" in PAGE.read_text("utf-8"), STALE


def test_the_tables_of_the_page_are_what_the_plans_come_to() -> None:
    page = PAGE.read_text("utf-8")
    assert filled(page, parts_of(plans(), SHEET)) == page, STALE


def test_the_page_has_each_part_once() -> None:
    marks = re.findall(r"<!-- capacity: (\w+) -->", PAGE.read_text("utf-8"))
    assert sorted(marks) == sorted([*SIZES, "costs", "limits"])


@pytest.mark.parametrize("name", QUICK)
def test_the_overlays_are_what_the_plans_come_to(name: str) -> None:
    for path, text in overlay(name, plans()[name], SHEET.costs).items():
        assert path.read_text("utf-8") == text, STALE


@needs_kubectl
@pytest.mark.filterwarnings("ignore:The metaschema specified:DeprecationWarning")
@pytest.mark.parametrize("name", SIZES)
def test_what_kustomize_makes_of_a_size_is_valid(name: str) -> None:
    for one in (*rendered(name), *rendered(f"{name}/kafka"), *rendered(f"{name}/clickhouse")):
        if not one["apiVersion"].startswith(OF_OPERATORS):
            kubernetes_validate.validate(one, "1.36", strict=True)


@needs_kubectl
@pytest.mark.parametrize("name", SIZES)
def test_workers_partitions_and_topics_of_a_size_agree(name: str) -> None:
    (settings,) = [one for one in of_kind(name, "ConfigMap") if "UPROAR_HOME" in one["data"]]
    partitions = int(settings["data"]["UPROAR_KAFKA_PARTITIONS"])
    assert {one["spec"]["partitions"] for one in of_kind(f"{name}/kafka", "KafkaTopic")} == {
        partitions
    }
    for one in of_kind(name, "ScaledObject"):
        spec = one["spec"]
        assert spec["minReplicaCount"] <= spec["maxReplicaCount"] <= partitions
    hours = int(settings["data"]["UPROAR_KAFKA_RETENTION_HOURS"])
    for one in of_kind(f"{name}/kafka", "KafkaTopic"):
        assert one["spec"]["config"]["retention.ms"] == hours * 3_600_000
    known = {one.variable for one in describe_settings()}
    assert settings["data"].keys() <= known


@needs_kubectl
@pytest.mark.parametrize("name", SIZES)
def test_the_cluster_that_the_settings_name_is_the_one_that_is_made(name: str) -> None:
    (settings,) = [one for one in of_kind(name, "ConfigMap") if "UPROAR_HOME" in one["data"]]
    (made,) = of_kind(f"{name}/clickhouse", "ClickHouseInstallation")
    (cluster,) = made["spec"]["configuration"]["clusters"]
    assert cluster["name"] == settings["data"]["UPROAR_CLICKHOUSE_CLUSTER"]
    assert cluster["layout"]["replicasCount"] == 2
