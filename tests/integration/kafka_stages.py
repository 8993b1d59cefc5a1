"""Our processes beside a Kafka, and records in and out of its topics."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from kafka import KafkaConsumer

from producers.publish import KafkaPublisher
from uproar.endpoints import KafkaEndpoint
from uproar.kafka import connection, producer_settings
from uproar.records import Post
from uproar.topics import Topics

DEADLINE_SECONDS = 40.0
STOP_SECONDS = 20.0
CONFIG = Path(__file__).parents[2] / "producers" / "demo" / "uproar.yaml"
NOWHERE = "clickhouse://nobody@127.0.0.1:1/uproar"
"""A worker speaks to no ClickHouse, but with one named it looks for no local stack."""
BEGAN = datetime(2021, 1, 18, 9, 30, tzinfo=UTC)


class Stage:
    """`uproar worker`, or another command, as a process with a log."""

    def __init__(self, command: Sequence[str], log: Path, settings: Mapping[str, str]) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "uproar", "--config", str(CONFIG), *command],
                env={**os.environ, **settings},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def told(self) -> str:
        """Return what it printed so far."""
        return self._log.read_text("utf-8", errors="replace")

    def runs(self) -> bool:
        """Tell whether it is still the process that was started."""
        return self._process.poll() is None

    def status(self, seconds: float = DEADLINE_SECONDS) -> int:
        """Wait until it ends by itself; return its exit status."""
        return self._process.wait(seconds)

    def kill(self) -> None:
        """Kill it: kill -9, it says goodbye to nobody."""
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """Ask it to stop, then see to it."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def settings_of(kafka: KafkaEndpoint, prefix: str) -> dict[str, str]:
    """Return the variables with which a process of ours uses that Kafka."""
    given = {
        "UPROAR_KAFKA_BROKERS": ",".join(kafka.brokers),
        "UPROAR_KAFKA_SECURITY": kafka.security,
        "UPROAR_KAFKA_SASL_MECHANISM": kafka.sasl_mechanism,
        "UPROAR_KAFKA_USERNAME": kafka.username,
        "UPROAR_KAFKA_PASSWORD": kafka.password,
        "UPROAR_KAFKA_CA_FILE": kafka.ca_file,
        "UPROAR_TOPIC_PREFIX": prefix,
        "UPROAR_CLICKHOUSE_URL": NOWHERE,
    }
    return {name: value for name, value in given.items() if value}


def a_post(number: int) -> Post:
    return Post(
        run="january", platform="mastodon", post_id=str(number), author="", created_at=BEGAN,
        observed_at=BEGAN, received_at=BEGAN, text="Shut down Epik, they should drop them now",
    )  # fmt: skip


def publish(kafka: KafkaEndpoint, topics: Topics, posts: Sequence[Post]) -> None:
    """Send posts and wait until they are acknowledged."""
    with KafkaPublisher(producer_settings(kafka), topics) as outlet:
        outlet.begin("january", "test", BEGAN)
        for post in posts:
            outlet.send(post)
        outlet.flush()


def values(
    kafka: KafkaEndpoint, topic: str, at_least: int, seconds: float = DEADLINE_SECONDS
) -> list[bytes]:
    """Return the messages of a topic from its start: as soon as there are so many, or in time."""
    settings: dict[str, Any] = {"auto_offset_reset": "earliest", "enable_auto_commit": False}
    consumer = KafkaConsumer(topic, **connection(kafka), **settings)
    found: list[bytes] = []
    try:
        until = monotonic() + seconds
        while len(found) < at_least and monotonic() < until:
            for messages in consumer.poll(timeout_ms=200).values():
                found += [message.value for message in messages]
    finally:
        consumer.close()
    return found
