"""A consumer group in the simulation: who owns which partition, who stands still. Pure."""

import numpy as np
from numpy.typing import NDArray


class Members:
    """Members of a group. All stand still while it shares its partitions out anew."""

    def __init__(self, members: int, partitions: int) -> None:
        self.is_alive = np.ones(members, dtype=bool)
        self.owner = np.zeros(partitions, dtype=np.int64)
        self.paused_until = 0.0
        self.generation = 0
        """Rises with every sharing out: a batch from before it is not committed."""
        self.share_out()

    def share_out(self) -> None:
        """Give each living member its partitions, as evenly as whole partitions allow."""
        living = np.flatnonzero(self.is_alive)
        if not len(living):
            return  # nobody is there to take them
        self.owner = living[np.arange(len(self.owner)) % len(living)]
        self.generation += 1

    def lanes_of(self, member: int) -> NDArray[np.int64]:
        """Return the numbers of the partitions that a member owns."""
        return np.flatnonzero(self.owner == member)

    def active(self, at: float, step: float) -> float:
        """Return the share of a step that ends at `at` in which the group does not stand still."""
        return min(1.0, max(0.0, (at - self.paused_until) / step))
