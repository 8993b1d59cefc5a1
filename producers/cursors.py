"""Where each live source goes on after a restart: one small file a source.

Guarantee: `save` is atomic, so that a kill -9 leaves the old or the new file. It is called only
after the broker has acknowledged all that came up to the cursor: what was lost since is sent again.
Older cursors are kept for a while, further and further apart: a broker that forgets, as the local
one does, is followed by what is stored, which may lie behind what it has acknowledged.
"""

import hashlib
import logging
import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)

MOST_KEPT = 12
"""Cursors of a source that are kept. Apart by doubling times, they reach back an hour."""


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a platform's stream, in its own terms, and what had been read until there.

    `counts` are those of the producer's reports, so that a later life counts on; `position` is
    their sum. All observed before `before` had been read.
    """

    source: str
    cursor: str | None = None
    at: datetime | None = None
    position: int = 0
    before: datetime | None = None
    counts: dict[str, int] = {}
    dead_letters: dict[str, int] = {}


_KEPT = msgspec.json.Decoder(list[Cursor])


class Cursors:
    """The cursors of one run in a folder, which is made on first use for its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, list[Cursor]] = {}
        self._is_failing = False

    def load(self, source: str, stored: int | None = None) -> Cursor:
        """Return where a source goes on; an empty cursor where it begins.

        `stored` is how many of its records are stored, where only that counts: the newest cursor
        that covers no more is returned. Where all cover more, the oldest, and a log line says so.
        """
        kept = self._read(source)
        if not kept:
            return Cursor(source=source)
        if stored is None:
            return kept[-1]
        covered = [one for one in kept if one.position <= stored]
        if not covered:
            log.warning("%s: less is stored than its oldest cursor covers: some is missing", source)
        return covered[-1] if covered else kept[0]

    def save(self, cursor: Cursor) -> None:
        """Remember a cursor. A disk that does not take it is logged: more repeats then."""
        kept = self._kept.setdefault(cursor.source, self._read(cursor.source))
        # One that this life did not go on from tells of records that are read anew.
        kept[:] = thinned([one for one in kept if one.position <= cursor.position], cursor)
        try:
            self._write(cursor.source, msgspec.json.encode(kept))
        except OSError as error:
            if not self._is_failing:
                log.error("cannot save a cursor in `%s`: %s", self._folder, error.strerror)
            self._is_failing = True
        else:
            self._is_failing = False

    def path(self, source: str) -> Path:
        """Return the file of a source; names that look alike to a file system stay apart."""
        plain = re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-")[:60]
        digest = hashlib.blake2b(source.encode(), digest_size=4).hexdigest()
        return self._folder / f"{plain}-{digest}.json"

    def _read(self, source: str) -> list[Cursor]:
        try:
            kept = _KEPT.decode(self.path(source).read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("%s begins anew, its cursor cannot be read: %s", source, error)
            return []
        return [one for one in kept if one.source == source]

    def _write(self, source: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.path(source)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)


def thinned(kept: Sequence[Cursor], newest: Cursor) -> list[Cursor]:
    """Return cursors with the newest behind them, at most `MOST_KEPT`: the old ones far apart."""
    if kept and (kept[-1].cursor, kept[-1].position) == (newest.cursor, newest.position):
        kept = kept[:-1]
    every = [*kept, newest]
    if len(every) <= MOST_KEPT:
        return every

    def closeness(place: int) -> float:
        before, one, after = (every[at].at for at in (place - 1, place, place + 1))
        if before is None or one is None or after is None or newest.at is None:
            return 0.0
        age = (newest.at - one).total_seconds()
        return (after - before).total_seconds() / max(age, 0.001)

    del every[min(range(1, len(every) - 1), key=closeness)]
    return every
