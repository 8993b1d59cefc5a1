"""The stack as a command sees it: use the one that runs in the folder, or run one meanwhile."""

import contextlib
import functools
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from uproar.endpoints import Endpoints, KafkaEndpoint, external_kafka
from uproar.errors import StackError
from uproar.settings import Settings
from uproar.stack.children import Child
from uproar.stack.clickhouse_files import DATABASE, MIGRATOR, READER, WRITER
from uproar.stack.home import FolderLock, Home, StackNote, is_alive
from uproar.stack.ports import LOOPBACK, is_open
from uproar.stack.renewal import Renewal
from uproar.stack.servers import start_broker, start_clickhouse
from uproar.stack.supervisor import Supervisor
from uproar.stack.upkeep import broker_renewal, tell_memory

log = logging.getLogger(__name__)

JOIN_SECONDS = 60
"""How long to wait for a stack that another command is just starting."""
RESTART_SECONDS = 30
"""How long to wait for a server that a running stack is just starting again."""


class Stack:
    """The servers that a command works with, and the stages behind them, if it asked for any."""

    def __init__(
        self, endpoints: Endpoints, note: StackNote, failure: Callable[[], StackError | None]
    ) -> None:
        self.endpoints = endpoints
        self.note = note
        self._failure = failure

    def has_failed(self) -> bool:
        """Tell whether `check` would raise."""
        return self._failure() is not None

    def check(self) -> None:
        """Raise StackError when the stack is gone for good, or a process that it needs."""
        if (failure := self._failure()) is not None:
            raise failure


class Stages(Protocol):
    """Prepares the servers and names the processes to run beside them."""

    config: Path
    page_port: int
    grafana_port: int

    def children(self, endpoints: Endpoints, home: Home) -> list[Child]:
        """Return the processes, not started yet."""

    def create_topics(self, endpoints: Endpoints) -> None:
        """Create the topics that are missing."""


@contextlib.contextmanager
def stack(settings: Settings, stages: Stages | None = None) -> Iterator[Stack]:
    """Lend a stack: the running one of the folder, else one started here and stopped at the end.

    Servers named in the settings are used as they are. With `stages`, only a stack that runs
    stages will do. Raises StackError when a port or the folder is taken, when a server does not
    start, or when the running stack goes by another configuration.
    """
    home = Home(settings.home)
    owner_lock = FolderLock(home.folder / "stack.lock")
    users_lock = FolderLock(home.folder / "users.lock")
    try:
        while (note := _join(settings, home, owner_lock, stages)) is not None:
            if users_lock.acquire(shared=True):
                break
            time.sleep(0.1)  # its owner has begun to stop it
        if note is not None:
            yield Stack(
                _endpoints(settings, home, note), note, functools.partial(_taken_away, home, note)
            )
        else:
            with _own(settings, home, stages) as owned:
                yield owned
                if not users_lock.acquire():
                    log.warning("another command still uses the stack: it ends with that one")
                while not users_lock.acquire():
                    owned.check()
                    time.sleep(0.1)
    finally:
        users_lock.release()
        owner_lock.release()


def _taken_away(home: Home, note: StackNote) -> StackError | None:
    """Return what to say when the owner of a stack that we have joined is gone; None while not."""
    now = home.note()
    if now is not None and now.owner_pid == note.owner_pid and is_alive(note.owner_pid):
        return None
    return StackError(
        f"the stack in `{home.folder}` ended with the command that ran it",
        hint="run the same command again: a replay goes on where it was stored",
    )


def attach(settings: Settings) -> Endpoints:
    """Return the servers that the settings name, or those of the stack that runs in the folder.

    Raises StackError when neither is there.
    """
    home = Home(settings.home)
    if settings.kafka_brokers and settings.clickhouse_url:
        return _endpoints(settings, home, NO_SERVERS)
    deadline = time.monotonic() + RESTART_SECONDS
    while (note := _running(home)) is None:
        if _has_owner(home) and time.monotonic() < deadline:
            time.sleep(0.1)  # its ClickHouse was killed and is just starting again
            continue
        raise StackError(
            f"no stack runs in `{home.folder}`",
            hint="start one with `uproar up`, or set `UPROAR_KAFKA_BROKERS` and "
            "`UPROAR_CLICKHOUSE_URL`",
        )
    return _endpoints(settings, home, note)


def attach_kafka(settings: Settings) -> KafkaEndpoint:
    """Return the Kafka that the settings name, or that of the stack that runs in the folder.

    It is all that a worker or a live source needs, so neither has to know ClickHouse's login.
    Raises StackError when neither is there.
    """
    return external_kafka(settings) or attach(settings).kafka


