"""The command `uproar`. Each command reads its settings, calls a stage and prints a result.

Results go to stdout and nothing else does; progress, logs and errors go to stderr. A stage is
imported inside its command, so that `--help` loads no driver.
"""

from pathlib import Path

import click

from uproar import __version__
from uproar.cli.alerts import alerts
from uproar.cli.analyze import analyze, entities
from uproar.cli.annotations import annotations
from uproar.cli.capacity import capacity
from uproar.cli.configure import check, init, settings
from uproar.cli.dashboards import dashboards
from uproar.cli.dead_letters import dead_letters
from uproar.cli.demo import demo
from uproar.cli.evaluate import evaluate
from uproar.cli.export import export
from uproar.cli.ingest import ingest
from uproar.cli.invocation import CommandGroup, Invocation
from uproar.cli.prepare import prepare
from uproar.cli.privacy import privacy
from uproar.cli.profile import profile
from uproar.cli.query import query
from uproar.cli.reconcile import reconcile
from uproar.cli.replay import replay
from uproar.cli.report import report
from uproar.cli.rescore import rescore
from uproar.cli.runs import runs
from uproar.cli.schema import tables
from uproar.cli.spikes import spikes
from uproar.cli.stages import page, sink, worker
from uproar.cli.status import status
from uproar.cli.top import top
from uproar.cli.up import up
from uproar.cli.watch import watch


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What is tracked; UPROAR_CONFIG, or ./uproar.yaml, where it is not given.",
)
@click.version_option(__version__, prog_name="uproar")
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Show how the public reacts to organisations, and when a crowd calls for action.

    Without a Kafka and a ClickHouse of your own (UPROAR_KAFKA_BROKERS, UPROAR_CLICKHOUSE_URL),
    a command uses the local stack: it joins a running one, or starts one as long as it needs it.
    """
    context.obj = Invocation(config)


for command in (
    demo, init, check, up, status, top, ingest, replay, runs, dead_letters, reconcile, rescore,
    query, report, export, alerts, annotations, spikes, analyze, entities, evaluate, dashboards,
    privacy, tables, settings, capacity, profile, prepare, worker, sink, page, watch,
):  # fmt: skip
    main.add_command(command)
