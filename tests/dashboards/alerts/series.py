"""Invented minutes of one entity, and what a judge makes of them, however they are handed to it."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from dashboards.alerts.facts import Minute, PostFacts
from dashboards.alerts.judge import EntityJudge, JudgeState
from dashboards.alerts.judging import Gaps, judge_stretch, warm_up
from dashboards.alerts.lane import Alert
from dashboards.alerts.thresholds import Threshold

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ENTITY = "quill"
RUN = "past"
Facts = dict[datetime, dict[str, Minute]]

THRESHOLDS = (
    Threshold(
        entity=ENTITY, signal="volume", above=20, per_seconds=300, for_seconds=120,
        cooldown_seconds=600, most_per_hour=1,
    ),
    Threshold(entity=ENTITY, signal="volume", severity="critical", above=60, per_seconds=420),
    Threshold(entity=ENTITY, signal="spike", sensitivity="high", at_least=40),
    Threshold(
        entity=ENTITY, signal="calls_to_action", above=3, per_seconds=180, mutes=("08:00-08:30",)
    ),
    Threshold(entity=ENTITY, signal="calls_share", above=0.4, per_seconds=600, at_least=5),
    Threshold(entity=ENTITY, signal="negative_share", above=0.7, per_seconds=900, at_least=8),
    Threshold(entity=ENTITY, signal="new_term", above=3, per_seconds=600, cooldown_seconds=300),
    Threshold(entity=ENTITY, signal="author_share", above=0.3, per_seconds=600, at_least=8),
    Threshold(entity=ENTITY, signal="copies_share", above=0.4, per_seconds=480, at_least=8),
)  # fmt: skip
"""One or more of each signal, over stretches of several lengths."""


def minute_of(draw: random.Random, posts: int, *, is_wave: bool) -> Minute:
    """Return a minute with so many posts; in a wave they are angrier, fewer people's, and alike."""
    sure = sum(draw.random() < 0.8 for _ in range(posts))
    calling = sum(draw.random() < (0.5 if is_wave else 0.05) for _ in range(posts))
    details = tuple(
        PostFacts(
            author=draw.choice(["", *(f"author {draw.randrange(4 if is_wave else 50)}",) * 9]),
            print=draw.randrange(5 if is_wave else 10**6),
            terms=(draw.choice(["#enough", "leave now"]),)
            if is_wave
            else (f"#{draw.randrange(30)}",),
        )
        for _ in range(posts)
    )
    return Minute(
        posts=posts,
        sure=sure,
        negative=sum(draw.random() < (0.9 if is_wave else 0.3) for _ in range(sure)),
        calling=calling,
        calling_against=calling,
        details=details,
    )


def invented_facts(seed: int, minutes: int) -> Facts:
    """Return minutes of an entity: mostly calm, with a few waves after the first six hours."""
    draw = random.Random(seed)
    waves = [draw.randrange(365, minutes) for _ in range(draw.randrange(1, 4))]
    facts: Facts = {}
    for number in range(minutes):
        is_wave = any(start <= number < start + 15 for start in waves)
        posts = draw.randrange(6, 25) if is_wave else draw.choice([0, 0, 0, 1, 1, 2])
        if posts:
            facts[START + number * MINUTE] = {ENTITY: minute_of(draw, posts, is_wave=is_wave)}
    return facts


def told(
    judge: EntityJudge, facts: Mapping[datetime, Mapping[str, Minute]], gaps: Gaps,
    start: datetime, end: datetime,
) -> list[tuple[datetime, Alert]]:  # fmt: skip
    """Return the alerts as each minute changed them."""
    return [
        (verdict.minute, alert)
        for _, verdict in judge_stretch({ENTITY: judge}, facts, gaps, start, end)
        for alert in verdict.alerts
    ]


def told_with_restarts(
    thresholds: Sequence[Threshold], facts: Facts, gaps: Gaps, cuts: Sequence[datetime]
) -> list[tuple[datetime, Alert]]:
    """Return the same, of a judge that is stored as JSON and made anew at each cut."""
    judge = EntityJudge(RUN, thresholds)
    found: list[tuple[datetime, Alert]] = []
    for place, start in enumerate(cuts[:-1]):
        if place:
            stored = msgspec.json.encode(judge.state())
            judge = EntityJudge(RUN, thresholds, msgspec.json.decode(stored, type=JudgeState))
            since = start - EntityJudge.minutes_needed(thresholds) * MINUTE
            warm_up({ENTITY: judge}, facts, gaps, since, start)
        found += told(judge, facts, gaps, start, cuts[place + 1])
    return found
