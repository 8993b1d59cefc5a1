"""`uproar top`: who is talked about right now, in the terminal."""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec

from uproar.cli.invocation import Invocation
from uproar.cli.keys import NextKey, keys
from uproar.errors import InputError
from uproar.records import LIVE_RUN

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dashboards.top import Order, Pulse
    from dashboards.trust import Trust
    from uproar.clickhouse import Result

LEAST_WIDTH = 60
"""In a narrower terminal the least needed columns are left out."""
HIGH = 3.0
"""So many times the expected is shown as high."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What the tables told at one moment."""

    trust: "Trust"
    last: datetime | None
    pulses: "list[Pulse]"
    about_run: Sequence[str] = ()


@click.command()
@click.argument("run", default=LIVE_RUN)
@click.option("--entity", "entities", multiple=True, help="Only this one; may stand repeatedly.")
@click.option(
    "--sort",
    "order",
    type=click.Choice(["posts", "calls", "negative", "name"]),
    default="posts",
    show_default=True,
)
@click.option(
    "--every", type=click.FloatRange(0.5, 3600), default=2.0, show_default=True, help="Seconds."
)
@click.option("--at", help="As it was then: RFC 3339, or how long ago (90m, 24h, 7d).")
@click.option("--once", is_flag=True, help="Print once and end, as into a pipe.")
@click.pass_obj
def top(
    invocation: Invocation,
    run: str,
    entities: tuple[str, ...],
    order: "Order",
    every: float,
    at: str | None,
    *,
    once: bool,
) -> None:
    """Show who is talked about right now, minute by minute.

    Posts of the newest whole minute that is stored, what the spike detector expected, the last
    hour, the negative share and the calls against of the last 15 minutes, and open alerts. RUN is
    `live` where it is not given; of a replay it is the hour where that stands. Late data says late.
    Keys: s sorts by the next column, space holds, q ends.
    """
    from uproar.cli.asking import reader
    from uproar.cli.ranges import parse_moment
    from uproar.cli.tables import console
    from uproar.clickhouse import read

    then = parse_moment(at, "--at")
    with reader(invocation) as client:

        def look() -> Reading:
            return take_reading(
                lambda sql: read(client, sql), run, entities, then or datetime.now(UTC)
            )

        if once or not sys.stdout.isatty():
            console().print(drawn(look(), order, console().width))
        else:
            _watch(look, order, every)


def take_reading(
    query: "Callable[[str], Result]", run: str, entities: tuple[str, ...], clock: datetime
) -> Reading:
    """Ask the tables. Raises InputError for a run of which nothing is known."""
    from dashboards.macros import Scope, expand
    from dashboards.panels import load_query
    from dashboards.scope import whole_run
    from dashboards.top import pulses, window
    from dashboards.trust import judge

    def rows(name: str, scope: Scope) -> list[dict[str, Any]]:
        found = query(expand(load_query(name), scope))
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]

    whole = whole_run(run)
    (facts,) = rows("trust", whole)
    trust = judge(run, facts)
    if trust.state == "empty" and run != LIVE_RUN and not facts["states"]:
        raise InputError(
            f"nothing is stored of a run `{run}`", hint="`uproar runs list` names those there are"
        )
    span = window(trust, clock)
    if span is None:
        return Reading(trust=trust, last=None, pulses=[])
    scope = msgspec.structs.replace(
        whole,
        from_at=span[0],
        to_at=span[1],
        interval_seconds=60,
        variables={**whole.variables, "entity": entities},
    )
    alerts = rows("top/open_alerts", scope)
    found = pulses(
        rows("top/pulse", scope), rows("top/expected_now", scope), alerts, span[1]
    )  # fmt: skip
    return Reading(
        trust=trust,
        last=span[1],
        pulses=[one for one in found if not entities or one.entity in entities],
        about_run=[signal for row in alerts if not row["entity"] for signal in row["signals"]],
    )


def drawn(reading: Reading, order: "Order", width: int) -> "RenderableType":
    """Return the table, as wide as there is room."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from dashboards.top import WINDOW_MINUTES, heading, ordered

    words, is_worry = heading(reading.trust, reading.last)
    lines: list[Any] = [Text(words, style="bold red" if is_worry else "bold", overflow="fold")]
    if reading.about_run:
        lines.append(Text(f"alert about the run: {', '.join(reading.about_run)}", style="bold red"))
    if reading.last is None:
        return Group(*lines)
    if not reading.pulses:
        return Group(*lines, Text("No posts in the last hour."))
    is_wide = width >= LEAST_WIDTH
    room = max(8, min(WINDOW_MINUTES, width - (52 if is_wide else 34)))
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1), expand=False)
    table.add_column("entity", max_width=max(10, width // 4), no_wrap=True, overflow="ellipsis")
    for title in ("now", *(("expected",) if is_wide else ())):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column(
        "last hour" if room == WINDOW_MINUTES else f"last {room} min",
        no_wrap=True,
        overflow="crop",
    )
    for title in (*(("negative",) if is_wide else ()), "calls"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("alerts", overflow="fold")
    for one in ordered(reading.pulses, order):
        table.add_row(*_cells(one, room, is_wide=is_wide))
    return Group(*lines, table)


def _cells(one: "Pulse", room: int, *, is_wide: bool) -> list[Any]:
    from rich.text import Text

    from dashboards.top import sparkline
    from uproar.printable import printable

    is_high = one.expected is not None and one.now > max(HIGH * one.expected, 3)
    expected = "–" if one.expected is None else f"{one.expected:,.1f}"
    negative = "–" if one.negative_share is None else f"{one.negative_share:.0%}"
    alerts = ", ".join(one.alerts).replace("_", " ")
    return [
        Text(printable(one.entity)),
        Text(f"{one.now:,}", style="bold red" if is_high else "bold"),
        *([Text(expected, style="dim")] if is_wide else []),
        Text(sparkline(one.course, room), style="cyan"),
        *([Text(negative)] if is_wide else []),
        Text(f"{one.calls:,}", style="red" if one.calls else "dim"),
        Text(alerts, style="bold red"),
    ]


def _watch(look: Callable[[], Reading], order: "Order", every: float) -> None:
    from rich.console import Console, Group
    from rich.live import Live
    from rich.text import Text

    from dashboards.top import ORDERS

    terminal = Console()
    is_held = False
    reading = look()
    try:
        with keys() as next_key, Live(console=terminal, screen=True, auto_refresh=False) as live:
            while True:
                hint = f"by {order} · s sorts · space {'goes on' if is_held else 'holds'} · q ends"
                shown = drawn(reading, order, terminal.width)
                live.update(Group(shown, Text(hint, style="dim")), refresh=True)
                key = _key_within(next_key, every)
                if key == "q":
                    return
                if key == "s":
                    order = ORDERS[(ORDERS.index(order) + 1) % len(ORDERS)]
                elif key == " ":
                    is_held = not is_held
                elif not is_held:
                    reading = look()
    except KeyboardInterrupt:
        return


def _key_within(next_key: NextKey, seconds: float) -> str:
    """Return the first key that means something, "" when the time is over."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if (key := next_key(left)) in ("q", "s", " "):
            return key
    return ""
