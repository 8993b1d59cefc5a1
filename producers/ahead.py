"""A large file of lines, looked through ahead by other processes, for one core is not enough.

They only say which lines are posts that go no further, and when those were seen. Every other line
is read again where the replay runs, by the same rules and in the order of the file, so that what
comes of a file is the same with and without them. They get lines and entities, no secret, and send
nothing. One that dies costs time alone: what it would have said is looked up here. Where all of
them are busy, the replay reads a block itself, so that its core does not wait for theirs.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
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

BLOCK_BYTES = 32 * 1024
"""So many that wait fit into the buffer of a socket: they are handed over while another is read."""
WORTHWHILE_BYTES = 16 * 1024 * 1024
"""Of a file as it lies on disk: a smaller one is read before the processes have started."""
_BLOCKS_EACH = 5  # one under work, and those that wait
_BLOCKS_HELD = 16
"""For each process: so many may wait for the first of them, which bounds memory."""
_READ_AGAIN = 0.1
"""Share of the lines of a stretch above which looking ahead costs more than it saves,"""
_STRETCH_LINES = 128
"""how long the stretches are that are judged, at least, and"""
_BLOCKS_ALONE = 128
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
    """Whole lines, the first of which is number `first`, and the process that looks at them.

    Without one, its records, which were read here.
    """

    first: int
    lines: bytes
    scout: "_Scout | None" = None
    records: "Sequence[tuple[Frame, Sequence[Parsed | Passed]]]" = ()

    def is_ready(self) -> bool:
        """Tell whether it can be gone on with at once."""
        return self.scout is None or self.scout.has_answered()

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
        self.blocks_seen = 0
        """How many blocks they have looked through, of all that were read."""

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
        held: deque[_Block] = deque()
        alone = seen = again = 0
        is_done = False
        try:
            scouts = self._started()
            for piece in blocks(without_mark(to_utf8(lines.chunks))):
                if isinstance(piece, _Rest):
                    for block in held:
                        answer = block.answer()
                        self.blocks_seen += answer is not None
                        yield from _records(block, answer, parse)
                    for frame in split_rest(piece.chunks, LINE_LIMIT_BYTES, piece.first):
                        yield frame, (frame.fault,) if frame.fault else parse(frame.raw)
                    break
                alone = max(0, alone - 1)
                scout = None if alone else next((one for one in scouts if one.has_room()), None)
                if scout:
                    scout.ask(_Question(lines.shape, now(), piece.lines))
                    held.append(_Block(piece.first, piece.lines, scout))
                else:  # all are busy: instead of waiting for them, this core reads, too
                    read = list(_read(piece.first, piece.lines, None, parse))
                    held.append(_Block(piece.first, piece.lines, None, read))
                while held and (held[0].is_ready() or len(held) > _BLOCKS_HELD * self._processes):
                    block = held.popleft()
                    answer = block.answer()
                    if answer:
                        self.blocks_seen += 1
                        seen, again = seen + len(answer[0]), again + answer[0].count(None)
                    if seen >= _STRETCH_LINES:
                        alone = _BLOCKS_ALONE if again > _READ_AGAIN * seen else alone
                        seen = again = 0
                    yield from _records(block, answer, parse)
            is_done = True
        finally:
            if not is_done:
                self.stop()  # what they say now would be taken for an answer to the next question

    def begin(self) -> None:
        """Start the processes, and wait until they look; else a reading begins without them."""
        for scout in self._started():
            scout.begin()

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


def _records(block: _Block, answer: _Answer | None, parse: Parse) -> Records:
    if block.scout is None:
        return iter(block.records)
    return _read(block.first, block.lines, answer, parse)


def _read(first: int, whole: bytes, answer: _Answer | None, parse: Parse) -> Records:
    lines = whole.split(b"\n")[:-1]
    times, sizes = answer or ([None] * len(lines), [0] * len(lines))
    for number, (raw, at, characters) in enumerate(zip(lines, times, sizes, strict=True), first):
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
        self._has_begun = False
        self._open = 0

    def begin(self) -> None:
        """Wait until it looks, if it does not yet."""
        if not self._has_begun:
            self._has_begun = self._receive() is not None

    def has_room(self) -> bool:
        """Tell whether it can be asked now, without waiting for what it was asked before."""
        if not self._has_begun and self.has_answered():
            self.begin()
        return self._has_begun and self._open - self.has_answered() < _BLOCKS_EACH

    def has_answered(self) -> bool:
        """Tell whether it can be listened to now; also where it will say no more."""
        try:
            return not self._is_alive or self._ours.poll()
        except OSError:
            return True

    def ask(self, question: _Question) -> None:
        self._open += 1
        try:
            if self._is_alive:
                self._ours.send_bytes(msgspec.msgpack.encode(question))
        except OSError:
            self._is_alive = False

    def answer(self) -> _Answer | None:
        """Return what it says to the oldest question; None where it has died."""
        self._open -= 1
        said = self._receive()
        return None if said is None else _ANSWER.decode(said)

    def _receive(self) -> bytes | None:
        try:
            if self._is_alive:
                return self._ours.recv_bytes()
        except (EOFError, OSError):
            self._is_alive = self._has_begun = False
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
    said = b""  # first of all that it has started
    while True:
        try:
            connection.send_bytes(said)
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
        said = msgspec.msgpack.encode((times, sizes))


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
