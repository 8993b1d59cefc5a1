"""A stage that starts while Kafka is away waits for it, as one that runs already does."""

import logging
import random
import time
from collections.abc import Callable, Collection

from kafka.errors import KafkaError

from uproar.endpoints import KafkaEndpoint
from uproar.errors import BrokerUnavailable
from uproar.kafka import administration, is_away
from uproar.operations.waits import WAITS

log = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 10.0
STARTING_SECONDS = 60.0
"""How long a broker may take connections without answering: it is starting."""


def wait_for_kafka(
    kafka: KafkaEndpoint, names: Collection[str] = (), stop: Callable[[], bool] = lambda: False
) -> None:
    """Return when Kafka answers and knows the topics `names`, or when `stop` says so.

    It is tried again with back-off and without end: one that has just come back may not know its
    topics yet. Raises BrokerUnavailable, or SettingsError, where something listens and refuses us,
    or goes on for `STARTING_SECONDS` without an answer: that does not pass by itself.
    """
    waits = 0
    # Without TLS and login there is nothing to be refused for: such a broker is starting, too.
    away_at = time.monotonic() if kafka.security == "PLAINTEXT" else None
    while not stop():
        try:
            if not (missing := _missing(kafka, names)):
                WAITS.end("kafka")
                return
            complaint = f"it does not know `{'`, `'.join(sorted(missing))}`"
        except BrokerUnavailable as error:
            if is_away(kafka):
                away_at = time.monotonic()
            elif away_at is None or time.monotonic() - away_at > STARTING_SECONDS:
                raise
            complaint = str(error)
        waits += 1
        log.warning("waiting for Kafka (%d): %s", waits, complaint)
        WAITS.begin("kafka", "Kafka does not answer, or does not know our topics")
        deadline = time.monotonic() + min(LONGEST_WAIT_SECONDS, 0.2 * 2 ** min(waits, 10))
        deadline += random.uniform(0, 0.3)  # noqa: S311 - so that not all come back at once
        while time.monotonic() < deadline and not stop():
            time.sleep(0.1)


def _missing(kafka: KafkaEndpoint, names: Collection[str]) -> set[str]:
    with administration(kafka) as admin:
        try:
            return set(names) - set(admin.list_topics()) if names else set()
        except (KafkaError, OSError):  # it answered a moment ago, and has gone away since
            return set(names)
