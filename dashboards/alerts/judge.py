"""The judge of one entity: minute by minute, what is announced. Pure, online, and the only one.

The live watcher, a replay and the back-test call it with the same facts, so they announce the same
alerts at the same observed times. All that it must remember is in its state: a judge restored from
it, and warmed with the minutes of its windows, goes on as if it had never stopped.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from dashboards.alerts.facts import CALM, DETAILED, Minute
from dashboards.alerts.lane import MINUTE, Alert, Deliveries, Lane, Reading, step
from dashboards.alerts.spikes import (
    SENSITIVITIES,
    DetectorState,
    Sensitivity,
    Spike,
    SpikeDetector,
    SpikeTracker,
    TrackerState,
)
from dashboards.alerts.terms import RISE, TermHistory
from dashboards.alerts.thresholds import SHARES, Threshold
from dashboards.alerts.windows import Window

STEP_SECONDS = 60
SHOWN: Sensitivity = "medium"
"""The sensitivity of the spikes that are stored and drawn, whatever thresholds ask for."""
SPIKE_MINUTES = 15
"""The stretch over which posts seen and expected are told of a spike."""


class SpikeSoFar(msgspec.Struct, frozen=True, kw_only=True):
    """A spike at the sensitivity `SHOWN`, and what it holds until now."""

    spike: Spike
    posts: int
    expected: float


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a minute changed."""

    minute: datetime
    expected: float
    score: float
    is_spike: bool
    spike: SpikeSoFar | None
    """The spike that lasts, or that ended with this minute."""
    alerts: Sequence[Alert]
    """Those that began, rose or ended."""


class JudgeState(msgspec.Struct, kw_only=True):
    """What a judge remembers. Windows are not in it: they are warmed from the facts."""

    detector: DetectorState
    trackers: dict[str, TrackerState] = msgspec.field(default_factory=dict)
    recent_expected: list[float] = msgspec.field(default_factory=list)
    spike_posts: int = 0
    spike_expected: float = 0.0
    terms: TermHistory = msgspec.field(default_factory=TermHistory)
    lanes: dict[str, Lane] = msgspec.field(default_factory=dict)
    deliveries: dict[str, Deliveries] = msgspec.field(default_factory=dict)


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold with what it goes by, looked up once. `prefix` and a term are its lane's key."""

    threshold: Threshold
    prefix: str
    window: Window
    deliveries: Deliveries


