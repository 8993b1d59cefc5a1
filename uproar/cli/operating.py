"""A command as a process that somebody operates: its logs, its metrics and its health."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from uproar.endpoints import KafkaEndpoint
from uproar.errors import StoreUnavailable
from uproar.operations.logs import configure_logs
from uproar.settings import Settings

if TYPE_CHECKING:
    from uproar.metrics import Stage

PAGE_PLACE = 2
WATCH_PLACE = 3
PRODUCER_PLACE = 4
SOURCES_PLACE = 5
"""Behind the workers' ports: the sink's has place 1."""


@contextmanager
def operated(settings: Settings, stage: "Stage", port: int | None = None) -> Iterator[None]:
    """Run the block as a process of that stage, at a metrics port of its own.

    `port` is where another than `UPROAR_METRICS_PORT` is meant. Raises StackError where a port
    that was asked for is taken.
    """
    from uproar.operations.server import Serving, served
    from uproar.operations.waits import WAITS

    name = settings.process_name or f"{stage}-{os.getpid()}"
    # A producer started by hand shows its progress on the same screen; the stack's own do not.
    if stage != "producer" or settings.process_name:
        start_logs(settings, name, logging.INFO)
    serving = Serving(
        home=settings.home.expanduser().absolute(),
        name=name,
        stage=stage,
        host=settings.metrics_host,
        port=settings.metrics_port if port is None else port,
    )
    if stage in ("streams", "sink"):  # before anybody can ask
        WAITS.begin("partitions", "it has only just started")
    with served(serving):
        yield


@contextmanager
def keeping_broker(settings: Settings, kafka: KafkaEndpoint) -> Iterator[None]:
    """Keep the local broker from being emptied while a stage started by hand uses it.

    The stack's own stages are stopped for that, so they need no such care.
    """
    if not kafka.is_local or settings.process_name:
        yield
        return
    from uproar.stack.home import Home
    from uproar.stack.turns import SendingTurn

    with SendingTurn(Home(settings.home), lambda: True):
        yield


@contextmanager
def sending_turn(
    settings: Settings, kafka: KafkaEndpoint, should_stop: Callable[[], bool]
) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Take a producer's turn; hand out what it calls before each message (`KafkaPublisher`).

    Only the local broker needs turns: a cluster keeps its topics on disk, by its own retention.
    """
    if not kafka.is_local:
        yield lambda settle: None
        return
    from uproar.stack.home import Home
    from uproar.stack.turns import SendingTurn

    with SendingTurn(Home(settings.home), should_stop) as turn:
        yield turn.before_message


def start_logs(settings: Settings, process: str, usual_level: int) -> None:
    """Log as the settings say; at the usual level where they leave it open."""
    level = usual_level if settings.log_level == "auto" else getattr(logging, settings.log_level)
    configure_logs(settings.log_format, level, process)


@contextmanager
def observed_query() -> Iterator[None]:
    """Time a query of the page, and tell when it must wait for ClickHouse."""
    from clickhouse_driver.errors import ServerException

    from uproar.metrics import QUERY_SECONDS
    from uproar.operations.waits import WAITS

    began = time.perf_counter()
    outcome = "failed"
    try:
        yield
        outcome = "answered"
        WAITS.end("clickhouse")
    except StoreUnavailable as error:
        if not isinstance(error.__cause__, ServerException):
            WAITS.begin("clickhouse", "ClickHouse does not answer")
        raise
    finally:
        QUERY_SECONDS.labels(outcome).observe(time.perf_counter() - began)


def child_environment(settings: Settings, name: str, place: int) -> dict[str, str]:
    """Return the environment of a process of the stack: its name, and its metrics port."""
    port = port_of(settings, place)
    return {**os.environ, "UPROAR_PROCESS_NAME": name, "UPROAR_METRICS_PORT": str(port)}


def port_of(settings: Settings, place: int) -> int:
    """Return the metrics port of a process of one stack; 0 where any free one will do.

    The command that runs the stack has place 0, its workers come next, then sink, page, watcher and
    producer.
    """
    return settings.metrics_port + place if settings.metrics_port else 0
