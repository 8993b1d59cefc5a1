"""What is in a file that was dropped: it alone, or all that an archive holds, level by level.

A level is an archive together with what it is packed in (`.tar.gz` is one), or a file packed by
itself: a `.json.bz2` in a `.zip` in a `.tar.gz` stands on the third. What holds no posts is
skipped with a reason; what may have held some and cannot be had is a `Damage`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import msgspec

from producers.chunks import peek
from producers.compression import Budget, decompress, packing_of
from producers.parsed import Chunk, Damage
from producers.tar import BLOCK_BYTES, is_tar, tar_entries
from producers.zips import MAGICS, zip_entries

LEVELS_LIMIT = 3
FILES_LIMIT = 1_000_000
"""Files in one dropped file, on all levels."""
PARQUET_MAGIC = b"PAR1"
_NAME_LIMIT_CHARACTERS = 1_000


class Member(msgspec.Struct, frozen=True):
    """A file that is no archive: its name, its content, and whether an archive holds it.

    `size_bytes` is its size as it stands there. `file` is there where the content can only be
    read by seeking. Read it before the next one is asked for.
    """

    name: str
    size_bytes: int
    chunks: Iterator[Chunk]
    is_inner: bool
    file: BinaryIO | None = None


class Skipped(msgspec.Struct, frozen=True):
    """A file that holds no posts, and how that shows."""

    name: str
    why: str


Spool = Callable[[Iterator[Chunk]], BinaryIO | Damage]
"""Puts a stream where it can be sought in."""


class Walk:
    """One walk through a dropped file."""

    def __init__(self, budget: Budget, spool: Spool) -> None:
        self._budget = budget
        self._spool = spool
        self._files = 0

    def dropped(self, name: str, size_bytes: int, file: BinaryIO) -> Iterator[Member | Skipped]:
        """Yield what is in a file on disk, in its order; of a zip archive, by name."""
        yield from self._look(Member(name, size_bytes, pieces_of(file), False, file), 0, 0)

    def _look(self, found: Member, level: int, depth: int) -> Iterator[Member | Skipped]:
        name, chunks, file = found.name, found.chunks, found.file
        is_packed = False
        while True:
            head, chunks = peek(chunks, BLOCK_BYTES)
            packing = packing_of(head)
            if packing is None:
                break
            is_packed, file = True, None
            level, depth = level + 1, depth + 1
            if level > LEVELS_LIMIT:
                yield _broken(found, _too_deep())
                return
            chunks = decompress(chunks, packing, self._budget, depth)
        if head.startswith(PARQUET_MAGIC):
            with self._seekable(file, chunks) as table:
                if isinstance(table, Damage):
                    yield _broken(found, table)
                else:
                    yield Member(name, found.size_bytes, iter(()), found.is_inner, table)
            return
        if not (is_tar(head) or head.startswith(MAGICS)):
            yield Member(name, found.size_bytes, chunks, found.is_inner)
            return
        level += not is_packed
        if level > LEVELS_LIMIT:
            yield _broken(found, _too_deep())
        elif head.startswith(MAGICS):
            with self._seekable(file, chunks) as archive:
                yield from self._zip(found, archive, level, depth + 1)
        else:
            yield from self._tar(found, chunks, level, depth)

    @contextmanager
    def _seekable(
        self, file: BinaryIO | None, chunks: Iterator[Chunk]
    ) -> Iterator[BinaryIO | Damage]:
        if file is not None:
            yield file
            return
        spooled = self._spool(chunks)
        try:
            yield spooled
        finally:
            if not isinstance(spooled, Damage):
                spooled.close()

    def _tar(
        self, found: Member, chunks: Iterator[Chunk], level: int, depth: int
    ) -> Iterator[Member | Skipped]:
        for entry in tar_entries(chunks):
            if isinstance(entry, Damage):
                yield _broken(found, entry)
            elif entry.is_other:
                name = f"{found.name}/{_shown(entry.name)}"
                yield Skipped(name, f"is {entry.is_other}, wanted a file")
            else:
                inner = Member(entry.name, entry.size_bytes, entry.chunks, True)
                yield from self._inner(found, inner, level, depth)

    def _zip(
        self, found: Member, file: BinaryIO | Damage, level: int, depth: int
    ) -> Iterator[Member | Skipped]:
        if isinstance(file, Damage):
            yield _broken(found, file)
            return
        for entry in zip_entries(file, self._budget, depth):
            if isinstance(entry, Damage):
                yield _broken(found, entry)
            else:
                inner = Member(entry.name, entry.size_bytes, entry.chunks, True)
                yield from self._inner(found, inner, level, depth)

    def _inner(
        self, outer: Member, inner: Member, level: int, depth: int
    ) -> Iterator[Member | Skipped]:
        self._files += 1
        parts = inner.name.replace("\\", "/").split("/")
        name = f"{outer.name}/{_shown(inner.name)}"
        named = Member(name, inner.size_bytes, inner.chunks, True)
        if self._files > FILES_LIMIT:
            if self._files == FILES_LIMIT + 1:
                wanted = f"wanted at most {FILES_LIMIT:,} files in one archive, found more"
                yield _broken(outer, Damage("archive-too-large", wanted))
        elif ".." in parts:
            found = f"found `{_shown(inner.name)[:80]}`"
            yield _broken(named, Damage("unsafe-name", f"wanted a name in the archive, {found}"))
        elif is_hidden(parts):
            yield Skipped(name, "is hidden")
        elif not inner.size_bytes:
            yield Skipped(name, "is empty")
        else:
            yield from self._look(named, level, depth)


def is_hidden(parts: list[str]) -> bool:
    """Say whether a file is kept out of sight, as systems do with their own notes.

    >>> is_hidden(["dump", ".DS_Store"]), is_hidden(["dump", "january.jsonl"])
    (True, False)
    """
    return any(part == "__MACOSX" or (part[:1] == "." and part.strip(".")) for part in parts)


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file from its start."""
    file.seek(0)
    while piece := file.read(1 << 18):
        yield piece


def _shown(name: str) -> str:
    """Return a name without a root, and without what no name should have."""
    text = name.replace("\\", "/").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    return text.lstrip("/").removeprefix("./")[:_NAME_LIMIT_CHARACTERS]


def _broken(member: Member, damage: Damage) -> Member:
    return Member(member.name, member.size_bytes, iter((damage,)), member.is_inner)


def _too_deep() -> Damage:
    return Damage(
        "nested-too-deep", f"wanted at most {LEVELS_LIMIT} archives in each other, found more"
    )
