"""What is under way to the broker while the next message is read: bounded, and settled in order.

Reading takes the processor, a delivery takes time: one after the other, each would wait for the
other.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

MOST_UNDER_WAY = 128
"""Messages whose records the broker has not acknowledged yet: of a few posts, where they are live.
With eight, a broker that takes 50 ms to answer would let no more than 160 a second pass."""
MOST_BYTES = 6_000_000
"""Of these messages together: eight of the largest that there are, some forty full packs."""


class Deliveries:
    """Settles messages in the order they were added, each once all of its deliveries are made.

    Guarantee: where a delivery fails, neither its message nor any later one is settled. `failed` is
    then called, once.
    """

    def __init__(
        self,
        failed: Callable[[Exception], Awaitable[Any]],
        most: int = MOST_UNDER_WAY,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._failed = failed
        self._most = most
        self._most_bytes = most_bytes
        self._has_failed = False
        self._under_way: deque[tuple[asyncio.Task[None], int]] = deque()
        self._bytes = 0

    async def add(
        self,
        deliveries: Sequence[Awaitable[Any]],
        settle: Callable[[], Awaitable[None]],
        size: int = 0,
    ) -> None:
        """Settle a message as soon as that may be.

        `size` is what was sent of it, in bytes. Returns once no more messages are waiting than the
        bounds allow; one alone may be larger.
        """
        before = self._under_way[-1][0] if self._under_way else None
        task = asyncio.create_task(self._settle(before, deliveries, settle))
        self._under_way.append((task, size))
        self._bytes += size
        await asyncio.sleep(0)  # a full buffer would leave no moment for heartbeats and sending
        while self._under_way and (self._under_way[0][0].done() or self._is_full()):
            await self._first_settled()

    async def settled(self) -> None:
        """Return once nothing is under way."""
        while self._under_way:
            await self._first_settled()

    def drop(self) -> None:
        """Let go of what is under way: none of it is settled."""
        for task, _ in self._under_way:
            task.cancel()
        self._under_way.clear()
        self._bytes = 0

    def _is_full(self) -> bool:
        waiting = len(self._under_way)
        return waiting > self._most or (waiting > 1 and self._bytes > self._most_bytes)

    async def _first_settled(self) -> None:
        task, size = self._under_way[0]
        await task
        self._under_way.popleft()
        self._bytes -= size

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
