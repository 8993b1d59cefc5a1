"""Servers of their own, and ways that run on them one after the other."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import msgspec
from clickhouse_driver import Client

from benchmarks.posts import CONFIG
from benchmarks.processes import cpu_seconds, servers_below, tree
from benchmarks.rivals.task import Task
from benchmarks.ways import Way, sink_command, worker_commands
from deploy.kafka.node import KafkaNode
from sinks.migrate import prepare_tables
from uproar import kafka
from uproar.clickhouse import connect
from uproar.config import Reading
from uproar.endpoints import Endpoints
from uproar.errors import StackError
from uproar.settings import Settings
from uproar.stack.children import Child
from uproar.stack.home import Home
from uproar.stack.local import stack
from uproar.stack.ports import choose_port
from uproar.topics import topics

Broker = Literal["local", "apache"]

ROOT = Path(__file__).parents[1]
_STATEMENTS = Path(__file__).with_name("statements")
PARTITIONS = 4
RETENTION_DAYS = 3650
BROKER_MEGABYTES = 100_000
"""So much that it is never emptied: each way has topics of its own, which end with it."""


def statement(name: str) -> str:
    """Return a statement of the benchmarks."""
    return (_STATEMENTS / f"{name}.sql").read_text("utf-8")


class Servers:
    """What a command joins instead of starting a stack of its own: servers without stages."""

    def __init__(self, config: Path) -> None:
        self.config = config
        self.page_port = 0
        self.grafana_port = 0

    def children(self, endpoints: Endpoints, home: Home) -> list[Child]:
        """Make the tables; there is nothing to start."""
        prepare_tables(endpoints.migrator_url, RETENTION_DAYS)
        return []

    def create_topics(self, endpoints: Endpoints) -> None:
        """Create none: each way has its own."""


class Grounds:
    """A broker and a ClickHouse, and what every way needs to run on them."""

    def __init__(self, folder: Path, settings: Settings, endpoints: Endpoints) -> None:
        self.folder = folder
        self.endpoints = endpoints
        self._settings = settings
        self.client: Client = connect(endpoints.migrator_url)
        self._ways = 0

    def config(self, reading: Reading) -> Path:
        """Return the configuration of a reading."""
        return self.folder / f"{reading}.yaml"

    def environment(self, prefix: str, name: str = "") -> dict[str, str]:
        """Return what Uproar's own commands are told."""
        given = {
            "UPROAR_HOME": str(self._settings.home),
            "UPROAR_KAFKA_BROKERS": self._settings.kafka_brokers,
            "UPROAR_TOPIC_PREFIX": prefix,
            "UPROAR_WORKERS": "0",
            "UPROAR_BROKER_MEMORY_MEGABYTES": str(BROKER_MEGABYTES),
            "UPROAR_PROCESS_NAME": name,
            "OPENBLAS_NUM_THREADS": "1",  # as `uproar worker` sets it for itself, so for all
            "PYTHONPATH": str(ROOT),
        }
        return {**os.environ, **given}

    def servers(self) -> dict[str, int]:
        """Return the process ids of broker and ClickHouse."""
        return servers_below(os.getpid())

    @contextmanager
    def running(self, way: Way, reading: Reading) -> Iterator["Running"]:
        """Run the processes of a way, on topics and tables that are empty."""
        self._ways += 1
        prefix = f"bench{self._ways}"
        endpoint = self.endpoints.kafka
        kafka.create_topics(endpoint, topics(prefix).all(), PARTITIONS, 1)
        task = Task(
            brokers=endpoint.brokers,
            is_local=endpoint.is_local,
            prefix=prefix,
            config=str(self.config(reading)),
            clickhouse_url=self.endpoints.migrator_url,
            is_single=way.is_single,
            is_tutorial=way.is_tutorial,
            rows_at_once=way.naive_rows or 1,
        )
        if way.naive_rows:
            self.client.execute(statement("naive_table"))
        running = Running(self, way, task)
        try:
            running.start()
            yield running
        finally:
            running.stop()
            with kafka.administration(endpoint) as admin:
                admin.delete_topics(list(topics(prefix).all()))
            for (table,) in self.client.execute(statement("tables")):
                self.client.execute(statement("truncate").format(table=table))


