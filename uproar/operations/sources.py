"""How each live source of this machine is: notes that outlive a process that was refused.

home/
└── sources/<name>.json   for `uproar status`: state, since when and why, what to do, counts
"""

import hashlib
import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from uproar.stack.home import is_alive, write_private


class SourceNote(msgspec.Struct, frozen=True, kw_only=True):
    """One live source. Texts are sentences of ours, and names out of uproar.yaml.

    `state` is one of `producers.wire`, since `since`; `why` and `hint` say what is wrong and what
    to do, `until` when it is tried again. `troubles` are of some of its feeds or channels, while
    the others can be read. `heard_at` is when it last brought something, or a sign of life.
    `keeper_pid` is the command that starts its process again; 0 where nobody does.
    """

    name: str
    platform: str
    pid: int
    state: str
    since: datetime
    told_at: datetime
    why: str = ""
    hint: str = ""
    until: datetime | None = None
    heard_at: datetime | None = None
    troubles: tuple[str, ...] = ()
    frames: int = 0
    kept: int = 0
    dead_letters: int = 0
    gaps: int = 0
    reconnects: int = 0
    keeper_pid: int = 0


def write_source(home: Path, note: SourceNote) -> None:
    """Tell how a source is. A disk that does not take it stops nobody."""
    with suppress(OSError):
        (home / "sources").mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(_path(home, note.name), msgspec.json.encode(note), replace=True)


def forget_source(home: Path, name: str) -> None:
    """Remove the note of a source that has come to its end."""
    with suppress(OSError):
        _path(home, name).unlink(missing_ok=True)


def read_sources(home: Path) -> list[SourceNote]:
    """Return the notes of sources that are watched, or will be again, by name."""
    found = []
    for path in sorted((home / "sources").glob("*.json")):
        with suppress(OSError, msgspec.MsgspecError):
            note = msgspec.json.decode(path.read_bytes(), type=SourceNote)
            if is_alive(note.pid) or (note.keeper_pid and is_alive(note.keeper_pid)):
                found.append(note)
    return found


def keeper() -> int:
    """Return the process that starts this one again, where it is one of the stack's."""
    return os.getppid() if os.environ.get("UPROAR_PROCESS_NAME") else 0


def _path(home: Path, name: str) -> Path:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    digest = hashlib.blake2b(name.encode(), digest_size=4).hexdigest()
    return home / "sources" / f"{plain}-{digest}.json"
