"""Asks the tables for the figures of a report."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from dashboards.intervals import choose_interval
from dashboards.macros import Scope, expand
from dashboards.panels import load_query
from dashboards.reports import figures
from dashboards.reports.course import find_wave, leading
from dashboards.scope import whole_run
from dashboards.trust import Trust, judge
from uproar.clickhouse import Result
from uproar.errors import InputError

Query = Callable[[str], Result]
RowT = TypeVar("RowT", bound=msgspec.Struct)

SHOWN_ENTITIES = 6
MOST_BARS = 120
LONGEST_BY_MINUTE = timedelta(hours=6)
LONGEST_BY_HOUR = timedelta(days=90)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is to tell of. Without a bound, the run's own; no entities: all of them."""

    run: str
    from_at: datetime | None = None
    to_at: datetime | None = None
    entities: tuple[str, ...] = ()


class Questions:
    """Asks, and keeps what it asked."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self.asked: list[figures.Asked] = []

    def rows(self, name: str, scope: Scope, of: str = "") -> list[dict[str, Any]]:
        """Return the rows that `queries/<name>.sql` answers in a scope."""
        sql = expand(load_query(name), scope)
        self.asked.append(
            figures.Asked(name=name.rpartition("/")[2], sql=sql.rstrip() + "\n", of=of)
        )
        found = self._query(sql)
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]

    def all(self, name: str, kind: type[RowT], scope: Scope) -> list[RowT]:
        """Return the rows of a report's query as structs."""
        return [kind(**row) for row in self.rows(f"reports/{name}", scope)]

    def one(self, name: str, kind: type[RowT], scope: Scope, of: str = "") -> RowT:
        """Return the only row."""
        (row,) = self.rows(f"reports/{name}", scope, of)
        return kind(**{field: value for field, value in row.items() if value is not None})


def gather(query: Query, request: Request) -> figures.Facts:
    """Return the figures. Raises InputError where there is nothing to tell of."""
    questions = Questions(query)
    whole = whole_run(request.run)
    (row,) = questions.rows("trust", whole)
    trust = judge(request.run, row)
    from_at, to_at = _range(request, trust, row)
    scope = Scope(
        from_at=from_at,
        to_at=to_at,
        interval_seconds=choose_interval((to_at - from_at).total_seconds(), MOST_BARS),
        variables={**whole.variables, "entity": request.entities},
    )
    _check_entities(questions, request, whole)
    totals = questions.one("totals", figures.Totals, scope, "the range")
    if not totals.mentions:
        raise InputError(
            f"nothing was said between {from_at:%Y-%m-%d %H:%M} and {to_at:%Y-%m-%d %H:%M} (UTC)"
            + (f" of {', '.join(request.entities)}" if request.entities else ""),
            hint=_span_of(request.run, trust),
        )
    entities = questions.all("entities", figures.EntityTotals, scope)
    return _gathered(questions, scope, trust, (totals, entities), row["asked_at"])


def _gathered(
    questions: Questions,
    scope: Scope,
    trust: Trust,
    known: tuple[figures.Totals, Sequence[figures.EntityTotals]],
    asked_at: datetime,
) -> figures.Facts:
    totals, entities = known
    whole = whole_run(trust.run)
    unit = unit_of(scope.to_at - scope.from_at)
    shown = _shown(entities)
    by_unit = msgspec.structs.replace(
        scope, interval_seconds=unit, variables={**scope.variables, "entity": shown}
    )
    course = questions.all("course", figures.Step, by_unit)
    before, during = _shift(questions, scope, course, shown[0], unit)
    all_of = questions.all
    return figures.Facts(
        run=trust.run,
        from_at=scope.from_at,
        to_at=scope.to_at,
        asked_at=asked_at,
        asked_entities=scope.variables["entity"],
        names=names_of(questions.rows("reports/names", whole)),
        unit_seconds=unit,
        bar_seconds=scope.interval_seconds,
        trust=trust,
        accounts=questions.one("accounts", figures.Accounts, whole),
        letters=all_of("dead_letters", figures.Letters, whole),
        totals=totals,
        entities=entities,
        course=course,
        expected=all_of("expected", figures.Expected, by_unit),
        mood=all_of("mood", figures.Mood, scope),
        calls=all_of("calls", figures.Call, scope),
        calling=all_of("calls_over_time", figures.CallStep, scope),
        addressees=all_of("addressees", figures.Addressee, scope),
        words=all_of("words", figures.Words, scope),
        languages=all_of("languages", figures.Part, scope),
        platforms=all_of("platforms", figures.Part, scope),
        loudest=questions.one("loudest", figures.Loudest, scope),
        candidates=all_of("evidence", figures.Candidate, scope),
        spikes=all_of("spikes", figures.Spike, scope),
        alerts=all_of("alerts", figures.Alert, scope),
        annotations=all_of("annotations", figures.Annotation, scope),
        before=before,
        during=during,
        queries=tuple(questions.asked),
    )


