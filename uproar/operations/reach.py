"""A stage that starts while Kafka is away waits for it, as one that runs already does."""

import logging
import random
import time
from collections.abc import Callable

from uproar.endpoints import KafkaEndpoint
from uproar.errors import BrokerUnavailable
from uproar.kafka import administration, is_away
from uproar.operations.waits import WAITS

log = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 10.0
STARTING_SECONDS = 60.0
"""How long a broker that was away may take connections without answering: it is starting."""


def wait_for_kafka(kafka: KafkaEndpoint, stop: Callable[[], bool] = lambda: False) -> None:
    """Return when Kafka answers, or when `stop` says so.

    While nothing listens it is tried again without end, with back-off. Raises BrokerUnavailable,
    or SettingsError, where something listens and refuses us: that does not pass by itself.
    """
    waits = 0
    away_at: float | None = None
    while not stop():
        try:
            with administration(kafka):
                WAITS.end("kafka")
                return
        except BrokerUnavailable as error:
            if is_away(kafka):
                away_at = time.monotonic()
            elif away_at is None or time.monotonic() - away_at > STARTING_SECONDS:
                raise
            waits += 1
            log.warning("waiting for Kafka (%d): %s", waits, error)
            WAITS.begin("kafka", "Kafka does not answer")
        deadline = time.monotonic() + min(LONGEST_WAIT_SECONDS, 0.2 * 2 ** min(waits, 10))
        deadline += random.uniform(0, 0.3)  # noqa: S311 - so that not all come back at once
        while time.monotonic() < deadline and not stop():
            time.sleep(0.1)
