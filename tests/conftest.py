"""Fixtures of every tier. Unit tests cannot open a socket; integration tests start servers."""

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clickhouse_driver import Client
from clickhouse_driver.errors import NetworkError

from uproar.clickhouse import connect
from uproar.endpoints import Endpoints
from uproar.operations.waits import WAITS
from uproar.settings import Settings
from uproar.stack.local import stack

NEEDS_SERVERS = ("integration", "browser")
MOST_SECONDS = 30

LAUNCHER = """
import os, sys, threading
from chdb import _chdb
os.chdir(sys.argv[1])
reader, writer = os.pipe()
hold = f"INSERT INTO FUNCTION null('s String') FROM INFILE '/dev/fd/{reader}' FORMAT LineAsString"
sql = "SYSTEM START LISTEN TCP; " + hold
server = threading.Thread(target=lambda: _chdb.query(sql, "TabSeparated"), daemon=True)
server.start()
sys.stdin.read()
os._exit(0)
"""
"""Serves until its standard input closes."""

CONFIG = """<clickhouse>
  <path>{path}/</path><tcp_port>{port}</tcp_port><listen_host>127.0.0.1</listen_host>
  <max_server_memory_usage>2000000000</max_server_memory_usage>
  <logger><level>none</level></logger>
</clickhouse>"""


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


@pytest.fixture(autouse=True)
def nothing_is_waited_for() -> None:
    """What a test before has waited for is nobody's trouble now: a process has one such list."""
    WAITS._watchers.clear()
    for wait in WAITS.open():
        WAITS.end(wait.on)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    """A Kafka broker and a ClickHouse of the local stack, for as long as the tests run."""
    with stack(Settings(home=tmp_path_factory.mktemp("servers"))) as running:
        yield running.endpoints


@pytest.fixture
def tables(server_url: str) -> Iterator[Client]:
    """A client of freshly migrated, empty tables."""
    from sinks.migrate import prepare_tables

    url = f"{server_url}/uproar"
    client = connect(server_url)
    client.execute("DROP DATABASE IF EXISTS uproar SYNC")
    client.disconnect()
    prepare_tables(url, retention_days=400)
    client = connect(url)
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


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("clickhouse")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "config.xml").write_text(CONFIG.format(path=folder / "data", port=port))
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        # Its zone is not UTC, so that a statement that leans on it shows.
        env={**os.environ, "TZ": "America/New_York"},
    ) as server:
        url = f"clickhouse://default@127.0.0.1:{port}"
        try:
            _wait_until_it_answers(url, server)
            yield url
        finally:
            assert server.stdin is not None
            server.stdin.close()
            server.wait(MOST_SECONDS)


def _wait_until_it_answers(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while True:
        client = connect(url)
        try:
            client.execute("SELECT 1")
        except (NetworkError, OSError, EOFError):
            assert server.poll() is None, "ClickHouse did not start"
            assert time.monotonic() < deadline, "ClickHouse does not answer"
            time.sleep(0.05)
        else:
            return
        finally:
            client.disconnect()
