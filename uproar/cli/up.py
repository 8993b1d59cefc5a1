"""`uproar up`: everything, until Ctrl-C."""

import os
import time

import click

from uproar.cli.invocation import Invocation
from uproar.cli.operating import operated
from uproar.stack.ports import LOOPBACK


@click.command()
@click.pass_obj
def up(invocation: Invocation) -> None:
    """Keep the local stack, the page and the live sources up until Ctrl-C.

    Live are the sources that stand in uproar.yaml; one that fails does not stop the others. Other
    commands in the same UPROAR_HOME then use this stack: `uproar replay FILE` in a second
    terminal, and the page moves.
    """
    from uproar.cli.stages import PipelineStages
    from uproar.config_file import read_config
    from uproar.errors import StackError
    from uproar.stack.local import stack

    read_config(invocation.config)  # a mistake in it is better told before anything starts
    stages = PipelineStages(invocation.settings, invocation.config, watches=True)
    with operated(invocation.settings, "stack"), stack(invocation.settings, stages) as running:
        if running.note.owner_pid != os.getpid():
            raise StackError(
                f"a stack runs in `{invocation.settings.home}` already: its page is at "
                f"http://{LOOPBACK}:{running.note.page_port}/"
            )
        click.echo(f"http://{LOOPBACK}:{running.note.page_port}/")
        if port := running.note.grafana_port:
            click.echo(f"http://{LOOPBACK}:{port}/ is Grafana, in a moment", err=True)
        elif stages.grafana_reason:
            click.echo(stages.grafana_reason, err=True)
        kafka = ", ".join(running.endpoints.kafka.brokers)
        click.echo(f"Up. Kafka at {kafka}; Ctrl-C stops everything.", err=True)
        try:
            while True:
                running.check()
                time.sleep(0.2)
        except KeyboardInterrupt:
            click.echo("Stopping.", err=True)
