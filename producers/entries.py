"""A feed's XML -> its items, in bounded memory: pure.

Items are found by their tags alone, so that one which is not well-formed costs no other.
"""

import re
from collections.abc import Iterable, Iterator

from producers.documents import Head
from producers.lines import LINE_LIMIT_BYTES, without_mark
from producers.parsed import Chunk, Damage, Frame, Unreadable
from uproar.records import PAYLOAD_LIMIT_BYTES

_NAMES = rb"(?:(?:atom|rss):)?(?:item|entry)|(?:at:)?deleted-entry"
_START = re.compile(rb"<(" + _NAMES + rb")(?=[\s>/])")
_EMPTY = re.compile(rb"<[^<>]{0,4096}/>")
_LONGEST_TAG_BYTES = 32
_KEPT_HEAD_BYTES = 1 << 16


def is_feed(head: bytes) -> bool:
    """Say whether an XML text begins as a feed does."""
    return re.search(rb"<(?:rss|rdf:RDF|channel|(?:atom:)?feed)[\s>]", head) is not None


def split_entries(
    chunks: Iterable[Chunk], limit_bytes: int = LINE_LIMIT_BYTES
) -> Iterator[Frame | Head]:
    """Yield the feed's head, then each item; an item over the limit or cut comes out as a fault.

    >>> list(split_entries([b"<rss><item><title>a</title></item>", b"</rss>"]))[1].raw
    b'<item><title>a</title></item>'
    """
    splitter = _Splitter(limit_bytes)
    for chunk in without_mark(chunks):
        if isinstance(chunk, Damage):
            yield splitter.cut(Unreadable(chunk.reason, chunk.detail))
            return
        yield from splitter.feed(chunk)
    if splitter.is_within:
        found = "wanted the end of the item, found the end of the file"
        yield splitter.cut(Unreadable("truncated-line", found))


class _Splitter:
    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._held = b""
        self._at = 0
        self._line = 1
        self._end: bytes | None = None  # of the item that is open
        self._head: bytes | None = b""  # None once it is told

    @property
    def is_within(self) -> bool:
        return self._end is not None

    def feed(self, chunk: bytes) -> Iterator[Frame | Head]:
        self._held += chunk
        while True:
            if self._end is None:
                found = _START.search(self._held)
                if found is None:
                    self._pass(max(0, len(self._held) - _LONGEST_TAG_BYTES))
                    return
                self._pass(found.start())
                if self._head is not None:
                    yield Head(self._head, 1)
                    self._head = None
                self._end = b"</" + found[1] + b">"
                self._at = 0
            end = self._find_end()
            if end is None:
                if len(self._held) > self._limit_bytes:
                    size = len(self._held)
                    wanted = f"wanted at most {self._limit_bytes:,} bytes, found {size:,}"
                    yield self.cut(Unreadable("line-too-long", f"{wanted} in one item"))
                return
            yield Frame(self._line, self._held[:end], end)
            self._forget(end)

    def _find_end(self) -> int | None:
        if self._at == 0:
            if b">" not in self._held:
                return None
            if empty := _EMPTY.match(self._held):
                return empty.end()
        end = self._end or b""
        found = self._held.find(end, self._at)
        if found >= 0:
            return found + len(end)
        self._at = max(1, len(self._held) - len(end))
        return None

    def _pass(self, count: int) -> None:
        if self._head is not None and len(self._head) < _KEPT_HEAD_BYTES:
            self._head += self._held[: min(count, _KEPT_HEAD_BYTES)]
        self._line += self._held.count(b"\n", 0, count)
        self._held = self._held[count:]

    def _forget(self, count: int) -> None:
        self._line += self._held.count(b"\n", 0, count)
        self._held = self._held[count:]
        self._end = None

    def cut(self, fault: Unreadable) -> Frame:
        """Give up the item that is open."""
        held = self._held if self.is_within else b""
        frame = Frame(self._line, held[:PAYLOAD_LIMIT_BYTES], len(held), 0, fault)
        self._forget(len(self._held))
        return frame
