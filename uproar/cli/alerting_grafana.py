"""`uproar alerts apply`: alert rules and a contact point in a Grafana, over its API."""

import os

import click

from uproar.cli.grafana_telling import DRY_RUN, grafana_of, make_changes, warn_without_datasource
from uproar.cli.invocation import Invocation
from uproar.config_file import read_config


@click.command("apply")
@click.argument("url")
@DRY_RUN
@click.pass_obj
def alerts_apply(invocation: Invocation, url: str, *, dry_run: bool) -> None:
    """Push the alert rules to the Grafana at URL, and where they deliver.

    One rule a signal reads every threshold, so that an edited one counts without a push. The
    contact point is made from `notify` in uproar.yaml; what Grafana cannot deliver to is named,
    and left to `uproar watch`. Notification policies are left alone: each rule names its contact
    point. It goes by UPROAR_GRAFANA_TOKEN.

    Example: uproar alerts apply https://grafana.example.org --dry-run
    """
    from dashboards.apply_alerts import alert_changes
    from dashboards.delivery.channels import address_of
    from dashboards.grafana_contacts import Address, contacts

    channels = read_config(invocation.config).channels
    grafana = grafana_of(url, invocation.settings)
    found = contacts(
        [Address(url=address_of(one, os.environ), channel=one) for one in channels],
        is_local_allowed=invocation.settings.notify_local,
    )
    for name, why in found.left_to_watcher:
        click.echo(f"delivered by `uproar watch` only: {name}: {why}", err=True)
    if not found.integrations:
        click.echo(
            "nothing in `notify` that Grafana could deliver to, so the rules go by its own "
            "notification policies",
            err=True,
        )
    make_changes(grafana, alert_changes(grafana, found.integrations), dry_run=dry_run)
    warn_without_datasource(grafana)
