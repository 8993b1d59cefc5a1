"""`uproar ingest PLATFORM`: live posts, for as long as it runs."""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from uproar.cli.invocation import Invocation
from uproar.cli.operating import operated, sending_turn
from uproar.config import Entity
from uproar.config_file import ConfigFile
from uproar.endpoints import Endpoints
from uproar.errors import InputError, SourceRefused
from uproar.records import LIVE_RUN
from uproar.topics import topics

if TYPE_CHECKING:
    from producers.filter import Matcher
    from producers.live import Watching
    from producers.sources.source import Source
    from uproar.settings import Settings

log = logging.getLogger(__name__)

HEALTH_SECONDS = 60.0


@click.command()
@click.argument("platform")
@click.option("--attach", is_flag=True, hidden=True, help="Use a running stack, as its stage.")
@click.pass_obj
def ingest(invocation: Invocation, platform: str, *, attach: bool) -> None:
    """Watch PLATFORM live until Ctrl-C.

    Posts that mention something tracked go into the run `live`. What the platform needs stands
    under `sources` in uproar.yaml; `uproar up` watches all that stand there by itself. After a
    restart it goes on where the broker had acknowledged everything.

    Example: uproar ingest bluesky
    """
    from producers.sources import SOURCES, open_sources

    if platform not in SOURCES:
        raise InputError(
            f"no live source is called `{platform}`", hint=f"there are: {', '.join(SOURCES)}"
        )
    file = ConfigFile(invocation.config)
    sources = open_sources(platform, file.current(), os.environ)
    settings = invocation.settings
    with _endpoints(invocation, attach=attach) as endpoints, operated(settings, "producer"):
        asyncio.run(_watch(settings, endpoints, file, sources))


@contextlib.contextmanager
def _endpoints(invocation: Invocation, *, attach: bool) -> Iterator[Endpoints]:
    from uproar.cli.stages import PipelineStages
    from uproar.stack import local

    settings = invocation.settings
    if attach:
        yield local.attach(settings)
        return
    stages = PipelineStages(settings, invocation.config)
    with local.stack(settings, stages) as running:
        if running.note.page_port:
            click.echo(f"Watch it at http://127.0.0.1:{running.note.page_port}/", err=True)
        yield running.endpoints


async def _watch(
    settings: "Settings", endpoints: Endpoints, file: ConfigFile, sources: "Sequence[Source]"
) -> None:
    """Watch every source of the platform; one that is refused does not stop the others."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    matcher = CurrentMatcher(file)
    outcomes = await asyncio.gather(
        *(_watch_one(settings, endpoints, matcher, source, stop) for source in sources),
        return_exceptions=True,
    )
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    if failures and len(failures) == len(sources):
        raise failures[0]


async def _watch_one(
    settings: "Settings",
    endpoints: Endpoints,
    matcher: "CurrentMatcher",
    source: "Source",
    stop: asyncio.Event,
) -> None:
    from producers.cursors import Cursors
    from producers.live import Watching
    from producers.plan import ReplayPlan
    from producers.publish import KafkaPublisher
    from producers.sources.source import Refused
    from uproar.cli.manifest import Bounds, facts_of
    from uproar.kafka import producer_settings
    from uproar.keyring import read_keyring

    names = read_keyring(settings).current
    given = Bounds(start=None, end=None, keep_all=False)
    plan = ReplayPlan(
        files=(),
        run=LIVE_RUN,
        names=names,
        facts=facts_of(settings, matcher.config, given, names.key_print),
    )
    kafka = endpoints.kafka
    with (
        sending_turn(settings, kafka, stop.is_set) as before_message,
        KafkaPublisher(
            producer_settings(kafka), topics(settings.topic_prefix), before_message
        ) as outlet,
    ):
        cursors = Cursors(settings.home.expanduser() / "cursors")
        watching = Watching(source, plan, matcher, outlet, cursors)
        telling = asyncio.create_task(_tell(source.name, watching))
        try:
            await watching.run(stop)
        except Refused as error:
            log.error("%s: %s (%s)", source.name, error, error.hint)
            raise SourceRefused(f"{source.name}: {error}", hint=error.hint) from error
        finally:
            telling.cancel()


async def _tell(name: str, watching: "Watching") -> None:
    """Log a line of health when the state changes, and once a minute."""
    before, waited = "", 0.0
    while True:
        health, tally = watching.health, watching.tally
        if health.state != before or waited >= HEALTH_SECONDS:
            log.info(
                "%s: %s%s; %d read, %d kept, %d dead letters, %d reconnects",
                name,
                health.state,
                f" ({health.why})" if health.why else "",
                tally.settled,
                tally.kept,
                tally.dead_letters.total(),
                health.reconnects,
            )
            before, waited = health.state, 0.0
        await asyncio.sleep(1)
        waited += 1


class CurrentMatcher:
    """A matcher for the configuration as it stands, made anew when that changes."""

    def __init__(self, file: ConfigFile) -> None:
        self._file = file
        self._seen = 0.0
        self.config = file.current()
        self._matcher = _matcher(self.config.entities)

    def __call__(self) -> "Matcher":
        """Return the matcher; the file is looked at once a second."""
        if (now := time.monotonic()) - self._seen >= 1:
            self._seen = now
            config = self._file.current()
            if config is not self.config:
                self.config, self._matcher = config, _matcher(config.entities)
        return self._matcher


def _matcher(entities: Sequence[Entity]) -> "Matcher":
    from uproar.mentions import MentionMatcher

    return MentionMatcher(entities)
