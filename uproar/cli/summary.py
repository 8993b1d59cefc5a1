"""What a run came to: counts of the producer, then figures that the tables hold."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from clickhouse_driver import Client
from rich.console import Group, RenderableType
from rich.text import Text

from uproar.cli.tables import console, table_of
from uproar.records import RunReport

ENTITY_COLUMNS = ("entity", "posts", "authors", "negative %", "against", "for", "busiest 10 min")
CALL_COLUMNS = ("call to action", "", "posts", "for example")
ALERT_COLUMNS = ("alert", "of", "fired", "seen", "against", "highest", "at")
_QUERIES = files("uproar.cli") / "queries"


def statement(name: str) -> str:
    """Return the SQL of `queries/<name>.sql`."""
    return (_QUERIES / f"{name}.sql").read_text("utf-8")


def print_summary(report: RunReport, client: Client) -> None:
    """Print both parts on stdout, for a person."""
    console().print(Group(counts(report), *figures(client, report.run)))


def counts(report: RunReport) -> RenderableType:
    """Return what was read, and what became of it."""
    rows: list[tuple[str, Any]] = [
        ("read", report.read),
        ("kept", report.kept),
        ("filtered", report.filtered),
    ]
    if report.deletions:
        rows.append(("deletions", report.deletions))
    rows.append(("unreadable", sum(report.dead_letters.values())))
    rows += [(f"  {reason}", count) for reason, count in _by_count(report.dead_letters)]
    if report.first_at and report.last_at:
        rows.append(("first", f"{report.first_at:%Y-%m-%d %H:%M:%S} UTC"))
        rows.append(("last", f"{report.last_at:%Y-%m-%d %H:%M:%S} UTC"))
    return table_of((f"run {report.run}", ""), [(name, _shown(value)) for name, value in rows])


def figures(client: Client, run: str) -> list[RenderableType]:
    """Return the tables of entities and of calls to action."""
    parts: list[RenderableType] = []
    if entities := client.execute(statement("summary_entities"), {"run": run}):
        rows = [
            (
                *row[:3],
                row[3] if row[3] is not None else "–",
                *row[4:6],
                f"{row[6]:,} at {row[7]:%d %b %Y %H:%M}",
            )
            for row in entities
        ]
        parts += [Text(), table_of(ENTITY_COLUMNS, rows)]
    if calls := client.execute(statement("summary_calls"), {"run": run}):
        quoted = [
            (f"{action} {entity}", direction, posts, f"“{_short(example)}”")
            for entity, action, direction, posts, example in calls
        ]
        parts += [Text(), table_of(CALL_COLUMNS, quoted)]
    if alerts := client.execute(statement("summary_alerts"), {"run": run}):
        parts += [Text(), table_of(ALERT_COLUMNS, [_alert(row) for row in alerts])]
    return parts


def _alert(row: tuple[Any, ...]) -> tuple[str, ...]:
    entity, signal, severity, term, fired_at, value, expected, peak_at, peak_value, _ = row
    return (
        f"{entity}: {signal.replace('_', ' ')}" + (f" {term}" if term else ""),
        severity,
        f"{fired_at:%d %b %Y %H:%M}",
        _amount(signal, value),
        _amount(signal, expected),
        _amount(signal, peak_value),
        f"{peak_at:%d %b %Y %H:%M}",
    )


def _amount(signal: str, value: float) -> str:
    return f"{value:.0%}" if signal.endswith("_share") else f"{value:,.0f}"


def _by_count(reasons: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _short(text: str, limit: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
