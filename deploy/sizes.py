"""`make capacity`: three sizes of cluster, written to docs/capacity.md, its pictures and `deploy/`.

All figures come from `uproar/capacity/costs.yaml` by way of `uproar.capacity`, so this is run again
when a cost there changes. A test compares what is written with what this would write.
"""

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from uproar.capacity.costs import Costs, CostSheet, read_costs
from uproar.capacity.incidents import Burst, Incident
from uproar.capacity.limits import limits_of
from uproar.capacity.picture import draw
from uproar.capacity.plan import Plan, clickhouse_bytes, kafka_bytes, plan
from uproar.capacity.report import (
    INCIDENT_TITLES,
    broker_gigabytes,
    clickhouse_gigabytes,
    incident_row,
    settings_of,
    stage_rows,
    volume_rows,
)
from uproar.capacity.sizing import REPLICAS, Load

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "capacity.md"
PICTURE = ROOT / "docs" / "capacity.svg"
FOLDER = ROOT / "deploy" / "kubernetes" / "sizes"
SIZES = {"small": 10_000, "middle": 1_000_000, "large": 100_000_000}
"""Posts a second seen; one in a hundred is kept."""
INCIDENTS = (
    Incident(burst=Burst(10, 60)),
    Incident(lost="worker"),
    Incident(lost="broker"),
    Incident(lost="sink"),
)
_PART = re.compile(r"(<!-- capacity: ([a-z ]+) -->\n).*?(<!-- end -->)", re.S)
_WRITTEN = (
    "# Written by `make capacity` from uproar/capacity/costs.yaml; docs/capacity.md explains it.\n"
)
_SPARE = 1.4
"""Disks are this much larger than what they hold."""


def main() -> int:
    """Write everything, and return the exit status."""
    sheet = read_costs()
    plans = {name: plan_of(name, sheet.costs) for name in SIZES}
    PAGE.write_text(filled(PAGE.read_text("utf-8"), parts_of(plans, sheet)), "utf-8")
    PICTURE.write_text(draw(list(plans.values())), "utf-8")
    for name, found in plans.items():
        for path, text in overlay(name, found, sheet.costs).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    sys.stdout.write(f"wrote {PAGE.name}, {PICTURE.name} and {FOLDER.name}/\n")
    return 0


def plan_of(name: str, costs: Costs) -> Plan:
    """Return the plan of one of the sizes."""
    return plan(Load(seen=SIZES[name]), costs, INCIDENTS)


def fingerprint() -> str:
    """Return what tells one file of costs from another."""
    content = (files("uproar.capacity") / "costs.yaml").read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]


def filled(page: str, parts: dict[str, str]) -> str:
    """Return the page with new parts between its marks; parts that are not given stay."""
    return _PART.sub(
        lambda found: f"{found[1]}{parts[found[2]]}{found[3]}" if found[2] in parts else found[0],
        page,
    )


def parts_of(plans: dict[str, Plan], sheet: CostSheet) -> dict[str, str]:
    """Return the written parts of docs/capacity.md for these plans."""
    parts = {"costs": costs_part(sheet)}
    for name, found in plans.items():
        parts[name] = size_part(found, sheet.costs)
    if plans.keys() == SIZES.keys():
        parts["limits"] = limits_part(plans, sheet.costs)
    return parts


def costs_part(sheet: CostSheet) -> str:
    """Return the table of costs, with the fingerprint of their file."""
    rows = [
        (f"`{place}`", f"{origin.value:,.10g}", f"`{origin.by}`" if origin.by else "–", origin.note)
        for place, origin in sheet.origins.items()
    ]
    head = f"Costs `{fingerprint()}`, of {sheet.machine}, {sheet.measured_on}.\n\n"
    return head + _table(("cost", "value", "measured by", "of what"), rows)


def size_part(found: Plan, costs: Costs) -> str:
    """Return the tables of one size."""
    titles = ("stage", "processes", "cores busy", "cores to have", "memory", "remarks")
    return "\n".join(
        (
            _table(titles, stage_rows(found, costs)),
            _table(("how much", ""), volume_rows(found, costs)),
            _table(INCIDENT_TITLES, map(incident_row, found.courses)),
        )
    )


def limits_part(plans: dict[str, Plan], costs: Costs) -> str:
    """Return what settings do not solve, by size."""
    rows = [
        (f"{found.load.seen:,.0f}", one.what, one.change, "yes" if one.is_needed else "no")
        for found in plans.values()
        for one in limits_of(found, costs)
    ]
    titles = ("posts/s seen", "what is reached", "what must change", "needed to run at all")
    return _table(titles, rows)


def overlay(name: str, found: Plan, costs: Costs) -> dict[Path, str]:
    """Return the files for Kubernetes of one size: Uproar, its Kafka, its ClickHouse."""
    folder = FOLDER / name
    return {
        folder / "kustomization.yaml": _processes(found),
        folder / "kafka" / "kustomization.yaml": _kafka(found, costs),
        folder / "clickhouse" / "kustomization.yaml": _clickhouse(found, costs),
    }


