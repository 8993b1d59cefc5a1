"""Files to be replayed, on disk: is one fit to be read, what is in it, what must be put aside."""

import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from producers.compression import Budget
from producers.containers import Member, Skipped, Walk
from producers.parsed import Chunk, Damage
from uproar.errors import InputError

SPOOL_MEMORY_BYTES = 16 * 1024 * 1024
SPOOL_LIMIT_BYTES = 64 * 1024**3

_UNREADABLE = {
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"SQLite format 3": "an SQLite database",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "an image or a recording",
    b"%PDF": "a PDF document",
    b"\x04\x22\x4d\x18": "packed with lz4",
    b"ORC": "an ORC file",
    b"Obj\x01": "an Avro file",
    b"ARROW1": "an Arrow file",
}


def file_size(path: Path) -> int:
    """Return the size in bytes of a file that can be replayed, packed as it is.

    Raises InputError where it is missing, empty, not a file or not ours to read.
    """
    try:
        if path.is_dir():
            raise InputError(
                f"`{path}` is a directory, wanted a file",
                hint=f"`uproar replay {path}` reads the files in it",
            )
        if not path.exists():
            raise InputError(
                f"there is no file `{path}`", hint="check the path; it is taken from where you are"
            )
        if not path.is_file():
            raise InputError(
                f"`{path}` is a pipe or device, wanted a file",
                hint="write it to a file first: a replay reads its beginning twice",
            )
        size = path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error
    if size == 0:
        raise InputError(f"`{path}` is empty, so there is nothing to replay")
    return size


def walk_file(path: Path, name: str, on_bytes: Callable[[int], None]) -> Iterator[Member | Skipped]:
    """Yield what is in a file, called `name`; `on_bytes` learns how many were read from disk.

    Over a whole walk that adds up to the size of the file, in whatever order it was read. Nothing
    is written, but for an archive or table within another that can only be read by seeking: it is
    put into a nameless temporary file, which is gone with us. Raises InputError where the disk
    fails.
    """
    try:
        size = path.stat().st_size
        budget = Budget()
        with _Counted(path, size, budget, on_bytes) as file:
            yield from Walk(budget, spool).dropped(name, size, cast(BinaryIO, file))
            file.count_rest()
    except OSError as error:
        raise _unreadable(path, error) from error


def spool(chunks: Iterator[Chunk]) -> BinaryIO | Damage:
    """Put a stream where it can be sought in: in memory, or on disk where it is long.

    A stream that ends in a damage, or is over `SPOOL_LIMIT_BYTES`, is returned as one. Raises
    InputError where there is no room.
    """
    folder = tempfile.gettempdir()
    file = tempfile.SpooledTemporaryFile(SPOOL_MEMORY_BYTES)  # noqa: SIM115 - the caller closes it
    size = 0
    for chunk in chunks:
        if not isinstance(chunk, Damage):
            size += len(chunk)
            if size > SPOOL_LIMIT_BYTES:
                wanted = f"wanted at most {SPOOL_LIMIT_BYTES:,} bytes in an archive within another"
                chunk = Damage("archive-too-large", f"{wanted}, found more: unpack it first")
        if isinstance(chunk, Damage):
            file.close()
            return chunk
        try:
            file.write(chunk)
        except OSError as error:
            file.close()
            raise InputError(
                f"an archive within another needs room in `{folder}`: {error.strerror}",
                hint="unpack it first, or let `TMPDIR` name a folder with more room",
            ) from error
    return cast(BinaryIO, file)


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file as it lies on disk, in hexadecimal digits.

    Empty where it can no longer be read: what was read of it before counts all the same.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def refuse_foreign(head: bytes, name: str) -> None:
    """Raise InputError where a file begins as one that holds no text."""
    kind = next((what for magic, what in _UNREADABLE.items() if head.startswith(magic)), None)
    if kind is None and b"\0" in head[:4096]:
        kind = "binary data"
    if kind is not None:
        raise InputError(
            f"`{name}` is {kind}, wanted JSON Lines, a JSON array, CSV or Parquet",
            hint="plain or packed with gzip, bzip2, zstandard or xz, in zip and tar archives; "
            "unpack or convert any other first",
        )


class _Counted(io.RawIOBase):
    """A file on disk that tells how much of it was read, in whatever order."""

    def __init__(
        self, path: Path, size: int, budget: Budget, on_bytes: Callable[[int], None]
    ) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self._left = size
        self._budget = budget
        self._on_bytes = on_bytes

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        count = self._file.readinto(buffer) or 0
        self._count(count)
        return count

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()

    def count_rest(self) -> None:
        """Tell of what needed not be read."""
        self._count(self._left)

    def _count(self, count: int) -> None:
        count = min(count, self._left)  # an archive's directory is read twice
        self._left -= count
        self._budget.taken += count
        if count:
            self._on_bytes(count)


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"`{path}` cannot be read: {error.strerror or error}")
