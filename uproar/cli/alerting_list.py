"""`uproar alerts list`: thresholds and how they stand, or the alerts of a run."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from uproar.cli.alerting import JSON, amount, time
from uproar.cli.invocation import Invocation
from uproar.config_file import read_config
from uproar.records import LIVE_RUN

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from dashboards.alerts.fired import FiredAlert
    from dashboards.alerts.standing import Standing
    from uproar.config import Config

COLUMNS = ("entity", "signal", "severity", "threshold", "state", "last alert", "from")
FIRED_COLUMNS = (
    "id", "entity", "signal", "severity", "started", "fired", "ended", "seen", "expected", "peak",
    "posts", "silence",
)  # fmt: skip


@click.command("list")
@click.argument("entities", nargs=-1, metavar="[ENTITY]...")
@click.option("--run", default=LIVE_RUN, show_default=True, help="How they stand in this run.")
@click.option("--fired", is_flag=True, help="The alerts instead, the newest first.")
@click.option("--since", help="With --fired: from then on; RFC 3339, or how long ago (24h, 7d).")
@JSON
@click.pass_obj
def list_alerts(
    invocation: Invocation,
    entities: tuple[str, ...],
    run: str,
    since: str | None,
    *,
    fired: bool,
    as_json: bool,
) -> None:
    """List the thresholds with their states, or the alerts that have fired.

    A threshold is firing, calm, muted, learning what is usual, or late: then what has come in
    since is not stored yet, or nobody watches, and silence does not mean calm. All times are UTC,
    and observed times: of the posts, not of this clock.
    """
    from uproar.cli.asking import reader
    from uproar.cli.ranges import parse_moment
    from uproar.errors import InputError

    if since and not fired:
        raise InputError("`--since` goes with `--fired`: thresholds are shown as they are now")
    with reader(invocation) as client:
        if fired:
            _fired(client, run, entities, parse_moment(since, "--since"), as_json=as_json)
        else:
            _standing(client, run, read_config(invocation.config), entities, as_json=as_json)


def _standing(
    client: "Client", run: str, config: "Config", entities: tuple[str, ...], *, as_json: bool
) -> None:
    import msgspec

    from dashboards.alerts.fired import standings

    found = [
        (origin, one)
        for origin, one in standings(client, run, config, datetime.now(UTC))
        if not entities or one.threshold.entity in entities
    ]
    if as_json:
        for origin, one in found:
            click.echo(msgspec.json.encode({**msgspec.structs.asdict(one), "origin": origin}))
        return
    from dashboards.alerts.edits import described

    rows = [
        (one.threshold.entity, one.threshold.signal, one.threshold.severity,
         described(one.threshold), state_in_words(one), time(one.last_fired_at), origin)
        for origin, one in found
    ]  # fmt: skip
    _print(COLUMNS, rows)
    if not rows:
        click.echo("No threshold: give one in uproar.yaml, or `uproar alerts set`.", err=True)


def state_in_words(one: "Standing") -> str:
    """Say how a threshold stands, and since or until when."""
    if one.since is None:
        return one.state
    words = {"firing": "firing since", "late": "late: known until", "muted": "muted until"}
    return f"{words.get(one.state, one.state)} {time(one.since)}"


def _fired(
    client: "Client",
    run: str,
    entities: tuple[str, ...],
    since: datetime | None,
    *,
    as_json: bool,
) -> None:
    import msgspec

    from dashboards.alerts.fired import MOST_SHOWN, fired_alerts

    found = fired_alerts(client, run, entities, since)
    if as_json:
        for one in found:
            click.echo(msgspec.json.encode(one))
        return
    _print(FIRED_COLUMNS, [_row(one) for one in found])
    if len(found) == MOST_SHOWN:
        click.echo(f"The newest {MOST_SHOWN:,}; --since and ENTITY narrow them down.", err=True)


def _row(one: "FiredAlert") -> tuple[Any, ...]:
    signal = f"{one.signal} {one.term}" if one.term else one.signal
    return (
        one.id, one.entity, signal, one.severity, time(one.started_at), time(one.fired_at),
        time(one.ended_at) if one.ended_at else "lasts", amount(one.value, one.signal),
        amount(one.expected, one.signal), amount(one.peak_value, one.signal), one.posts,
        one.silence,
    )  # fmt: skip


def _print(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    from uproar.cli.tables import console, table_of
    from uproar.printable import printable_cell

    console().print(table_of(columns, [tuple(map(printable_cell, row)) for row in rows]))
