"""How long a fetch may wait on the local broker: shortly while records come, longer in silence.

That broker does not answer when something arrives, but looks again after half of the wait. Short
waits are prompt and cost both sides processor time, so they are for when there is something to be
prompt about.
"""

from uproar.kafka import LOCAL_FETCH_WAIT_MILLISECONDS

QUIET_SECONDS = 10.0
"""Without a record: then nobody waits for the next one by the clock."""
QUIET_FETCH_WAIT_MILLISECONDS = 500


class FetchWait:
    """The wait of the next fetch of one consumer, by when the last record came."""

    def __init__(self) -> None:
        self._last_at: float | None = None

    def after(self, *, has_come: bool, seconds: float) -> int:
        """Return the milliseconds to wait, given the clock's seconds and what the last poll gave.

        >>> wait = FetchWait()
        >>> [wait.after(has_come=come, seconds=at) for come, at in ((0, 0), (1, 20), (0, 31))]
        [50, 50, 500]
        """
        if has_come or self._last_at is None:
            self._last_at = seconds
        is_quiet = seconds - self._last_at > QUIET_SECONDS
        return QUIET_FETCH_WAIT_MILLISECONDS if is_quiet else LOCAL_FETCH_WAIT_MILLISECONDS
