"""What is under way to the broker while the next message is read: bounded, and settled in order.

Reading takes the processor, a delivery takes time: one after the other, each would wait for the
other.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

MOST_UNDER_WAY = 8
"""Messages whose records the broker has not acknowledged yet; each has up to 0.7 MB."""


class Deliveries:
    """Settles messages in the order they were added, each once all of its deliveries are made.

    Guarantee: where a delivery fails, neither its message nor any later one is settled. `failed` is
    then called, once.
    """

    def __init__(
        self, failed: Callable[[Exception], Awaitable[Any]], most: int = MOST_UNDER_WAY
    ) -> None:
        self._failed = failed
        self._most = most
        self._has_failed = False
        self._under_way: deque[asyncio.Task[None]] = deque()

    async def add(
        self, deliveries: Sequence[Awaitable[Any]], settle: Callable[[], Awaitable[None]]
    ) -> None:
        """Settle a message as soon as that may be; return once no more than `most` are waiting."""
        before = self._under_way[-1] if self._under_way else None
        task = asyncio.create_task(self._settle(before, deliveries, settle))
        self._under_way.append(task)
        await asyncio.sleep(0)  # a full buffer would leave no moment for heartbeats and sending
        while self._under_way and (self._under_way[0].done() or len(self._under_way) > self._most):
            await self._under_way[0]
            self._under_way.popleft()

    async def settled(self) -> None:
        """Return once nothing is under way."""
        while self._under_way:
            await self._under_way[0]
            self._under_way.popleft()

    def drop(self) -> None:
        """Let go of what is under way: none of it is settled."""
        for task in self._under_way:
            task.cancel()
        self._under_way.clear()

    async def _settle(
        self,
        before: asyncio.Task[None] | None,
        deliveries: Sequence[Awaitable[Any]],
        settle: Callable[[], Awaitable[None]],
    ) -> None:
        if before is not None:
            await before
        if self._has_failed:
            return
        try:
            for delivery in deliveries:
                await delivery
            await settle()
        except Exception as error:
            self._has_failed = True
            await self._failed(error)
