"""The back-test: what would have fired, had thresholds been so. Pure; judged by `judge_stretch`.

Several settings are tried in one pass over the facts. They share a detector for each entity, which
goes by no threshold.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from dashboards.alerts.course import Course
from dashboards.alerts.facts import Minute
from dashboards.alerts.judge import STEP_SECONDS, EntityJudge, SpikeSoFar
from dashboards.alerts.judging import Gaps, judge_stretch
from dashboards.alerts.lane import Alert
from dashboards.alerts.spikes import Judgement, SpikeDetector
from dashboards.alerts.thresholds import Threshold

WEEK = timedelta(days=7)
AS_IT_STANDS = "as it stands"
"""The name of the setting that is in force."""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """Thresholds that are tried together."""

    name: str
    thresholds: tuple[Threshold, ...]


class SharedDetector(SpikeDetector):
    """A detector that several judges of the same series ask: it judges each minute once."""

    def __init__(self) -> None:
        super().__init__(STEP_SECONDS)
        self._judged: dict[datetime, Judgement] = {}

    def update(self, at: datetime, value: float) -> Judgement:
        """Judge a step, or return what was judged of it."""
        known = self._judged.get(at)
        if known is None:
            known = self._judged[at] = super().update(at, value)
        return known

    def forget(self) -> None:
        """Let go of what was judged: every judge is past it."""
        self._judged.clear()


class BackTest:
    """Judges stretch by stretch, in order, from a run's first minute; tells what fired since.

    The same facts give the same alerts at the same observed times, in stretches of any length.
    """

    def __init__(
        self,
        run: str,
        entities: Sequence[str],
        settings: Sequence[Setting],
        since: datetime,
        until: datetime,
    ) -> None:
        self.settings = tuple(settings)
        self.since, self.until = since, until
        self.courses = {entity: Course(since, until) for entity in entities}
        self._spikes: dict[tuple[str, datetime], SpikeSoFar] = {}
        self._detectors = {entity: SharedDetector() for entity in entities}
        self._judges = [
            {
                entity: EntityJudge(
                    run,
                    [one for one in setting.thresholds if one.entity == entity],
                    detector=self._detectors[entity],
                )
                for entity in entities
                # The first one tells the course of all, so it judges all.
                if place == 0 or any(one.entity == entity for one in setting.thresholds)
            }
            for place, setting in enumerate(self.settings)
        ]
        self._alerts: list[dict[str, Alert]] = [{} for _ in self.settings]

    @property
    def weeks(self) -> float:
        """How long the stretch is of which alerts are told."""
        return max((self.until - self.since) / WEEK, 1e-9)

    def take(
        self,
        facts: Mapping[datetime, Mapping[str, Minute]],
        gaps: Gaps,
        start: datetime,
        end: datetime,
    ) -> None:
        """Judge the minutes from `start`, before `end`; they follow those that were judged last."""
        for place, judges in enumerate(self._judges):
            alerts = self._alerts[place]
            for entity, verdict in judge_stretch(judges, facts, gaps, start, end):
                for alert in verdict.alerts:
                    alerts[alert.id] = alert
                if place == 0 and verdict.minute >= self.since:
                    here = facts.get(verdict.minute, {}).get(entity)
                    self.courses[entity].add(
                        verdict.minute, here.posts if here else 0, verdict.expected
                    )
                    if verdict.spike is not None:
                        self._spikes[entity, verdict.spike.spike.started_at] = verdict.spike
        for detector in self._detectors.values():
            detector.forget()

    def alerts(self, setting: int = 0) -> list[Alert]:
        """Return what fired in the stretch under a setting, in order of time."""
        return in_order(
            alert for alert in self._alerts[setting].values() if alert.fired_at > self.since
        )

    def spikes(self, entity: str) -> list[SpikeSoFar]:
        """Return the spikes of an entity, at medium sensitivity, whatever thresholds ask for."""
        return [one for (of, _), one in sorted(self._spikes.items()) if of == entity]


def in_order(alerts: Iterable[Alert]) -> list[Alert]:
    """Return alerts in the order in which they fired."""
    return sorted(alerts, key=lambda one: (one.fired_at, *one.threshold.key, one.term))
