"""The edge where clocks are read: everything else is handed one."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The time, a clock in seconds that only goes forward, and waiting."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        ...

    def seconds(self) -> float:
        """Return seconds since a fixed point; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """This machine's clocks."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Return seconds since a fixed point; never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
