"""A large file of lines, looked through ahead by other processes, for one core is not enough.

They only say which lines are posts that go no further, and when those were seen. Every other line
is read again where the replay runs, by the same rules and in the order of the file, so that what
comes of a file is the same with and without them. They get lines and entities, no secret, and send
nothing. One that dies costs time alone: what it would have said is looked up here.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain, cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType

import msgspec

from producers.admit import admit, observed
from producers.encodings import to_utf8
from producers.filter import goes_further
from producers.formats import Parse
from producers.inputs import Part
from producers.lines import LINE_LIMIT_BYTES, frame_line, split_rest, without_mark
from producers.parsed import Chunk, Damage, Draft, Frame, Parsed, Passed
from producers.shapes import Shape, reader_of
from uproar.config import Entity
from uproar.mentions import MentionMatcher

BLOCK_BYTES = 128 * 1024
"""Fits into the buffer of a socket, so that a block can be handed over while another is read."""
WORTHWHILE_BYTES = 16 * 1024 * 1024
"""Of a file as it lies on disk: a smaller one is read before the processes have started."""
_BLOCKS_EACH = 2  # one under work, and one that waits
_READ_AGAIN = 0.1
"""Share of the lines of a block above which looking ahead costs more than it saves, and"""
_BLOCKS_ALONE = 32
"""how many blocks are then read without."""

Records = Iterator[tuple[Frame, Sequence[Parsed | Passed]]]


class Rules(msgspec.Struct, frozen=True):
    """What decides that a post goes no further; without entities, every post does not.

    Those from `start` until before `end` are looked at, either may be open.
    """

    entities: tuple[Entity, ...]
    start: datetime | None = None
    end: datetime | None = None


class _Block(msgspec.Struct, frozen=True):
    """Whole lines, the first of which is number `first`, and the process that looks at them."""

    first: int
    lines: bytes
    scout: "_Scout | None" = None

    def answer(self) -> "_Answer | None":
        """Return what was said of it, if it was asked for."""
        return self.scout.answer() if self.scout else None


class _Rest(msgspec.Struct, frozen=True):
    """What has no more whole lines of usual length, from line `first` on."""

    first: int
    chunks: Iterator[Chunk]


class _Question(msgspec.Struct, frozen=True):
    shape: Shape
    received_at: datetime
    lines: bytes


_Answer = tuple[list[datetime | None], list[int]]
"""For each line, when it was seen, None where it is to be read again; and its characters."""
_QUESTION = msgspec.msgpack.Decoder(_Question)
_ANSWER: msgspec.msgpack.Decoder[_Answer] = msgspec.msgpack.Decoder(_Answer)


class Scouts:
    """Processes that look ahead. They start with the first large file and end with the context.

    With `processes` 0 there are none, and every file is read where it was.
    """

    def __init__(
        self, rules: Rules, processes: int, *, worthwhile_bytes: int = WORTHWHILE_BYTES
    ) -> None:
        self._rules = rules
        self._processes = processes
        self._worthwhile_bytes = worthwhile_bytes
        self._scouts: list[_Scout] = []

    def __enter__(self) -> "Scouts":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def records(self, part: Part, now: Callable[[], datetime]) -> Records:
        """Yield the records of a part in its order, those that go no further as `Passed`.

        Guarantee: an `Intake` by the same rules judges them as it judges `part.records`.
        """
        lines = part.lines
        is_large = part.source.size_bytes >= self._worthwhile_bytes
        if lines is None or not is_large or not self._processes:
            yield from part.records
            return
        parse = reader_of(lines.shape, None)
        asked: deque[_Block] = deque()
        alone = 0
        is_done = False
        try:
            scouts = cycle(self._started())
            for piece in blocks(without_mark(to_utf8(lines.chunks))):
                if isinstance(piece, _Rest):
                    for block in asked:
                        yield from _read(block, block.answer(), parse)
                    for frame in split_rest(piece.chunks, LINE_LIMIT_BYTES, piece.first):
                        yield frame, (frame.fault,) if frame.fault else parse(frame.raw)
                    break
                alone = max(0, alone - 1)
                scout = None if alone else next(scouts)
                if scout:
                    scout.ask(_Question(lines.shape, now(), piece.lines))
                asked.append(_Block(piece.first, piece.lines, scout))
                if len(asked) >= _BLOCKS_EACH * self._processes:
                    block = asked.popleft()
                    answer = block.answer()
                    if answer and answer[0].count(None) > _READ_AGAIN * len(answer[0]):
                        alone = _BLOCKS_ALONE
                    yield from _read(block, answer, parse)
            is_done = True
        finally:
            if not is_done:
                self.stop()  # what they say now would be taken for an answer to the next question

    def pids(self) -> list[int]:
        """Return the ids of the processes that run."""
        return [scout.pid for scout in self._scouts]

    def stop(self) -> None:
        """End the processes; they start again where they are needed."""
        for scout in self._scouts:
            scout.stop()
        self._scouts = []

    def _started(self) -> "list[_Scout]":
        if not self._scouts:
            self._scouts = [_Scout(self._rules) for _ in range(self._processes)]
        return self._scouts


def processes_for(wanted: int) -> int:
    """Return how many processes are of use where so many are wanted: the replay needs a core."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(wanted, (cores or 1) - 1)


