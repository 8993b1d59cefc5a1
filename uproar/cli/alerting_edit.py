"""`uproar alerts set`, `mute`, `unmute`, `remove` and `history`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from uproar.cli.alerting import ALL, AS, JSON, author_of, checked_entity, time
from uproar.cli.invocation import Invocation
from uproar.config_file import read_config
from uproar.errors import InputError

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from dashboards.alerts.changes import PastChange
    from dashboards.alerts.sync import Known, Table
    from uproar.config import Config

HISTORY_COLUMNS = ("time", "author", "entity", "signal", "severity", "act", "what")


@click.command("set")
@click.argument("entity")
@click.argument("signal")
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]...")
@AS
@click.pass_obj
def set_threshold(
    invocation: Invocation,
    entity: str,
    signal: str,
    fields: tuple[str, ...],
    author: str | None,
) -> None:
    """Set a threshold of ENTITY, or change the fields of the one that there is.

    Fields are those of uproar.yaml: above, per, at_least, direction, sensitivity, severity, for,
    cooldown, most_per_hour, mute. `FIELD=` puts one back to what is usual. Of one signal there may
    be a threshold of each severity.

    Example: uproar alerts set epik volume above=50 per=1m severity=critical for=2m
    """
    from dashboards.alerts.changes import write_changes
    from dashboards.alerts.edits import described, differing_fields, edited, read_words
    from dashboards.alerts.sync import set_by_command

    words = read_words(fields)
    name = author_of(author)
    with _table(invocation) as (client, config, table):
        checked_entity(config, entity)
        present = [known.threshold for known in table.present.values()]
        before, after = edited(present, entity, signal, words)
        if before is not None and not differing_fields(before, after):
            click.echo(f"`{entity}` `{signal}` {after.severity} is so already: {described(after)}")
            return
        write_changes(client, [set_by_command(before, after)], name, datetime.now(UTC))
    was = f" (was {described(before)})" if before else ""
    click.echo(f"Set `{entity}` `{signal}` {after.severity}: {described(after)}{was}")


@click.command()
@click.argument("entity")
@click.argument("signal", required=False)
@click.option("--for", "length", help="How long: 30m, 2h, 1d.")
@click.option("--until", help="Until then, as in RFC 3339; UTC if no zone.")
@AS
@click.pass_obj
def mute(
    invocation: Invocation,
    entity: str,
    signal: str | None,
    length: str | None,
    until: str | None,
    author: str | None,
) -> None:
    """Keep alerts of ENTITY from being delivered for a while; `all` mutes every entity.

    They are judged, stored and shown all the same, and say that they were muted. For every weekend
    or night: `uproar alerts set ENTITY SIGNAL mute=sat-sun,22:00-06:00`.

    Example: uproar alerts mute epik volume --for 2h
    """
    now = datetime.now(UTC)
    end = _end(length, until, now)
    count = _mute(invocation, entity, signal, end, author_of(author))
    click.echo(f"Muted {_counted(count)} until {time(end)} UTC.")


@click.command()
@click.argument("entity")
@click.argument("signal", required=False)
@AS
@click.pass_obj
def unmute(invocation: Invocation, entity: str, signal: str | None, author: str | None) -> None:
    """Deliver alerts of ENTITY again before its mute is over; `all` unmutes every entity."""
    from dashboards.alerts.thresholds import NEVER

    count = _mute(invocation, entity, signal, NEVER, author_of(author))
    click.echo(f"Unmuted {_counted(count)}." if count else "Nothing was muted.")


@click.command()
@click.argument("entity")
@click.argument("signal")
@click.option("--severity", help="Which, where the signal has thresholds of several severities.")
@AS
@click.pass_obj
def remove(
    invocation: Invocation, entity: str, signal: str, severity: str | None, author: str | None
) -> None:
    """Remove a threshold of ENTITY. It stays removed, though uproar.yaml has it.

    Example: uproar alerts remove epik volume
    """
    from dashboards.alerts.changes import write_changes
    from dashboards.alerts.edits import described
    from dashboards.alerts.sync import removed_by_command

    name = author_of(author)
    with _table(invocation) as (client, config, table):
        found = _matching(table, config, entity, signal)
        if severity is not None:
            found = [one for one in found if one.threshold.severity == severity]
        if len(found) != 1:
            severities = [f"--severity {one.threshold.severity}" for one in found]
            raise InputError(
                f"`{entity}` has {len(found) or 'no'} thresholds of `{signal}`"
                + (f" and severity `{severity}`" if severity else ""),
                hint=" or ".join(severities) or "`uproar alerts list` shows what there is",
            )
        threshold = found[0].threshold
        write_changes(client, [removed_by_command(threshold)], name, datetime.now(UTC))
    click.echo(f"Removed `{entity}` `{signal}` {threshold.severity}: {described(threshold)}")


@click.command()
@click.argument("entity", required=False)
@click.option(
    "--most",
    default=100,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many changes, the newest ones.",
)
@JSON
@click.pass_obj
def history(invocation: Invocation, entity: str | None, most: int, *, as_json: bool) -> None:
    """List who changed which threshold, when and how; the newest change first."""
    import msgspec

    from dashboards.alerts.changes import read_changes
    from uproar.cli.asking import reader
    from uproar.cli.tables import console, table_of
    from uproar.printable import printable_cell

    with reader(invocation) as client:
        found = read_changes(client, entity or "", most)
    if as_json:
        for one in found:
            click.echo(msgspec.json.encode(one))
        return
    rows = [
        (f"{one.changed_at:%Y-%m-%d %H:%M:%S}", one.author, one.entity, one.signal, one.severity,
         one.act, _what(one))
        for one in found
    ]  # fmt: skip
    console().print(table_of(HISTORY_COLUMNS, [tuple(map(printable_cell, row)) for row in rows]))


@contextmanager
def _table(invocation: Invocation) -> Iterator[tuple["Client", "Config", "Table"]]:
    """Lend a client that may write, the file, and the table with what the file adds to it.

    The file is not followed here any further: it may not be the one that the watcher goes by.
    """
    from dashboards.alerts.changes import read_table
    from dashboards.alerts.sync import changed, seeding
    from dashboards.alerts.thresholds import from_config
    from uproar.cli.asking import writer

    config = read_config(invocation.config)
    with writer(invocation) as client:
        table = read_table(client)
        added = [one for one in seeding(from_config(config), table) if one.before is None]
        yield client, config, changed(table, added)


def _mute(
    invocation: Invocation, entity: str, signal: str | None, until: datetime, author: str
) -> int:
    from dashboards.alerts.changes import write_changes
    from dashboards.alerts.sync import muted_by_command

    with _table(invocation) as (client, config, table):
        found = _matching(table, config, entity, signal)
        if not found:
            raise InputError(
                f"`{entity}` has no threshold{f' of `{signal}`' if signal else ''}",
                hint="`uproar alerts list` shows what there is",
            )
        now = datetime.now(UTC).replace(microsecond=0)
        changed = [
            muted_by_command(one, now, until) for one in found if one.threshold.muted_until != until
        ]
        write_changes(client, changed, author, datetime.now(UTC))
    return len(changed)


def _matching(table: "Table", config: "Config", entity: str, signal: str | None) -> list["Known"]:
    from dashboards.alerts.edits import checked_signal

    if entity != ALL or any(one.id == ALL for one in config.entities):
        checked_entity(config, entity)
    if signal is not None:
        checked_signal(signal)
    return [
        known
        for key, known in sorted(table.present.items())
        if (entity in (key[0], ALL)) and signal in (key[1], None)
    ]


def _end(length: str | None, until: str | None, now: datetime) -> datetime:
    """Return the end of a mute, in whole seconds. Raises InputError."""
    from dashboards.alerts.thresholds import seconds_of
    from uproar.cli.ranges import LATEST, parse_moment
    from uproar.config_values import DURATION, MEANINGS

    if (length is None) == (until is None):
        raise InputError(
            "wanted either how long or until when",
            hint="for example --for 2h, or --until 2026-12-24T18:00:00Z",
        )
    if length is not None:
        if not re.match(DURATION, length):
            raise InputError(f"`--for`: wanted {MEANINGS[DURATION]}, found `{length}`")
        seconds = seconds_of(length)
        end = now + timedelta(seconds=seconds) if seconds < 366 * 86400 * 50 else LATEST
    else:
        end = parse_moment(until, "--until") or now
    if end <= now or end > LATEST:
        raise InputError(f"wanted an end between now and 2100, found {time(end)} UTC")
    return end.replace(microsecond=0)


def _counted(count: int) -> str:
    return "1 threshold" if count == 1 else f"{count:,} thresholds"


def _what(change: "PastChange") -> str:
    """Say what a change did, field by field."""
    from dashboards.alerts.edits import described, differing_fields, value_of

    before, after = change.before, change.after
    if change.act == "mute" and after:
        return f"until {time(after.muted_until)}"
    if before is None or after is None:
        one = before or after
        return described(one) if one else "left to uproar.yaml"
    fields = differing_fields(before, after)
    if not fields:
        return "" if change.act == "unmute" else "left to uproar.yaml"
    return ", ".join(
        f"{field} {_value(value_of(before, field))} → {_value(value_of(after, field))}"
        for field in fields
    )


def _value(value: object) -> str:
    if isinstance(value, list):
        return ",".join(value) or "none"
    return "none" if value is None else str(value)
