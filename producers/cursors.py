"""Where each live source goes on after a restart: one small file a source.

Guarantee: `save` is atomic, so that a kill -9 leaves the old or the new cursor. It is called only
after the broker has acknowledged all that came up to it: what was lost since is sent again.
"""

import hashlib
import os
import re
from pathlib import Path

import msgspec


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a platform's stream, in its own terms, and what had been read until there.

    `counts` are those of the producer's reports, so that a later life counts on.
    """

    source: str
    cursor: str | None
    counts: dict[str, int] = {}
    dead_letters: dict[str, int] = {}


class Cursors:
    """The cursors of one run in a folder, which is made on first use for its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, source: str) -> Cursor:
        """Return where a source goes on; an empty one where it begins, or what is there is none."""
        try:
            kept = msgspec.json.decode(self._path(source).read_bytes(), type=Cursor)
        except (FileNotFoundError, msgspec.MsgspecError):
            return Cursor(source=source, cursor=None)
        return kept if kept.source == source else Cursor(source=source, cursor=None)

    def save(self, cursor: Cursor) -> None:
        """Remember a cursor. Raises OSError where the disk does not take it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(cursor.source)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(cursor))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)

    def _path(self, source: str) -> Path:
        """Return the file of a source; names that look alike to a file system stay apart."""
        plain = re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-")[:60]
        digest = hashlib.blake2b(source.encode(), digest_size=4).hexdigest()
        return self._folder / f"{plain}-{digest}.json"
