"""A back-test for a person's eyes: settings side by side, alerts, events, suggestions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from uproar.cli.alerting import amount, time
from uproar.printable import printable, printable_cell

if TYPE_CHECKING:
    from dashboards.alerts.outcome import Outcome, Tally

MOST_ALERTS = 40
TALLY_COLUMNS = (
    "setting", "entity", "signal", "severity", "threshold", "alerts", "silent", "a week", "events",
    "before event", "before peak",
)  # fmt: skip
ALERT_COLUMNS = (
    "setting", "entity", "signal", "severity", "started", "fired", "ended", "seen", "expected",
    "peak", "silence",
)  # fmt: skip
EVENT_COLUMNS = ("event", "began", "setting", "first alert", "fired", "before event", "before peak")
SUGGESTION_COLUMNS = (
    "entity", "signal", "severity", "now", "a week", "suggested", "a week", "events",
    "before event",
)  # fmt: skip


def show(outcome: "Outcome") -> None:
    """Print the outcome as tables."""
    click.echo(
        f"{printable(outcome.run)}, {time(outcome.since)} to {time(outcome.until)} UTC: "
        f"{outcome.weeks:.1f} weeks, {len(outcome.events)} known events; "
        f"learning since {time(outcome.first_minute)}\n"
    )
    _tallies(outcome)
    _alerts(outcome)
    _events(outcome)
    _suggestions(outcome)


def lead_in_words(seconds: float | None) -> str:
    """Say how long before.

    >>> lead_in_words(5400), lead_in_words(-240), lead_in_words(None)
    ('1 h 30 min', '4 min after', '–')
    """
    if seconds is None:
        return "–"
    minutes = round(abs(seconds) / 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "",
             f"{minutes % 60} min" if not days and (minutes % 60 or not hours) else ""]  # fmt: skip
    return " ".join(filter(None, parts)) + (" after" if seconds < 0 else "")


def _tallies(outcome: "Outcome") -> None:
    rows = []
    for setting in outcome.settings:
        for tally in setting.tallies:
            rows.append((setting.name, *_tally_cells(tally)))
        if len(setting.tallies) > 1:
            rows.append((setting.name, *_tally_cells(setting.whole)))
    _print(TALLY_COLUMNS, rows)


def _tally_cells(tally: "Tally") -> tuple[object, ...]:
    from dashboards.alerts.edits import described

    one = tally.threshold
    of = (one.entity, one.signal, one.severity, described(one)) if one else ("all", "", "", "")
    return (
        *of, tally.alerts, tally.silent, round(tally.a_week, 1), _caught(tally),
        lead_in_words(tally.before_start_seconds), lead_in_words(tally.before_peak_seconds),
    )  # fmt: skip


def _caught(tally: "Tally") -> str:
    return f"{tally.caught} of {tally.events}" if tally.events else "–"


def _alerts(outcome: "Outcome") -> None:
    rows = [
        (setting.name, alert.threshold.entity,
         f"{alert.threshold.signal} {alert.term}".strip(), alert.threshold.severity,
         time(alert.started_at), time(alert.fired_at),
         time(alert.ended_at) if alert.ended_at else "lasts",
         *(amount(value, alert.threshold.signal)
           for value in (alert.value, alert.expected, alert.peak_value)), alert.silence)
        for setting in outcome.settings
        for alert in setting.alerts
    ]  # fmt: skip
    if not rows:
        click.echo("\nNothing would have fired.")
        return
    click.echo("\nAlerts")
    _print(ALERT_COLUMNS, rows[:MOST_ALERTS])
    if (more := len(rows) - MOST_ALERTS) > 0:
        click.echo(f"and {more:,} more (--json has them all)")


def _events(outcome: "Outcome") -> None:
    rows = [
        (lead.event.title, time(lead.event.starts_at), setting.name,
         lead.alert.threshold.signal if lead.alert else "missed",
         time(lead.alert.fired_at if lead.alert else None),
         lead_in_words(lead.before_start_seconds), lead_in_words(lead.before_peak_seconds))
        for place in range(len(outcome.events))
        for setting in outcome.settings
        for lead in [setting.leads[place]]
    ]  # fmt: skip
    if rows:
        click.echo("\nKnown events")
        _print(EVENT_COLUMNS, rows)
    else:
        click.echo(
            "\nNo known event in this stretch to measure against: `uproar annotations add`.",
            err=True,
        )


def _suggestions(outcome: "Outcome") -> None:
    from dashboards.alerts.edits import described

    if outcome.wanted_a_week is None:
        return
    click.echo(f"\nFor at most {outcome.wanted_a_week:g} a week of each")
    rows, commands = [], []
    for one in outcome.suggestions:
        now, then = one.now, one.suggested
        shown = then or now
        threshold = shown.threshold if shown else None
        if threshold is None:
            continue
        rows.append(
            (threshold.entity, threshold.signal, threshold.severity,
             described(now.threshold) if now and now.threshold else "–",
             round(now.a_week, 1) if now else "–",
             described(threshold) if then else "nothing was ever above",
             round(then.a_week, 1) if then else "–", _caught(then) if then else "–",
             lead_in_words(then.before_start_seconds if then else None))
        )  # fmt: skip
        if then and (now is None or now.threshold != threshold):
            commands.append(
                f"uproar alerts set {threshold.entity} {threshold.signal} {described(threshold)}"
                + (f" severity={threshold.severity}" if now else "")
            )
    _print(SUGGESTION_COLUMNS, rows)
    if commands:
        click.echo("\nTo set them:\n" + "\n".join(commands))


def _print(columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
    from uproar.cli.tables import console, table_of

    console().print(table_of(columns, [tuple(map(printable_cell, row)) for row in rows]))
