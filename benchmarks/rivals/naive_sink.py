"""A sink as a tutorial has it: a message, its rows, an insert. Offsets are committed by the client.

With `rows_at_once` above 1 it waits for so many rows, or half a second: the first thing that
anybody would mend.
"""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer

from benchmarks.rivals.task import Task, told
from uproar.clickhouse import connect
from uproar.endpoints import KafkaEndpoint
from uproar.kafka import consumer_settings

STATEMENTS = Path(__file__).parents[1] / "statements"
INSERT = (STATEMENTS / "naive_insert.sql").read_text("utf-8")
WAIT_SECONDS = 0.5


def rows_of(reaction: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each entity."""
    for entity in reaction["entities"]:
        yield (
            reaction["run"], entity, datetime.fromisoformat(reaction["observed_at"]),
            reaction["platform"], reaction["post_id"], reaction["author"],
            reaction.get("lang") or "", reaction["text"], reaction["sentiment"], reaction["call"],
        )  # fmt: skip


def main(task: Task) -> None:
    """Write until a signal ends the process."""
    client = connect(task.clickhouse_url)
    kafka = KafkaEndpoint(brokers=task.brokers, is_local=task.is_local)
    consumer = KafkaConsumer(
        task.topics.reactions,
        **consumer_settings(kafka, task.topics.sink_group) | {"enable_auto_commit": True},
        value_deserializer=json.loads,
    )
    held: list[tuple[Any, ...]] = []
    since = time.monotonic()
    while True:
        for messages in consumer.poll(timeout_ms=100).values():
            for message in messages:
                held += rows_of(message.value)
                if task.rows_at_once == 1:
                    client.execute(INSERT, held)
                    held = []
        if held and (len(held) >= task.rows_at_once or time.monotonic() - since > WAIT_SECONDS):
            client.execute(INSERT, held)
            held, since = [], time.monotonic()


if __name__ == "__main__":
    main(told())
