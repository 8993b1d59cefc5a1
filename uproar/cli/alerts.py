"""`uproar alerts`: thresholds and what came of them."""

import click

from uproar.cli.alerting_backtest import backtest
from uproar.cli.alerting_edit import history, mute, remove, set_threshold, unmute
from uproar.cli.alerting_explain import alerts_explain
from uproar.cli.alerting_grafana import alerts_apply
from uproar.cli.alerting_list import list_alerts
from uproar.cli.alerting_notify import notify_test
from uproar.cli.alerting_sync import compare, sync


@click.group()
def alerts() -> None:
    """List, set, mute, test and explain alerts.

    Thresholds are seeded from uproar.yaml; what a command changes holds from the watcher's next
    look on, without a restart, and wins over the file until `uproar alerts sync`.
    """


for command in (
    list_alerts, set_threshold, mute, unmute, remove, history, compare, sync, backtest,
    alerts_explain, alerts_apply, notify_test,
):  # fmt: skip
    alerts.add_command(command)
