"""deploy/compose.yaml, run: its commands, variables, secrets and files, in locked-in processes.

Kafka is a real one by the container's own properties, ClickHouse the local engine with the
container's own users. What is not shown here is in docs/deployment.md.
"""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import msgspec
import pytest
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.kafka.maven import missing_tools
from tests.deploy.composed import ROOT, Machine, can_lock, leave_out, read_compose
from tests.deploy.servers import ComposedKafka, composed_clickhouse, wait_for_clickhouse
from uproar.endpoints import KafkaEndpoint
from uproar.kafka import connection
from uproar.stack.ports import LOOPBACK, choose_port

pytestmark = pytest.mark.integration

POSTS = 40
CONFIG = "entities: [{id: epik, name: Epik, aliases: [epik.com]}]\n"
COUNT = "SELECT count() FROM reactions FINAL"
STAGES = ("worker", "sink", "page", "watch")
READY_SECONDS = 90
STOP_SECONDS = 30


class Composed(msgspec.Struct, frozen=True):
    """What runs: the machine, its long-running processes by service, and the page's port."""

    machine: Machine
    running: dict[str, "subprocess.Popen[bytes]"]
    page_port: int

    def told(self, service: str) -> str:
        """Return what a service has said."""
        return (self.machine.folder / f"{service}.log").read_text("utf-8", errors="replace")

    def run(self, service: str, *words: str) -> str:
        """Run a service that ends, and return what it said; it must have ended well."""
        return _run(self.machine, service, *words)


