"""`uproar alerts backtest`: thresholds tried on what is stored."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uproar.cli.alerting import JSON, checked_entities
from uproar.cli.invocation import Invocation
from uproar.config_file import read_config
from uproar.errors import InputError
from uproar.records import LIVE_RUN

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from dashboards.alerts.backtest import BackTest, Setting
    from dashboards.alerts.outcome import Outcome
    from dashboards.alerts.thresholds import Threshold

PICTURES = (".svg", ".png")
LINE_SECONDS = 5.0
"""Between two lines that tell how far it is."""
_LENGTH = re.compile(r"(?P<count>[1-9]\d{0,4})(?P<unit>m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@click.command()
@click.argument("entities", nargs=-1, metavar="[ENTITY]...")
@click.option("--run", default=LIVE_RUN, show_default=True, help="The run that is judged.")
@click.option("--since", default="90d", show_default=True, help="From then on (RFC 3339), or how "
              "long before the end.")  # fmt: skip
@click.option("--until", help="Up to then; where it is not given, up to the last minute stored.")
@click.option("--try", "tries", multiple=True, help='Also so: "above=20", or "volume above=20 '
              'per=5m"; may stand repeatedly.')  # fmt: skip
@click.option("--wanted", help="Suggest thresholds that give at most so many alerts: 2/week.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw it as well: picture.svg or picture.png.",
)
@JSON
@click.pass_obj
def backtest(
    invocation: Invocation,
    entities: tuple[str, ...],
    run: str,
    since: str,
    until: str | None,
    tries: tuple[str, ...],
    wanted: str | None,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    """Tell what would have fired, when, how often, and how long before known events.

    The stored minutes are judged by the same judge as live ones, from the first minute of the run
    on, so that it has learnt by then what it had learnt live. Thresholds are those in force, and
    beside them what each --try changes. Events are those of `uproar annotations`; an alert is about
    one if it fired from 6 hours before it began until it was over. It changes nothing.

    Example: uproar alerts backtest epik --run january --try above=20 --try sensitivity=high
    """
    from dashboards.alerts import backtesting
    from dashboards.alerts.backtest import AS_IT_STANDS, Setting
    from dashboards.alerts.outcome import outcome_of
    from dashboards.alerts.tries import read_try, read_wanted
    from uproar.cli.asking import whole_reader
    from uproar.cli.ranges import parse_moment

    _check_picture(out)
    a_week = read_wanted(wanted) if wanted else None
    config = read_config(invocation.config)
    names = checked_entities(config, entities)
    with whole_reader(invocation) as client:
        present = backtesting.thresholds_in_force(client, config, names)
        settings = [
            Setting(name=AS_IT_STANDS, thresholds=tuple(present)),
            *(read_try(text, names, present) for text in tries),
        ]
        _refuse_nothing(settings, a_week)
        span = backtesting.span_of(client, run, _since(since), parse_moment(until, "--until"))
        first, start, end = span
        told = _progress(first, end)
        test = backtesting.run_backtest(client, run, names, settings, span, told)
        events = backtesting.known_events(client, names, start, end)
        outcome = outcome_of(test, run, first, events)
        if a_week is not None:
            outcome = _suggested(client, outcome, test, present, a_week)
    if out:
        _draw(outcome, test, out)
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(outcome))
        return
    from uproar.cli.alerting_outcome import show

    show(outcome)


def _progress(first: datetime, until: datetime) -> Callable[[datetime], None]:
    """Return what says on stderr how far it is, where it takes long."""
    due = time.monotonic() + LINE_SECONDS

    def told(before: datetime) -> None:
        nonlocal due
        if time.monotonic() >= due and before < until:
            due = time.monotonic() + LINE_SECONDS
            share = (before - first) / (until - first)
            click.echo(f"judged up to {before:%Y-%m-%d %H:%M}, {share:.0%}", err=True)

    return told


def _suggested(
    client: "Client",
    outcome: "Outcome",
    test: "BackTest",
    present: "list[Threshold]",
    a_week: float,
) -> "Outcome":
    from dashboards.alerts.backtesting import suggest_for
    from dashboards.alerts.outcome import spikes_of, with_suggestions

    span = outcome.first_minute, outcome.since, outcome.until
    most = int(a_week * outcome.weeks + 1e-9)
    found = [
        one
        for entity in outcome.entities
        for one in suggest_for(client, outcome.run, entity, present, span, most)
    ]
    return with_suggestions(outcome, a_week, found, spikes_of(test))


def _refuse_nothing(settings: "list[Setting]", a_week: float | None) -> None:
    if a_week is None and not any(one.thresholds for one in settings):
        raise InputError(
            "there is no threshold to test",
            hint='name one: --try "volume above=20 per=1m"; or ask for one: --wanted 2/week',
        )


def _since(text: str) -> datetime | timedelta | None:
    from uproar.cli.ranges import parse_moment

    if found := _LENGTH.fullmatch(text.strip()):
        return timedelta(**{_UNITS[found["unit"]]: int(found["count"])})
    return parse_moment(text, "--since")


def _check_picture(out: Path | None) -> None:
    if out is not None and out.suffix.lower() not in PICTURES:
        raise InputError(
            f"`--out`: wanted a name that ends in .svg or .png, found `{out}`",
            hint="for example: --out picture.svg",
        )


def _draw(outcome: "Outcome", test: "BackTest", out: Path) -> None:
    from dashboards.alerts.picture import picture
    from dashboards.alerts.png import png_of
    from uproar.cli.writing import replacing

    svg = picture(outcome, test.courses)
    with replacing(out) as file:
        file.write(png_of(svg) if out.suffix.lower() == ".png" else svg.encode("utf-8"))
    click.echo(f"Drawn: {out}", err=True)
