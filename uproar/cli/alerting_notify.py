"""`uproar alerts notify-test`: try whether alerts would arrive."""

import click

from uproar.cli.invocation import Invocation
from uproar.errors import InputError


@click.command("notify-test")
@click.argument("channels", nargs=-1, metavar="[CHANNEL]...")
@click.pass_obj
def notify_test(invocation: Invocation, channels: tuple[str, ...]) -> None:
    """Send a trial message to every channel of `notify`, or to those that are named.

    Status 1 where one did not take it. A channel is called by its `name`, or by the scheme of its
    address and the host, where that is no secret.
    """
    from dashboards.delivery.channels import open_channels
    from dashboards.delivery.messages import trial_letter
    from uproar.cli.couriers import opening
    from uproar.config_file import read_config

    config = read_config(invocation.config)
    with opening(invocation.settings, invocation.config) as means:
        known = open_channels(config, means)
        names = [one.name for one in known]
        if unknown := [name for name in channels if name not in names]:
            raise InputError(
                f"no channel is called `{unknown[0]}`",
                hint=f"there are: {', '.join(f'`{name}`' for name in names)}" if names else None,
            )
        if not known:
            raise InputError(
                "`notify` names no channel, so alerts go nowhere",
                hint="add addresses to uproar.yaml: docs/alerts.md",
            )
        failed = 0
        for channel in known:
            if channels and channel.name not in channels:
                continue
            outcome = means.outbox.carry_out(
                channel.url, trial_letter(channel.name), local=channel.local
            )
            why = outcome.refused or outcome.detail
            click.echo(f"{channel.name}: {'delivered' if outcome.is_done else f'failed: {why}'}")
            failed += not outcome.is_done
    if failed:
        raise SystemExit(1)
