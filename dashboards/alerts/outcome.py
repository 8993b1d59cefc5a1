"""What a back-test came to, setting by setting and event by event. Pure."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from dashboards.alerts.backtest import BackTest, Setting
from dashboards.alerts.events import Event
from dashboards.alerts.judge import SpikeSoFar
from dashboards.alerts.lane import Alert
from dashboards.alerts.leads import Lead, leads, middle
from dashboards.alerts.suggest import Suggestion
from dashboards.alerts.sync import Key
from dashboards.alerts.thresholds import Threshold


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What a threshold, or all of a setting (None), would have come to.

    `alerts` were delivered, `silent` were not, `a_week` goes by those delivered. Of `events`, those
    `caught` had an alert about them. Seconds are medians over these, positive where the alert was
    first; None where nothing is known.
    """

    threshold: Threshold | None
    alerts: int
    silent: int
    a_week: float
    events: int
    caught: int
    before_start_seconds: float | None
    before_peak_seconds: float | None


class SettingOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a setting came to, as a whole and by threshold."""

    name: str
    whole: Tally
    tallies: Sequence[Tally]
    alerts: Sequence[Alert]
    leads: Sequence[Lead]


class SuggestionOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a suggested threshold would have come to, beside the one in force."""

    now: Tally | None
    suggested: Tally | None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The whole; `first_minute` is where the detector began to learn."""

    run: str
    entities: Sequence[str]
    first_minute: datetime
    since: datetime
    until: datetime
    weeks: float
    events: Sequence[Event]
    settings: Sequence[SettingOutcome]
    wanted_a_week: float | None = None
    suggestions: Sequence[SuggestionOutcome] = ()


def outcome_of(
    test: BackTest, run: str, first_minute: datetime, events: Sequence[Event]
) -> Outcome:
    """Return what a back-test came to, held against known events."""
    spikes = spikes_of(test)
    return Outcome(
        run=run,
        entities=list(test.courses),
        first_minute=first_minute,
        since=test.since,
        until=test.until,
        weeks=test.weeks,
        events=events,
        settings=[
            _setting(setting, test.alerts(place), test.weeks, events, spikes)
            for place, setting in enumerate(test.settings)
        ],
    )


def with_suggestions(
    outcome: Outcome,
    wanted_a_week: float,
    suggestions: Sequence[Suggestion],
    spikes: Sequence[tuple[str, SpikeSoFar]],
) -> Outcome:
    """Return the outcome with what is suggested beside it."""

    def tallied(threshold: Threshold | None, alerts: Sequence[Alert]) -> Tally | None:
        if threshold is None:
            return None
        return tally(threshold, alerts, outcome.weeks, outcome.events, spikes)

    told = [
        SuggestionOutcome(now=tallied(one.now, one.now_alerts),
                          suggested=tallied(one.threshold, one.alerts))
        for one in suggestions
    ]  # fmt: skip
    return msgspec.structs.replace(outcome, wanted_a_week=wanted_a_week, suggestions=told)


def spikes_of(test: BackTest) -> list[tuple[str, SpikeSoFar]]:
    """Return the spikes of every entity of a back-test."""
    return [(entity, spike) for entity in test.courses for spike in test.spikes(entity)]


def tally(
    threshold: Threshold | None,
    alerts: Sequence[Alert],
    weeks: float,
    events: Sequence[Event],
    spikes: Sequence[tuple[str, SpikeSoFar]],
) -> Tally:
    """Return what alerts come to; of a threshold, over the events that concern its entity."""
    asked = [one for one in events if threshold is None or one.concerns(threshold.entity)]
    found = leads(asked, alerts, spikes)
    delivered = sum(not one.silence for one in alerts)
    return Tally(
        threshold=threshold,
        alerts=delivered,
        silent=len(alerts) - delivered,
        a_week=delivered / weeks,
        events=len(asked),
        caught=sum(one.alert is not None for one in found),
        before_start_seconds=middle(one.before_start_seconds for one in found),
        before_peak_seconds=middle(one.before_peak_seconds for one in found),
    )


def _setting(
    setting: Setting,
    alerts: Sequence[Alert],
    weeks: float,
    events: Sequence[Event],
    spikes: Sequence[tuple[str, SpikeSoFar]],
) -> SettingOutcome:
    by_key: dict[Key, list[Alert]] = {}
    for alert in alerts:
        by_key.setdefault(alert.threshold.key, []).append(alert)
    return SettingOutcome(
        name=setting.name,
        whole=tally(None, alerts, weeks, events, spikes),
        tallies=[
            tally(one, by_key.get(one.key, []), weeks, events, spikes) for one in setting.thresholds
        ],
        alerts=alerts,
        leads=leads(events, alerts, spikes),
    )
