"""Unpacking by content: pure, in bounded memory. The name of a file says nothing."""

import bz2
import lzma
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import msgspec
import zstandard

from producers.chunks import peek
from producers.parsed import Chunk, Damage

MAX_PIECE_BYTES = 1 << 20
_ZSTD_INPUT_BYTES = 256  # its decoder takes no limit: little in, not too much out
_ZSTD_MAX_WINDOW_BYTES = 2**31  # the archives of Reddit are packed with such a window
_XZ_MEMORY_BYTES = 128 * 1024 * 1024  # `xz -9` needs 65 MiB to unpack

BOMB_RATIO = 1_000
"""Bytes out per byte on disk. Posts pack 3 to 30 to one; gzip cannot pack more than 1,032."""
BOMB_FREE_BYTES = 256 * 1024 * 1024
"""What may come out whatever the ratio: little enough to read, and copies of one line pack well."""


class Budget:
    """What the layers of one file on disk may give, by what was read of it so far.

    Reading takes little memory however much comes out, so this guards time alone.
    """

    def __init__(self, ratio: int = BOMB_RATIO, free_bytes: int = BOMB_FREE_BYTES) -> None:
        self._ratio = ratio
        self._free_bytes = free_bytes
        self._given: Counter[int] = Counter()
        self.taken = 0
        """Bytes read from disk."""

    def give(self, depth: int, count: int) -> Damage | None:
        """Note what came out of the decoders at a depth; return a damage where it is too much."""
        self._given[depth] += count
        given = self._given[depth]
        if given <= self._free_bytes or given <= self._ratio * self.taken:
            return None
        found = f"found {given:,} bytes in the first {self.taken:,}"
        return Damage(
            "compression-bomb", f"wanted at most {self._ratio:,} bytes for each one packed, {found}"
        )


class _Decoder(Protocol):
    """One compressed member (gzip's word; zstandard says frame) being unpacked."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> Iterator[bytes]: ...


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._inner = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, /) -> Iterator[bytes]:
        while data and not self._inner.eof:
            yield self._inner.decompress(data, MAX_PIECE_BYTES)
            data = self._inner.unconsumed_tail


class _Limited:
    """Of bzip2 and xz, whose decoders of the standard library are alike."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, /) -> Iterator[bytes]:
        yield self._inner.decompress(data, MAX_PIECE_BYTES)
        while not self._inner.eof and not self._inner.needs_input:
            yield self._inner.decompress(b"", MAX_PIECE_BYTES)


class _Zstandard:
    def __init__(self) -> None:
        unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW_BYTES)
        self._inner = unpacker.decompressobj()
        self._rest = b""

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data + self._rest

    def decompress(self, data: bytes, /) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_INPUT_BYTES):
            yield self._inner.decompress(data[start : start + _ZSTD_INPUT_BYTES])
            if self._inner.eof:
                self._rest = data[start + _ZSTD_INPUT_BYTES :]
                return


def _xz() -> _Limited:
    return _Limited(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES))


class Packing(msgspec.Struct, frozen=True):
    """A way to compress: how it begins, and what unpacks it.

    `may_repeat`: several in a row, and zero bytes behind them, count as one.
    """

    magic: bytes
    new: Callable[[], _Decoder]
    may_repeat: bool = True


PACKINGS = (
    Packing(b"\x1f\x8b", lambda: _Zlib(31)),
    Packing(b"BZh", lambda: _Limited(bz2.BZ2Decompressor())),
    Packing(b"\x28\xb5\x2f\xfd", _Zstandard),
    Packing(b"\xfd7zXZ\x00", _xz),
)
"""What is known by its first bytes: gzip, bzip2, zstandard, xz."""
DEFLATE = Packing(b"", lambda: _Zlib(-15), may_repeat=False)
"""Of zip: has no mark of its own."""
LONGEST_MAGIC = max(len(packing.magic) for packing in PACKINGS)


def packing_of(head: bytes) -> Packing | None:
    """Tell by the first `LONGEST_MAGIC` bytes how something is packed; None where it is not.

    >>> packing_of(b'{"text": "Hello"}') is None
    True
    """
    return next((packing for packing in PACKINGS if head.startswith(packing.magic)), None)


def unpack(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Yield the content of what is plain, or packed once with any of `PACKINGS`."""
    head, whole = peek(iter(chunks), LONGEST_MAGIC)
    packing = packing_of(head)
    return decompress(whole, packing, Budget(), 1) if packing else whole


def decompress(
    chunks: Iterator[Chunk], packing: Packing, budget: Budget, depth: int
) -> Iterator[Chunk]:
    """Yield what is packed, read to the last of several members, in pieces of bounded size.

    Guarantee: what could be unpacked before a damage, an early end or more than the budget allows
    comes out, then one `Damage` and nothing after it. A damage of the chunks is passed on.
    """
    decoder: _Decoder | None = None
    is_done = False
    try:
        for chunk in chunks:
            if isinstance(chunk, Damage):
                yield chunk
                return
            rest = b"" if is_done else chunk
            while rest:
                if decoder is None:
                    # Tape blocks end in zero bytes: padding, says gzip's manual.
                    rest = rest.lstrip(b"\0") if packing.may_repeat else rest
                    if not rest:
                        break
                    decoder = packing.new()
                for piece in filter(None, decoder.decompress(rest)):
                    yield piece
                    if damage := budget.give(depth, len(piece)):
                        yield damage
                        return
                rest = decoder.unused_data if decoder.eof else b""
                is_done = decoder.eof and not packing.may_repeat
                decoder = None if decoder.eof else decoder
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError) as error:
        yield Damage("damaged-archive", f"wanted compressed data, found a fault in it: {error}")
        return
    if decoder is not None:
        yield Damage(
            "truncated-archive", "wanted the end mark of the compressed data, found the file's end"
        )
