"""`uproar reconcile RUN`: whether everything that went in came out."""

import sys
import time
from typing import TYPE_CHECKING

import click

from uproar.cli.invocation import Invocation
from uproar.errors import InputError, UproarError

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from sinks.reconciliation import Balance

MOVING_ATTEMPTS = 10
"""Of a run under way, figures that were read one after the other may differ: look again."""


@click.command()
@click.argument("run")
@click.option("--all", "everything", is_flag=True, help="Also the sums that are in balance.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a sum, on stdout.")
@click.pass_obj
def reconcile(invocation: Invocation, run: str, *, everything: bool, as_json: bool) -> None:
    """Check that every record of RUN is accounted for.

    For each file, producer, topic, partition and table: in = out + filtered + dead letters +
    repeats. Status 1, and the gap named, where that does not hold. A run under way is checked
    behind its watermark.

    Example: uproar reconcile january --all
    """
    from uproar.cli.asking import reader

    with reader(invocation) as client:
        balances = balances_of(client, run, invocation.settings.retention_days)
    if as_json:
        import msgspec

        for balance in balances:
            click.echo(msgspec.json.encode(balance))
    else:
        _show(balances, everything=everything)
    if gaps := [balance for balance in balances if balance.gap]:
        first = gaps[0]
        raise UproarError(
            f"`{run}` does not add up in {len(gaps):,} of {len(balances):,} sums; "
            f"the first: {first.stage}, {first.place}: {first.gap}",
            hint="replay the same files into the same run: what is missing is stored, and what is "
            "there stays as it is",
        )
    click.echo(f"{len(balances):,} sums, every one in balance", err=True)


def balances_of(client: "Client", run: str, retention_days: int) -> "list[Balance]":
    """Return the sums of a run. Raises InputError where nothing is known of it."""
    from sinks.reconcile import gather
    from sinks.reconciliation import reconcile

    for attempt in range(MOVING_ATTEMPTS):
        facts = gather(client, run, retention_days)
        balances = reconcile(facts)
        if facts.is_settled or not any(balance.gap for balance in balances):
            break
        if attempt < MOVING_ATTEMPTS - 1:
            time.sleep(1)
    if not facts.lives:
        raise InputError(
            f"nothing is known of a run `{run}`", hint="`uproar runs list` names those there are"
        )
    if not facts.told or not any(told.packs or told.letter_packs for told in facts.told):
        click.echo("No ledger tells of this run: it may be from an older Uproar.", err=True)
    return balances


def _show(balances: "list[Balance]", *, everything: bool) -> None:
    from uproar.cli.tables import console, table_of

    rows = [
        (
            balance.stage,
            balance.place,
            balance.came_in,
            ", ".join(f"{count:,} {name}" for name, count in balance.became.items()),
            balance.gap or "in balance",
        )
        for balance in balances
        if everything or balance.gap
    ]
    if not rows:
        rows = [
            (
                stage,
                "1 sum" if len(of_stage) == 1 else f"{len(of_stage):,} sums",
                sum(balance.came_in for balance in of_stage),
                ", ".join(f"{count:,} {name}" for name, count in _added(of_stage).items()),
                "in balance",
            )
            for stage, of_stage in _by_stage(balances).items()
        ]
    console().print(table_of(("stage", "where", "in", "became", ""), rows))
    sys.stdout.flush()


def _by_stage(balances: "list[Balance]") -> "dict[str, list[Balance]]":
    stages: dict[str, list[Balance]] = {}
    for balance in balances:
        stages.setdefault(balance.stage, []).append(balance)
    return stages


def _added(balances: "list[Balance]") -> dict[str, int]:
    added: dict[str, int] = {}
    for balance in balances:
        for name, count in balance.became.items():
            added[name] = added.get(name, 0) + count
    return added
