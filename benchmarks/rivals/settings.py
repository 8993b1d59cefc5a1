"""Settings of librdkafka's clients, the same for every rival that uses them.

Fair, and as each one's documentation advises for throughput: linger and zstd as Uproar's own
producer has them, no idempotence on the local broker, which has none, and there a short wait of
fetches, as Uproar's own clients have it.
"""

from typing import Any

from benchmarks.rivals.task import Task
from uproar.kafka import LOCAL_FETCH_WAIT_MILLISECONDS, LOCAL_SESSION_SECONDS, MAX_REQUEST_BYTES


def producer(task: Task) -> dict[str, Any]:
    """Return a producer's settings, without its brokers."""
    return {
        "acks": "all",
        "linger.ms": 5,
        "compression.type": "zstd",
        "enable.idempotence": not task.is_local,
        "partitioner": "consistent",
    }


def consumer(task: Task) -> dict[str, Any]:
    """Return a consumer's settings, without its brokers and group."""
    settings: dict[str, Any] = {"fetch.max.bytes": 16 * MAX_REQUEST_BYTES}
    if task.is_local:
        session = int(LOCAL_SESSION_SECONDS * 1000)
        settings |= {
            "session.timeout.ms": session,
            "heartbeat.interval.ms": 1_000,
            "fetch.wait.max.ms": LOCAL_FETCH_WAIT_MILLISECONDS,
        }
    return settings
