"""The same schema, sharded over two real servers: the sink is as exact there as on one.

This engine knows neither `ON CLUSTER` nor a working replica (docs/decisions/0007-cluster.md): each
statement is run on both servers without the clause, and the engines are not replicated.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from clickhouse_driver import Client
from clickhouse_driver.errors import NetworkError

from dashboards.macros import Scope, expand
from dashboards.panels import QUERIES
from sinks.batch import Placed, empty_batch
from sinks.clickhouse import ClickHouseSink
from sinks.cluster import WRITER_SETTINGS, Cluster
from sinks.coarser import GRAINS
from sinks.migrate import CREATE_LEDGER, migrations, split_statements
from sinks.run import WRITER_SETTINGS as SINK_SETTINGS
from tests.conftest import LAUNCHER, MOST_SECONDS
from tests.integration.test_sink import RUN, expected, found, some_records, write_in_pieces
from uproar.stack.ports import choose_port

pytestmark = pytest.mark.integration

SETTINGS = SINK_SETTINGS | WRITER_SETTINGS
ON = Cluster("crowd", "uproar")
CONFIG = """<clickhouse>
  <path>{path}/</path><tcp_port>{port}</tcp_port><listen_host>127.0.0.1</listen_host>
  <max_server_memory_usage>2000000000</max_server_memory_usage>
  <logger><level>none</level></logger>
  <remote_servers><crowd>{shards}</crowd></remote_servers>
</clickhouse>"""
SHARD = """<shard><internal_replication>true</internal_replication>
<replica><host>127.0.0.1</host><port>{port}</port></replica></shard>"""

Shards = list[Client]


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shards]:
    ports = [choose_port(0, "a test"), choose_port(0, "a test")]
    with ExitStack() as open_:
        clients = []
        for port in ports:
            folder = tmp_path_factory.mktemp("shard")
            shards = "".join(SHARD.format(port=one) for one in ports)
            (folder / "config.xml").write_text(
                CONFIG.format(path=folder / "data", port=port, shards=shards)
            )
            open_.enter_context(_server(folder))
            clients.append(open_.enter_context(_client(port)))
        yield clients


@contextmanager
def _server(folder: Path) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TZ": "America/New_York"},
    ) as server:
        try:
            yield
        finally:
            assert server.stdin is not None
            server.stdin.close()
            server.wait(MOST_SECONDS)


@contextmanager
def _client(port: int) -> Iterator[Client]:
    deadline = time.monotonic() + MOST_SECONDS
    while True:
        client = Client("127.0.0.1", port, settings=SETTINGS)
        try:
            client.execute("SELECT 1")
            break
        except (NetworkError, OSError, EOFError):
            assert time.monotonic() < deadline, "a shard does not answer"
            time.sleep(0.05)
    yield client
    client.disconnect()


def everywhere(shards: Shards, statement: str) -> None:
    for one in ON.statements(statement):
        plain = one.replace(f" {ON.on}", "").replace("ENGINE = Replicated", "ENGINE = ")
        for client in shards if plain != one else shards[:1]:
            client.execute(plain)


@pytest.fixture(scope="module")
def schema(shards: Shards) -> Shards:
    for client in shards:
        client.execute("CREATE DATABASE uproar")
        client.execute("USE uproar")
    for statement in split_statements(CREATE_LEDGER):
        everywhere(shards, statement)
    for migration in migrations(400):
        for statement in migration.statements:
            everywhere(shards, statement)
    return shards


@pytest.fixture
def crowd(schema: Shards) -> Client:
    """A client of the first shard, whose tables are empty and reach over both."""
    for table in ("reactions", "post_states", *(grain.table for grain in GRAINS), *OTHERS):
        everywhere(schema, f"TRUNCATE TABLE {table}")
    return schema[0]


OTHERS = ("reactions_by_minute", "calling_reactions", "removals", "erased_authors")


@pytest.mark.parametrize("seed", range(4))
def test_rows_and_totals_on_two_shards_are_those_of_the_distinct_posts(
    crowd: Client, shards: Shards, seed: int
) -> None:
    chance = random.Random(seed)
    records = some_records(chance)
    write_in_pieces(crowd, records, chance, breaking=seed % 2 == 1)
    assert found(crowd) == expected(records)
    for table in ("reactions", "post_states", "reactions_by_minute"):
        for client in shards:
            assert client.execute(f"SELECT count() FROM {table}_local") > [(0,)], table


def test_a_sink_at_each_shard_leaves_the_totals_of_both(crowd: Client, shards: Shards) -> None:
    chance = random.Random(8)
    records = some_records(chance)
    for begin in range(0, len(records), 15):
        batch = empty_batch()
        batch.reactions.extend(map(Placed, records[begin : begin + 15]))
        ClickHouseSink(shards[begin // 15 % 2]).write(batch)
    assert found(crowd) == expected(records)
    assert found(shards[1]) == expected(records)


def test_all_versions_of_a_row_stand_on_one_shard(crowd: Client, shards: Shards) -> None:
    chance = random.Random(3)
    write_in_pieces(crowd, some_records(chance), chance, breaking=True)
    key = "run, entity, observed_at, platform, post_id"
    held = [set(one.execute(f"SELECT DISTINCT {key} FROM reactions_local")) for one in shards]
    assert held[0]
    assert not held[0] & held[1]


def test_a_mutation_reaches_the_rows_of_every_shard(crowd: Client, shards: Shards) -> None:
    chance = random.Random(4)
    write_in_pieces(crowd, some_records(chance), chance, breaking=False)
    for table in ("reactions", "reactions_by_minute"):
        everywhere(
            shards, f"ALTER TABLE {table} DELETE WHERE run = '{RUN}' SETTINGS mutations_sync = 2"
        )
    assert found(crowd) == (set(), {})


def test_every_panel_answers_the_same_from_either_shard(crowd: Client, shards: Shards) -> None:
    chance = random.Random(5)
    write_in_pieces(crowd, some_records(chance), chance, breaking=False)
    none: dict[str, tuple[str, ...]] = {
        "entity": (), "platform": (), "lang": (), "compared": (),
    }  # fmt: skip
    asked = Scope(
        from_at=datetime(2021, 1, 18, tzinfo=UTC),
        to_at=datetime(2021, 1, 20, tzinfo=UTC),
        interval_seconds=3600,
        variables=none | {"run": (RUN,)},
    )
    for path in sorted(QUERIES.glob("*.sql")):
        sql = expand(path.read_text("utf-8"), asked)
        first, second = (client.execute(sql) for client in shards)
        if path.stem != "trust":  # its last column is the time of asking
            assert first == second, path.stem


def test_what_is_run_on_a_cluster_can_be_read_by_this_engine(crowd: Client) -> None:
    for migration in migrations(400):
        for statement in migration.statements:
            for one in ON.statements(statement):
                crowd.execute("SELECT formatQuerySingleLine(%(one)s)", {"one": one})
