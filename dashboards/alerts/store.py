"""Where alerts meet ClickHouse: facts and thresholds in, verdicts out. Every statement is a file.

Everything written has a key that judging again gives again (`ReplacingMergeTree`), so each call can
be repeated. All raise the driver's errors.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import msgspec
from clickhouse_driver import Client

from dashboards.alerts.facts import DETAILED, Minute, PostFacts
from dashboards.alerts.judge import JudgeState, Verdict
from dashboards.alerts.lane import Alert
from dashboards.alerts.thresholds import Threshold

log = logging.getLogger(__name__)

_STATEMENTS = files("dashboards") / "alerts" / "statements"


def statement(name: str) -> str:
    """Return the text of `statements/<name>.sql`."""
    return (_STATEMENTS / f"{name}.sql").read_text("utf-8")


class RunMark(msgspec.Struct, frozen=True, kw_only=True):
    """How far a run is stored, and how far it has been judged: None, not at all."""

    run: str
    observed_before: datetime
    is_finished: bool
    judged_before: datetime | None


class StoredThreshold(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold as it stands in the table: who put it there, and when."""

    threshold: Threshold
    origin: str
    author: str
    changed_at: datetime
    version: int


MinuteFacts = Mapping[datetime, Mapping[str, Minute]]
"""By minute and entity; what is not in it is calm."""


def run_marks(client: Client) -> list[RunMark]:
    """Return every run that has a watermark, the live one first."""
    return [
        RunMark(
            run=run,
            observed_before=observed_before,
            is_finished=bool(is_finished),
            judged_before=judged_before if judged_before.year > 1970 else None,
        )
        for run, observed_before, is_finished, judged_before in client.execute(
            statement("watermarks")
        )
    ]


def extent(client: Client, run: str) -> tuple[datetime, datetime] | None:
    """Return the first and the last minute in which something was said; None: nothing was."""
    ((has_any, first, last),) = client.execute(statement("extent"), {"run": run})
    return (first, last) if has_any else None


def entities_of(client: Client, run: str) -> list[str]:
    """Return who is mentioned in a run."""
    return [entity for (entity,) in client.execute(statement("entities"), {"run": run})]


def gaps_of(client: Client, run: str) -> list[tuple[datetime, datetime]]:
    """Return the stretches of a run of which nothing is known."""
    return [(since, until) for since, until in client.execute(statement("gaps"), {"run": run})]


def facts(
    client: Client,
    run: str,
    entities: Sequence[str],
    detailed: Sequence[str],
    start: datetime,
    end: datetime,
) -> MinuteFacts:
    """Return the facts of the minutes from `start`, before `end`.

    `detailed` are the entities whose posts are wanted one by one, too.
    """
    # As numbers: a written time would be read in whatever zone the server is in.
    span = {"run": run, "start": int(start.timestamp()), "end": int(end.timestamp())}
    found: dict[datetime, dict[str, Minute]] = {}
    if entities:
        rows = client.execute(statement("minutes"), {**span, "entities": tuple(entities)})
        for entity, minute, *totals in rows:
            found.setdefault(minute, {})[entity] = Minute(**dict(zip(_TOTALS, totals, strict=True)))
    if detailed:
        rows = client.execute(statement("details"), {**span, "entities": tuple(detailed)})
        for entity, minute, posts in rows:
            here = found.setdefault(minute, {})
            details = tuple(
                PostFacts(author, text_print, tuple(terms)) for author, text_print, terms in posts
            )
            here[entity] = msgspec.structs.replace(here.get(entity, Minute()), details=details)
    return found


_TOTALS = ("posts", "sure", "negative", "calling_against", "calling_for", "calling")


def detailed_entities(thresholds: Iterable[Threshold]) -> list[str]:
    """Return the entities that have a threshold which goes by single posts."""
    return sorted({one.entity for one in thresholds if one.signal in DETAILED})


def thresholds_version(client: Client) -> tuple[int, int]:
    """Return what changes whenever a threshold does."""
    ((version, count),) = client.execute(statement("thresholds_version"))
    return version, count


def read_thresholds(client: Client) -> list[StoredThreshold]:
    """Return every threshold as it is now."""
    return [_stored(row) for row in client.execute(statement("thresholds"))]


def _stored(row: tuple[Any, ...]) -> StoredThreshold:
    names = Threshold.__struct_fields__
    values = dict(zip(names, row, strict=False))
    origin, author, changed_at, version = row[len(names) :]
    return StoredThreshold(
        threshold=Threshold(**{**values, "mutes": tuple(values["mutes"])}),
        origin=origin,
        author=author,
        changed_at=changed_at,
        version=version,
    )


