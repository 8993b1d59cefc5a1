"""When to start a process again that ended by itself, while everything else goes on. Pure."""

FIRST_WAIT_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 600.0
STEADY_SECONDS = 300.0
"""A process that ran this long had nothing wrong with it at its start: the next wait is short."""


class Retry:
    """The waits of one process. Times are seconds of a clock that only goes forward.

    >>> retry = Retry(0.0)
    >>> retry.ended(5.0), retry.is_due(14.0), retry.is_due(15.0)
    (10.0, False, True)
    >>> retry.started(15.0)
    >>> retry.ended(16.0), retry.is_due(30.0)
    (20.0, False)
    """

    def __init__(self, started: float) -> None:
        self._started = started
        self._failures = 0
        self._due: float | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether its end is known, and its next start not come yet."""
        return self._due is not None

    def ended(self, now: float) -> float:
        """Take note of its end; return how long to wait."""
        self._failures = 1 if now - self._started >= STEADY_SECONDS else self._failures + 1
        wait = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** min(self._failures - 1, 10))
        self._due = now + wait
        return wait

    def is_due(self, now: float) -> bool:
        """Tell whether it is to be started now."""
        return self._due is not None and now >= self._due

    def started(self, now: float) -> None:
        """Take note of its start."""
        self._started, self._due = now, None
