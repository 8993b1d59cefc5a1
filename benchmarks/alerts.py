"""`python -m benchmarks.alerts`: how long the watcher and the back-test take, on a real ClickHouse.

Totals are invented. A pass of the watcher is timed as it is: what is stored is read, every entity
judged by its five thresholds, and what came of it is written.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import click
from clickhouse_driver import Client

from benchmarks.server import server
from dashboards.alerts import backtesting
from dashboards.alerts.backtest import Setting
from dashboards.alerts.changes import write_changes
from dashboards.alerts.sync import set_by_command
from dashboards.alerts.thresholds import Threshold
from dashboards.alerts.watch import Watcher
from sinks.migrate import prepare_tables
from uproar.clickhouse import connect

FILL = (Path(__file__).with_name("statements") / "fill_minutes.sql").read_text("utf-8")
START = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RETENTION_DAYS = 36_500
PASSES = 12
"""One in ten also stores what every judge remembers."""
DAY = 1440


class Spent(NamedTuple):
    """Seconds by the clock, and of this process's processor time: the rest was waited for."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:.2f} s ({self.processor:.2f} s of processor time)"


@click.command()
@click.option("--entities", default=1000, show_default=True, help="How many are watched")
@click.option("--days", default=90, show_default=True, help="Length of the back-test")
def main(entities: int, days: int) -> None:
    """Print seconds: passes of the watcher, catching up an hour, and a back-test."""
    folder = Path(tempfile.mkdtemp(prefix="uproar-bench-"))
    try:
        with server(folder) as running:
            prepare_tables(running.writer_url, RETENTION_DAYS)
            client = connect(running.writer_url)
            _watcher(client, entities)
            _backtest(client, days)
            client.disconnect()
    finally:
        shutil.rmtree(folder)


def _watcher(client: Client, entities: int) -> None:
    names = [f"entity-{number}" for number in range(entities)]
    write_changes(
        client,
        [set_by_command(None, one) for name in names for one in five_thresholds(name)],
        "bench",
        START,
    )
    hour = 60
    _fill(client, "watched", entities, hour + PASSES, rate=2.0)
    watcher = Watcher(client, lambda: names, lambda _: "", lambda: datetime.now(UTC))
    caught_up = _timed(client, watcher, "watched", START + hour * MINUTE)
    click.echo(
        f"{entities:,} entities, {5 * entities:,} thresholds: an hour caught up in {caught_up}"
    )
    took = [
        _timed(client, watcher, "watched", START + (hour + number) * MINUTE)
        for number in range(1, PASSES + 1)
    ]
    click.echo(
        f"one minute: median {sorted(took)[len(took) // 2]}, longest {max(took)}; {PASSES} passes"
    )


def _timed(client: Client, watcher: Watcher, run: str, before: datetime) -> Spent:
    client.execute(
        "INSERT INTO watermarks (run, source, stream, partition, started_at, plan, partitions, "
        "observed_before, position, is_last, stored_at) VALUES",
        [
            (run, "bench", stream, 0, START, "", 1, before, 0, 0, before)
            for stream in ("reactions", "dead-letters")
        ],
    )
    return timed(watcher.evaluate)


def _backtest(client: Client, days: int) -> None:
    _fill(client, "long", 1, days * DAY, rate=3.0)
    thresholds = tuple(five_thresholds("entity-0"))
    span = START, START, START + days * DAY * MINUTE
    as_is = [Setting(name="as it stands", thresholds=thresholds)]
    tries = [
        Setting(name=f"{size}", thresholds=(five_thresholds("entity-0", size)[0],))
        for size in (20, 40, 80)
    ]
    for settings in (as_is, [*as_is, *tries]):
        took = timed(
            lambda settings=settings: backtesting.run_backtest(  # type: ignore[misc]
                client, "long", ["entity-0"], settings, span
            )
        )
        click.echo(f"{days} days of one entity, {len(settings)} settings: {took}")
    took = timed(
        lambda: list(backtesting.suggest_for(client, "long", "entity-0", thresholds, span, 20))
    )
    click.echo(f"{days} days of one entity, suggestions for every signal: {took}")


def five_thresholds(entity: str, above: float = 30) -> list[Threshold]:
    """Return a threshold of each of five signals."""
    return [
        Threshold(entity=entity, signal="volume", above=above, per_seconds=300),
        Threshold(entity=entity, signal="spike", sensitivity="medium", at_least=10),
        Threshold(entity=entity, signal="calls_to_action", above=10, per_seconds=300),
        Threshold(entity=entity, signal="calls_share", above=0.4, per_seconds=900, at_least=30),
        Threshold(entity=entity, signal="negative_share", above=0.7, per_seconds=900, at_least=30),
    ]


def timed(act: Callable[[], object]) -> Spent:
    """Return how long an act takes."""
    began, used = time.perf_counter(), time.process_time()
    act()
    return Spent(time.perf_counter() - began, time.process_time() - used)


def _fill(client: Client, run: str, entities: int, minutes: int, rate: float) -> None:
    client.execute(
        FILL,
        {
            "run": run,
            "entities": entities,
            "first": 0,
            "minutes": minutes,
            "start": int(START.timestamp()),
            "rate": rate,
        },
    )


if __name__ == "__main__":
    main()
