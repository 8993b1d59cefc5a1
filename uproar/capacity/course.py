"""What a simulated time came to: how old the oldest post is that is not stored, and delays. Pure.

Posts keep their order within a partition. So when a post that came at some moment was stored is
when as many were stored as had come by then: no post is followed by itself.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from uproar.capacity.incidents import AT_SECONDS, Incident
from uproar.capacity.lanes import Amounts, Lanes

CALM_FROM_SECONDS = 30.0
"""From here to the incident it is calm: what waits then always waits."""
NEARLY, NEARLY_SECONDS = 1.5, 5.0
"""All is well again when the lag is no more than so many times what it was, and so much."""
_LITTLE = 1e-6
STAGES = ("producers", "workers", "sinks")


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """Second by second: what waits before each stage, in posts kept, and how old the oldest is."""

    name: str
    at: NDArray[np.float64]
    waiting: dict[str, NDArray[np.float64]]
    lag: NDArray[np.float64]
    """Seconds since the oldest post was seen that is not stored."""
    delays: tuple[float, float]
    """Seconds from seen to stored that half, and 99 of 100, of the stored posts stayed below."""
    kept: float
    stored: float
    repeated: float
    """Posts that were read or stored more than once, and are stored once in effect."""

    @property
    def worst(self) -> float:
        """The largest lag in seconds."""
        return float(self.lag.max())

    def behind(self, seconds: float) -> dict[str, float]:
        """Return what more waits before each stage so long after the incident than before it."""
        now, before = np.searchsorted(self.at, [AT_SECONDS + seconds, AT_SECONDS])
        now = min(now, len(self.at) - 1)
        return {stage: float(many[now] - many[before]) for stage, many in self.waiting.items()}

    @property
    def calm(self) -> float:
        """The largest lag in seconds before the incident."""
        before = (self.at > CALM_FROM_SECONDS) & (self.at < AT_SECONDS)
        return float(self.lag[before].max())

    @property
    def recovery(self) -> float | None:
        """Seconds from the incident until the lag is usual for good; None where it never is."""
        behind = np.flatnonzero(self.lag > self.calm * NEARLY + NEARLY_SECONDS)
        if not len(behind):
            return 0.0
        last = int(behind[-1])
        return None if last + 1 >= len(self.at) else float(self.at[last + 1] - AT_SECONDS)


class Recorder:
    """Keeps what a simulation passes through; of the lanes, every so many steps."""

    def __init__(self, partitions: int, every: int = 1) -> None:
        self._every, self._steps, self._stored = every, 0, 0.0
        self._at: list[float] = [0.0]
        self._seen: list[float] = [0.0]
        self._filtered: list[float] = [0.0]
        self._lanes: list[tuple[Amounts, ...]] = [(np.zeros(partitions),) * 4]
        self._sums: list[float] = [0.0]
        self._place = 0
        self.repeated = 0.0

    def add(self, at: float, seen: float, filtered: float, lanes: Lanes) -> None:
        """Note where everything stands after a step."""
        self._steps += 1
        self._sums.append(float(lanes.arrived.sum()))
        self._stored = float(lanes.stored.sum())
        if self._steps % self._every == 0:
            self._at.append(at)
            self._seen.append(seen)
            self._filtered.append(filtered)
            kept = lanes.arrived + lanes.waiting
            self._lanes.append((kept, *map(np.copy, (lanes.read, lanes.written, lanes.stored))))

    def posts_around(self, seconds: float, step: float) -> float:
        """Return the posts of the stretch of time that sinks have come to."""
        sums = self._sums
        while self._place + 1 < len(sums) and sums[self._place + 1] <= self._stored:
            self._place += 1
        half = round(seconds / 2 / step)
        first, last = max(0, self._place - half), min(len(sums) - 1, self._place + half)
        return (sums[last] - sums[first]) * seconds / max(step, (last - first) * step)

    def course(self, incident: Incident) -> Course:
        """Put it together."""
        at = np.array(self._at)
        seen, filtered = np.array(self._seen), np.array(self._filtered)
        kept, read, written, stored = (np.array(part) for part in zip(*self._lanes, strict=True))
        share = kept[-1].sum() / filtered[-1] if filtered[-1] else 0.0
        lanes = range(kept.shape[1])
        done = np.stack(
            [np.interp(stored[:, lane], written[:, lane], read[:, lane]) for lane in lanes], axis=1
        )
        came = np.interp(filtered, seen, at)  # when what is filtered by now was seen
        oldest = came[:, None].repeat(len(lanes), axis=1)
        delays, weights = [], []
        for lane in lanes:
            come = np.interp(done[:, lane], kept[:, lane], came)
            oldest[:, lane] = np.where(kept[:, lane] - done[:, lane] > 1, come, oldest[:, lane])
            until = _reached(at, done[:, lane], kept[:, lane])
            delays.append(until - came)
            weights.append(np.diff(kept[:, lane], prepend=0.0))
        oldest_of_all = oldest.min(axis=1)
        is_behind = (seen - filtered) * share > 1
        everywhere = np.where(is_behind, np.minimum(oldest_of_all, came), oldest_of_all)
        lag = np.maximum(0.0, at - everywhere)
        return Course(
            name=incident.name,
            at=at,
            waiting={
                "producers": (seen - filtered) * share,
                "workers": kept.sum(axis=1) - read.sum(axis=1),
                "sinks": read.sum(axis=1) - done.sum(axis=1),
            },
            lag=lag,
            delays=_quantiles(np.concatenate(delays), np.concatenate(weights), (0.5, 0.99)),
            kept=float(kept[-1].sum()),
            stored=float(done[-1].sum()),
            repeated=self.repeated,
        )


def _reached(at: Amounts, curve: Amounts, amounts: Amounts) -> Amounts:
    """Return when a rising curve first reached each amount; infinite where it never did.

    >>> _reached(np.array([0., 1., 2.]), np.array([0., 4., 4.]), np.array([0., 2., 5.])).tolist()
    [0.0, 0.5, inf]
    """
    after = np.searchsorted(curve, amounts - _LITTLE, "left")
    known = np.minimum(after, len(at) - 1)
    before = np.maximum(known - 1, 0)
    rise = np.maximum(curve[known] - curve[before], _LITTLE)
    part = np.clip((amounts - curve[before]) / rise, 0.0, 1.0)
    reached: Amounts = np.where(
        after < len(at), at[before] + part * (at[known] - at[before]), np.inf
    )
    return reached


def _quantiles(values: Amounts, weights: Amounts, parts: tuple[float, ...]) -> tuple[float, float]:
    known = np.isfinite(values)  # the last ones are under way when the simulation ends
    values, weights = values[known], weights[known]
    order = np.argsort(values)
    sums = np.cumsum(weights[order])
    places = np.searchsorted(sums, np.array(parts) * sums[-1])
    found = values[order][np.minimum(places, len(values) - 1)]
    return float(found[0]), float(found[1])
