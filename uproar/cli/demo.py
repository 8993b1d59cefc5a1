"""`uproar demo`: the recording that ships with Uproar, from nothing to a moving page."""

import sys
import time
from datetime import UTC, datetime
from importlib.resources import as_file, files

import click

from uproar.cli.invocation import Invocation

RUN = "demo"
SPEED = 26_000.0
"""Twelve days in forty seconds."""


@click.command()
@click.pass_obj
def demo(invocation: Invocation) -> None:
    """Replay a recording of January 2021 while the live page moves.

    Then print what it came to.

    The recording is synthetic: every author and every text in it is invented, only the public
    course of events is real. On a terminal the page stays up until Ctrl-C.
    """
    from dashboards.alerts.annotations import write_events
    from dashboards.alerts.events import read_csv
    from sinks.runs import drop_run
    from uproar.cli.replaying import Request, prepared, replay_into
    from uproar.clickhouse import connect, reported

    folder = files("producers.demo")
    with (
        as_file(folder / "recording.jsonl.zst") as recording,
        as_file(folder / "uproar.yaml") as path,
    ):
        demonstration = Invocation(path)
        with (folder / "events.csv").open(encoding="utf-8") as lines:
            known = read_csv(lines, "events.csv", "demo", lambda _: True)
        request = Request(files=(recording,), run=RUN, speed=SPEED, starts_anew=True)
        click.echo("A synthetic recording: its authors and texts are invented.", err=True)
        with prepared(demonstration, request) as (running, config):
            url = running.endpoints.clickhouse_url
            with reported(url):
                client = connect(url)
                drop_run(client, RUN)  # so that the page moves again, the second time too
                write_events(client, known, datetime.now(UTC))
                client.disconnect()
            replay_into(running, invocation.settings, config, request)
            click.echo(f"\nhttp://127.0.0.1:{running.note.page_port}/?run={RUN}")
            if not sys.stdout.isatty():
                return
            click.echo("The page stays up; Ctrl-C stops everything.", err=True)
            try:
                while True:
                    running.check()
                    time.sleep(0.2)
            except KeyboardInterrupt:
                click.echo("Stopping.", err=True)
