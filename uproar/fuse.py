"""A fuse: too large a share of what comes in cannot be used, so whoever reads it had better stop.

Pure. A single bad record is a dead letter and no more; a whole stretch of them means that a file, a
reader or a setting is wrong, and going on would bury what could be read after mending.
"""

from collections import Counter, deque
from collections.abc import Iterable

import msgspec

from uproar.errors import FuseBlown

WINDOW_RECORDS = 1_000
"""Of the newest records, looked at once there are so many: a small broken file blows no fuse."""

OFF = 1.0
"""No share is larger than all."""


class Failure(msgspec.Struct, frozen=True):
    """Why a record could not be used, and where it stood, in words for a person."""

    reason: str
    place: str


class Fuse:
    """Watches one stage of one process. It is `blown` once more than `share` of a window failed."""

    def __init__(self, share: float, window_records: int = WINDOW_RECORDS) -> None:
        self._share = share
        self._window: deque[Failure | None] = deque(maxlen=window_records)
        self._failed = 0

    def see(self, failure: Failure | None) -> None:
        """Count a record; None for one that could be used."""
        if self._share >= OFF:
            return
        if len(self._window) == self._window.maxlen and self._window[0] is not None:
            self._failed -= 1
        self._window.append(failure)
        if failure is not None:
            self._failed += 1

    def see_message(self, good: int, failures: Iterable[Failure]) -> None:
        """Count the records of a message: so many that could be used, and those that could not."""
        for _ in range(min(good, self._window.maxlen or 0)):
            self.see(None)
        for failure in failures:
            self.see(failure)

    @property
    def blown(self) -> bool:
        """Whether the stage should stop: more than the share of a full window failed."""
        return (
            len(self._window) == self._window.maxlen
            and self._failed > self._share * len(self._window)
        )  # fmt: skip

    def error(self, what: str, hint: str) -> FuseBlown:
        """Return what to raise: how much failed, why most of it did, and an example's place.

        >>> fuse = Fuse(0.5, window_records=2)
        >>> for line in (1, 2):
        ...     fuse.see(Failure("not-json", f"a.jsonl:{line}"))
        >>> print(fuse.error("the replay stops", hint=""))
        the replay stops: 2 of the last 2 records could not be used, most for `not-json` (2, the \
newest at a.jsonl:2); they are stored as dead letters, so nothing is lost
        """
        failures = [failure for failure in self._window if failure is not None]
        reason, count = Counter(failure.reason for failure in failures).most_common(1)[0]
        newest = next(failure for failure in reversed(failures) if failure.reason == reason)
        return FuseBlown(
            f"{what}: {len(failures):,} of the last {len(self._window):,} records could not be "
            f"used, most for `{reason}` ({count:,}, the newest at {newest.place}); they are stored "
            "as dead letters, so nothing is lost",
            hint=hint,
        )
