"""ClickHouse is killed in the middle of every step of a write: repeated, it comes out the same."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from clickhouse_driver import Client
from clickhouse_driver.errors import Error

from sinks.batch import Batch, Placed, empty_batch
from sinks.clickhouse import ClickHouseSink
from sinks.consume import may_pass
from sinks.migrate import prepare_tables
from tests.integration.test_clickhouse_restart import pid_of
from tests.integration.test_sink import expected, found, some_records
from uproar.clickhouse import connect
from uproar.settings import Settings
from uproar.stack.local import Stack, stack

pytestmark = pytest.mark.integration

STATEMENTS = 12
"""More than a write of posts and deletions takes."""
PATIENCE_SECONDS = 60


class KillingClient:
    """A real client whose server is killed as the n-th statement sets out, or just after."""

    def __init__(self, client: Client, home: Path, kills_at: int, milliseconds: float) -> None:
        self._home = str(home)
        self._client = client
        self._left = kills_at
        self._seconds = milliseconds / 1000
        self.has_killed = False

    def execute(self, *arguments: Any, **options: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            server = pid_of("clickhouse_server", self._home)
            threading.Timer(self._seconds, os.kill, (server, signal.SIGKILL)).start()
            self.has_killed = True
        return self._client.execute(*arguments, **options)


@pytest.fixture
def running(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    monkeypatch.setattr("uproar.stack.supervisor.RESTARTS_A_MINUTE", 100)
    with stack(Settings(home=home)) as one:
        prepare_tables(one.endpoints.migrator_url, retention_days=400)
        yield one


def until_it_passes(act: Callable[[], None]) -> int:
    """Do what the sink does: try again as long as the trouble may pass. Return how often."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    tries = 0
    while True:
        tries += 1
        try:
            act()
        except (Error, OSError, EOFError) as error:
            assert may_pass(error), error
            assert time.monotonic() < deadline, error
            time.sleep(0.2)
        else:
            return tries


def test_a_write_that_is_cut_off_at_any_step_is_the_same_when_it_is_repeated(
    running: Stack, home: Path
) -> None:
    random_ = random.Random(11)
    records = some_records(random_)
    client = connect(running.endpoints.clickhouse_url)
    size = len(records) // STATEMENTS + 1
    killed = 0
    for step in range(STATEMENTS):
        batch: Batch = empty_batch()
        batch.reactions.extend(map(Placed, records[step * size : (step + 1) * size]))
        killing = KillingClient(client, home, step + 1, random_.uniform(0, 6))
        until_it_passes(partial(ClickHouseSink(killing).write, batch))
        killed += killing.has_killed
    time.sleep(0.1)  # the last kill may strike after the last answer
    until_it_passes(lambda: client.execute("SELECT 1"))
    assert killed >= 5
    assert found(client) == expected(records)
    running.check()
    client.disconnect()