def unit_of(length: timedelta) -> int:
    """Return the step, in seconds, by which a range is judged: a minute, an hour or a day.

    >>> unit_of(timedelta(hours=2)), unit_of(timedelta(days=12)), unit_of(timedelta(days=4000))
    (60, 3600, 86400)
    """
    if length <= LONGEST_BY_MINUTE:
        return 60
    return 3600 if length <= LONGEST_BY_HOUR else 86_400


def names_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of entities by id, as the newest producer that tells them has them."""
    for row in rows:
        told = msgspec.json.decode(row["facts"]).get("entities") or []
        if names := {one["id"]: one.get("name") or one["id"] for one in told}:
            return names
    return {}


def _shown(entities: Sequence[figures.EntityTotals]) -> tuple[str, ...]:
    """Return the entities to show one by one, the one to begin with first."""
    first = leading(entities)
    others = [one.entity for one in entities if one.entity != first]
    return (first, *others[: SHOWN_ENTITIES - 1])


def _shift(
    questions: Questions, scope: Scope, course: Sequence[figures.Step], entity: str, unit: int
) -> tuple[figures.Totals | None, figures.Totals | None]:
    wave = find_wave(course, entity, scope.from_at, scope.to_at, unit)
    if wave is None or wave.started_at is None or wave.started_at <= scope.from_at:
        return None, None
    of_entity = msgspec.structs.replace(scope, variables={**scope.variables, "entity": (entity,)})
    before = msgspec.structs.replace(of_entity, to_at=wave.started_at - timedelta(seconds=1))
    during = msgspec.structs.replace(of_entity, from_at=wave.started_at)
    return (
        questions.one("totals", figures.Totals, before, "before the wave"),
        questions.one("totals", figures.Totals, during, "since the wave began"),
    )


def _range(request: Request, trust: Trust, row: Mapping[str, Any]) -> tuple[datetime, datetime]:
    if trust.first_at is None or trust.last_at is None:
        if row["stored_at"] is None and not row["states"] and not row["dead_letters"]:
            raise InputError(
                f"nothing is stored of a run `{request.run}`",
                hint="`uproar runs list` names those there are",
            )
        raise InputError(
            f"run `{request.run}` holds no posts",
            hint="`uproar runs show` tells what became of what was read",
        )
    start = (request.from_at or trust.first_at).replace(second=0, microsecond=0)
    end = (request.to_at or trust.last_at).replace(second=0, microsecond=0)
    end += timedelta(seconds=59 if request.to_at is None else -1)
    if end < start:
        raise InputError(
            f"the range ends before it begins: from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}",
            hint=_span_of(request.run, trust),
        )
    return start, end


def _span_of(run: str, trust: Trust) -> str:
    first, last = f"{trust.first_at:%Y-%m-%d %H:%M}", f"{trust.last_at:%Y-%m-%d %H:%M}"
    return f"run `{run}` holds posts from {first} to {last} (UTC)"


def _check_entities(questions: Questions, request: Request, whole: Scope) -> None:
    if not request.entities:
        return
    known = [row["entity"] for row in questions.rows("variable_entity", whole)]
    if missing := [name for name in request.entities if name not in known]:
        raise InputError(
            f"run `{request.run}` has no posts about `{missing[0]}`",
            hint="it has of: " + ", ".join(known[:20]),
        )
