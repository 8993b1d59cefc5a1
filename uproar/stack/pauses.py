"""Replays that are to stand still: a file a run, so that a command elsewhere can pause one."""

import hashlib
import time
from pathlib import Path

from uproar.stack.home import Home

LOOK_SECONDS = 0.2


class PauseSign:
    """The sign that the replay into a run is to wait. It stays until somebody takes it down."""

    def __init__(self, home: Home, run: str) -> None:
        digest = hashlib.blake2b(run.encode(), digest_size=8).hexdigest()
        self._path: Path = home.folder / f"paused-{digest}"
        self._seen_at = -LOOK_SECONDS
        self._seen = False

    def put_up(self) -> None:
        """Ask the replay to wait."""
        self._path.touch(mode=0o600)

    def take_down(self) -> bool:
        """Let it go on; False where nobody had asked it to wait."""
        was_up = self._path.exists()
        self._path.unlink(missing_ok=True)
        return was_up

    def is_up(self) -> bool:
        """Tell whether the replay is to wait; the disk is looked at a few times a second."""
        now = time.monotonic()
        if now - self._seen_at >= LOOK_SECONDS:
            self._seen_at, self._seen = now, self._path.exists()
        return self._seen