def _processes(found: Plan) -> str:
    size = found.size
    settings = "".join(f"      - {name}={value}\n" for name, value in settings_of(found).items())
    scaled = (
        ("worker", size.workers, size.partitions),
        ("sink", size.sinks, min(size.sinks * 2, size.partitions)),
    )
    patches = "".join(
        f"  - target: {{kind: ScaledObject, name: uproar-{name}}}\n"
        "    patch: |-\n"
        f"      - {{op: replace, path: /spec/minReplicaCount, value: {least}}}\n"
        f"      - {{op: replace, path: /spec/maxReplicaCount, value: {most}}}\n"
        f"  - target: {{kind: Deployment, name: uproar-{name}}}\n"
        "    patch: |-\n"
        "      - op: replace\n"
        "        path: /spec/template/spec/containers/0/resources/requests/cpu\n"
        '        value: "1"\n'
        for name, least, most in scaled
    )
    return (
        f"{_WRITTEN}# {found.load.seen:,.0f} posts/s seen, {found.load.kept:,.0f} kept.\n"
        "# Copy it, and say in it what is yours.\n"
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        "namespace: uproar\n\n"
        "resources:\n  - ../../base\n\n"
        "components:\n  - ../../keda\n  - ../../monitoring\n\n"
        "configMapGenerator:\n  - name: uproar-settings\n    behavior: merge\n    literals:\n"
        f"{settings}\npatches:\n{patches}"
    )


def _kafka(found: Plan, costs: Costs) -> str:
    size = found.size
    milliseconds = found.kafka_hours * 3_600_000
    disk = _gibibytes(kafka_bytes(found) / size.brokers)
    memory = f"{broker_gigabytes(found, costs):.0f}Gi"
    heap = f"{min(6, max(1, round(broker_gigabytes(found, costs) / 4)))}g"
    return (
        f"{_WRITTEN}# The example of strimzi/, for {found.load.kept:,.0f} posts/s kept.\n"
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n\n"
        "resources:\n  - ../../../strimzi\n\n"
        "patches:\n"
        "  - target: {kind: KafkaTopic}\n"
        "    patch: |-\n"
        f"      - {{op: replace, path: /spec/partitions, value: {size.partitions}}}\n"
        f"      - {{op: replace, path: /spec/config/retention.ms, value: {milliseconds}}}\n"
        f"      - {{op: replace, path: /spec/config/segment.ms, value: {milliseconds // 8}}}\n"
        "  - target: {kind: KafkaNodePool, name: node}\n"
        "    patch: |-\n"
        f"      - {{op: replace, path: /spec/replicas, value: {size.brokers}}}\n"
        "      - op: replace\n"
        "        path: /spec/resources\n"
        f'        value: {{requests: {{cpu: "{size.broker_cores}", memory: {memory}}}, '
        f"limits: {{memory: {memory}}}}}\n"
        f"      - {{op: replace, path: /spec/jvmOptions, value: {{-Xms: {heap}, -Xmx: {heap}}}}}\n"
        f"      - {{op: replace, path: /spec/storage/volumes/0/size, value: {disk}}}\n"
    )


def _clickhouse(found: Plan, costs: Costs) -> str:
    size = found.size
    disk = _gibibytes(clickhouse_bytes(found) / size.shards / REPLICAS)
    memory = f"{clickhouse_gigabytes(found, costs):.0f}Gi"
    containers = "/spec/templates/podTemplates/0/spec/containers/0"
    return (
        f"{_WRITTEN}# The example of clickhouse/, for {found.load.kept:,.0f} posts/s kept.\n"
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n\n"
        "resources:\n  - ../../../clickhouse\n\n"
        "patches:\n"
        "  - target: {kind: ClickHouseInstallation, name: uproar}\n"
        "    patch: |-\n"
        "      - op: replace\n"
        "        path: /spec/configuration/clusters/0/layout\n"
        f"        value: {{shardsCount: {size.shards}, replicasCount: {REPLICAS}}}\n"
        "      - op: replace\n"
        f"        path: {containers}/resources\n"
        f'        value: {{requests: {{cpu: "{size.clickhouse_cores}", memory: {memory}}}, '
        f"limits: {{memory: {memory}}}}}\n"
        "      - op: replace\n"
        "        path: /spec/templates/volumeClaimTemplates/0/spec/resources/requests/storage\n"
        f"        value: {disk}\n"
    )


def _gibibytes(count: float) -> str:
    return f"{max(20, round(count * _SPARE / 2**30 / 10) * 10)}Gi"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(_lines(titles, rows)) + "\n"


def _lines(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |"
    yield "|" + "---|" * len(titles)
    for row in rows:
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    sys.exit(main())
