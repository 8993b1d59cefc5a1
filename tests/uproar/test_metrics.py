"""Metrics: documented, named by the rules, closed in their labels; the alerts ask for real ones."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from uproar.metrics import MOST_REASONS, describe_metrics, reason_label

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
METRICS = {one.name: one for one in describe_metrics()}
LABELS = {
    "stage", "kind", "reason", "server", "on", "step", "outcome", "name", "version",
    "stream", "partition", "run", "platform", "state", "signal", "severity",
}  # fmt: skip
OF_THE_TARGET = {"job", "instance", "process", "le"}
OF_THE_LIBRARY = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
UNITS = ("_seconds", "_bytes", "_records", "_messages", "_waiting", "_build", "_sources")


def alerts() -> list[Any]:
    groups = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_is_named_for_what_it_counts_and_its_unit(name: str) -> None:
    assert re.fullmatch(r"uproar_[a-z]+(_[a-z]+)*", name)
    assert name.endswith("_total") == (METRICS[name].kind == "counter")
    assert METRICS[name].kind == "counter" or name.endswith(UNITS)


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_has_no_label_that_a_stranger_could_fill(name: str) -> None:
    assert set(METRICS[name].labels) <= LABELS


def test_the_page_of_metrics_lists_what_there_is_and_nothing_else() -> None:
    text = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    rows = re.findall(r"^\| `(uproar_\w+)` \| (\w+) \| (.*?) \| (.*) \|$", text, re.M)
    assert rows == [
        (one.name, one.kind, ", ".join(f"`{label}`" for label in one.labels) or "–", one.meaning)
        for one in describe_metrics()
    ]


def test_a_reason_that_nobody_declared_does_not_become_a_label_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("uproar.metrics._seen_reasons", set())
    labels = {reason_label(f"made-up-{number}") for number in range(3 * MOST_REASONS)}
    assert len(labels) <= MOST_REASONS + 1
    assert reason_label("a text of somebody") == "other"
    assert reason_label("x" * 41) == "other"


def names_of(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:uproar|process)_[a-z_]+\b|\bup\b(?=\{)", expression))


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: str(alert["alert"]))
def test_an_alert_asks_for_metrics_and_labels_that_exist(alert: Any) -> None:
    names = names_of(alert["expr"])
    assert names
    for name in names:
        family = re.sub(r"_(bucket|sum|count)$", "", name)
        assert name in METRICS or family in METRICS or name in OF_THE_LIBRARY, name
    for name, selector in re.findall(r"([a-z_]+)\{([^}]*)\}", alert["expr"]):
        family = re.sub(r"_(bucket|sum|count)$", "", name)
        known = set(METRICS[family].labels) if family in METRICS else set()
        for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector):
            assert label in known | OF_THE_TARGET, label


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: str(alert["alert"]))
def test_an_alert_names_a_symptom_and_leads_to_what_to_do(alert: Any) -> None:
    assert re.fullmatch(r"([A-Z][a-z]+)+", alert["alert"])
    assert alert["labels"]["severity"] in ("warning", "critical")
    page, _, anchor = alert["annotations"]["runbook"].partition("#")
    assert anchor == alert["alert"].lower()
    headings = re.findall(r"^#+ (.*)$", (ROOT / page).read_text("utf-8"), re.M)
    assert alert["alert"] in headings


def test_the_example_for_prometheus_reads_the_alerts_and_the_files_of_the_processes() -> None:
    example = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text("utf-8"))
    assert [(PROMETHEUS / name).exists() for name in example["rule_files"]] == [True]
    (job,) = example["scrape_configs"]
    assert job["job_name"] == "uproar"  # the alerts select by it
    assert job["file_sd_configs"][0]["files"][0].endswith("/targets/*.json")