NO_SERVERS = StackNote(owner_pid=0, kafka_port=0, clickhouse_port=0, clickhouse_http_port=0)


def _join(
    settings: Settings, home: Home, owner_lock: FolderLock, stages: Stages | None
) -> StackNote | None:
    """Return the running stack's note, or None once the folder is ours."""
    deadline = time.monotonic() + JOIN_SECONDS
    while not owner_lock.acquire():
        note = _running(home)
        if note is not None and (stages is None or note.config):
            if stages is not None and note.config != str(stages.config):
                raise StackError(
                    f"the stack that runs in `{home.folder}` goes by `{note.config}`, "
                    f"not by `{stages.config}`",
                    hint="stop it first, or set `UPROAR_HOME` to another folder",
                )
            return note
        if time.monotonic() > deadline:
            raise StackError(
                f"another process holds `{home.folder}`, but runs no stack that this command "
                "can use",
                hint="wait for that command or end it, or set `UPROAR_HOME` to another folder",
            )
        time.sleep(0.1)
    return None


@contextlib.contextmanager
def _own(settings: Settings, home: Home, stages: Stages | None) -> Iterator[Stack]:
    home.remove_note()  # a killed owner's
    servers: list[Child] = []
    supervisor = Supervisor(servers, [])
    renewal: Renewal | None = None
    try:
        note = _start(settings, home, servers)
        endpoints = _endpoints(settings, home, note)
        home.write_note(note)
        if stages is not None:
            children = stages.children(endpoints, home)
            supervisor = Supervisor(servers, children)
            for child in children:
                child.start()
            note = msgspec.structs.replace(
                note,
                config=str(stages.config),
                page_port=stages.page_port,
                grafana_port=stages.grafana_port,
            )
            home.write_note(note)
            if note.kafka_port and settings.workers:
                renewal = broker_renewal(
                    settings,
                    home,
                    endpoints.kafka,
                    (servers[-1], note.kafka_port),
                    supervisor,
                    functools.partial(stages.create_topics, endpoints),
                )
        tell_memory(
            servers[-1] if note.kafka_port else None, servers[0] if note.clickhouse_port else None
        )
        supervisor.start()
        if renewal is not None:
            renewal.start()
        yield Stack(
            endpoints, note, lambda: supervisor.failure or (renewal.failure if renewal else None)
        )
    finally:
        home.remove_note()
        if renewal is not None:
            renewal.close()
        supervisor.stop()
        for server in servers:
            server.ask_to_stop()
        for server in servers:
            server.stop()
        if renewal is not None:
            renewal.stop()  # last: what it started is on its leash


def _start(settings: Settings, home: Home, servers: list[Child]) -> StackNote:
    kafka_port = clickhouse_port = http_port = 0
    if not settings.clickhouse_url:
        clickhouse, clickhouse_port, http_port = start_clickhouse(
            home, settings.clickhouse_port, settings.clickhouse_http_port
        )
        servers.append(clickhouse)
    if not settings.kafka_brokers:
        broker, kafka_port = start_broker(home, settings.kafka_port)
        servers.append(broker)
    return StackNote(
        owner_pid=os.getpid(),
        kafka_port=kafka_port,
        clickhouse_port=clickhouse_port,
        clickhouse_http_port=http_port,
    )


def _running(home: Home) -> StackNote | None:
    note = home.note()
    if note is None:
        return None
    ports = [port for port in (note.kafka_port, note.clickhouse_port) if port]
    return note if all(map(is_open, ports)) else None


def _has_owner(home: Home) -> bool:
    note = home.note()
    return note is not None and is_alive(note.owner_pid)


def _endpoints(settings: Settings, home: Home, note: StackNote) -> Endpoints:
    kafka = external_kafka(settings) or KafkaEndpoint(
        brokers=(f"{LOOPBACK}:{note.kafka_port}",), is_local=True
    )
    if settings.clickhouse_url:
        return Endpoints(
            kafka=kafka,
            clickhouse_url=settings.clickhouse_url,
            reader_url=settings.clickhouse_reader_url or settings.clickhouse_url,
            migrator_url=settings.clickhouse_migrator_url or settings.clickhouse_url,
        )
    secrets = home.secrets()
    place = f"{LOOPBACK}:{note.clickhouse_port}/{DATABASE}"
    return Endpoints(
        kafka=kafka,
        clickhouse_url=f"clickhouse://{WRITER}:{secrets.writer_password}@{place}",
        reader_url=f"clickhouse://{READER}:{secrets.reader_password}@{place}",
        migrator_url=f"clickhouse://{MIGRATOR}:{secrets.migrator_password}@{place}",
        clickhouse_http_port=note.clickhouse_http_port,
    )