class Running:
    """The processes of a way."""

    def __init__(self, grounds: Grounds, way: Way, task: Task) -> None:
        self.way = way
        self.task = task
        self._grounds = grounds
        self._children: dict[str, list[Child]] = {"worker": [], "sink": [], "page, watcher": []}
        self.log = grounds.folder / "logs"
        self.log.mkdir(exist_ok=True)

    def start(self) -> None:
        """Start them all."""
        told = self.write_task(self.task, "task")
        config = Path(self.task.config)
        ports = [choose_port(0, "") for _ in range(self.way.workers)]
        for number, command in enumerate(worker_commands(self.way, told, config, ports), start=1):
            self._start("worker", f"worker-{number}", command)
        self._start("sink", "sink", sink_command(self.way, told, config))
        if not self.way.naive_rows:
            uproar = [sys.executable, "-m", "uproar", "--config", str(config)]
            port = str(choose_port(0, ""))
            self._start("page, watcher", "page", [*uproar, "page", "--port", port])
            self._start("page, watcher", "watch", [*uproar, "watch"])

    def _start(self, group: str, name: str, command: list[str]) -> None:
        environment = self._grounds.environment(self.task.prefix, name)
        child = Child(name, command, self.log / f"{self.task.prefix}-{name}.log", environment)
        self._children[group].append(child)
        child.start()

    def stop(self) -> None:
        """Stop them all."""
        children = [child for group in self._children.values() for child in group]
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop()

    def check(self) -> None:
        """Raise StackError with the last words of a process that has ended."""
        for group in self._children.values():
            for child in group:
                if child.status() is not None:
                    raise StackError(f"{self.way.title}: {child.name} ended{child.last_words()}")

    def workers(self) -> list[list[int]]:
        """Return the process ids of each worker and what is below it."""
        return [tree(child.pid or 0) for child in self._children["worker"]]

    def pids(self) -> dict[str, list[int]]:
        """Return the process ids by what they are, the servers' included."""
        own = {
            group: [pid for child in children for pid in tree(child.pid or 0)]
            for group, children in self._children.items()
            if children
        }
        return own | {name: [pid] for name, pid in self._grounds.servers().items()}

    def spent(self) -> dict[str, float]:
        """Return the processor seconds used so far, by what used them."""
        return {name: cpu_seconds(pids) for name, pids in self.pids().items()}

    def write_task(self, task: Task, name: str) -> Path:
        """Write a task for a program, and return its file."""
        path = self._grounds.folder / f"{task.prefix}-{name}.json"
        path.write_bytes(msgspec.json.encode(task))
        return path

    def write_order(self, encoded: bytes) -> Path:
        """Write what a paced sender is told, and return its file."""
        path = self._grounds.folder / f"{self.task.prefix}-order.json"
        path.write_bytes(encoded)
        return path

    @contextmanager
    def sending(self, module: str, order: Path) -> "Iterator[subprocess.Popen[bytes]]":
        """Run a paced sender, whose output is piped; it ends with the block."""
        with (
            self.sender_log.open("wb") as log,
            subprocess.Popen(  # noqa: S603 - our own command line, no shell
                [sys.executable, "-m", module, str(order)],
                env=self._grounds.environment(self.task.prefix),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
            ) as sender,
        ):
            try:
                yield sender
            finally:
                sender.kill()

    def send(self, lines: Path, run: str) -> "subprocess.Popen[bytes]":
        """Start to send a file; its output goes to a log that begins anew."""
        if self.way.is_single:
            task = msgspec.structs.replace(self.task, posts=str(lines), run=run)
            command = [
                *(sys.executable, "-m", "benchmarks.rivals.send_single"),
                str(self.write_task(task, "send")),
            ]
        else:
            config = self._grounds.config("full")  # the one by which the servers go
            command = [
                *(sys.executable, "-m", "uproar", "--config", str(config)),
                *("replay", str(lines), "--run", run),
            ]
        with self.sender_log.open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - our own command line, no shell
                command,
                env=self._grounds.environment(self.task.prefix),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def sender_log(self) -> Path:
        """What the sender has printed."""
        return self.log / f"{self.task.prefix}-send.log"


@contextmanager
def grounds(folder: Path, broker: Broker = "local", config: Path = CONFIG) -> Iterator[Grounds]:
    """Lend the servers; `folder` is for what they write, `config` names the entities."""
    folder.mkdir(parents=True, exist_ok=True)
    written = config.read_text("utf-8")
    (folder / "full.yaml").write_text(written, "utf-8")
    (folder / "light.yaml").write_text(f"reading: light\n{written}", "utf-8")
    given: dict[str, Any] = {"home": folder / "home", "config": folder / "full.yaml"}
    node = KafkaNode(folder / "kafka") if broker == "apache" else None
    try:
        if node is not None:
            node.start()
            given["kafka_brokers"] = node.address
        settings = Settings(**given, workers=0)
        with stack(settings, Servers(folder / "full.yaml")) as lent:
            yield Grounds(folder, settings, lent.endpoints)
    finally:
        if node is not None:
            node.stop()
