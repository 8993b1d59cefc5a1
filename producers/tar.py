"""A tar archive -> what is in it, as a stream: pure, in bounded memory.

Headers are read by the standard library; its own reading of streams holds every header it has
seen, and long names of any length.
"""

import tarfile
from collections.abc import Iterator

import msgspec

from producers.chunks import Pull
from producers.parsed import Chunk, Damage

BLOCK_BYTES = 512
EXTENSION_LIMIT_BYTES = 1 << 20
"""A header that goes on in a block of its own (a long name) is read up to this size."""

_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
_OTHERS = {
    tarfile.LNKTYPE: "a link",
    tarfile.SYMTYPE: "a link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
    tarfile.GNUTYPE_SPARSE: "a sparse file",
}
_NAMING = (tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_PASSED = (tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE)
"""Extensions that say nothing of a file's name and size."""
_ERRORS = "surrogateescape"
_SPARSE_GOES_ON_AT = 482  # in the header; 504 in each block behind it


class TarEntry(msgspec.Struct, frozen=True):
    """A file in the archive: read `chunks` before the next entry is asked for.

    `is_other` says what it is where it is no file, such as `a link`.
    """

    name: str
    size_bytes: int
    chunks: Iterator[Chunk]
    is_other: str | None = None


def is_tar(head: bytes) -> bool:
    """Say whether something begins with the header of a tar archive.

    >>> is_tar(b'{"text": "Hello"}' * 100)
    False
    """
    return len(head) >= BLOCK_BYTES and _header(head[:BLOCK_BYTES]) is not None


def tar_entries(chunks: Iterator[Chunk]) -> Iterator[TarEntry | Damage]:
    """Yield the files of an archive in its order; folders are passed over.

    A file that the end of the archive cuts has a `Damage` as its last chunk. A fault between two
    files comes out as one, and nothing after it.
    """
    pull = Pull(chunks)
    long_name: str | None = None
    long_size: int | None = None
    is_ended = False
    while (block := pull.take(BLOCK_BYTES)) or pull.damage:
        if not pull.damage and not any(block):
            is_ended = True  # it may be padding: another archive may be appended behind it
            continue
        is_ended = False
        header = _header(block) if len(block) == BLOCK_BYTES else None
        if header is None:
            yield pull.damage or _faulty(len(block))
            return
        if header.type in _NAMING:
            body = _extension(pull, header.size)
            if isinstance(body, Damage):
                yield body
                return
            if header.type == tarfile.GNUTYPE_LONGNAME:
                long_name = body.rstrip(b"\0").decode("utf-8", _ERRORS)
            else:
                long_name, long_size = _pax(body, long_name)
            continue
        size = header.size if long_size is None else long_size
        if header.type == tarfile.GNUTYPE_SPARSE:
            _pass_sparse_map(pull, block)
        has_body = header.isreg() or header.type not in tarfile.SUPPORTED_TYPES
        has_body |= header.type in _PASSED
        chunks_of_body = _body(pull, size if has_body else 0)
        name = long_name or header.name
        is_file = header.type in _FILES and not name.endswith("/")
        if is_file or header.type in _OTHERS:
            yield TarEntry(name, size, chunks_of_body, _OTHERS.get(header.type))
        for _ in chunks_of_body:
            pass  # what nobody has read
        if pull.damage is not None:
            return
        pull.take(-size % BLOCK_BYTES if has_body else 0)
        if header.type not in _PASSED:
            long_name = long_size = None
    if not is_ended:
        yield Damage("truncated-archive", "wanted the end mark of the archive, found its end")


def _header(block: bytes) -> tarfile.TarInfo | None:
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", _ERRORS)
    except tarfile.HeaderError:
        return None
    return header if header.size >= 0 else None


def _body(pull: Pull, size: int) -> Iterator[Chunk]:
    left = size
    for piece in pull.stream(size):
        left -= len(piece)
        yield piece
    if left:
        found = f"wanted {size:,} bytes of a file, found the end of the archive before {left:,}"
        pull.damage = pull.damage or Damage("truncated-archive", found)
        yield pull.damage


def _pass_sparse_map(pull: Pull, block: bytes) -> None:
    at = _SPARSE_GOES_ON_AT
    while len(block) == BLOCK_BYTES and block[at]:
        block, at = pull.take(BLOCK_BYTES), 504


def _extension(pull: Pull, size: int) -> bytes | Damage:
    if size > EXTENSION_LIMIT_BYTES:
        return Damage(
            "damaged-archive",
            f"wanted a name of at most {EXTENSION_LIMIT_BYTES:,} bytes, found {size:,}",
        )
    body = pull.take(size)
    pull.take(-size % BLOCK_BYTES)
    return body if len(body) == size else pull.damage or _faulty(len(body))


def _pax(body: bytes, name: str | None) -> tuple[str | None, int | None]:
    """Return the name and size that records of `<length> <key>=<value>` tell, where they do."""
    size: int | None = None
    while body:
        length, space, _ = body.partition(b" ")
        if not space or not length.isdigit() or not 0 < int(length) <= len(body):
            break
        key, _, value = body[len(length) + 1 : int(length) - 1].partition(b"=")
        if key == b"path":
            name = value.decode("utf-8", _ERRORS)
        elif key == b"size" and value.isdigit():
            size = int(value)
        body = body[int(length) :]
    return name, size


def _faulty(found: int) -> Damage:
    if found < BLOCK_BYTES:
        return Damage("truncated-archive", "wanted a header of the archive, found its end")
    return Damage("damaged-archive", "wanted a header of the archive, found other bytes")
