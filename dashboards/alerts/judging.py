"""A stretch of a run, judged: the one way from stored minutes to verdicts. Pure.

The watcher, `uproar alerts backtest` and the tests go through `judge_stretch`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from dashboards.alerts.facts import CALM, Minute
from dashboards.alerts.judge import EntityJudge, Verdict, minutes_between

Gaps = Sequence[tuple[datetime, datetime]]
"""Stretches of which nothing is known."""


def judge_stretch(
    judges: Mapping[str, EntityJudge],
    facts: Mapping[datetime, Mapping[str, Minute]],
    gaps: Gaps,
    start: datetime,
    end: datetime,
) -> Iterator[tuple[str, Verdict]]:
    """Judge each minute from `start`, before `end`, in order; yield entity and verdict.

    A minute that lies in a gap, though only in part, is passed over.
    """
    for minute in minutes_between(start, end):
        here = facts.get(minute, {})
        if gaps and is_unknown(minute, gaps):
            for judge in judges.values():
                judge.miss()
            continue
        for entity, judge in judges.items():
            yield entity, judge.judge(minute, here.get(entity, CALM))


def warm_up(
    judges: Mapping[str, EntityJudge],
    facts: Mapping[datetime, Mapping[str, Minute]],
    gaps: Gaps,
    start: datetime,
    end: datetime,
) -> None:
    """Fill the windows of restored judges with the minutes before those that they judge next."""
    for minute in minutes_between(start, end):
        here = {} if gaps and is_unknown(minute, gaps) else facts.get(minute, {})
        for entity, judge in judges.items():
            judge.warm(here.get(entity, CALM))


def is_unknown(minute: datetime, gaps: Gaps) -> bool:
    """Tell whether a gap lies in a minute."""
    return any(
        since < minute.replace(second=59, microsecond=999_999) and minute < until
        for since, until in gaps
    )
