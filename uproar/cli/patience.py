"""Questions to ClickHouse that outlast a restart of it."""

import logging
import time
from collections.abc import Callable
from typing import Any

from clickhouse_driver import Client
from clickhouse_driver.errors import Error

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 60.0
"""The local ClickHouse is back some 3 s after it was killed; on a tired machine it takes longer."""
AGAIN_SECONDS = 0.3


class PatientClient:
    """A client for reading whose question is asked again where the server or the way to it ails.

    Guarantee: `execute` answers as the driver's does, or raises its error: at once for one that
    would come again, else after `PATIENCE_SECONDS` of trying with a fresh connection each time.
    Meanwhile `check` is called, which may raise because waiting makes no sense any more. Not for
    statements that change something, which may have been carried out although no answer came.
    """

    def __init__(self, client: Client, check: Callable[[], None]) -> None:
        self._client = client
        self._check = check

    def execute(self, sql: str, parameters: dict[str, Any] | None = None) -> Any:
        """Return the rows of the answer."""
        from sinks.consume import may_pass

        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._client.execute(sql, parameters)
            except (Error, OSError, EOFError) as error:  # the driver has dropped the connection
                if not may_pass(error) or time.monotonic() > deadline:
                    raise
                log.info("ClickHouse does not answer, asking again: %s", error)
            self._check()
            time.sleep(AGAIN_SECONDS)

    def disconnect(self) -> None:
        """Let go of the connection."""
        self._client.disconnect()
