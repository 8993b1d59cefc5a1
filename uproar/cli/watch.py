"""`uproar watch`: judge what is stored, and announce what deserves it."""

import os
import signal
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uproar.cli.couriers import courier
from uproar.cli.invocation import Invocation
from uproar.cli.operating import operated

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from dashboards.alerts.lane import Alert
    from dashboards.alerts.watch import Explain
    from uproar.config import Config

NICENESS = 5
"""What is posted must be stored before it can be judged: a run that is caught up with waits."""


@click.command()
@click.pass_obj
def watch(invocation: Invocation) -> None:
    """Run the watcher: judge stored minutes by the thresholds, and deliver alerts.

    It looks only at what is stored behind each run's watermark, so what is late is never taken for
    calm. `uproar up` does this for you; run it yourself on machines of a cluster, once.
    """
    from dashboards.alerts.run_watch import run_watch
    from sinks.run import writer_settings
    from uproar.clickhouse import connect
    from uproar.stack.local import attach

    settings = invocation.settings
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    os.nice(NICENESS)
    url = attach(settings).clickhouse_url
    known = Tracked(invocation.config)

    def connected() -> "Client":
        return connect(url, settings=writer_settings(settings.clickhouse_cluster))

    client = connected()
    with (
        operated(settings, "watch"),
        courier(settings, invocation.config, connected) as delivering,
    ):
        run_watch(client, known.prepare, explaining(client), delivering, stop.is_set)
    client.disconnect()


def explaining(client: "Client") -> "Explain":
    """Return what explains an alert; one that cannot be explained is announced all the same."""
    import logging

    import msgspec
    from clickhouse_driver.errors import Error, ServerException

    from dashboards.alerts.explain import explain

    def explained(alert: "Alert") -> str:
        try:
            return msgspec.json.encode(explain(client, alert)).decode()
        except Exception as error:
            if isinstance(error, OSError | EOFError) or (
                isinstance(error, Error) and not isinstance(error, ServerException)
            ):
                raise  # ClickHouse is away: the pass is made again
            logging.getLogger(__name__).exception("the alert %s cannot be explained", alert.id)
            return ""

    return explained


class Tracked:
    """What uproar.yaml says, read again whenever the file changes."""

    def __init__(self, path: Path) -> None:
        from uproar.config_file import read_config

        self._path = path
        self._config: Config = read_config(path)
        self._read_at = self._changed_at()
        self._is_seeded = False

    def prepare(self, client: "Client") -> Sequence[str]:
        """Let the thresholds follow the file, and return the entities that it names."""
        from dashboards.alerts.changes import seed_thresholds

        if self._reread() or not self._is_seeded:
            seed_thresholds(client, self._config, datetime.now(UTC))
            self._is_seeded = True
        return [entity.id for entity in self._config.entities]

    def _reread(self) -> bool:
        """Read the file again where it changed; one with a mistake in it changes nothing."""
        import logging

        from uproar.config_file import read_config
        from uproar.errors import UproarError

        changed_at = self._changed_at()
        if changed_at == self._read_at:
            return False
        self._read_at = changed_at
        try:
            self._config = read_config(self._path)
        except UproarError as error:
            logging.getLogger(__name__).warning("the thresholds stay as they were: %s", error)
            return False
        return True

    def _changed_at(self) -> int:
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return 0
