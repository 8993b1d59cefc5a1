"""`uproar runs drop RUN`: every row of a run goes."""

import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from uproar.cli.invocation import Invocation
from uproar.errors import InputError, UproarError
from uproar.printable import printable
from uproar.records import LIVE_RUN

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from sinks.cluster import Cluster
    from sinks.runs import RunLife

ALIVE_SECONDS = 60
"""A producer reports every five seconds: one not heard of for so long has ended or is stuck."""
ATTEMPTS = 3
SETTLE_SECONDS = 1.0
"""How long a sink that is just writing may take until its rows are seen."""


@click.command("drop")
@click.argument("run")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--yes-live", is_flag=True, help="Also where RUN is `live`: what came in is gone.")
@click.option("--force", is_flag=True, help="Also where its producer is under way.")
@click.pass_obj
def drop(invocation: Invocation, run: str, *, yes: bool, yes_live: bool, force: bool) -> None:
    """Remove every row of RUN, in every table. Nothing brings it back.

    A replay can be made again from its files (`uproar runs show`). What still waits in Kafka from
    before is not stored any more.

    Example: uproar runs drop january
    """
    from uproar.cli.asking import writer

    if run == LIVE_RUN and not yes_live:
        raise InputError(
            "`live` holds what came in live, which no file brings back",
            hint="export it first; `--yes-live` drops it all the same",
        )
    with writer(invocation) as client:
        _refuse_if_alive(client, run, force=force)
        held = _held(client, run)
        if not (yes or yes_live):
            _ask(run, sum(held.values()))
        _drop(invocation, client, run)
    for table, count in held.items():
        if count:
            click.echo(f"{count:>14,} rows of {table}")
    click.echo(f"Dropped `{printable(run)}`: {sum(held.values()):,} rows.")


def _held(client: "Client", run: str) -> dict[str, int]:
    from sinks.runs import rows_of
    from uproar.cli.run_details import no_such_run

    held = rows_of(client, run)
    if not any(held.values()):
        raise no_such_run(run)
    return held


def _refuse_if_alive(client: "Client", run: str, *, force: bool) -> None:
    from sinks.runs import lives

    now = datetime.now(UTC)
    for life in _newest(lives(client, run)):
        age = now - life.reported_at
        if life.state == "running" and age < timedelta(seconds=ALIVE_SECONDS) and not force:
            raise InputError(
                f"a producer of `{run}` is under way: `{life.source}` was heard of "
                f"{max(0, age.seconds)} s ago",
                hint="stop it first; with `--force`, nothing that it still sends is stored",
            )


def _newest(lives: "list[RunLife]") -> "list[RunLife]":
    return list({life.source: life for life in lives}.values())  # they stand oldest first


def _ask(run: str, rows: int) -> None:
    if not sys.stdin.isatty():
        raise InputError(
            f"nobody can be asked whether `{run}` is to be dropped", hint="`--yes` says so"
        )
    click.confirm(f"Remove all {rows:,} rows of `{printable(run)}`?", abort=True, err=True)


def _drop(invocation: Invocation, client: "Client", run: str) -> None:
    """Drop, and once more where a sink was just writing. Raises UproarError where rows remain."""
    from sinks.runs import drop_run, rows_of

    cluster, owner = _cluster(invocation, client)
    for _ in range(ATTEMPTS):
        drop_run(owner, run, cluster)
        time.sleep(SETTLE_SECONDS)
        left = sum(rows_of(client, run).values())
        if not left:
            return
    raise UproarError(
        f"rows of `{run}` keep coming: {left:,} were stored since",
        hint="a producer is still at work on it: stop that one, then drop it again",
    )


def _cluster(invocation: Invocation, client: "Client") -> "tuple[Cluster | None, Client]":
    """Return the cluster to drop on, and who may: there, only the owner of the tables."""
    from sinks.cluster import Cluster
    from uproar.clickhouse import connect

    settings = invocation.settings
    if not settings.clickhouse_cluster:
        return None, client
    owner = connect(settings.clickhouse_migrator_url or settings.clickhouse_url)
    ((database,),) = owner.execute("SELECT currentDatabase()")
    return Cluster(settings.clickhouse_cluster, database), owner
