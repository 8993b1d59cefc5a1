"""Streams of chunks: looked at before they are read, and read by count. Pure."""

from collections.abc import Iterator
from itertools import chain

from producers.parsed import Chunk, Damage


def peek(chunks: Iterator[Chunk], count: int) -> tuple[bytes, Iterator[Chunk]]:
    """Return the first bytes, fewer where there are no more, and the whole stream.

    >>> head, whole = peek(iter([b"a", b"bcd", b"e"]), 2)
    >>> head, list(whole)
    (b'ab', [b'abcd', b'e'])
    """
    head = b""
    for chunk in chunks:
        if isinstance(chunk, Damage):
            return head[:count], chain((head, chunk) if head else (chunk,), chunks)
        head += chunk
        if len(head) >= count:
            break
    return head[:count], chain((head,) if head else (), chunks)


class Tape(Iterator[Chunk]):
    """Hands out the beginning of a stream and remembers it, so that it can be read again.

    It ends before the stream does once `limit_bytes` went out.
    """

    def __init__(self, chunks: Iterator[Chunk], limit_bytes: int) -> None:
        self._chunks = chunks
        self._limit_bytes = limit_bytes
        self._kept: list[Chunk] = []
        self._size = 0
        self.damage: Damage | None = None
        """What the stream ended with, as far as it was read."""

    def __next__(self) -> Chunk:
        if self._size >= self._limit_bytes:
            raise StopIteration
        chunk = next(self._chunks)
        self._kept.append(chunk)
        if isinstance(chunk, Damage):
            self.damage = chunk
        else:
            self._size += len(chunk)
        return chunk

    def rewound(self) -> Iterator[Chunk]:
        """Return the stream from its first chunk; the tape itself is then no longer of use."""
        return chain(self._kept, self._chunks)


class Pull:
    """A stream of chunks that is taken by counts of bytes.

    `damage` is what it ended with, where that is one.
    """

    def __init__(self, chunks: Iterator[Chunk]) -> None:
        self._chunks = chunks
        self._rest = b""
        self.damage: Damage | None = None

    def take(self, count: int) -> bytes:
        """Return so many bytes; fewer only where the stream ends."""
        return b"".join(self.stream(count))

    def stream(self, count: int) -> Iterator[bytes]:
        """Yield so many bytes in pieces; fewer only where the stream ends."""
        while count:
            if not self._rest:
                chunk = None if self.damage else next(self._chunks, None)
                if chunk is None:
                    return
                if isinstance(chunk, Damage):
                    self.damage = chunk
                    return
                self._rest = chunk
            piece, self._rest = self._rest[:count], self._rest[count:]
            count -= len(piece)
            if piece:
                yield piece
