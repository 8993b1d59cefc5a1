"""Which threshold gives a wanted number of alerts a week: found on what a judge has read. Pure.

A judge reads the stretch once, by the loosest thresholds, and notes what it read. A stricter one is
then tried on these notes through the same lanes, so that it fires as it would have.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from dashboards.alerts.judge import EntityJudge, Watched
from dashboards.alerts.lane import CALM, MINUTE, Alert, Deliveries, Lane, Reading, step
from dashboards.alerts.spikes import SENSITIVITIES, SpikeDetector
from dashboards.alerts.thresholds import SHARES, Threshold

LOOSEST = {"new_term": 2.0}
"""From how many authors on terms are noted; of other signals, everything above nothing is."""
TAIL = int(CALM / MINUTE) + 1
"""So many minutes below are noted after each that is above: no lane looks at more."""

Note = tuple[datetime, str, float | None, datetime | None]
"""A minute, a term, the value (None: below), and where it began, if that is known better."""
Notes = list[Note]


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold that would have fired at most as often as wanted; None where nothing ever could.

    `alerts` are those that it would have delivered and silenced.
    """

    now: Threshold | None
    now_alerts: Sequence[Alert]
    threshold: Threshold | None
    alerts: Sequence[Alert]


class NotingJudge(EntityJudge):
    """Reads as a judge does, announces nothing, and notes what it read of each threshold."""

    def __init__(
        self, run: str, thresholds: Sequence[Threshold], detector: SpikeDetector | None = None
    ) -> None:
        super().__init__(run, thresholds, detector=detector)
        self.notes: dict[Threshold, Notes] = {one: [] for one in thresholds}
        self._tails: dict[Threshold, dict[str, int]] = {one: {} for one in thresholds}

    def _follow(self, watched: Watched, minute: datetime, alerts: list[Alert]) -> None:
        threshold = watched.threshold
        notes, tails = self.notes[threshold], self._tails[threshold]
        above = set()
        for term, reading in self._readings(watched, minute):
            if reading.is_above:
                notes.append((minute, term, reading.value, reading.started_at))
                above.add(term)
        for term in [term for term in tails if term not in above]:
            notes.append((minute, term, None, None))
            tails[term] -= 1
            if not tails[term]:
                del tails[term]
        for term in above:
            tails[term] = TAIL


def loosest(threshold: Threshold) -> list[Threshold]:
    """Return what is to be read in place of a threshold: of a spike, at every sensitivity."""
    if threshold.signal == "spike":
        return [
            msgspec.structs.replace(threshold, sensitivity=word, at_least=0)
            for word in SENSITIVITIES
        ]
    return [msgspec.structs.replace(threshold, above=LOOSEST.get(threshold.signal, 0.0))]


def alerts_of(
    run: str, threshold: Threshold, notes: Notes, since: datetime, most: float = math.inf
) -> list[Alert]:
    """Return what a threshold would have announced since; it stops after `most` deliveries."""
    lanes: dict[str, Lane] = {}
    deliveries = Deliveries()
    found: dict[str, Alert] = {}
    delivered = 0
    for minute, term, value, started_at in notes:
        lane = lanes.get(term)
        is_told = lane is not None and lane.alert is not None
        is_above = value is not None and _is_above(threshold, value, is_told=is_told)
        if lane is None:
            if not is_above:
                continue
            lane = lanes[term] = Lane()
        elif not is_above and lane.alert is None and lane.above_since is None:
            continue  # there is nothing to end
        reading = Reading(
            is_above=is_above, value=value or 0.0, expected=0.0, posts=0, started_at=started_at
        )
        alert = step(lane, run, threshold, term, minute, reading, deliveries)
        if alert is None or alert.fired_at <= since:
            continue
        if alert.id not in found and not alert.silence:
            delivered += 1
        found[alert.id] = alert
        if delivered > most:
            break
    return list(found.values())


def suggest(
    run: str,
    like: Threshold,
    now: Threshold | None,
    notes: dict[Threshold, Notes],
    since: datetime,
    most: int,
) -> Suggestion:
    """Return the most sensitive threshold that would have delivered at most `most` alerts.

    It is like `like` but for `above`; of a spike, for sensitivity, then `at_least`. `notes` are of
    what is `loosest` of it. It need not be the only one: a higher limit may cut one alert in two.
    """
    read = {one: notes[one] for one in loosest(like)}

    def tried(threshold: Threshold, limit: float = math.inf) -> list[Alert]:
        key = next(one for one in read if one.sensitivity == threshold.sensitivity)
        return alerts_of(run, threshold, read[key], since, limit)

    def obeys(threshold: Threshold) -> bool:
        return sum(not one.silence for one in tried(threshold, most)) <= most

    found = _of_spike(like, read, obeys) if like.signal == "spike" else _of_level(like, read, obeys)
    return Suggestion(
        now=now,
        now_alerts=tried(now) if now else [],
        threshold=found,
        alerts=tried(found) if found else [],
    )


class _Obeys(Protocol):
    def __call__(self, threshold: Threshold) -> bool: ...


def _of_spike(like: Threshold, read: dict[Threshold, Notes], obeys: _Obeys) -> Threshold | None:
    if not any(read.values()):
        return None
    for word in reversed(SENSITIVITIES):
        candidate = msgspec.structs.replace(like, sensitivity=word)
        if obeys(candidate):
            return candidate
    values = _values(notes for one, notes in read.items() if one.sensitivity == SENSITIVITIES[0])
    candidates = [
        msgspec.structs.replace(like, sensitivity=SENSITIVITIES[0], at_least=int(value) + 1)
        for value in values
        if value >= like.at_least
    ]
    return _first(candidates, obeys)


def _of_level(like: Threshold, read: dict[Threshold, Notes], obeys: _Obeys) -> Threshold | None:
    values = _values(read.values())
    if not values:
        return None
    levels = [LOOSEST.get(like.signal, 0.0), *values]
    candidates = [msgspec.structs.replace(like, above=level) for level in levels]
    found = _first(candidates, obeys)
    if found is None:
        return None
    for digits in (2, 3, 4):  # a little higher it may fire once more: one long alert becomes two
        rounded = msgspec.structs.replace(found, above=_rounded(found.above, like.signal, digits))
        if obeys(rounded):
            return rounded
    return found


def _first(candidates: Sequence[Threshold], obeys: _Obeys) -> Threshold | None:
    """Return the first of ever stricter candidates that obeys, by halving; the last one must."""
    if not candidates:
        return None
    low, high = 0, len(candidates) - 1
    while low < high:
        half = (low + high) // 2
        if obeys(candidates[half]):
            high = half
        else:
            low = half + 1
    return candidates[high] if obeys(candidates[high]) else None


def _values(of: Iterable[Notes]) -> list[float]:
    return sorted({value for notes in of for _, _, value, _ in notes if value is not None})


def _rounded(level: float, signal: str, digits: int) -> float:
    """Round up to what a person would write.

    >>> _rounded(0.1707, "calls_share", 2), _rounded(1234.0, "volume", 2)
    (0.18, 1300.0)
    """
    if signal in SHARES:
        unit = 10.0**digits
        return min(1.0, math.ceil(level * unit - 1e-9) / unit)
    if level < 10.0**digits:
        return float(math.ceil(level))
    step: float = 10.0 ** (math.floor(math.log10(level)) - digits + 1)
    return math.ceil(level / step) * step


def _is_above(threshold: Threshold, value: float, *, is_told: bool) -> bool:
    if threshold.signal == "spike":  # once told, it lasts as long as it is noted at all
        return is_told or value >= threshold.at_least
    return value > threshold.above