def read_states(client: Client, run: str) -> dict[str, tuple[datetime, JudgeState]]:
    """Return what is known of each entity of a run, and before which minute.

    What another version of Uproar has written in a form of its own is left out: it is learnt anew.
    """
    found = {}
    for entity, judged_before, state in client.execute(statement("states"), {"run": run}):
        try:
            found[entity] = (judged_before, msgspec.json.decode(state, type=JudgeState))
        except msgspec.ValidationError as error:
            log.warning(
                "what was learnt of `%s` in run `%s` cannot be read: %s", entity, run, error
            )
    return found


def read_open_alerts(
    client: Client, run: str, *, is_late: bool = False
) -> dict[str, tuple[Alert, str]]:
    """Return the alerts of a run that last, and their explanations, by id.

    With `is_late`, those that tell of the run being late, and no others.
    """
    found = {}
    for row in client.execute(statement("open_alerts"), {"run": run, "is_late": int(is_late)}):
        alert_id, threshold, term, *rest, explanation = row
        alert = Alert(
            run=run,
            id=alert_id,
            threshold=msgspec.json.decode(threshold, type=Threshold),
            term=term,
            **dict(zip(_REST, rest, strict=True)),
        )
        found[alert_id] = (alert, explanation)
    return found


_REST = (
    "started_at", "fired_at", "peak_at", "ended_at", "value", "expected", "peak_value", "posts",
    "silence",
)  # fmt: skip


def write_alerts(client: Client, alerts: Iterable[tuple[Alert, str]], now: datetime) -> None:
    """Store alerts with their explanations, in place of what was stored of them."""
    rows = [
        (
            alert.run, alert.id, alert.threshold.entity, alert.threshold.signal,
            alert.threshold.severity, alert.started_at, alert.fired_at, alert.peak_at,
            alert.ended_at, alert.value, alert.expected, alert.peak_value, alert.posts, alert.term,
            msgspec.json.encode(alert.threshold).decode(), alert.silence, explanation, now,
            version_of(now),
        )
        for alert, explanation in alerts
    ]  # fmt: skip
    insert(client, "alerts", _ALERT_COLUMNS, rows)


_ALERT_COLUMNS = (
    "run", "id", "entity", "signal", "severity", "started_at", "fired_at", "peak_at", "ended_at",
    "value", "expected", "peak_value", "posts", "term", "threshold", "silence", "explanation",
    "judged_at", "version",
)  # fmt: skip


def write_verdicts(
    client: Client, run: str, verdicts: Iterable[tuple[str, Verdict]], now: datetime
) -> None:
    """Store what was expected of each minute, and the spikes: of each its newest figures."""
    version = version_of(now)
    expected: list[tuple[Any, ...]] = []
    spikes: dict[tuple[str, datetime], tuple[Any, ...]] = {}
    for entity, verdict in verdicts:
        if verdict.expected >= LEAST_EXPECTED or verdict.score or verdict.is_spike:
            expected.append(
                (run, entity, verdict.minute, verdict.expected, verdict.score, verdict.is_spike,
                 version)
            )  # fmt: skip
        if verdict.spike is not None:
            spike = verdict.spike.spike
            spikes[entity, spike.started_at] = (
                run, entity, spike.started_at, spike.peak_at, spike.ended_at, verdict.spike.posts,
                verdict.spike.expected, round(spike.peak), spike.score, version,
            )  # fmt: skip
    insert(client, "expected_by_minute", _EXPECTED_COLUMNS, expected)
    insert(client, "spikes", _SPIKE_COLUMNS, list(spikes.values()))


LEAST_EXPECTED = 0.005
"""Posts a minute; where less was expected and nothing stood out, nothing is stored: that is 0."""
_EXPECTED_COLUMNS = ("run", "entity", "minute", "expected", "score", "is_spike", "version")
_SPIKE_COLUMNS = (
    "run", "entity", "started_at", "peak_at", "ended_at", "posts", "expected", "peak_posts",
    "score", "version",
)  # fmt: skip


def write_states(
    client: Client, run: str, states: Mapping[str, JudgeState], before: datetime, now: datetime
) -> None:
    """Store what judges remember after the minutes before `before`."""
    rows = [
        (run, entity, before, msgspec.json.encode(state).decode(), version_of(now))
        for entity, state in states.items()
    ]
    insert(client, "watch_states", ("run", "entity", "judged_before", "state", "version"), rows)


def write_mark(client: Client, run: str, before: datetime, now: datetime) -> None:
    """Store that everything before a minute has been judged. To be written last."""
    insert(client, "watch_marks", ("run", "judged_before", "judged_at"), [(run, before, now)])


def version_of(now: datetime) -> int:
    """Return a version for rows that are written now: microseconds of the Unix epoch."""
    return int((now - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)


def insert(
    client: Client, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Store rows in a table; both names are ours, never a stranger's."""
    if rows:
        client.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES", list(rows))
