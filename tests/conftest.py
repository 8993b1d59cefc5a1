"""Fixtures of every tier. Unit tests cannot open a socket; integration tests start servers."""

import os
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clickhouse_driver import Client

from uproar.clickhouse import connect
from uproar.endpoints import Endpoints
from uproar.settings import Settings
from uproar.stack.local import stack

NEEDS_SERVERS = ("integration", "browser")


@pytest.fixture(autouse=True)
def no_socket_in_unit_tests(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit test that connects fails with a sentence that names the marker to use."""
    if any(request.node.get_closest_marker(name) for name in NEEDS_SERVERS):
        return

    def refuse(*_: Any) -> None:
        pytest.fail("a unit test opened a socket; mark it `integration` if it needs a server")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever `UPROAR_*` the developer has set does not reach a test."""
    for name in [name for name in os.environ if name.startswith("UPROAR_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    """A Kafka broker and a ClickHouse of the local stack, for as long as the tests run."""
    with stack(Settings(home=tmp_path_factory.mktemp("servers"))) as running:
        yield running.endpoints


@pytest.fixture
def tables(servers: Endpoints) -> Iterator[Client]:
    """A client of freshly migrated, empty tables."""
    from sinks.migrate import prepare_tables

    client = connect(servers.clickhouse_url, database="default")
    client.execute("DROP DATABASE IF EXISTS uproar SYNC")
    client.disconnect()
    prepare_tables(servers.clickhouse_url, retention_days=400)
    client = connect(servers.clickhouse_url)
    yield client
    client.disconnect()


@pytest.fixture
def run_name() -> str:
    """A run that no other test uses."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for a local stack of the test's own."""
    return tmp_path / "home"
