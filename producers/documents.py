"""JSON objects over many lines, and arrays within one, in bounded memory: pure.

An export is often one object: some words about itself, then an array with all there is. Such an
array is taken apart as it is read, and what stands around it is the head of its elements.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from producers.arrays import ArraySplitter
from producers.lines import LINE_LIMIT_BYTES, without_mark
from producers.parsed import Chunk, Damage, Frame, Unreadable
from uproar.records import PAYLOAD_LIMIT_BYTES

ARRAYS = frozenset({b"messages", b"orderedItems", b"items", b"posts", b"statuses"})
"""Keys of arrays that hold records, in an object that is a whole file or a page."""

_DEEPEST = 4
"""How deep the object may lie that has the array: `chats.list[].messages` in Telegram's export."""
_DEEP_KEYS = frozenset({b"messages"})

_TO_MARK = re.compile(rb'[^"{}\[\],:]*+')
_STRING = re.compile(rb'"([^"\\]*+(?:\\.[^"\\]*+)*)"', re.DOTALL)
_QUOTE, _COLON, _BRACE = b'":{'
_BETWEEN = b" \t\r\n,"


class Head(msgspec.Struct, frozen=True, gc=False):
    """An object as far as it was read when the array began, closed; `depth` is 1 for a file's."""

    raw: bytes
    depth: int


def split_objects(
    chunks: Iterable[Chunk],
    arrays: frozenset[bytes] = frozenset(),
    limit_bytes: int = LINE_LIMIT_BYTES,
) -> Iterator[Frame | Head]:
    """Yield each object, wherever its lines end; of one with such arrays, their elements instead.

    A head comes before the elements of its array. `position` is the line that something starts in.
    What is no object, is too long, or is cut by the end of the file comes out as a fault.

    >>> [piece.raw for piece in split_objects([b'{"a":', b' 1}', b'{"items": [1, 2]}'], ARRAYS)]
    [b'{"a": 1}', b'{"items": []}', b'1', b'2']
    """
    splitter = _Splitter(arrays, limit_bytes)
    for chunk in without_mark(chunks):
        if isinstance(chunk, Damage):
            yield from splitter.stop(Unreadable(chunk.reason, chunk.detail))
            return
        yield from splitter.feed(chunk)
    yield from splitter.finish()


