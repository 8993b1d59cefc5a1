"""When a batch is written, and when what it leaves to do is done. Pure.

A write costs much the same for ten rows as for thousands, and settling for one batch as for many.
What is live is waited for, so it is written at once; a replay at full speed is not, so as long as
more arrives it gathers: each minute, hour and day is then computed a few times, not dozens.
"""

import msgspec

from uproar.fuse import OFF

GATHER_SECONDS = 1.0
"""How long a batch without anything live may gather while more arrives."""
SETTLE_SECONDS = 2.0
"""How long hours, days, watermarks and offsets of what is live may stay behind its minutes."""
SETTLE_REPLAY_SECONDS = 8.0
"""The same where nothing is live, while more arrives."""
QUIET_SETTLE_SECONDS = 0.5
"""The same while nothing more arrives."""
QUIET_SECONDS = 0.25
"""So long without a message counts as that: one of a slow replay comes every tenth of a second."""


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """When a batch is full: by its records, their bytes, or the age of its first one."""

    flush_seconds: float
    batch_records: int
    batch_bytes: int = 16_000_000
    """Of the messages that the records came in; in memory they take some five times as much."""
    fuse_share: float = OFF
    """Of the newest records; where more are none, the sink stops (`uproar.fuse`)."""

    def is_full(self, records: int, size: int) -> bool:
        """Tell whether an open batch can take no more."""
        return records >= self.batch_records or size >= self.batch_bytes

    def is_due(self, age: float, *, is_live: bool, is_quiet: bool) -> bool:
        """Tell whether an open batch is old enough to be written.

        `is_live`: it holds something of the live run; `is_quiet`: nothing more arrives.

        >>> pace = Pace(flush_seconds=0.25, batch_records=20_000)
        >>> pace.is_due(0.3, is_live=True, is_quiet=False)
        True
        >>> pace.is_due(0.3, is_live=False, is_quiet=False)
        False
        """
        gathers = not (is_live or is_quiet)
        return age >= (max(self.flush_seconds, GATHER_SECONDS) if gathers else self.flush_seconds)


def is_settling_due(age: float, *, is_live: bool, is_quiet: bool) -> bool:
    """Tell whether what batches have left to do, the first of them so long ago, is to be done now.

    >>> is_settling_due(3.0, is_live=False, is_quiet=False)
    False
    """
    if is_quiet:
        return age >= QUIET_SETTLE_SECONDS
    return age >= (SETTLE_SECONDS if is_live else SETTLE_REPLAY_SECONDS)
