"""A local stack of these tests' own: they use up quotas and try what nobody should."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator

import msgspec
import pytest
from clickhouse_driver import Client

from uproar.clickhouse import connect
from uproar.settings import Settings
from uproar.stack.home import Home
from uproar.stack.local import Stack, stack

MARKED_SECRET = "an-invented-secret-of-the-environment"


class Secured(msgspec.Struct, frozen=True):
    """A stack whose tables are made, and the folder it runs in."""

    running: Stack
    home: Home

    def http(self, **parameters: str) -> str:
        """Ask over HTTP and return the answer, whatever its status."""
        url = f"http://127.0.0.1:{self.running.endpoints.clickhouse_http_port}/"
        try:
            with urllib.request.urlopen(f"{url}?{urllib.parse.urlencode(parameters)}") as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as refused:
            return str(refused.read().decode())


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    from sinks.migrate import prepare_tables

    folder = tmp_path_factory.mktemp("secured")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("UPROAR_KAFKA_PASSWORD", MARKED_SECRET)
        with stack(Settings(home=folder)) as running:
            prepare_tables(running.endpoints.migrator_url, retention_days=400)
            yield Secured(running, Home(folder))


@pytest.fixture
def login(secured: Secured) -> Iterator[Callable[[str], Client]]:
    """Return a client of `migrator`, `writer`, `reader`, or of `default` without a password."""
    endpoints = secured.running.endpoints
    place = endpoints.reader_url.rpartition("@")[2]
    urls = {
        "migrator": endpoints.migrator_url,
        "writer": endpoints.clickhouse_url,
        "reader": endpoints.reader_url,
        "default": f"clickhouse://default@{place}",
    }
    clients: list[Client] = []

    def made(name: str) -> Client:
        clients.append(connect(urls[name]))
        return clients[-1]

    yield made
    for client in clients:
        client.disconnect()