class _Splitter:
    """The object that is open, and what of it must be kept."""

    def __init__(self, arrays: frozenset[bytes], limit_bytes: int) -> None:
        self._arrays = arrays
        self._limit_bytes = limit_bytes
        self._held = b""
        self._start = 0  # where in it the object begins, or what stands before one
        self._at = 0  # how far it has been looked at
        self._line = 1  # of `_start`
        self._open: list[tuple[int, bool]] = []  # where in it, and is it an object
        self._key: bytes | None = None
        self._word: bytes | None = None
        self._has_array = False
        self._array: ArraySplitter | None = None
        self._lost: _Lost | None = None  # the object that is over the limit

    def feed(self, chunk: bytes) -> Iterator[Frame | Head]:
        if self._lost is not None:
            chunk = self._skip(chunk)
            if not chunk:
                return
            yield self._too_long()
        while chunk:
            if self._array is not None:
                yield from self._array.feed(chunk)
                if not self._array.has_ended:
                    return
                chunk = self._array.rest
                self._line = self._array.line - self._held.count(b"\n", self._start)
                self._array = None
            self._held += chunk
            chunk = b""
            for piece in self._look():
                if isinstance(piece, bytes):
                    chunk = piece
                else:
                    yield piece
        self._trim()

    def _look(self) -> Iterator[Frame | Head | bytes]:
        """Go through what is held; where an array begins, end with the bytes from there on."""
        while True:
            found = _TO_MARK.match(self._held, self._at)
            self._at = found.end() if found else self._at
            if self._at >= len(self._held):
                break
            mark = self._held[self._at]
            if mark == _QUOTE:
                string = _STRING.match(self._held, self._at)
                if string is None:
                    break
                self._word, self._at = string[1], string.end()
                continue
            self._at += 1
            if mark in b":,":
                self._key = self._word if mark == _COLON else None
            elif mark in b"{[":
                if self._is_array(mark):
                    yield from self._enter()
                    return
                yield from self._descend(is_object=mark == _BRACE)
            elif self._open:
                yield from self._close()
        if len(self._held) - self._start > self._limit_bytes:
            self._lost = _Lost(self._line, self._held[self._start :])
            self._held, self._start, self._at = b"", 0, 0
            self._open, self._key, self._has_array = [], None, False

    def _is_array(self, mark: int) -> bool:
        if mark == _BRACE or self._key not in self._arrays or not self._open:
            return False
        depth = len(self._open)
        is_in_reach = depth == 1 or (depth <= _DEEPEST and self._key in _DEEP_KEYS)
        return self._open[-1][1] and is_in_reach

    def _enter(self) -> Iterator[Head | bytes]:
        rest = self._held[self._at - 1 :]
        line = self._line + self._held.count(b"\n", self._start, self._at - 1)
        self._held = self._held[: self._at - 1] + b"[]"
        self._at = len(self._held)
        self._key = None
        self._has_array = True
        self._array = ArraySplitter(self._limit_bytes, line, stops=True)
        yield Head(self._held[self._open[-1][0] :] + b"}", len(self._open))
        yield rest

    def _descend(self, *, is_object: bool) -> Iterator[Frame]:
        start = self._at - 1
        self._key = None
        if self._open:
            self._open.append((start, is_object))
        elif is_object:
            yield from self._outside(start)
            self._open.append((start, is_object))

    def _close(self) -> Iterator[Frame]:
        start, _ = self._open.pop()
        self._key = None
        if self._open:
            if self._has_array:
                self._shorten(start)
            return
        if not self._has_array:
            raw = self._held[start : self._at]
            yield Frame(self._line, raw, len(raw))
        self._has_array = False
        self._begin(self._at)

    def _shorten(self, start: int) -> None:
        """Forget what was read of a file whose records stand in arrays."""
        self._line += self._held.count(b"\n", start, self._at)
        self._held = self._held[:start] + b"null" + self._held[self._at :]
        self._at = start + len(b"null")

    def _outside(self, start: int) -> Iterator[Frame]:
        between = self._held[self._start : start].strip(_BETWEEN)
        if between:
            fault = Unreadable("not-json", "wanted a JSON object, found something else")
            yield Frame(self._line, between[:PAYLOAD_LIMIT_BYTES], len(between), 0, fault)
        self._begin(start)

    def _begin(self, at: int) -> None:
        self._line += self._held.count(b"\n", self._start, at)
        self._start = at

    def _trim(self) -> None:
        """Let go of what came before the object that is open."""
        self._held, self._at = self._held[self._start :], self._at - self._start
        self._open = [(start - self._start, is_object) for start, is_object in self._open]
        self._start = 0

    def _skip(self, chunk: bytes) -> bytes:
        """Go on in an object that is too long; return the bytes from the next one on, if any.

        Within so long an object nothing tells what is what: the next begins with its line.
        """
        lost = self._lost
        if lost is None:
            return chunk
        tail = lost.tail + chunk
        at = tail.find(b"\n{")
        passed = len(tail) if at < 0 else at + 1
        lost.pass_over(tail[len(lost.tail) : passed], tail[-1:] if at < 0 else b"")
        return b"" if at < 0 else tail[passed:]

    def _too_long(self) -> Frame:
        lost, self._lost = self._lost, None
        if lost is None:
            raise AssertionError("nothing was lost")
        self._line = lost.line + lost.newlines
        found = f"wanted at most {self._limit_bytes:,} bytes, found {lost.size:,} in one object"
        return Frame(lost.line, lost.payload, lost.size, 0, Unreadable("line-too-long", found))

    def stop(self, fault: Unreadable) -> Iterator[Frame]:
        """End before the object does."""
        if self._lost is not None:
            yield self._too_long()
        if self._array is not None:
            yield from self._array.stop(fault)
            return
        raw = self._held.strip()
        yield Frame(self._line, raw[:PAYLOAD_LIMIT_BYTES], len(raw), 0, fault)

    def finish(self) -> Iterator[Frame]:
        if self._lost is not None:
            yield self._too_long()
        elif self._array is not None:
            yield from self._array.finish()
        elif self._open:
            found = "wanted `}`, found the end of the file"
            yield from self.stop(Unreadable("truncated-line", found))
        else:
            yield from self._outside(len(self._held))


class _Lost:
    """An object over the limit: what is told of it."""

    def __init__(self, line: int, start: bytes) -> None:
        self.line = line
        self.payload = start[:PAYLOAD_LIMIT_BYTES]
        self.size = len(start)
        self.newlines = start.count(b"\n")
        self.tail = start[-1:]

    def pass_over(self, passed: bytes, tail: bytes) -> None:
        self.size += len(passed)
        self.newlines += passed.count(b"\n")
        self.tail = tail
