"""`uproar capacity`: how large a cluster must be, and how it gets over what may happen to it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
import msgspec

from uproar.capacity.incidents import Incident, Lost, parse_burst
from uproar.errors import InputError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from uproar.capacity.costs import CostSheet, Reading
    from uproar.capacity.plan import Plan

LOSSES: tuple[Lost, ...] = get_args(Lost)
_File = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option(
    "--seen", type=click.FloatRange(1, 1e9), required=True, help="Posts a second that come in."
)
@click.option(
    "--kept",
    type=click.FloatRange(1e-6, 1),
    default=0.01,
    show_default=True,
    help="Share of them that mention an entity.",
)
@click.option(
    "--reading",
    type=click.Choice(["light", "default", "deep"]),
    default="default",
    show_default=True,
    help="How posts are read.",
)
@click.option(
    "--burst",
    default="10x60s",
    show_default=True,
    help="How many times as much comes in, and how long.",
)
@click.option(
    "--lose",
    "losses",
    type=click.Choice(LOSSES),
    multiple=True,
    default=LOSSES,
    help="What is killed, each by itself; may stand repeatedly.  [default: each of them]",
)
@click.option("--costs", "path", type=_File, help="What posts cost on your machines (YAML).")
@click.option("--out", type=_File, help="Write too: .svg draws the lag, .json has all figures.")
def capacity(
    seen: float,
    kept: float,
    reading: "Reading",
    burst: str,
    losses: tuple[Lost, ...],
    path: Path | None,
    out: Path | None,
) -> None:
    """Say how large a cluster must be, and how it gets over bursts and losses.

    Finds the smallest numbers of processes, partitions and servers that are busy for 60 % of their
    time and are well again a quarter of an hour after each incident, by measured costs a post and
    a simulation of the pipeline. Starts nothing. docs/capacity.md explains the figures.
    """
    from uproar.capacity.costs import read_costs
    from uproar.capacity.picture import draw
    from uproar.capacity.plan import plan
    from uproar.capacity.sizing import Load

    if out and out.suffix not in (".svg", ".json"):
        raise InputError(
            f"cannot tell what to write into `{out}`",
            hint="`.svg` is a picture of the lag, `.json` all figures",
        )
    sheet = read_costs(path)
    incidents = [Incident(burst=parse_burst(burst)), *(Incident(lost=one) for one in losses)]
    load = Load(seen=seen, kept_share=kept, reading=reading)
    found = plan(load, sheet.costs, incidents)
    if out and out.suffix == ".svg":
        out.write_text(draw([found]), "utf-8")
    elif out:
        out.write_bytes(msgspec.json.encode(_facts(found, sheet)))
    _show(found, sheet)


def _show(plan: "Plan", sheet: "CostSheet") -> None:
    from rich.console import Group
    from rich.text import Text

    from uproar.capacity.limits import limits_of
    from uproar.capacity.report import (
        INCIDENT_TITLES,
        STAGE_TITLES,
        incident_row,
        settings_of,
        stage_rows,
        volume_rows,
    )
    from uproar.cli.tables import console, table_of

    parts: list[RenderableType] = [
        Text(f"By what posts cost on {sheet.machine}, {sheet.measured_on}."),
        table_of(STAGE_TITLES, list(stage_rows(plan, sheet.costs))),
        table_of(("how much", ""), list(volume_rows(plan, sheet.costs))),
        table_of(("setting", "value"), list(settings_of(plan).items())),
        table_of(INCIDENT_TITLES, [incident_row(one) for one in plan.courses]),
    ]
    for limit in limits_of(plan, sheet.costs):
        word = "no setting does this" if limit.is_needed else "worth a change"
        parts.append(Text(f"{word}: {limit.what}. Instead: {limit.change}."))
    console().print(Group(*(part for one in parts for part in (one, Text()))))


def _facts(plan: "Plan", sheet: "CostSheet") -> dict[str, Any]:
    from uproar.capacity.limits import limits_of
    from uproar.capacity.report import settings_of

    return {
        "load": plan.load,
        "size": plan.size,
        "demand": plan.demand,
        "settings": settings_of(plan),
        "incidents": [
            {
                "name": one.name,
                "worst_lag_seconds": one.worst,
                "recovery_seconds": one.recovery,
                "delay_seconds": {"p50": one.delays[0], "p99": one.delays[1]},
                "repeated_posts": one.repeated,
            }
            for one in plan.courses
        ],
        "limits": list(limits_of(plan, sheet.costs)),
    }
