"""The watcher: judges what is stored behind each run's watermark, once, in order of time.

Guarantee: an alert is stored once, whatever is killed and started again. A pass stores alerts
first, then what is remembered, then how far it came, and each step gives the same rows when it is
repeated. What was judged before a restart is judged again only to remember it: no alert of it is
announced a second time, and none that was stored is forgotten. Nothing after the watermark is
looked at, so that what is late is never taken for calm.

Not promised: that a minute is judged again when a deletion or an edit changes it later;
`uproar alerts explain` tells what has changed, `uproar alerts backtest` judges anew.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
from clickhouse_driver import Client

from dashboards.alerts import store
from dashboards.alerts.judge import EntityJudge, Verdict
from dashboards.alerts.judging import Gaps, judge_stretch, warm_up
from dashboards.alerts.lane import MINUTE, Alert
from dashboards.alerts.thresholds import Threshold
from uproar import metrics

log = logging.getLogger(__name__)

STRETCH = timedelta(days=1)
"""So much is read and judged at once, at most; less where many entities are tracked."""
VERDICTS_AT_ONCE = 100_000
"""Minutes of entities that are judged before they are stored: memory stays bounded."""
SAVE_EVERY = timedelta(minutes=10)
"""Observed time between two writes of what is remembered; a restart judges so much again."""

Explain = Callable[[Alert], str]
"""What is to be stored as the explanation of an alert that has just fired."""


class RunWatch:
    """The judges of one run, and how far they are."""

    def __init__(self, run: str, judged_before: datetime) -> None:
        self.run = run
        self.judged_before = judged_before
        self.saved_before: datetime | None = None
        self.judges: dict[str, EntityJudge] = {}
        self.explanations: dict[str, str] = {}


class Watcher:
    """Judges all runs; it owns the client. `entities` are those that are tracked now."""

    def __init__(
        self,
        client: Client,
        entities: Callable[[], Sequence[str]],
        explain: Explain,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._entities = entities
        self._explain = explain
        self._now = now
        self._version: tuple[int, int] | None = None
        self._thresholds: list[Threshold] = []
        self._tracked: tuple[str, ...] = ()
        self._runs: dict[str, RunWatch] = {}
        self._done: dict[str, datetime] = {}
        self.has_judged = False
        """Whether the last pass had anything to judge."""

    def evaluate(self, should_stop: Callable[[], bool] = lambda: False) -> int:
        """Judge what is stored and was not judged; return how many alerts began or changed.

        Raises the driver's errors: the next call goes on where the tables say.
        """
        self.has_judged = False
        try:
            self._read_thresholds()
            return sum(
                self._run(mark, should_stop)
                for mark in store.run_marks(self._client)
                if not should_stop()
            )
        except BaseException:
            self._runs.clear()  # half a pass may be in memory: the tables know better
            raise

    def thresholds(self) -> Sequence[Threshold]:
        """Return those that the last pass went by."""
        return self._thresholds

    def _read_thresholds(self) -> None:
        tracked = tuple(self._entities())
        version = store.thresholds_version(self._client)
        if version == self._version and tracked == self._tracked:
            return
        stored = store.read_thresholds(self._client)
        self._thresholds = [one.threshold for one in stored if one.threshold.entity in tracked]
        self._tracked, self._version = tracked, version
        for watch in self._runs.values():
            self._rebuild(watch)

    def _run(self, mark: store.RunMark, should_stop: Callable[[], bool]) -> int:
        watch = self._runs.get(mark.run)
        if watch is not None and (
            mark.judged_before is None or mark.judged_before < watch.judged_before
        ):
            del self._runs[mark.run]  # it was dropped, and may have begun anew
            self._done.pop(mark.run, None)
            watch = None
        until = self._until(mark)
        if until is None:
            return 0
        if watch is None:
            start = mark.judged_before
            if start is None:
                known = store.extent(self._client, mark.run)
                if known is None:
                    return 0
                start = known[0]
            if start >= until:
                if mark.is_finished:
                    self._done[mark.run] = mark.observed_before
                return 0
            watch = self._opened(mark.run, start)
        changed = 0
        gaps = store.gaps_of(self._client, mark.run) if watch.judged_before < until else ()
        while watch.judged_before < until and not should_stop():
            end = min(until, watch.judged_before + self._length(watch))
            changed += self._stretch(watch, gaps, end)
        if mark.is_finished and watch.judged_before >= until:
            self._save(watch)
            self._done[mark.run] = mark.observed_before
            del self._runs[mark.run]
        return changed

    def _length(self, watch: RunWatch) -> timedelta:
        """Return how much of a run is judged at once."""
        entities = max(len(watch.judges), len(self._tracked), 1)
        return min(STRETCH, max(1, VERDICTS_AT_ONCE // entities) * MINUTE)

    def _until(self, mark: store.RunMark) -> datetime | None:
        """Return before which minute everything is stored; None where nothing is new."""
        if mark.is_finished:
            if self._done.get(mark.run) == mark.observed_before and mark.judged_before:
                return None
            known = store.extent(self._client, mark.run)
            return known[1] + MINUTE if known else None
        if mark.observed_before.year <= 1970:
            return None
        return mark.observed_before.replace(second=0, microsecond=0)

    def _opened(self, run: str, start: datetime) -> RunWatch:
        """Take up a run: as it was left, or from its first minute on."""
        states = store.read_states(self._client, run)
        as_of = min((before for before, _ in states.values()), default=start)
        watch = RunWatch(run, max(start, as_of))
        watch.saved_before = as_of if states else None
        gaps = store.gaps_of(self._client, run)
        watch.judges = {
            entity: EntityJudge(run, self._of(entity), states[entity][1])
            for entity in sorted(states)
        }
        self._warm(watch, as_of)
        before = as_of
        while before < watch.judged_before:  # judged already: it is only remembered
            end = min(watch.judged_before, before + STRETCH)
            for _ in judge_stretch(
                watch.judges, self._facts(watch, before, end), gaps, before, end
            ):
                pass
            before = end
        self._reconcile(watch)
        self._runs[run] = watch
        return watch

    def _reconcile(self, watch: RunWatch) -> None:
        """Make memory and table agree on which alerts last, though minutes may have changed."""
        stored = store.read_open_alerts(self._client, watch.run)
        remembered = {
            alert_id: alert
            for judge in watch.judges.values()
            for alert_id, alert in judge.open_alerts().items()
        }
        now = self._now()
        ended = [
            (_ended(alert, watch.judged_before), explanation)
            for alert_id, (alert, explanation) in stored.items()
            if alert_id not in remembered
        ]
        begun = [(one, self._explain(one)) for key, one in remembered.items() if key not in stored]
        watch.explanations = {key: explanation for key, (_, explanation) in stored.items()}
        watch.explanations |= {alert.id: explanation for alert, explanation in begun}
        store.write_alerts(self._client, [*ended, *begun], now)

    def _rebuild(self, watch: RunWatch) -> None:
        """Go on with other thresholds: what was remembered of those that stay is kept."""
        before = {key for judge in watch.judges.values() for key in judge.open_alerts()}
        watch.judges = {
            entity: EntityJudge(watch.run, self._of(entity), judge.state())
            for entity, judge in watch.judges.items()
        }
        self._warm(watch, watch.judged_before)
        if before:
            self._reconcile(watch)

    def _warm(self, watch: RunWatch, before: datetime) -> None:
        if watch.judges:
            minutes = max(
                EntityJudge.minutes_needed(judge.thresholds) for judge in watch.judges.values()
            )
            start = before - minutes * MINUTE
            gaps = store.gaps_of(self._client, watch.run)
            warm_up(watch.judges, self._facts(watch, start, before), gaps, start, before)

    def _stretch(self, watch: RunWatch, gaps: Gaps, end: datetime) -> int:
        """Judge the minutes before `end`, and store what came of it."""
        self.has_judged = True
        start = watch.judged_before
        mentioned = store.entities_of(self._client, watch.run)
        for entity in {*self._tracked, *mentioned} - watch.judges.keys():
            watch.judges[entity] = EntityJudge(watch.run, self._of(entity))
        facts = self._facts(watch, start, end)
        verdicts: list[tuple[str, Verdict]] = []
        alerts: dict[str, Alert] = {}
        for entity, verdict in judge_stretch(watch.judges, facts, gaps, start, end):
            verdicts.append((entity, verdict))
            for alert in verdict.alerts:
                if alert.id not in watch.explanations:
                    watch.explanations[alert.id] = self._explain(alert)
                    metrics.ALERTS.labels(alert.threshold.signal, alert.threshold.severity).inc()
                alerts[alert.id] = alert
        now = self._now()
        told = [(alert, watch.explanations[key]) for key, alert in alerts.items()]
        store.write_alerts(self._client, told, now)
        store.write_verdicts(self._client, watch.run, verdicts, now)
        watch.judged_before = end
        if watch.saved_before is None or end - watch.saved_before >= SAVE_EVERY:
            self._save(watch)
        store.write_mark(self._client, watch.run, end, now)
        for key, alert in alerts.items():
            if alert.ended_at is not None:
                del watch.explanations[key]
        metrics.JUDGED.inc(len(verdicts))
        return len(alerts)

    def _save(self, watch: RunWatch) -> None:
        states = {entity: judge.state() for entity, judge in watch.judges.items()}
        store.write_states(self._client, watch.run, states, watch.judged_before, self._now())
        watch.saved_before = watch.judged_before

    def _facts(self, watch: RunWatch, start: datetime, end: datetime) -> store.MinuteFacts:
        detailed = store.detailed_entities(
            one for judge in watch.judges.values() for one in judge.thresholds
        )
        return store.facts(self._client, watch.run, sorted(watch.judges), detailed, start, end)

    def _of(self, entity: str) -> list[Threshold]:
        return [one for one in self._thresholds if one.entity == entity]


def _ended(alert: Alert, before: datetime) -> Alert:
    return msgspec.structs.replace(alert, ended_at=before)
