"""`uproar prepare`: topics and tables on servers of one's own."""

import click

from uproar.cli.invocation import Invocation


@click.command()
@click.pass_obj
def prepare(invocation: Invocation) -> None:
    """Create the topics that are missing and bring the tables up to date, then end.

    On servers of your own, before the stages start and after each update: it may be repeated, and
    it alone needs the user who may change tables. `uproar up` does this for the local stack.
    """
    from uproar.cli import stages
    from uproar.stack.local import attach

    settings = invocation.settings
    stages.prepare(settings, attach(settings))
    click.echo("topics and tables are ready")
