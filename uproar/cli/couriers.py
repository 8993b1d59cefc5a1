"""Whoever delivers alerts, or tries whether they could be delivered: with channels opened first."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from uproar.settings import Settings

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from dashboards.delivery.channels import Opening
    from dashboards.delivery.courier import Courier, Route
    from uproar.config import Config

USUAL_PAGE_PORT = 8765
NO_RUN = "none"


@contextmanager
def courier(settings: Settings, path: Path, connect: Callable[[], "Client"]) -> Iterator["Courier"]:
    """Lend a courier for the channels of a file; `connect` makes its connection.

    Raises ConfigError where a channel cannot be opened: nothing starts half-configured.
    """
    from dashboards.delivery.channels import Channels
    from dashboards.delivery.courier import Courier

    with opening(settings, path) as means:
        running = Courier(connect, Channels(means), means.outbox, route(settings))
        try:
            yield running
        finally:
            running.close()


@contextmanager
def opening(settings: Settings, path: Path) -> Iterator["Opening"]:
    """Lend what it takes to open channels."""
    from dashboards.delivery.channels import Opening
    from dashboards.delivery.outbox import Outbox

    outbox = Outbox(os.environ)
    try:
        yield Opening(
            path=path, env=os.environ, outbox=outbox, is_local_allowed=settings.notify_local
        )
    finally:
        outbox.close()


def check_channels(settings: Settings, path: Path, config: "Config") -> int:
    """Return how many channels there are, each of them opened. Raises ConfigError."""
    from dashboards.delivery.channels import open_channels

    if not config.channels:
        return 0
    with opening(settings, path) as means:
        return len(open_channels(config, means))


def route(settings: Settings) -> "Route":
    """Return which runs are delivered, and where links lead."""
    from dashboards.delivery.courier import Route
    from uproar.page_settings import reached_at

    usual = f"http://{reached_at(settings.page_host)}:{settings.page_port or USUAL_PAGE_PORT}"
    return Route(
        runs=tuple(run for run in settings.notify_runs.split(",") if run not in ("", NO_RUN)),
        page=settings.page_address or usual,
        grafana=settings.grafana_address,
    )
