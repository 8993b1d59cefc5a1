"""`uproar runs pause RUN` and `resume RUN`: a replay stands still, and goes on."""

import click

from uproar.cli.invocation import Invocation
from uproar.errors import InputError
from uproar.printable import printable


@click.command("pause")
@click.argument("run")
@click.pass_obj
def pause(invocation: Invocation, run: str) -> None:
    """Have the replay into RUN stand still.

    What it has sent is stored meanwhile; nothing is caught up with afterwards.
    """
    from uproar.stack.home import Home
    from uproar.stack.pauses import PauseSign

    PauseSign(Home(invocation.settings.home), run).put_up()
    click.echo(f"`{printable(run)}` stands still; `uproar runs resume` lets it go on.")


@click.command("resume")
@click.argument("run")
@click.pass_obj
def resume(invocation: Invocation, run: str) -> None:
    """Let the replay into RUN go on."""
    from uproar.stack.home import Home
    from uproar.stack.pauses import PauseSign

    if not PauseSign(Home(invocation.settings.home), run).take_down():
        raise InputError(f"`{printable(run)}` was not asked to stand still")
    click.echo(f"`{printable(run)}` goes on.")
