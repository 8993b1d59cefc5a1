"""The partitions of a simulated cluster: what has come into each topic, and what is left. Pure.

A partition is a lane on which posts keep their order, so where it stands is a few numbers: how
many posts have come in, have been read, have come out, are stored. Lanes are numpy arrays over
all partitions; amounts are whole posts on average, not one by one, so a step costs the same for a
thousand posts a second as for a million.
"""

import numpy as np
from numpy.typing import NDArray

Amounts = NDArray[np.float64]
"""A number for each partition."""


class Lanes:
    """Amounts so far, by partition; `read` counts each post once, `written` also what is repeated.

    `again` are posts that a killed worker had read and not committed, `again_stored` the same of a
    sink: they are work, and change nothing else.
    """

    def __init__(self, partitions: int) -> None:
        self.waiting = np.zeros(partitions)
        """Kept by producers, and not yet taken by the broker."""
        self.waiting_messages = np.zeros(partitions)
        self.arrived = np.zeros(partitions)
        self.read = np.zeros(partitions)
        self.committed = np.zeros(partitions)
        self.again = np.zeros(partitions)
        self.unread_messages = np.zeros(partitions)
        self.written = np.zeros(partitions)
        self.taken = np.zeros(partitions)
        """By sinks, into batches that may not be stored yet."""
        self.stored = np.zeros(partitions)
        self.settled = np.zeros(partitions)
        self.again_stored = np.zeros(partitions)

    @property
    def unread(self) -> Amounts:
        """Posts that workers have to read, repeats included."""
        return self.arrived - self.read + self.again

    def offer(self, posts: Amounts, pack: float) -> None:
        """Producers have kept these, in packs of that size."""
        self.waiting += posts
        self.waiting_messages += posts / pack

    def accept(self, share: Amounts) -> None:
        """The broker takes a share of what waits in each partition."""
        for waiting, there in (
            (self.waiting, self.arrived),
            (self.waiting_messages, self.unread_messages),
        ):
            moved = waiting * share
            waiting -= moved
            there += moved

    def work(self, share: Amounts) -> None:
        """Workers read a share of what is unread in each partition: repeats first."""
        posts = self.unread * share
        repeats = np.minimum(posts, self.again)
        self.again -= repeats
        self.read += posts - repeats
        self.unread_messages -= self.unread_messages * share
        self.written += posts

    def to_store(self, lanes: NDArray[np.int64]) -> Amounts:
        """Return what a sink has to store of these lanes, repeats included."""
        waits: Amounts = self.written[lanes] - self.taken[lanes] + self.again_stored[lanes]
        return waits

    def forget_reading(self, lanes: NDArray[np.int64]) -> float:
        """Read again what was not committed on these lanes; return how many posts that is."""
        lost = self.read[lanes] - self.committed[lanes]
        self.again[lanes] += lost
        self.committed[lanes] += lost  # once: it is counted as repeated now
        return float(lost.sum())

    def forget_storing(self, lanes: NDArray[np.int64]) -> float:
        """Store again what was not settled on these lanes; return how many posts that is."""
        self.taken[lanes] = self.stored[lanes]
        lost = self.stored[lanes] - self.settled[lanes]
        self.again_stored[lanes] += lost
        self.settled[lanes] += lost
        return float(lost.sum())
