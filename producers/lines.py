"""Bytes -> lines, in bounded memory: pure."""

from collections.abc import Iterable, Iterator

from producers.parsed import Chunk, Damage, Frame, Unreadable
from uproar.records import PAYLOAD_LIMIT_BYTES

LINE_LIMIT_BYTES = 16 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def split_lines(chunks: Iterable[Chunk], limit_bytes: int = LINE_LIMIT_BYTES) -> Iterator[Frame]:
    r"""Yield each line that is not blank, without its line feed; positions count from 1.

    A line over the limit is not held: it comes out as a fault with its first bytes and its true
    size. After a `Damage`, the line that it cut comes out as a fault.

    >>> [(line.position, line.raw) for line in split_lines([b"a\n\nb", b"c"])]
    [(1, b'a'), (3, b'bc')]
    """
    return split_rest(without_mark(chunks), limit_bytes, 1)


def split_rest(chunks: Iterable[Chunk], limit_bytes: int, first: int) -> Iterator[Frame]:
    """Do as `split_lines` does with what is left of a stream, from the line numbered `first` on."""
    number = first
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        if isinstance(chunk, Damage):
            yield _cut(number, held, size, chunk)
            return
        if not size and not chunk.lstrip(b"\n"):  # a file may be padded with a great many
            number += len(chunk)
            continue
        head, *ended = chunk.split(b"\n")
        for following in ended:
            if size:
                _hold(held, head, size, limit_bytes)
                yield from frame_line(number, b"".join(held), size + len(head), limit_bytes)
                held, size = [], 0
            elif head and len(head) <= limit_bytes and not head.isspace():
                yield Frame(number, head, len(head))  # as in `frame_line`: nearly all come this way
            elif head:
                yield from frame_line(number, head, len(head), limit_bytes)
            number += 1
            head = following
        _hold(held, head, size, limit_bytes)
        size += len(head)
    yield from frame_line(number, b"".join(held), size, limit_bytes)


def without_mark(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Drop UTF-8's byte order mark from the start of a stream."""
    head = b""
    stream = iter(chunks)
    for chunk in stream:
        if isinstance(chunk, Damage):
            if head:
                yield head
            yield chunk
            return
        head += chunk
        if len(head) >= len(_BYTE_ORDER_MARK):
            break
    yield head.removeprefix(_BYTE_ORDER_MARK)
    yield from stream


def _hold(held: list[bytes], piece: bytes, size: int, limit_bytes: int) -> None:
    """Keep a piece of an unfinished line, but of one that is too long only the first bytes."""
    if size + len(piece) <= limit_bytes:
        if piece:
            held.append(piece)
        return
    start = b"".join(held)[:PAYLOAD_LIMIT_BYTES]
    held[:] = [start + piece[: PAYLOAD_LIMIT_BYTES - len(start)]]


def frame_line(number: int, raw: bytes, size: int, limit_bytes: int) -> Iterator[Frame]:
    """Yield one line, unless it is blank; one of too many bytes as a fault."""
    if size > limit_bytes:
        fault = Unreadable(
            "line-too-long", f"wanted at most {limit_bytes:,} bytes, found a line of {size:,}"
        )
        yield Frame(number, raw[:PAYLOAD_LIMIT_BYTES], size, 0, fault)
    elif raw and not raw.isspace():
        yield Frame(number, raw, size)


def _cut(number: int, held: list[bytes], size: int, damage: Damage) -> Frame:
    fault = Unreadable(damage.reason, damage.detail)
    return Frame(number, b"".join(held)[:PAYLOAD_LIMIT_BYTES], size, 0, fault)
