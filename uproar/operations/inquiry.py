"""Asks servers, tables and processes, and reports it. What does not answer is in it, too."""

import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import msgspec
from kafka.errors import KafkaError

from uproar.clickhouse import connect_to_read, host_of, reported
from uproar.endpoints import Endpoints, KafkaEndpoint
from uproar.errors import UproarError
from uproar.kafka import administration
from uproar.operations import scrape
from uproar.operations.lag import read_lag
from uproar.operations.notes import read_notes
from uproar.operations.report import (
    Letters,
    Report,
    RunState,
    ServerState,
    StageLag,
    Use,
    problems_of,
)
from uproar.operations.sources import read_sources
from uproar.stack.home import Home
from uproar.topics import Topics

Statement = Callable[[str], str]
"""Returns the SQL of a name."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def inquire(endpoints: Endpoints, topics: Topics, home: Home, statement: Statement) -> Report:
    """Return how everything is, as of now. Raises nothing for what is broken: that is the news."""
    notes = read_notes(home.folder)
    processes = scrape.ask(notes, home.logs, datetime.now(UTC))
    memory = scrape.server_memory(notes)
    clickhouse, stored = _ask_clickhouse(endpoints, memory, statement)
    kafka, told = _ask_kafka(endpoints.kafka, topics, memory)
    found = {**stored, **told}
    if endpoints.clickhouse_http_port:  # it is the local one, whose data lie in the folder
        disk = shutil.disk_usage(home.folder)
        found["disk_free_share"] = disk.free / disk.total
    report = Report(
        at=datetime.now(UTC),
        servers=(kafka, clickhouse),
        processes=tuple(processes),
        sources=tuple(read_sources(home.folder)),
        **found,
    )
    return msgspec.structs.replace(report, problems=tuple(problems_of(report)))


def _ask_clickhouse(
    endpoints: Endpoints, memory: Mapping[str, int], statement: Statement
) -> tuple[ServerState, dict[str, Any]]:
    url = endpoints.reader_url
    state = ServerState(
        name="ClickHouse", address=host_of(url), memory_bytes=memory.get("clickhouse")
    )
    try:
        with ExitStack() as open_:
            open_.enter_context(reported(url))
            client = connect_to_read(url, endpoints.clickhouse_url)
            client.connection.send_receive_timeout = 10
            open_.callback(client.disconnect)
            ((version, seconds),) = client.execute(statement("status_server"))
            state = msgspec.structs.replace(state, version=version, up_seconds=float(seconds))
            runs = client.execute(statement("status_runs"))
            letters = client.execute(statement("status_dead_letters"))
            tables = client.execute(statement("status_tables"))
    except UproarError as error:
        # Its address stands beside it already.
        problem = str(error).removeprefix(f"ClickHouse at `{state.address}` ")
        return msgspec.structs.replace(state, problem=problem), {}
    return state, {
        "runs": tuple(_run(row) for row in runs),
        "dead_letters": tuple(
            Letters(stage=stage, reason=reason, letters=count, last_at=last_at)
            for stage, reason, count, last_at in letters
        ),
        "tables": tuple(Use(name=name, rows=rows, bytes=size) for name, rows, size in tables),
    }


def _run(row: tuple[Any, ...]) -> RunState:
    run, state, read, kept, letters, before, stored_at, is_finished = row
    return RunState(
        run=run,
        state=state,
        read=read,
        kept=kept,
        dead_letters=letters,
        observed_before=before if before and before > NEVER else None,
        stored_at=stored_at if stored_at and stored_at > NEVER else None,
        is_finished=bool(is_finished),
    )


def _ask_kafka(
    kafka: KafkaEndpoint, topics: Topics, memory: Mapping[str, int]
) -> tuple[ServerState, dict[str, Any]]:
    state = ServerState(
        name="Kafka", address=", ".join(kafka.brokers), memory_bytes=memory.get("kafka")
    )
    try:
        with administration(kafka) as admin:
            version = ".".join(map(str, admin._manager.broker_version or ()))
            sizes = _sizes(admin, topics)
        partitions = read_lag(kafka, topics)
    except UproarError as error:
        return msgspec.structs.replace(state, problem=str(error).partition("` ")[2]), {}
    except (KafkaError, OSError) as error:
        return msgspec.structs.replace(state, problem=f"broke off: {error}"), {}
    lanes: dict[tuple[str, str], list[int | None]] = {}
    for one in partitions:
        lanes.setdefault((one.stage, one.stream), []).append(one.lag)
    kind = "the local broker" if kafka.is_local else "Kafka"
    state = msgspec.structs.replace(state, version=f"{kind}, speaks {version}" if version else kind)
    return state, {
        "lag": tuple(
            StageLag(stage=stage, stream=stream, messages=tuple(messages))
            for (stage, stream), messages in lanes.items()
        ),
        "topics": sizes,
    }


def _sizes(admin: Any, topics: Topics) -> tuple[Use, ...]:
    """Return what the topics take on the brokers' disks; nothing where brokers do not tell."""
    sizes: dict[str, int] = {}
    try:
        for broker in admin.describe_log_dirs(list(topics.all())):
            for folder in broker["log_dirs"]:
                for topic in folder["topics"]:
                    partitions = topic["partitions"]
                    size = sum(one["partition_size"] for one in partitions)
                    sizes[topic["name"]] = sizes.get(topic["name"], 0) + size
    except (KafkaError, OSError, KeyError, TypeError):
        return ()  # the local broker keeps all in memory, and others may not let us ask
    return tuple(
        Use(name=name, rows=0, bytes=size)
        for name, size in sorted(sizes.items())
        if name in topics.all()
    )
