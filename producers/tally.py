"""Counts of a replay: pure. Nothing goes by without one."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from uproar.records import AccountDeletion, DeadLetter, Deletion, Post


class Tally:
    """What became of the records read so far; those still held for ordering are not in it yet.

    Invariant: settled = kept + filtered + deletions + dead letters + control. Of the posts and
    deletions, `resumed` are stored by earlier lives and were not sent again; the others were
    `sent`, an account's deletion once for each partition.
    """

    def __init__(self) -> None:
        self.kept = 0
        self.filtered = 0
        self.deletions = 0
        self.control = 0
        self.resumed = 0
        self.sent = 0
        self.dead_letters: Counter[str] = Counter()
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None

    @property
    def settled(self) -> int:
        """How many records have had their outcome."""
        dead = self.dead_letters.total()
        return self.kept + self.filtered + self.deletions + self.control + dead

    def see(self, time: datetime) -> None:
        """Widen the stretch of time that the posts cover."""
        if self.first_at is None or time < self.first_at:
            self.first_at = time
        if self.last_at is None or time > self.last_at:
            self.last_at = time


MOST_EXAMPLES = 5


class Example(NamedTuple):
    """Where an unusable record stood, and what was wrong with it."""

    position: int
    detail: str


class FileTally:
    """What the records of one file were judged to be: read is the sum of the others.

    `bytes` counts the bytes of the records by what became of them; what stands between records is
    not in it. `examples` are the first unusable records of each reason.
    """

    def __init__(self) -> None:
        self.kept = 0
        self.filtered = 0
        self.deletions = 0
        self.dead_letters: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()
        self.examples: dict[str, list[Example]] = {}

    @property
    def read(self) -> int:
        """How many records the file has, as far as it was read."""
        return self.kept + self.filtered + self.deletions + self.dead_letters.total()

    def count(self, record: Post | Deletion | AccountDeletion | None, size_bytes: int) -> None:
        """Count a record that was judged; None is one that goes no further."""
        if record is None:
            self.filtered += 1
            self.bytes["filtered"] += size_bytes
        elif isinstance(record, Post):
            self.kept += 1
            self.bytes["kept"] += size_bytes
        else:
            self.deletions += 1
            self.bytes["deletions"] += size_bytes

    def bury(self, letter: DeadLetter, size_bytes: int) -> None:
        """Count a record that cannot be used."""
        self.dead_letters[letter.reason] += 1
        self.bytes["dead letters"] += size_bytes
        examples = self.examples.setdefault(letter.reason, [])
        if len(examples) < MOST_EXAMPLES:
            examples.append(Example(letter.position, letter.detail))
