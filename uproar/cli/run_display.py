"""A run, and a comparison of two, for a person's eyes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.console import Group, RenderableType
from rich.text import Text

from uproar.cli.comparing import Difference
from uproar.cli.run_details import Details, replay_command
from uproar.cli.tables import console, table_of
from uproar.errors import InputError
from uproar.printable import printable, printable_cell

if TYPE_CHECKING:
    from sinks.fingerprint import DifferingMinute

MOST_FILES = 50
FIGURE_COLUMNS = ("entity", "posts", "authors", "negative %", "calls against", "calls for")
FILE_COLUMNS = (
    "file", "format", "bytes", "SHA-256", "read", "kept", "filtered", "deletions", "dead",
)  # fmt: skip
LIFE_COLUMNS = ("producer", "started", "reported", "state", "read", "kept", "dead", "stored up to")


def show_details(details: Details) -> None:
    """Print a run: facts, figures, files, lives, and how to make it again."""
    summary, facts = details.run, details.facts
    rows = [
        ("fingerprint", details.fingerprint.digits),
        ("of", f"{details.fingerprint.totals:,} totals of {summary.rows:,} mentions"),
        ("state", summary.state or "remains: no producer tells of these rows"),
        ("posts", f"from {_time(summary.first_at)} to {_time(summary.last_at)}"),
        ("read", f"{summary.read:,} records, {summary.kept:,} of them kept"),
        ("dead letters", f"{summary.dead_letters:,}"),
        ("watermark", _time(summary.watermark) + (", finished" if summary.is_finished else "")),
        *(_made_with(facts) if facts else []),
    ]
    parts: list[RenderableType] = [_table((f"run {summary.run}", ""), rows)]
    if details.figures:
        figures = [
            (each.entity, each.posts, each.authors, _percent(each.negative_share),
             each.calls_against, each.calls_for)
            for each in details.figures
        ]  # fmt: skip
        parts += [Text(), _table(FIGURE_COLUMNS, figures)]
    if details.files:
        files = [
            (file.name, file.format, file.size_bytes, file.sha256 or "–", file.read, file.kept,
             file.filtered, file.deletions, sum(file.dead_letters.values()))
            for file in details.files[:MOST_FILES]
        ]  # fmt: skip
        parts += [Text(), _table(FILE_COLUMNS, files)]
        if (more := len(details.files) - MOST_FILES) > 0:
            parts.append(Text(f"and {more:,} more files (--json has them all)"))
    lives = [
        (life.source, _time(life.started_at), _time(life.reported_at), life.state, life.read,
         life.kept, sum(life.dead_letters.values()), life.position)
        for life in details.lives
    ]  # fmt: skip
    parts += [Text(), _table(LIFE_COLUMNS, lives)]
    console().print(Group(*parts))
    try:
        command = replay_command(details, f"{summary.run}.yaml")
    except InputError as error:
        click.echo(f"\n{error}.", err=True)
    else:
        click.echo("\nTo make it again, where its files lie:")
        click.echo(f"  uproar runs config {summary.run} > {summary.run}.yaml")
        click.echo(f"  {printable(command)}")


def show_comparison(
    sides: tuple[Details, Details],
    differences: Sequence[Difference],
    count: int | None,
    minutes: "Sequence[DifferingMinute]",
) -> None:
    """Print the verdict, then what differs."""
    names = [side.run.run for side in sides]
    prints = [side.fingerprint for side in sides]
    if prints[0] == prints[1]:
        click.echo(f"The same totals: {prints[0].digits}, {prints[0].totals:,} totals.")
    else:
        click.echo("Other totals:")
        for name, one in zip(names, prints, strict=True):
            click.echo(f"  {one.digits}  {one.totals:,} totals  {printable(name)}")
    if differences:
        rows = [(each.what, _said(each.one), _said(each.other)) for each in differences]
        console().print(Group(Text(), _table(("differs", *names), rows)))
    if count is None:
        click.echo("Minutes are compared only between runs of one ClickHouse.", err=True)
    elif minutes:
        click.echo(f"\nTotals differ in {count:,} minutes of an entity; the first:")
        counted = [f"{what}, {name}" for what in ("posts", "calling") for name in names]
        columns = ("minute", "entity", *counted)
        console().print(
            _table(columns, [(_time(m.minute), m.entity, *m.posts, *m.calling) for m in minutes])
        )


def _reading(facts: dict[str, Any]) -> str:
    if "reading" in facts:
        return f"{facts['reading']} reading"
    return f"sentiment {facts.get('sentiment', '?')}"


def _made_with(facts: dict[str, Any]) -> list[tuple[str, str]]:
    versions = {**facts.get("models", {}), **facts.get("packages", {})}
    bounds = facts.get("bounds") or {}
    said = [
        ("made by", f"Uproar {facts.get('uproar', '?')}, {_reading(facts)}"),
        ("with", ", ".join(f"{name} {version}" for name, version in versions.items())),
        ("entities", ", ".join(str(entity.get("id")) for entity in facts.get("entities", []))),
        ("author key", f"{facts.get('author_key', '?')} (a print of it, not the key)"),
    ]
    limits = [f"{name} {value}" for name, value in bounds.items() if value]
    return [*said, ("bounds", ", ".join(limits))] if limits else said


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> RenderableType:
    safe = [tuple(map(printable_cell, row)) for row in rows]
    return table_of([printable(column) for column in columns], safe)


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def _time(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "–"
