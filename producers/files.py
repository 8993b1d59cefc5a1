"""Files to be replayed -> chunks. The only module here that touches the disk."""

from collections.abc import Callable, Iterator
from pathlib import Path

from producers.compression import unpack
from producers.parsed import Chunk
from uproar.errors import InputError

_READ_BYTES = 1 << 18

_UNREADABLE = {
    b"PK\x03\x04": "a zip archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "an SQLite database",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_TAR_MAGIC = b"ustar"
_TAR_MAGIC_AT = 257


def file_size(path: Path) -> int:
    """Return the size in bytes of a file that can be replayed, packed as it is.

    Raises InputError where it is missing, empty, not a file or not ours to read.
    """
    try:
        if path.is_dir():
            raise InputError(
                f"`{path}` is a directory, wanted a file",
                hint=f"name the files in it, for example: uproar replay {path}/*",
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


def read_file(path: Path, on_bytes: Callable[[int], None]) -> Iterator[Chunk]:
    """Yield the content of a file, unpacked; `on_bytes` learns how many were read from disk.

    Raises InputError where the disk fails.
    """
    return unpack(_pieces(path, on_bytes))


def refuse_foreign(head: bytes, path: Path) -> None:
    """Raise InputError where a file begins as one that holds no lines of text."""
    kind = next((what for magic, what in _UNREADABLE.items() if head.startswith(magic)), None)
    if head[_TAR_MAGIC_AT:].startswith(_TAR_MAGIC):
        kind = "a tar archive"
    if kind is None and b"\0" in head[:4096]:
        kind = "binary data"
    if kind is not None:
        raise InputError(
            f"`{path}` is {kind}, wanted JSON Lines, a JSON array or CSV in UTF-8",
            hint="plain, gzip, zstd and bzip2 files can be read; unpack or convert any other first",
        )


def _pieces(path: Path, on_bytes: Callable[[int], None]) -> Iterator[bytes]:
    try:
        with path.open("rb", buffering=0) as file:
            while piece := file.read(_READ_BYTES):
                on_bytes(len(piece))
                yield piece
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"`{path}` cannot be read: {error.strerror or error}")