def blocks(stream: Iterator[Chunk]) -> Iterator[_Block | _Rest]:
    """Cut a stream into blocks of whole lines; what follows the last of them comes as a rest."""
    held = b""
    first = 1
    damage: list[Chunk] = []
    for chunk in stream:
        if isinstance(chunk, Damage):
            damage.append(chunk)
            break
        held += chunk
        start = 0
        while len(held) - start >= BLOCK_BYTES:
            end = held.rfind(b"\n", start, start + BLOCK_BYTES) + 1
            end = end or held.find(b"\n", start + BLOCK_BYTES) + 1
            if not end:
                break
            yield _Block(first, held[start:end])
            first += held.count(b"\n", start, end)
            start = end
        held = held[start:]
        if len(held) > LINE_LIMIT_BYTES:
            break
    yield _Rest(first, chain((held,), damage, stream))


def _read(block: _Block, answer: _Answer | None, parse: Parse) -> Records:
    lines = block.lines.split(b"\n")[:-1]
    times, sizes = answer or ([None] * len(lines), [0] * len(lines))
    for number, (raw, at, characters) in enumerate(
        zip(lines, times, sizes, strict=True), block.first
    ):
        if at is not None:
            yield Frame(number, raw, len(raw)), (Passed(at, characters),)
        else:
            for frame in frame_line(number, raw, len(raw), LINE_LIMIT_BYTES):
                yield frame, (frame.fault,) if frame.fault else parse(frame.raw)


class _Scout:
    """One process, seen from the replay. It answers in the order in which it was asked."""

    def __init__(self, rules: Rules) -> None:
        context = get_context("spawn")  # a copy of us would hold our connections and threads
        self._ours, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_look, args=(theirs, rules), name="uproar-scout", daemon=True
        )
        self._process.start()
        theirs.close()
        self.pid = self._process.pid or 0
        self._is_alive = True

    def ask(self, question: _Question) -> None:
        try:
            if self._is_alive:
                self._ours.send_bytes(msgspec.msgpack.encode(question))
        except OSError:
            self._is_alive = False

    def answer(self) -> _Answer | None:
        """Return what it says to the oldest question; None where it has died."""
        try:
            if self._is_alive:
                return _ANSWER.decode(self._ours.recv_bytes())
        except (EOFError, OSError):
            self._is_alive = False
        return None

    def stop(self) -> None:
        self._ours.close()  # so it also ends by itself, should we be killed
        self._process.kill()  # it holds nothing that could be lost
        self._process.join()
        self._process.close()


def _look(connection: Connection, rules: Rules) -> None:
    """Answer questions until nobody can ask any more; what runs in the other process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the replay's to answer
    matcher = MentionMatcher(rules.entities) if rules.entities else None
    shape: Shape | None = None
    parse: Parse | None = None
    while True:
        try:
            question = _QUESTION.decode(connection.recv_bytes())
        except (EOFError, OSError):
            return
        if parse is None or question.shape != shape:
            shape, parse = question.shape, reader_of(question.shape, None)
        seen = [
            look_at(raw, parse, matcher, rules, question.received_at)
            for raw in question.lines.split(b"\n")[:-1]
        ]
        times = [passed.at if passed else None for passed in seen]
        sizes = [passed.characters if passed else 0 for passed in seen]
        try:
            connection.send_bytes(msgspec.msgpack.encode((times, sizes)))
        except OSError:
            return


def look_at(
    raw: bytes,
    parse: Parse,
    matcher: MentionMatcher | None,
    rules: Rules,
    received_at: datetime,
) -> Passed | None:
    """Say that a line is a post that goes no further, None where it is to be read again."""
    if not raw or raw.isspace() or len(raw) > LINE_LIMIT_BYTES:
        return None
    values = parse(raw)
    draft = values[0]
    if len(values) > 1 or not isinstance(draft, Draft):
        return None
    created_at = admit(draft, received_at)
    if not isinstance(created_at, datetime):
        return None
    at = observed(draft, created_at, received_at)
    is_within = (rules.start is None or at >= rules.start) and (rules.end is None or at < rules.end)
    if is_within and matcher is not None and goes_further(draft, matcher, keep_all=False):
        return None
    return Passed(at, len(draft.text or ""))