class EntityJudge:
    """Judges the minutes of one entity in one run, in order and without a gap."""

    def __init__(
        self,
        run: str,
        thresholds: Sequence[Threshold],
        state: JudgeState | None = None,
        *,
        detector: SpikeDetector | None = None,
    ) -> None:
        """Go on from a state, or begin; with a `detector` that others may ask, too."""
        self.run = run
        self.thresholds = tuple(sorted(thresholds, key=lambda one: one.key))
        if detector is None:
            detector = (
                SpikeDetector.restored(state.detector) if state else SpikeDetector(STEP_SECONDS)
            )
        self._detector = detector
        state = self._state = state or JudgeState(detector=self._detector.state())
        self._expected: deque[float] = deque(state.recent_expected, SPIKE_MINUTES)
        names = {_name(one) for one in self.thresholds}
        state.lanes = {
            key: lane for key, lane in state.lanes.items() if key.partition("\n")[0] in names
        }
        state.deliveries = {name: state.deliveries.get(name, Deliveries()) for name in names}
        self._trackers = dict(_trackers(self.thresholds, state))
        self._windows = _windows(self.thresholds)
        terms = [one.minutes for one in self.thresholds if one.signal == "new_term"]
        self._longest_of_terms = max(terms, default=0)
        self._watched = [
            Watched(
                threshold=one,
                prefix=f"{_name(one)}\n",
                window=self._windows[SPIKE_MINUTES if one.signal == "spike" else one.minutes],
                deliveries=state.deliveries[_name(one)],
            )
            for one in self.thresholds
        ]

    @staticmethod
    def minutes_needed(thresholds: Sequence[Threshold]) -> int:
        """Return how many minutes before the first that is judged the windows reach back."""
        return max((*(threshold.minutes for threshold in thresholds), SPIKE_MINUTES))

    def warm(self, minute: Minute) -> None:
        """Take a minute into the windows that was judged before, in order."""
        for window in self._windows.values():
            window.push(minute)

    def miss(self) -> None:
        """Pass over the next minute, of which nothing is known: it is neither calm nor a rise."""
        self.warm(CALM)
        self._expected.append(0.0)

    def judge(self, minute: datetime, facts: Minute) -> Verdict:
        """Judge the next minute."""
        state = self._state
        for length, window in self._windows.items():
            gone = window.push(facts)
            if length == self._longest_of_terms:
                state.terms.learn(minute, _terms_of(gone))
        judgement = self._detector.update(minute, facts.posts)
        self._expected.append(judgement.expected)
        shown: SpikeSoFar | None = None
        for word, tracker in self._trackers.items():
            change = tracker.update(judgement)
            if word == SHOWN:
                ended = change.spike if change and change.kind == "ended" else None
                shown = self._shown(tracker.spike, ended, facts.posts, judgement.expected)
        alerts: list[Alert] = []
        for watched in self._watched:
            self._follow(watched, minute, alerts)
        return Verdict(
            minute=minute,
            expected=judgement.expected,
            score=judgement.score,
            is_spike=self._trackers[SHOWN].spike is not None,
            spike=shown,
            alerts=alerts,
        )

    def state(self) -> JudgeState:
        """Return what is remembered, to be stored."""
        self._state.detector = self._detector.state()
        self._state.trackers = {word: one.state() for word, one in self._trackers.items()}
        self._state.recent_expected = list(self._expected)
        self._state.lanes = {
            key: lane for key, lane in self._state.lanes.items() if not lane.is_idle
        }
        return self._state

    def open_alerts(self) -> dict[str, Alert]:
        """Return the alerts that last, by their id."""
        lanes = self._state.lanes.values()
        return {lane.alert.id: lane.alert for lane in lanes if lane.alert is not None}

    def _shown(
        self, lasting: Spike | None, ended: Spike | None, posts: int, expected: float
    ) -> SpikeSoFar | None:
        state = self._state
        spike = lasting or ended
        if spike is None:
            state.spike_posts, state.spike_expected = 0, 0.0
            return None
        state.spike_posts += posts
        state.spike_expected += expected
        return SpikeSoFar(spike=spike, posts=state.spike_posts, expected=state.spike_expected)

    def _follow(self, watched: Watched, minute: datetime, alerts: list[Alert]) -> None:
        """Take the lanes of a threshold one minute on; add its alerts that began, rose or ended."""
        lanes = self._state.lanes
        for term, reading in self._readings(watched, minute):
            key = watched.prefix + term
            lane = lanes.get(key)
            if lane is None:
                if not reading.is_above:
                    continue
                lane = lanes[key] = Lane()
            alert = step(
                lane, self.run, watched.threshold, term, minute, reading, watched.deliveries
            )
            if alert is not None:
                alerts.append(alert)
            elif lane.is_idle:
                del lanes[key]

    def _readings(self, watched: Watched, minute: datetime) -> Iterable[tuple[str, Reading]]:
        """Return at least what is above, and what has a lane."""
        signal = watched.threshold.signal
        if signal == "spike":
            return self._spike(watched)
        return self._terms(watched, minute) if signal == "new_term" else self._measured(watched)

    def _spike(self, watched: Watched) -> tuple[tuple[str, Reading], ...]:
        threshold = watched.threshold
        spike = self._trackers[threshold.sensitivity].spike
        lane = self._state.lanes.get(watched.prefix)
        if spike is None and lane is None:
            return ()
        posts = watched.window.sums.posts
        # Once told, it lasts as long as its spike: one alert an event, though posts dwindle.
        is_told = lane is not None and lane.alert is not None
        reading = Reading(
            is_above=spike is not None and (is_told or posts >= threshold.at_least),
            value=float(posts),
            expected=sum(self._expected),
            posts=posts,
            started_at=spike.started_at if spike else None,
        )
        return (("", reading),)

    def _measured(self, watched: Watched) -> tuple[tuple[str, Reading], ...]:
        value, posts = measure(watched.threshold, watched.window)
        threshold = watched.threshold
        is_above = value > threshold.above and (
            threshold.signal not in SHARES or posts >= threshold.at_least
        )
        if not is_above and watched.prefix not in self._state.lanes:
            return ()
        reading = Reading(is_above=is_above, value=value, expected=threshold.above, posts=posts)
        return (("", reading),)

    def _terms(self, watched: Watched, minute: datetime) -> Iterator[tuple[str, Reading]]:
        """Read the terms that many use, and those that have a lane already."""
        threshold, prefix = watched.threshold, watched.prefix
        voices = watched.window.details.voices()
        followed = [key.removeprefix(prefix) for key in self._state.lanes if key.startswith(prefix)]
        loud = [term for term, count in voices.items() if count > threshold.above]
        for term in sorted({*followed, *loud}):
            count = voices.get(term, 0)
            usual = self._state.terms.expected(term, minute, threshold.minutes)
            yield (
                term,
                Reading(
                    is_above=count > threshold.above
                    and usual is not None
                    and count >= RISE * usual,
                    value=float(count),
                    expected=usual or 0.0,
                    posts=watched.window.sums.posts,
                ),
            )


def measure(threshold: Threshold, window: Window) -> tuple[float, int]:
    """Return the value of a signal in a window, and of how many posts it is."""
    sums = window.sums
    signal = threshold.signal
    posts = sums.posts
    if signal == "volume":
        return float(posts), posts
    if signal == "calls_to_action":
        return float(sums.calls(threshold.direction)), posts
    if signal == "calls_share":
        return (sums.calls(threshold.direction) / posts if posts else 0.0), posts
    if signal == "negative_share":
        return (sums.negative / sums.sure if sums.sure else 0.0), sums.sure
    if signal == "author_share":
        return window.details.loudest_share(), window.details.by_author.total()
    return window.details.copies_share(), posts


def _trackers(
    thresholds: Sequence[Threshold], state: JudgeState
) -> Iterator[tuple[str, SpikeTracker]]:
    for word in SENSITIVITIES:
        if word == SHOWN or any(one.sensitivity == word for one in thresholds):
            known = state.trackers.get(word)
            yield word, SpikeTracker(word) if known is None else SpikeTracker.restored(word, known)


def _windows(thresholds: Sequence[Threshold]) -> dict[int, Window]:
    detailed = {one.minutes for one in thresholds if one.signal in DETAILED}
    lengths = {SPIKE_MINUTES, *(one.minutes for one in thresholds if one.signal != "spike")}
    return {length: Window(length, is_detailed=length in detailed) for length in sorted(lengths)}


def _name(threshold: Threshold) -> str:
    return f"{threshold.signal} {threshold.severity}"


def _terms_of(minute: Minute | None) -> Iterator[str]:
    for post in minute.details if minute else ():
        yield from post.terms


def minutes_between(start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the start of each minute from `start`, before `end`."""
    while start < end:
        yield start
        start += MINUTE
