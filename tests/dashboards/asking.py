"""How the tests ask the boards' queries, and how they count the same figures themselves."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboards.macros import Scope, expand
from dashboards.panels import load_query
from dashboards.scope import NAMES
from uproar.clickhouse import Result
from uproar.records import EntityReaction, Reaction

START = datetime(2021, 1, 10, tzinfo=UTC)
LATER = START + timedelta(days=2)
HOUR = 3600
Query = Callable[[str], Result]
Row = tuple[Reaction, EntityReaction]


def scope(**variables: tuple[str, ...]) -> Scope:
    none: dict[str, tuple[str, ...]] = {name: () for name in NAMES if name != "run"}
    return Scope(
        from_at=START,
        to_at=START + timedelta(days=1, hours=11, minutes=59, seconds=59),
        interval_seconds=HOUR,
        variables=none | {"run": ("wave",)} | variables,
    )


SCOPES = [
    pytest.param(scope(), id="all"),
    pytest.param(scope(entity=("nimbus",)), id="one entity"),
    pytest.param(
        scope(entity=("nimbus", "oakline"), platform=("bluesky",), lang=("en", "ja")), id="filtered"
    ),
    pytest.param(scope(run=("no such run",)), id="nothing"),
]


def rows(kept: list[Reaction], asked: Scope) -> list[Row]:
    wanted = asked.variables
    return [
        (reaction, entity)
        for reaction in kept
        for entity in reaction.entities
        if reaction.post.run in wanted["run"]
        and asked.from_at <= reaction.post.observed_at <= asked.to_at
        and (not wanted["entity"] or entity.entity in wanted["entity"])
        and (not wanted["platform"] or reaction.post.platform in wanted["platform"])
        and (not wanted["lang"] or reaction.lang in wanted["lang"])
    ]


def ask(
    query: Query, name: str, asked: Scope, bounds: Mapping[str, int | str] | None = None
) -> list[dict[str, Any]]:
    """Return the rows. `bounds` are numbers in the query and what they shall be instead."""
    sql = load_query(name)
    for bound, wanted in sorted((bounds or {}).items(), reverse=True):  # 50000 before 5000
        assert f" {bound}" in sql
        sql = sql.replace(f" {bound}", f" {wanted}")
    found = query(expand(sql, asked))
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def hour(reaction: Reaction) -> datetime:
    return reaction.post.observed_at.replace(minute=0, second=0)


def has(entity: EntityReaction, direction: str) -> bool:
    return any(call.direction == direction for call in entity.calls)


def shown(entity: EntityReaction) -> str:
    mood = entity.sentiment
    return (mood.label if mood.is_sure else "unsure") if mood else "unread"


def summary(found: list[Row]) -> dict[str, Any]:
    read = [entity.sentiment for _, entity in found if entity.sentiment]
    sure = [sentiment for sentiment in read if sentiment.is_sure]
    return {
        "mentions": len(found),
        "unique_authors": len({one.post.author for one, _ in found} - {""}),
        "negative_share": sum(s.label == "negative" for s in sure) / len(sure) if sure else None,
        "mean_score": sum(s.score for s in read) / len(read) if read else None,
        "posts_against": sum(has(entity, "against") for _, entity in found),
        "posts_for": sum(has(entity, "for") for _, entity in found),
    }
