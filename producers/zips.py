"""A zip archive -> what is in it, by its directory: pure but for the file it is handed.

The standard library reads the directory; the content is unpacked by our own decoders, whose
output is bounded for every method.
"""

import errno
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from producers.compression import DEFLATE, PACKINGS, Budget, Packing, decompress
from producers.parsed import Chunk, Damage

ENTRIES_LIMIT = 100_000
"""Files of one archive: its directory is held in memory, about 1 kB for each."""

MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
_READ_BYTES = 1 << 18
_BROKEN = (
    zipfile.BadZipFile, NotImplementedError, OverflowError, RuntimeError, ValueError, struct.error,
)  # fmt: skip
"""What the standard library raises over a directory that makes no sense."""
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_END = struct.Struct("<4s6xHII")
_END_MAGIC = b"PK\x05\x06"
_END_SEARCH_BYTES = 66_000
_END_64 = struct.Struct("<4s20x8xQQQ")
_ENCRYPTED = 0x1
_FAR = 1 << 62  # behind the end of any file, and still a place that can be sought
_GZIP, _BZIP2, _ZSTANDARD, _XZ = PACKINGS
_METHODS: dict[int, Packing | None] = {
    0: None, 8: DEFLATE, 12: _BZIP2, 93: _ZSTANDARD, 95: _XZ,
}  # fmt: skip


class ZipEntry(msgspec.Struct, frozen=True):
    """A file in the archive. `size_bytes` is its size as packed, 0 where it is empty."""

    name: str
    size_bytes: int
    chunks: Iterator[Chunk]


def zip_entries(file: BinaryIO, budget: Budget, depth: int) -> Iterator[ZipEntry | Damage]:
    """Yield the files of an archive, sorted by name; folders are passed over.

    What cannot be unpacked (an encrypted file, one with a wrong checksum) has a `Damage` as its
    last or only chunk; an archive without a directory is one.
    """
    try:
        if (count := _count(file)) > ENTRIES_LIMIT:
            wanted = f"wanted at most {ENTRIES_LIMIT:,} files in a zip archive"
            yield Damage("damaged-archive", f"{wanted}, found {count:,}: unpack it to a folder")
            return
        with zipfile.ZipFile(file) as archive:
            infos = sorted(archive.infolist(), key=lambda info: info.filename)
    except (*_BROKEN, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise  # the disk's fault, not that of a place that cannot be
        yield Damage(
            "truncated-archive", f"wanted a zip archive with its directory, found none: {error}"
        )
        return
    for info in infos:
        if not info.is_dir():
            chunks = _unpacked(file, info, budget, depth)
            yield ZipEntry(info.filename, info.compress_size if info.file_size else 0, chunks)


def _count(file: BinaryIO) -> int:
    """Return how many files the directory claims to have, or its size allows, before it is read."""
    size = file.seek(0, 2)
    start = max(0, size - _END_SEARCH_BYTES)
    file.seek(start)
    tail = file.read(_END_SEARCH_BYTES)
    at = tail.rfind(_END_MAGIC)
    if at < 0 or len(tail) - at < _END.size:
        return 0  # the standard library will say so
    _, count, directory_bytes, _ = _END.unpack_from(tail, at)
    at_64 = tail.rfind(b"PK\x06\x06", 0, at)
    if at_64 >= 0 and len(tail) - at_64 >= _END_64.size:
        _, count, directory_bytes, _ = _END_64.unpack_from(tail, at_64)
    return int(max(count, directory_bytes // 1_000))


def _unpacked(file: BinaryIO, info: zipfile.ZipInfo, budget: Budget, depth: int) -> Iterator[Chunk]:
    if info.flag_bits & _ENCRYPTED:
        yield Damage("encrypted-archive", "wanted a file that anyone can read, found it encrypted")
        return
    if info.compress_type not in _METHODS:
        found = f"found the method {info.compress_type}"
        yield Damage(
            "damaged-archive", f"wanted a file packed with deflate, bzip2, zstandard or xz, {found}"
        )
        return
    packing = _METHODS[info.compress_type]
    raw = _raw(file, info)
    checksum = 0
    for chunk in decompress(raw, packing, budget, depth) if packing else raw:
        yield chunk
        if isinstance(chunk, Damage):
            return
        checksum = zlib.crc32(chunk, checksum)
    if checksum != info.CRC:
        yield Damage("damaged-archive", "wanted the checksum of the directory, found another one")


def _raw(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[Chunk]:
    start = min(max(0, info.header_offset), _FAR)  # a directory may lie
    file.seek(start)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(MAGICS[0]):
        yield Damage("damaged-archive", "wanted a file where the directory says, found none")
        return
    _, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)
    at = start + _LOCAL_HEADER.size + name_bytes + extra_bytes
    left = info.compress_size
    while left:
        file.seek(at)  # whoever else reads the archive moves it
        piece = file.read(min(left, _READ_BYTES))
        if not piece:
            found = f"found its end before {left:,} of {info.compress_size:,} bytes"
            yield Damage("truncated-archive", f"wanted a file of the archive, {found}")
            return
        at, left = at + len(piece), left - len(piece)
        yield piece
