"""A JSON array -> its elements, in bounded memory and linear time: pure.

Only brackets, commas and strings are looked at; whether an element is good JSON is for its
reader to find.
"""

import re
from collections.abc import Iterable, Iterator

from producers.lines import LINE_LIMIT_BYTES, without_mark
from producers.parsed import Chunk, Damage, Frame, Unreadable
from uproar.records import PAYLOAD_LIMIT_BYTES

# Possessive quantifiers: a long string must neither be walked twice nor fill a stack.
# No group is possessive: up to Python 3.11.4 such a one loses what it has matched (gh-106052).
_STRING_BODY = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*', re.DOTALL)
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*"'
_TO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|' + _STRING + rb")*", re.DOTALL)
_TO_COMMA = re.compile(rb'(?:[^"{}\[\],]++|' + _STRING + rb")*", re.DOTALL)

_SPACE = b" \t\r\n"
_BETWEEN = _SPACE + b",;"


def split_array(chunks: Iterable[Chunk], limit_bytes: int = LINE_LIMIT_BYTES) -> Iterator[Frame]:
    """Yield each element of the array, and of any that follow it.

    `part` is its place, `position` the line it starts in.

    An element over the limit comes out as a fault with its first bytes and its true size, as does
    one that the end of the file cuts, and whatever else follows the array.

    >>> [(element.part, element.raw) for element in split_array([b'[{"a": "]"}', b", 2 ]"])]
    [(0, b'{"a": "]"}'), (1, b'2')]
    """
    splitter = ArraySplitter(limit_bytes)
    for chunk in without_mark(chunks):
        if isinstance(chunk, Damage):
            yield from splitter.stop(Unreadable(chunk.reason, chunk.detail))
            return
        yield from splitter.feed(chunk)
    yield from splitter.finish()


class ArraySplitter:
    """Where in the array the bytes seen so far end.

    One that `stops` leaves what follows the array in `rest`, and `has_ended` then.
    """

    def __init__(self, limit_bytes: int, line: int = 1, *, stops: bool = False) -> None:
        self._limit_bytes = limit_bytes
        self._stops = stops
        self.rest = b""
        self._depth = 0  # 0: outside, 1: between elements or in a bare one, 2 and more: within
        self._ended = False
        self._in_string = False
        self._is_escaped = False
        self._part = 0
        self._line = line
        self._held: list[bytes] = []
        self._size = 0
        self._newlines = 0
        self._start_line = 0

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """Yield the elements that end in the next stretch of bytes."""
        at = start = 0
        while at < len(chunk):
            if self._in_string:
                at = self._pass_string(chunk, at)
                continue
            pattern = _TO_COMMA if self._depth <= 1 else _TO_BRACKET
            found = pattern.match(chunk, at)
            at = found.end() if found else at
            if at == len(chunk):
                break
            mark = chunk[at : at + 1]
            at += 1
            if mark == b'"':
                self._in_string = True
            elif self._depth == 0:
                start = self._enter(chunk, at, start)
            elif mark in b"{[":
                self._depth += 1
            elif self._depth > 1 and mark in b"}]":
                self._depth -= 1
            elif mark in b",]":
                self._hold(chunk[start : at - 1])
                yield from self._element()
                start = at
                self._depth = 0 if mark == b"]" else 1
                self._ended = mark == b"]"
                if self._ended and self._stops:
                    self.rest = chunk[start:]
                    return
        self._hold(chunk[start:])

    @property
    def has_ended(self) -> bool:
        """Whether the array is complete."""
        return self._ended

    @property
    def line(self) -> int:
        """The line that the array ends in, once it has."""
        return self._line

    def _enter(self, chunk: bytes, at: int, start: int) -> int:
        """Begin the array, or the next one: pages are often written one behind the other."""
        if chunk[at - 1 : at] != b"[":
            return start
        between = chunk[start : at - 1]
        if self._ended and (self._size or between.strip(_BETWEEN)):
            return start
        if self._ended:
            self._line += between.count(b"\n")
            self._ended = False
        self._depth = 1
        return at

    def _pass_string(self, chunk: bytes, at: int) -> int:
        """Go on in a string that the last chunk, or this one, did not end."""
        if self._is_escaped:
            self._is_escaped = False
            at += 1
        body = _STRING_BODY.match(chunk, at)
        at = body.end() if body else at
        if at < len(chunk):
            self._in_string = chunk[at : at + 1] != b'"'
            self._is_escaped = self._in_string
            at += 1
        return at

    def _hold(self, piece: bytes) -> None:
        if not self._size:
            stripped = piece.lstrip(_SPACE)
            self._line += piece.count(b"\n", 0, len(piece) - len(stripped))
            self._start_line = self._line
            piece = stripped
        self._newlines += piece.count(b"\n")
        self._size += len(piece)
        if self._size <= self._limit_bytes:
            self._held.append(piece)
        else:
            self._held = [b"".join([*self._held, piece])[:PAYLOAD_LIMIT_BYTES]]

    def _take(self, fault: Unreadable | None) -> Frame:
        raw = b"".join(self._held)
        raw = raw[:PAYLOAD_LIMIT_BYTES] if fault else raw.rstrip(_SPACE)
        frame = Frame(self._start_line, raw, self._size if fault else len(raw), self._part, fault)
        self._line += self._newlines
        self._held, self._size, self._newlines = [], 0, 0
        self._part += 1
        return frame

    def _element(self) -> Iterator[Frame]:
        if self._size > self._limit_bytes:
            found = (
                f"wanted at most {self._limit_bytes:,} bytes, found {self._size:,} in one element"
            )
            yield self._take(Unreadable("line-too-long", found))
        elif self._size:
            yield self._take(None)

    def stop(self, fault: Unreadable) -> Iterator[Frame]:
        """End before the array does: a whole element still counts, the rest is at fault."""
        if self._depth == 1 and not self._in_string:
            yield from self._element()
        if not self._size:
            self._start_line = self._line
        yield self._take(fault)

    def finish(self) -> Iterator[Frame]:
        """End where the bytes do: it is a fault if the array has not, or more followed it."""
        if not self._ended:
            found = "wanted `]`, found the end of the file"
            yield from self.stop(Unreadable("truncated-line", found))
        elif self._size:
            yield self._take(Unreadable("not-json", "wanted nothing after the array, found more"))
