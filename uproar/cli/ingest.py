"""`uproar ingest PLATFORM`: live posts, for as long as it runs."""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uproar.cli.invocation import Invocation
from uproar.cli.operating import operated, sending_turn
from uproar.cli.telling import tell_refused
from uproar.config import Entity
from uproar.config_file import ConfigFile
from uproar.endpoints import Endpoints
from uproar.errors import InputError, SourceRefused, StackError, UproarError
from uproar.operations.sources import forget_source
from uproar.records import LIVE_RUN
from uproar.topics import topics

if TYPE_CHECKING:
    from producers.filter import Matcher
    from producers.live import Watching
    from producers.sources.source import Source
    from uproar.settings import Settings

log = logging.getLogger(__name__)

STORED_SECONDS = 5.0
"""How long what was sent may take to be stored; what is not by then was lost with the broker."""


@click.command()
@click.argument("platform")
@click.option("--attach", is_flag=True, help="Start neither servers nor stages: others run them.")
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
    settings = invocation.settings
    home = settings.home.expanduser()
    try:
        sources = open_sources(platform, file.current(), os.environ)
    except UproarError as error:
        if attach:
            tell_refused(home, platform, error)
        raise
    forget_source(home, platform)  # what it lacked the last time, it may have now
    with _endpoints(invocation, attach=attach) as endpoints, operated(settings, "producer"):
        asyncio.run(_watch(settings, endpoints, file, sources))


@contextlib.contextmanager
def _endpoints(invocation: Invocation, *, attach: bool) -> Iterator[Endpoints]:
    from uproar.cli.stages import PipelineStages
    from uproar.stack import local

    settings = invocation.settings
    if attach:
        kafka = local.attach_kafka(settings)
        # Of ClickHouse it asks only how far the local stack has stored.
        yield (
            local.attach(settings)
            if kafka.is_local
            else Endpoints(kafka=kafka, clickhouse_url="", reader_url="", migrator_url="")
        )
        return
    stages = PipelineStages(settings, invocation.config)
    with local.stack(settings, stages) as running:
        if running.note.page_port:
            click.echo(f"Watch it at http://127.0.0.1:{running.note.page_port}/", err=True)
        yield running.endpoints


async def _watch(
    settings: "Settings", endpoints: Endpoints, file: ConfigFile, sources: "Sequence[Source]"
) -> None:
    """Watch every source of the platform; one that ends does not stop the others.

    Raises, when all have ended, what ended the first of those that did not just stop.
    """
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    matcher = CurrentMatcher(file)
    outcomes = await asyncio.gather(
        *(_watched(settings, endpoints, matcher, source, stop) for source in sources),
        return_exceptions=True,
    )
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    if failures:
        raise failures[0]


async def _watched(
    settings: "Settings",
    endpoints: Endpoints,
    matcher: "CurrentMatcher",
    source: "Source",
    stop: asyncio.Event,
) -> None:
    """Watch one, and say at once why it ended: the others may go on for days."""
    try:
        await _watch_one(settings, endpoints, matcher, source, stop)
    except UproarError as error:
        hint = f" ({error.hint})" if error.hint else ""
        log.error("%s has ended: %s%s", source.name, error, hint)
        raise


async def _watch_one(
    settings: "Settings",
    endpoints: Endpoints,
    matcher: "CurrentMatcher",
    source: "Source",
    stop: asyncio.Event,
) -> None:
    from producers.sources.source import Refused
    from uproar.cli.telling import Teller

    async with contextlib.AsyncExitStack() as open_:
        opening = _opened(settings, endpoints, matcher, source, stop)
        watching = await asyncio.to_thread(open_.enter_context, opening)
        teller = Teller(settings.home.expanduser(), source.name, watching)
        tasks = [
            asyncio.create_task(teller.tell()),
            asyncio.create_task(_follow(source, matcher)),
        ]
        try:
            await watching.run(stop)
        except Refused as error:
            raise SourceRefused(f"{source.name}: {error}", hint=error.hint) from error
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            teller.end()


@contextlib.contextmanager
def _opened(
    settings: "Settings",
    endpoints: Endpoints,
    matcher: "CurrentMatcher",
    source: "Source",
    stop: asyncio.Event,
) -> "Iterator[Watching]":
    """Take the source for this process alone, and open the way to Kafka. May wait for either."""
    from producers.cursors import Cursors
    from producers.live import Watching
    from producers.plan import ReplayPlan
    from producers.publish import KafkaPublisher
    from uproar.cli.manifest import Bounds, facts_of
    from uproar.kafka import producer_settings
    from uproar.keyring import read_keyring
    from uproar.operations.reach import wait_for_kafka

    names = read_keyring(settings).current
    given = Bounds(start=None, end=None, keep_all=False)
    plan = ReplayPlan(
        files=(),
        run=LIVE_RUN,
        names=names,
        facts=facts_of(settings, matcher.config, given, names.key_print),
    )
    cursors = Cursors(settings.home.expanduser() / "cursors")
    kafka = endpoints.kafka
    with _alone(cursors.path(source.name), source.name):
        named = topics(settings.topic_prefix)
        wait_for_kafka(kafka, [named.posts, named.dead_letters], stop.is_set)
        stored = None
        if kafka.is_local:
            wanted = cursors.load(source.name).position
            stored = _stored(endpoints, source.name, wanted, stop.is_set)
        with (
            sending_turn(settings, kafka, stop.is_set) as before_message,
            KafkaPublisher(producer_settings(kafka), named, before_message) as outlet,
        ):
            yield Watching(source, plan, matcher, outlet, cursors, stored=stored)


@contextlib.contextmanager
def _alone(cursor: Path, name: str) -> Iterator[None]:
    """Hold a source: two of its producers would each save the other's cursor."""
    from uproar.stack.home import FolderLock

    cursor.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FolderLock(cursor.with_suffix(".lock"))
    if not lock.acquire():
        lock.release()
        raise StackError(
            f"{name} is being watched already, by another process with this UPROAR_HOME",
            hint="`uproar up` watches by itself what stands under `sources` in uproar.yaml",
        )
    try:
        yield
    finally:
        lock.release()


def _stored(endpoints: Endpoints, source: str, wanted: int, should_stop: Callable[[], bool]) -> int:
    """Return how many records of the source are stored: the local broker forgets when it stops.

    Where it has not stopped, what it has is stored a moment later: that is waited for, up to
    `wanted` records, so that less repeats.
    """
    from uproar.cli.summary import statement
    from uproar.clickhouse import connect_to_read, reported

    asked = {"run": LIVE_RUN, "source": source}
    with reported(endpoints.reader_url):
        client = connect_to_read(endpoints.reader_url, endpoints.clickhouse_url)
        try:
            deadline = time.monotonic() + STORED_SECONDS
            while True:
                ((position,),) = client.execute(statement("live_position"), asked)
                if position >= wanted or time.monotonic() > deadline or should_stop():
                    return int(position)
                time.sleep(0.1)
        finally:
            client.disconnect()


async def _follow(source: "Source", matcher: "CurrentMatcher") -> None:
    """Tell a platform that filters for us of other entities."""
    from producers.sources.source import Following

    config = matcher.config
    while isinstance(source, Following):
        if matcher.config is not config:
            config = matcher.config
            source.follow(config.entities)
        await asyncio.sleep(1)


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
