"""Unpacking by content: pure, in bounded memory. The name of a file says nothing."""

import bz2
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Protocol

import zstandard

from producers.parsed import Chunk, Damage

MAX_PIECE_BYTES = 1 << 20
_ZSTD_INPUT_BYTES = 256  # its decoder takes no limit: little in, not too much out
_ZSTD_MAX_WINDOW_BYTES = 2**31  # the archives of Reddit are packed with such a window


class _Decoder(Protocol):
    """One compressed member (gzip's word; zstandard says frame) being unpacked."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> Iterator[bytes]: ...


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

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


class _Bzip2:
    def __init__(self) -> None:
        self._inner = bz2.BZ2Decompressor()

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


_DECODERS: dict[bytes, Callable[[], _Decoder]] = {
    b"\x1f\x8b": _Gzip,
    b"BZh": _Bzip2,
    b"\x28\xb5\x2f\xfd": _Zstandard,
}


def unpack(pieces: Iterable[bytes]) -> Iterator[Chunk]:
    """Yield the content of a file that is plain or packed with gzip, bzip2 or zstandard.

    Archives of several members are read to the last. Guarantee: what could be unpacked before a
    damage or an early end comes out, then one `Damage` and nothing after it.
    """
    stream = iter(pieces)
    head = b""
    for piece in stream:
        head += piece
        if len(head) >= max(map(len, _DECODERS)):
            break
    whole = chain((head,), stream)
    for magic, decoder in _DECODERS.items():
        if head.startswith(magic):
            yield from _members(whole, decoder)
            return
    yield from (piece for piece in whole if piece)


def _members(pieces: Iterator[bytes], new: Callable[[], _Decoder]) -> Iterator[Chunk]:
    decoder: _Decoder | None = None
    try:
        for piece in pieces:
            rest = piece
            while rest:
                if decoder is None:
                    # Tape blocks end in zero bytes: padding, says gzip's manual.
                    rest = rest.lstrip(b"\0")
                    if not rest:
                        break
                    decoder = new()
                yield from filter(None, decoder.decompress(rest))
                rest = decoder.unused_data if decoder.eof else b""
                decoder = None if decoder.eof else decoder
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        yield Damage("damaged-archive", f"wanted compressed data, found a fault in it: {error}")
        return
    if decoder is not None:
        yield Damage(
            "truncated-archive", "wanted the end mark of the compressed data, found the file's end"
        )
