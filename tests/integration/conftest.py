"""Nodes of Apache Kafka, for as long as the tests run; without Java or Maven these are skipped."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.kafka.maven import missing_tools
from deploy.kafka.node import KafkaNode
from tests.integration.kafka_stages import Stage

LOGINS = {
    name: f"the secret of {name}"
    for name in ("admin", "creator", "producer", "worker", "sink", "status", "stranger")
}


@pytest.fixture(scope="session")
def kafka_tools() -> None:
    """Skip with a sentence where Apache Kafka cannot be run."""
    if (problem := missing_tools()) is not None:
        pytest.skip(problem)


@pytest.fixture(scope="session")
def apache(kafka_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaNode]:
    """A node without login, which no test stops."""
    node = KafkaNode(tmp_path_factory.mktemp("apache"))
    node.start()
    yield node
    node.stop()


@pytest.fixture(scope="session")
def secured(kafka_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaNode]:
    """A node with TLS, logins and access control lists, which no test stops."""
    node = KafkaNode(tmp_path_factory.mktemp("secured"), logins=LOGINS, super_user="admin")
    node.start()
    yield node
    node.stop()


@pytest.fixture
def own_node(kafka_tools: None, tmp_path: Path) -> Iterator[KafkaNode]:
    """A node of the test's own, started, to stop and kill."""
    node = KafkaNode(tmp_path / "node")
    node.start()
    yield node
    node.stop()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Start stages as processes; they are ended with the test."""
    started: list[Stage] = []

    def start(*command: str, **settings: str) -> Stage:
        log = tmp_path / f"stage-{len(started)}.log"
        started.append(Stage(command, log, {"UPROAR_HOME": str(tmp_path / "home"), **settings}))
        return started[-1]

    yield start
    for one in started:
        one.end()
