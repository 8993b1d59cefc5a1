"""`uproar annotations`: known events, against which alerts are measured and which charts show."""

from datetime import UTC, datetime
from pathlib import Path

import click

from uproar.cli.alerting import AS, JSON, author_of, checked_entity, time
from uproar.cli.invocation import Invocation
from uproar.config_file import read_config
from uproar.errors import InputError

COLUMNS = ("id", "entity", "starts", "ends", "title", "url", "author")


@click.group()
def annotations() -> None:
    """Note known events: alerts are measured against them, and charts show them."""


@annotations.command("list")
@click.argument("entity", required=False)
@JSON
@click.pass_obj
def annotations_list(invocation: Invocation, entity: str | None, *, as_json: bool) -> None:
    """List the events in order of time: all, or those that concern ENTITY."""
    import msgspec

    from dashboards.alerts.annotations import read_events
    from uproar.cli.asking import reader
    from uproar.cli.tables import console, table_of
    from uproar.printable import printable_cell

    with reader(invocation) as client:
        found = read_events(client, [entity] if entity else [])
    if as_json:
        for one in found:
            click.echo(msgspec.json.encode(one))
        return
    rows = [
        (one.id, one.entity or "all", time(one.starts_at), time(one.ends_at), one.title, one.url,
         one.author)
        for one in found
    ]  # fmt: skip
    console().print(table_of(COLUMNS, [tuple(map(printable_cell, row)) for row in rows]))


@annotations.command()
@click.argument("title")
@click.option("--at", required=True, help="When it began: RFC 3339, UTC if no zone.")
@click.option("--until", default="", help="When it was over.")
@click.option("--entity", default="all", show_default=True, help="Whom it concerns.")
@click.option("--url", default="", help="Where it can be read about.")
@AS
@click.pass_obj
def add(
    invocation: Invocation,
    title: str,
    at: str,
    until: str,
    entity: str,
    url: str,
    author: str | None,
) -> None:
    """Note an event by its TITLE.

    Example: uproar annotations add "Host drops the site" --at 2021-01-18T09:30:00Z --entity epik
    """
    from dashboards.alerts.annotations import write_events
    from dashboards.alerts.events import EVERY, event_of
    from uproar.cli.asking import writer

    if entity not in EVERY:
        checked_entity(read_config(invocation.config), entity)
    fields = {"title": title, "starts_at": at, "ends_at": until, "entity": entity, "url": url}
    try:
        event = event_of(fields, author_of(author))
    except ValueError as error:
        words = str(error).replace("`starts_at`", "`--at`").replace("`ends_at`", "`--until`")
        raise InputError(words) from error
    with writer(invocation) as client:
        write_events(client, [event], datetime.now(UTC))
    click.echo(event.id)


@annotations.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@AS
@click.pass_obj
def annotations_import(invocation: Invocation, file: Path, author: str | None) -> None:
    """Note the events of FILE, a CSV with a header.

    Columns are starts_at and title, and may be ends_at, text, entity and url, in any order. An
    event that is there already is noted anew, not twice. A mistake is named with its line, and
    then nothing is imported.
    """
    from dashboards.alerts.annotations import write_events
    from dashboards.alerts.events import read_csv
    from uproar.cli.asking import writer

    known = {entity.id for entity in read_config(invocation.config).entities}
    name = author_of(author)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            events = read_csv(lines, str(file), name, known.__contains__)
    except OSError as error:
        raise InputError(f"cannot read `{file}`: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"`{file}`: wanted UTF-8", hint="save the file in UTF-8") from error
    with writer(invocation) as client:
        write_events(client, events, datetime.now(UTC))
    count = len({event.id for event in events})
    click.echo(f"Noted {count:,} event{'' if count == 1 else 's'}.")


@annotations.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_obj
def remove(invocation: Invocation, ids: tuple[str, ...]) -> None:
    """Remove the events of these ids (`uproar annotations list`)."""
    from dashboards.alerts.annotations import read_events, write_events
    from dashboards.alerts.edits import meant
    from uproar.cli.asking import writer

    with writer(invocation) as client:
        present = {event.id: event for event in read_events(client)}
        for each in ids:
            if each not in present:
                raise InputError(f"no such event: `{each}`", hint=meant(each, list(present)))
        write_events(client, [present[each] for each in ids], datetime.now(UTC), are_removed=True)
    click.echo(f"Removed {len(set(ids)):,}.")
