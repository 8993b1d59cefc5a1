"""Samples of where a process stands: which lines it is at most often. Pure.

A sample is the stack of one thread that is at work, from the outermost call to the line that it
is at, as py-spy writes it: `main (/x/a.py:11);read (/x/b.py:5) 71`.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

import msgspec

_OURS = ("uproar", "producers", "streams", "sinks", "dashboards")


_WAITING = {
    ("selectors.py", "select"), ("threading.py", "wait"), ("threading.py", "_wait_for_tstate_lock"),
    ("queue.py", "get"), ("socket.py", "accept"), ("socketserver.py", "serve_forever"),
}  # fmt: skip
"""Lines at which a thread stands that has nothing to do."""


class Frame(msgspec.Struct, frozen=True):
    """A place in the code; line 0 where it is in no file of Python's."""

    function: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """Say file and line.

        >>> Frame("read", "streams/assess.py", 12).place
        'streams/assess.py:12'
        """
        return f"{self.file}:{self.line}" if self.line else self.file


class Stack(msgspec.Struct, frozen=True):
    """A stack, outermost first, and how many samples found it."""

    frames: tuple[Frame, ...]
    samples: int


class Line(msgspec.Struct, frozen=True):
    """A line, the samples that were at it, and its share of all."""

    frame: Frame
    samples: int
    share: float


def parse_stacks(text: str) -> list[Stack]:
    """Read what py-spy writes with `--format raw`; a line of another form is passed over."""
    stacks = []
    for line in text.splitlines():
        frames, _, count = line.rpartition(" ")
        if frames and count.isdigit():
            stacks.append(Stack(tuple(_frame(part) for part in frames.split(";")), int(count)))
    return stacks


def at_work(stacks: Sequence[Stack]) -> list[Stack]:
    """Return the stacks without those that wait for others: py-spy takes some of them for work."""
    return [
        stack
        for stack in stacks
        if (stack.frames[-1].file, stack.frames[-1].function.rpartition(".")[2]) not in _WAITING
    ]


def hottest(stacks: Sequence[Stack], most: int = 10) -> list[Line]:
    """Return the lines that most samples were at, the hottest first."""
    counts: Counter[Frame] = Counter()
    for stack in stacks:
        counts[stack.frames[-1]] += stack.samples
    total = counts.total()
    return [Line(frame, count, count / total) for frame, count in counts.most_common(most)]


def shares_of_packages(stacks: Sequence[Stack]) -> list[tuple[str, float]]:
    """Return the share of the samples that stood in each package, the largest first."""
    counts: Counter[str] = Counter()
    for stack in stacks:
        counts[PurePath(stack.frames[-1].file).parts[0]] += stack.samples
    return [(name, count / counts.total()) for name, count in counts.most_common()]


def shortened(file: str) -> str:
    """Return a file without the folders above its package: no machine's paths in a document.

    >>> shortened("/opt/v/lib/python3.11/site-packages/kafka/codec.py")
    'kafka/codec.py'
    >>> shortened("/home/ada/uproar/streams/assess.py")
    'streams/assess.py'
    >>> shortened("/usr/lib/python3.11/json/decoder.py")
    'json/decoder.py'
    """
    parts = PurePath(file).parts
    for index in range(len(parts) - 1, 0, -1):
        if parts[index - 1] == "site-packages" or parts[index - 1].startswith("python3."):
            return "/".join(parts[index:])
        if parts[index - 1] in _OURS:
            return "/".join(parts[index - 1 :])
    return parts[-1] if parts else file


def markdown(lines: Sequence[Line]) -> str:
    """Return the lines as a table of Markdown."""
    rows = [
        f"| {number} | {line.share:.1%} | `{line.frame.place}` | `{line.frame.function}` |"
        for number, line in enumerate(lines, start=1)
    ]
    return "\n".join(["| | share | line | in |", "|---|---|---|---|", *rows]) + "\n"


def _frame(words: str) -> Frame:
    """Read `function (file:line)`, or `function (file)`."""
    function, is_in_file, place = words.removesuffix(")").rpartition(" (")
    if not is_in_file or not words.endswith(")"):
        return Frame(sys.intern(words), "(native)", 0)
    file, has_line, line = place.rpartition(":")
    if not has_line or not line.isdecimal():
        file, line = place, "0"
    return Frame(sys.intern(function), sys.intern(shortened(file)), int(line))
