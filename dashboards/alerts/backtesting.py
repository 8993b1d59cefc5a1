"""The back-test on what is stored. It reads, and writes nothing. All raise the driver's errors."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from clickhouse_driver import Client

from dashboards.alerts import store
from dashboards.alerts.annotations import read_events
from dashboards.alerts.backtest import BackTest, Setting
from dashboards.alerts.changes import read_table
from dashboards.alerts.events import Event
from dashboards.alerts.facts import DETAILED, Minute
from dashboards.alerts.judging import judge_stretch
from dashboards.alerts.lane import MINUTE
from dashboards.alerts.leads import judged_events
from dashboards.alerts.suggest import NotingJudge, Suggestion, loosest, suggest
from dashboards.alerts.sync import changed, seeding
from dashboards.alerts.thresholds import (
    NEVER,
    SIGNALS,
    Threshold,
    from_config,
    made,
    rule_of,
)
from uproar.config import Config
from uproar.errors import InputError

DEFAULT_LENGTH = timedelta(days=90)
ENTITY_DAYS = 60
"""Days of one entity that are read at once, or of so many entities together."""
USUAL_LENGTH = "15m"
"""The stretch of a signal for which there is no threshold yet, in a suggestion."""


def thresholds_in_force(client: Client, config: Config, entities: Sequence[str]) -> list[Threshold]:
    """Return the thresholds of some entities, as the watcher will find them when it looks.

    That one is muted for a while now says nothing of the past.
    """
    table = read_table(client)
    table = changed(table, seeding(from_config(config), table))
    return [
        msgspec.structs.replace(known.threshold, muted_until=NEVER)
        for key, known in sorted(table.present.items())
        if key[0] in entities
    ]


def span_of(
    client: Client,
    run: str,
    since: datetime | timedelta | None,
    until: datetime | None,
) -> tuple[datetime, datetime, datetime]:
    """Return the first minute that is stored, and from when until when is to be told.

    A length counts back from the end. Raises InputError where nothing is stored in between.
    """
    known = store.extent(client, run)
    if known is None:
        runs = ", ".join(f"`{mark.run}`" for mark in store.run_marks(client)) or "none"
        raise InputError(
            f"nothing is stored of the run `{run}`", hint=f"runs that are stored: {runs}"
        )
    first, last = known
    marks = {mark.run: mark for mark in store.run_marks(client)}
    end = last + MINUTE
    if run in marks and not marks[run].is_finished and marks[run].observed_before.year > 1970:
        end = marks[run].observed_before  # behind it, not everything is there yet
    end = _minute(min(until, end) if until else end)
    length = since if isinstance(since, timedelta) else DEFAULT_LENGTH
    start = since if isinstance(since, datetime) else end - length
    start = max(_minute(start), first)
    if start >= end:
        raise InputError(
            f"nothing is stored of `{run}` between {start:%Y-%m-%d %H:%M} and {end:%Y-%m-%d %H:%M}",
            hint=f"it goes from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}",
        )
    return first, start, end


def run_backtest(
    client: Client,
    run: str,
    entities: Sequence[str],
    settings: Sequence[Setting],
    span: tuple[datetime, datetime, datetime],
    told: Callable[[datetime], None] = lambda _: None,
) -> BackTest:
    """Judge a run from its first minute under several settings; `told` hears how far it is."""
    first, since, until = span
    test = BackTest(run, entities, settings, since, until)
    asked = [one for setting in settings for one in setting.thresholds]
    gaps = store.gaps_of(client, run)
    for facts, start, end in _stretches(client, run, entities, asked, (first, until)):
        test.take(facts, gaps, start, end)
        told(end)
    return test


def suggest_for(
    client: Client,
    run: str,
    entity: str,
    present: Sequence[Threshold],
    span: tuple[datetime, datetime, datetime],
    most: int,
) -> Iterator[Suggestion]:
    """Suggest a threshold for each signal of an entity that delivers at most `most` alerts."""
    first, since, until = span
    bases: list[tuple[Threshold, Threshold | None]] = [
        (one, one) for one in present if one.entity == entity
    ]
    known = {one.signal for one, _ in bases}
    bases += [
        (usual_threshold(entity, signal), None)
        for signal in SIGNALS
        if signal not in known and signal not in DETAILED
    ]
    judge = NotingJudge(run, [loose for like, _ in bases for loose in loosest(like)])
    gaps = store.gaps_of(client, run)
    for facts, start, end in _stretches(client, run, [entity], judge.thresholds, (first, until)):
        for _ in judge_stretch({entity: judge}, facts, gaps, start, end):
            pass
    for like, now in bases:
        found = suggest(run, like, now, judge.notes, since, most)
        if now is not None or _is_telling(found):
            yield found


def _is_telling(found: Suggestion) -> bool:
    """Tell whether a new threshold is worth having: not where its signal is hardly ever seen."""
    threshold = found.threshold
    if threshold is None:
        return False
    return threshold.signal == "spike" or threshold.above > loosest(threshold)[0].above


def usual_threshold(entity: str, signal: str) -> Threshold:
    """Return a threshold to start from, where there is none."""
    needed: dict[str, object] = (
        {} if signal in ("spike", "new_term") else {"above": 0, "per": USUAL_LENGTH}
    )
    return made(entity, signal, rule_of(signal, needed))


def known_events(
    client: Client, entities: Sequence[str], since: datetime, until: datetime
) -> list[Event]:
    """Return the events that concern any of the entities and began within the stretch."""
    return judged_events(read_events(client, entities), since, until)


def _stretches(
    client: Client,
    run: str,
    entities: Sequence[str],
    thresholds: Sequence[Threshold],
    span: tuple[datetime, datetime],
) -> Iterator[tuple[Mapping[datetime, Mapping[str, Minute]], datetime, datetime]]:
    detailed = store.detailed_entities(thresholds)
    length = timedelta(days=max(1, ENTITY_DAYS // max(1, len(entities)) // (8 if detailed else 1)))
    start, until = span
    while start < until:
        end = min(start + length, until)
        yield store.facts(client, run, entities, detailed, start, end), start, end
        start = end


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