def _run(machine: Machine, service: str, *words: str) -> str:
    ended = subprocess.run(
        machine.command(service, words),
        env=machine.environment(service),
        cwd=machine.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=READY_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    """Everything of compose.yaml that is ours, on servers configured as its containers are."""
    if (problem := missing_tools()) is not None:
        pytest.skip(problem)
    folder = tmp_path_factory.mktemp("composed")
    subprocess.run(["sh", ROOT / "deploy" / "secrets.sh", folder], check=True, capture_output=True)
    for path in (folder / "config", folder / "secrets", *(folder / "secrets").iterdir()):
        os.chown(path, os.getuid(), os.getgid())  # its Python may be out of others' reach
    (folder / "config" / "uproar.yaml").write_text(CONFIG)
    leave_out(folder)
    secrets = folder / "secrets"
    password = (secrets / "kafka_password").read_text().strip()
    kafka = ComposedKafka(folder / "kafka", secrets / "kafka.properties", password)
    compose = read_compose({"UPROAR_UID": "10001", "KAFKA_PARTITIONS": "2"})
    with ExitStack() as open_:
        users = (secrets / "clickhouse_users.xml").read_text()
        port = open_.enter_context(composed_clickhouse(folder / "clickhouse", users))
        open_.callback(kafka.stop)
        kafka.start()
        for path in secrets.glob("*_url"):
            path.write_text(path.read_text().replace("@clickhouse:9000", f"@127.0.0.1:{port}"))
        wait_for_clickhouse((secrets / "clickhouse_migrator_url").read_text().strip())
        page_port = choose_port(0, "a port")
        machine = Machine(folder, compose, _own_ports(compose, kafka.address, page_port))
        _run(machine, "prepare")
        running = {name: open_.enter_context(_started(machine, name)) for name in STAGES}
        yield Composed(machine, running, page_port)


def _own_ports(compose: Mapping[str, Any], kafka: str, page_port: int) -> dict[str, dict[str, str]]:
    """Return what differs because no container has addresses and ports of its own here."""
    settings: dict[str, dict[str, str]] = {}
    for name, service in compose["services"].items():
        given = service.get("environment", {})
        settings[name] = own = {}
        if "UPROAR_METRICS_PORT" in given:
            own["UPROAR_METRICS_HOST"] = LOOPBACK
            own["UPROAR_METRICS_PORT"] = str(choose_port(0, "a port"))
        if "UPROAR_KAFKA_BROKERS" in given:
            own["UPROAR_KAFKA_BROKERS"] = kafka
    settings["page"]["UPROAR_PAGE_HOST"] = LOOPBACK
    settings["uproar"]["UPROAR_PAGE_PORT"] = str(choose_port(0, "a port"))
    settings["uproar"]["UPROAR_METRICS_PORT"] = "0"  # it has several processes
    compose["services"]["page"]["command"] += ["--port", str(page_port)]
    return settings


@contextmanager
def _started(machine: Machine, service: str) -> Iterator["subprocess.Popen[bytes]"]:
    with (machine.folder / f"{service}.log").open("wb") as log:
        process = subprocess.Popen(
            machine.command(service),
            env=machine.environment(service),
            cwd=machine.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def check(composed: Composed, service: str) -> tuple[int, str]:
    """Run the health check of a service once, as its container would."""
    ended = subprocess.run(
        composed.machine.health_check(service),
        env=composed.machine.environment(service),
        capture_output=True,
        text=True,
        timeout=READY_SECONDS,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.parametrize("service", STAGES)
def test_a_service_is_healthy_by_the_check_of_its_container(
    composed: Composed, service: str
) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while (found := check(composed, service))[0] != 0:
        assert composed.running[service].poll() is None, composed.told(service)
        assert time.monotonic() < deadline, (found, composed.told(service))
        time.sleep(0.5)
    assert json.loads(found[1]) == {"ready": True, "waits_for": []}


def test_a_replay_by_the_tools_service_arrives_in_the_tables(composed: Composed) -> None:
    lines = [
        {
            "platform": "mastodon",
            "id": str(number),
            "author": f"author-{number % 7}",
            "text": f"Shut down Epik, they should drop them now {number}",
            "created_at": f"2021-01-18T12:{number:02}:00Z",
        }
        for number in range(POSTS)
    ]
    archive = composed.machine.folder / "posts.jsonl"
    archive.write_text("".join(json.dumps(line) + "\n" for line in lines))
    composed.run("uproar", "replay", str(archive), "--run", "january")
    deadline = time.monotonic() + READY_SECONDS
    while str(POSTS) not in composed.run("uproar", "query", "--format", "csv", COUNT).split():
        assert time.monotonic() < deadline, composed.told("worker") + composed.told("sink")
        time.sleep(0.5)


def test_the_page_shows_its_data_to_who_has_the_token_and_to_nobody_else(
    composed: Composed,
) -> None:
    url = f"http://{LOOPBACK}:{composed.page_port}/api/boards"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url, timeout=STOP_SECONDS)
    refused.value.close()
    assert refused.value.code == 401
    token = (composed.machine.folder / "secrets" / "page_token").read_text().strip()
    asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked, timeout=STOP_SECONDS) as answer:
        assert json.load(answer)["boards"]


def test_kafka_lets_nobody_in_who_does_not_know_its_password(composed: Composed) -> None:
    env = composed.machine.environment("worker")
    stranger = KafkaEndpoint(
        brokers=(env["UPROAR_KAFKA_BROKERS"],),
        security="SASL_PLAINTEXT",
        username="uproar",
        password="a guess",
    )
    settings = connection(stranger)
    settings["bootstrap_timeout_ms"] = settings["request_timeout_ms"] = 2_000
    with pytest.raises(KafkaError):
        KafkaAdminClient(**settings)


@pytest.mark.skipif(not can_lock(), reason="a file system is made read-only by root alone")
@pytest.mark.parametrize("service", STAGES)
def test_a_service_needs_no_file_that_its_container_does_not_let_it_write(
    composed: Composed, service: str
) -> None:
    assert composed.running[service].poll() is None, composed.told(service)
    assert "Read-only file system" not in composed.told(service)
    assert "Permission denied" not in composed.told(service)


@pytest.mark.parametrize("service", STAGES)
def test_a_service_ends_well_when_its_container_is_stopped(
    composed: Composed, service: str
) -> None:
    composed.running[service].terminate()
    assert composed.running[service].wait(STOP_SECONDS) == 0, composed.told(service)
