"""What is in an input, by the very judgement that a replay would pass on it: pure.

`Survey` counts; who reads the files hands it every record with its outcome.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

import msgspec

from producers.intake import Timed
from producers.order import Disorder
from producers.parsed import Control, Draft, Frame, Parsed
from uproar.records import DeadLetter, Post

PLACES_SHOWN = 5
"""Positions that are listed of each reason of a dead letter."""
SAMPLE_CHARACTERS = 120
FIRST_READ = 100
READ_EVERY = 50
MOST_READ = 2_000
"""Languages are detected in the first posts of a file and then in every so many, up to this
many in all files: that takes far longer than all else."""
STORED_PER_SECOND = 20_000
"""Posts that the whole pipeline stores in a second, about, on two cores."""

_HELD_BYTES = 1_000
_SUMMED = (
    "size_bytes", "bytes", "posts", "kept", "filtered", "outside", "deletions", "looked_at",
)  # fmt: skip

KeyT = TypeVar("KeyT")

Detect = Callable[[str], str]
"""Tells the language of a text."""


Find = Callable[[str], list[str]]
"""Tells the ids of the entities that a text may mention."""


class Reason(msgspec.Struct):
    """Dead letters of one reason: how many, where the first were, and what the first was."""

    count: int = 0
    positions: list[int] = []
    detail: str = ""
    sample: str = ""


class FileSurvey(msgspec.Struct):
    """What is in one file: read is the sum of what became of the records.

    `bytes` are those of its records, unpacked; `posts` lie within the bounds, `outside` of the
    filtered do not. `declared` counts languages as the platform has them ("" where it does not
    say), `detected` those of `looked_at` texts.
    """

    name: str
    format: str
    size_bytes: int
    bytes: int = 0
    posts: int = 0
    kept: int = 0
    filtered: int = 0
    outside: int = 0
    deletions: int = 0
    dead_letters: dict[str, Reason] = {}
    first_at: datetime | None = None
    last_at: datetime | None = None
    posts_by_day: dict[date, int] = {}
    declared: dict[str, int] = {}
    detected: dict[str, int] = {}
    looked_at: int = 0
    mentions: dict[str, int] = {}

    @property
    def dead(self) -> int:
        """How many records are unreadable."""
        return sum(reason.count for reason in self.dead_letters.values())

    @property
    def read(self) -> int:
        """How many records the file has."""
        return self.kept + self.filtered + self.deletions + self.dead


class Survey:
    """Counts what is in the files of a replay, one after the other."""

    def __init__(self, find: Find, detect: Detect) -> None:
        self._find = find
        self._detect = detect
        self._disorder = Disorder()
        self._texts: list[str] = []
        self._looked_at = 0
        self.files: list[FileSurvey] = []

    def begin(self, name: str, format_name: str, size_bytes: int) -> None:
        """Go on to the next file."""
        self.files.append(FileSurvey(name, format_name, size_bytes))

    def see_frame(self, frame: Frame) -> None:
        """Count the bytes of a record."""
        self.files[-1].bytes += frame.size_bytes

    def see(self, value: Parsed, outcome: Timed | DeadLetter | Control) -> None:
        """Count one record of the file at hand with what a replay would make of it."""
        file = self.files[-1]
        if isinstance(outcome, DeadLetter):
            self._bury(file, outcome)
        elif isinstance(outcome, Control):
            file.filtered += 1
        elif isinstance(value, Draft):
            self._see_post(file, value, outcome)
        else:
            file.deletions += 1

    def _see_post(self, file: FileSurvey, draft: Draft, outcome: Timed) -> None:
        if not outcome.is_within:
            file.filtered += 1
            file.outside += 1
            return
        text = draft.text or ""
        self._disorder.see(outcome.time, _HELD_BYTES + 4 * len(text))
        file.posts += 1
        _widen(file, outcome.time)
        _add(file.posts_by_day, outcome.time.date())
        _add(file.declared, draft.lang or "")
        if self._looked_at < MOST_READ and (
            file.posts <= FIRST_READ or file.posts % READ_EVERY == 0
        ):
            self._looked_at += 1
            self._texts.append(text)
        if not isinstance(outcome.record, Post):
            file.filtered += 1
            return
        file.kept += 1
        for entity in self._find(text):
            _add(file.mentions, entity)

    def _bury(self, file: FileSurvey, letter: DeadLetter) -> None:
        reason = file.dead_letters.setdefault(letter.reason, Reason())
        if not reason.count:
            reason.detail = letter.detail
            reason.sample = _sample(letter.payload)
        reason.count += 1
        if len(reason.positions) < PLACES_SHOWN:
            reason.positions.append(letter.position)

    def detect(self) -> None:
        """Tell the languages of the texts that were put by; to be called behind each file."""
        file = self.files[-1]
        file.looked_at += len(self._texts)
        for text in self._texts:
            _add(file.detected, self._detect(text))
        self._texts.clear()

    def is_in_order(self) -> bool:
        """Say whether a replay's window brings all posts into order; ends the survey."""
        for _ in self._disorder.rest():
            pass
        return not self._disorder.late

    def total(self) -> FileSurvey:
        """Return the sum of all files."""
        total = FileSurvey("all", "", 0)
        for file in self.files:
            for field in _SUMMED:
                setattr(total, field, getattr(total, field) + getattr(file, field))
            for time in filter(None, (file.first_at, file.last_at)):
                _widen(total, time)
            for name in ("declared", "detected", "mentions", "posts_by_day"):
                _merge(getattr(total, name), getattr(file, name))
            for name, reason in file.dead_letters.items():
                known = total.dead_letters.setdefault(
                    name, Reason(detail=reason.detail, sample=reason.sample)
                )
                known.count += reason.count
        return total


def replay_seconds(total: FileSurvey, read_seconds: float, speed: float | None) -> float:
    """Estimate how long a replay takes: by its pace, or by what is slower, reading or storing.

    `speed` is in seconds of the past per second, None for as fast as possible.
    """
    fastest = max(read_seconds, total.kept / STORED_PER_SECOND)
    if speed is None or total.first_at is None or total.last_at is None:
        return fastest
    return max(fastest, (total.last_at - total.first_at).total_seconds() / speed)


def _add(counts: dict[KeyT, int], key: KeyT, count: int = 1) -> None:
    counts[key] = counts.get(key, 0) + count


def _merge(total: dict[KeyT, int], counts: dict[KeyT, int]) -> None:
    for key, count in counts.items():
        _add(total, key, count)


def _widen(file: FileSurvey, time: datetime) -> None:
    if file.first_at is None or time < file.first_at:
        file.first_at = time
    if file.last_at is None or time > file.last_at:
        file.last_at = time


def _sample(payload: bytes) -> str:
    text = payload[: 4 * SAMPLE_CHARACTERS].decode("utf-8", "replace")
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= SAMPLE_CHARACTERS else line[: SAMPLE_CHARACTERS - 1] + "…"
