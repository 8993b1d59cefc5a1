"""Lines -> rows of a CSV (RFC 4180, read leniently): pure, in bounded memory.

A quoted cell may hold line feeds. A row that cannot be used costs no other row: where it took
several lines, all but the first are read again.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

from producers.parsed import Frame, Unreadable

ROW_LINES_LIMIT = 10_000
_DELIMITERS = (",", "\t", ";")


class Row(msgspec.Struct, frozen=True, gc=False):
    """The cells of one row and the frame that they were read from; none where it has a fault."""

    frame: Frame
    cells: tuple[str, ...] = ()


def split_rows(lines: Iterable[Frame]) -> Iterator[Row]:
    """Yield the header and then each row that has as many cells as the header.

    Any other row comes out with a fault in its frame: `not-utf8`, `wrong-shape`, or that of the
    line. A cell may have 131,072 characters, the limit of Python's csv module.
    """
    feed = _Feed(lines)
    header = feed.next_frame()
    if header is None:
        return
    delimiter = delimiter_of(header.raw)
    feed.give_back([header])
    width = 0
    while (line := feed.next_frame()) is not None:
        if line.fault is not None:
            yield Row(line)
            continue
        row = _plain_row(line, delimiter, width) if b'"' not in line.raw else None
        if row is None:
            feed.give_back([line])
            row = _read_row(feed, delimiter, width)
        width = width or len(row.cells)
        yield row


def delimiter_of(header: bytes) -> str:
    """Return what separates the cells: the one that makes the most of the header.

    >>> delimiter_of(b"id;text;created_at")
    ';'
    """
    return max(_DELIMITERS, key=lambda mark: header.count(mark.encode()))


class _Feed:
    """Lines for the csv module, with those remembered that the row at hand has used."""

    def __init__(self, lines: Iterable[Frame]) -> None:
        self._lines = iter(lines)
        self._waiting: deque[Frame] = deque()
        self.used: list[Frame] = []
        self.is_cut = False

    def next_frame(self) -> Frame | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def give_back(self, lines: list[Frame]) -> None:
        self._waiting.extendleft(reversed(lines))

    def __iter__(self) -> Iterator[str]:
        while len(self.used) < ROW_LINES_LIMIT:
            line = self.next_frame()
            if line is None:
                break
            if line.fault is not None:
                self.give_back([line])
                break
            # Blank lines are no lines for `split_lines`; within quotes they belong to the text.
            previous = self.used[-1].position if self.used else line.position - 1
            self.used.append(line)
            blank = "\n" * (line.position - previous - 1)
            yield blank + line.raw.decode("utf-8", "surrogateescape") + "\n"
        self.is_cut = bool(self.used)


def _read_row(feed: _Feed, delimiter: str, width: int) -> Row:
    """Read one row; `width` is how many cells it must have, 0 for the header itself."""
    feed.used, feed.is_cut = [], False
    fault: Unreadable | None = None
    cells: list[str] = []
    try:
        cells = next(csv.reader(feed, delimiter=delimiter))
    except (csv.Error, StopIteration) as error:
        fault = Unreadable("wrong-shape", f"wanted a row of a CSV, found: {error}")
    if feed.is_cut:
        fault = Unreadable("truncated-line", "wanted a closing quote, found the end")
    elif width and not fault and len(cells) != width:
        found = f"wanted {width} cells as in the header, found {len(cells)}"
        fault = Unreadable("wrong-shape", found)
    if fault and len(feed.used) > 1:
        feed.give_back(feed.used[1:])
        del feed.used[1:]
    frame = _joined(feed.used)
    if not fault:
        fault = _not_utf8(frame.raw)
    if fault:
        return Row(Frame(frame.position, frame.raw, frame.size_bytes, 0, fault))
    return Row(frame, tuple(cells))


def _plain_row(line: Frame, delimiter: str, width: int) -> Row | None:
    """Read a row without any quote, the fast way; None where it is not a good one."""
    try:
        cells = tuple(line.raw.decode().rstrip("\r").split(delimiter))
    except UnicodeDecodeError:
        return None
    return Row(line, cells) if not width or len(cells) == width else None


def _joined(lines: list[Frame]) -> Frame:
    if len(lines) == 1:
        return lines[0]
    raw = b"\n".join(line.raw for line in lines)
    return Frame(lines[0].position, raw, len(raw))


def _not_utf8(raw: bytes) -> Unreadable | None:
    if raw.isascii():
        return None
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return Unreadable("not-utf8", f"wanted UTF-8, found {error}")
    return None
