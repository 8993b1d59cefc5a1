"""The page's connections to ClickHouse: a few threads, one query at a time in each."""

import asyncio
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from dashboards.gate import Busy
from uproar.clickhouse import Result

MOST_WAITING: Final = 200
"""Queries that wait for those that run; a board has some fifteen."""

Query = Callable[[str], Result]
"""Runs a statement; used by one thread at a time."""


class Queries:
    """Runs statements, each on a connection that is free.

    The same statement asked for twice at once runs once: ten people who look at one board cost
    what one does. Guarantee: never more at once than there are connections, never more than
    `MOST_WAITING` queued: past that it raises Busy.
    """

    def __init__(self, connections: Sequence[Query]) -> None:
        self._free: queue.SimpleQueue[Query] = queue.SimpleQueue()
        for connection in connections:
            self._free.put(connection)
        self._threads = ThreadPoolExecutor(len(connections), thread_name_prefix="page-query")
        self._asked: dict[str, asyncio.Future[Result]] = {}

    async def run(self, sql: str) -> Result:
        """Return the answer. Raises what the query raises, and Busy."""
        if (asked := self._asked.get(sql)) is None:
            if len(self._asked) >= MOST_WAITING:
                raise Busy(f"{MOST_WAITING} queries wait already")
            loop = asyncio.get_running_loop()
            asked = loop.run_in_executor(self._threads, self._on_a_free_one, sql)
            self._asked[sql] = asked
            asked.add_done_callback(lambda _: self._asked.pop(sql, None))
        return await asyncio.shield(asked)  # one who leaves does not take it from the others

    def close(self) -> None:
        """Let the queries that run end, and start no other."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _on_a_free_one(self, sql: str) -> Result:
        connection = self._free.get()
        try:
            return connection(sql)
        finally:
            self._free.put(connection)
