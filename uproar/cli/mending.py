"""Dead letters from reading them again to the mark that they are none any more."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
import msgspec

from sinks.letters import LetterKey
from uproar.cli.invocation import Invocation
from uproar.cli.reading_letters import Given, LetterReader, Record
from uproar.cli.run_details import MENDED
from uproar.config_file import read_config
from uproar.errors import InputError
from uproar.records import Post

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from producers.mend import Mending
    from sinks.letters import StoredLetter
    from uproar.stack.local import Stack

MOST_AT_ONCE = 100_000
"""Letters that one life mends: their keys are kept until what they became is stored."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which letters are meant, and what their file said of all its rows."""

    run: str
    reason: str = ""
    columns: str = ""
    header: str = ""


class Outcome(msgspec.Struct, kw_only=True):
    """Letters that became records and what these are, and those that stay, by reason."""

    run: str
    mended: int = 0
    posts: int = 0
    filtered: int = 0
    deletions: int = 0
    left: dict[str, int] = {}

    def add(self, records: "list[Record | None]") -> None:
        """Count a letter that became these records."""
        self.mended += 1
        for record in records:
            if record is None:
                self.filtered += 1
            elif isinstance(record, Post):
                self.posts += 1
            else:
                self.deletions += 1


def preview(invocation: Invocation, asked: Asked) -> Outcome:
    """Return what would become of the letters; nothing is sent or marked."""
    from sinks.letters import letters
    from uproar.cli.asking import whole_readers

    outcome, left = Outcome(run=asked.run), Counter[str]()
    with whole_readers(invocation) as (reading, asking):
        reader = _reader(invocation, asking, asked)
        for letter in letters(reading, asked.run, asked.reason):
            found = reader.read(letter)
            if isinstance(found, str):
                left[found] += 1
            else:
                outcome.add(list(found))
    outcome.left = dict(left.most_common())
    return outcome


def mend(invocation: Invocation, asked: Asked) -> Outcome:
    """Send what is usable, wait until it is stored, and mark the letters, a life at a time."""
    from sinks.letters import mark_mended
    from uproar.cli.replaying import wait_until_stored

    outcome = Outcome(run=asked.run)
    with _prepared(invocation) as (running, clients, asking):
        reader = _reader(invocation, clients[1], asked)
        is_all = False
        while not is_all:
            keys, report, is_all = _mend_some(
                invocation, running, clients[0], asked, reader, outcome
            )
            if report is None:
                break
            wait_until_stored(running, invocation.settings, asking, report, lambda: False)
            mark_mended(clients[1], asked.run, keys)
    return outcome


def show(outcome: Outcome, *, as_json: bool) -> None:
    """Print what became of the letters."""
    from uproar.cli.tables import console, table_of

    if as_json:
        click.echo(msgspec.json.encode(outcome))
        return
    rows: list[tuple[str, int]] = [
        ("usable now", outcome.mended),
        ("  posts", outcome.posts),
        ("  deletions", outcome.deletions),
        ("  filtered", outcome.filtered),
        ("dead letters still", sum(outcome.left.values())),
        *((f"  {reason}", count) for reason, count in outcome.left.items()),
    ]
    console().print(table_of((f"run {outcome.run}", ""), rows))


def _mend_some(
    invocation: Invocation,
    running: "Stack",
    reading: "Client",
    asked: Asked,
    reader: LetterReader,
    outcome: Outcome,
) -> tuple[list[LetterKey], Any, bool]:
    """Send what at most `MOST_AT_ONCE` letters became, in one life.

    Returns their keys, the life's last report, None where no letter is usable, and whether these
    were all.
    """
    from sinks.letters import letters

    keys: list[LetterKey] = []
    left = Counter[str]()
    life: Mending | None = None
    with _publishing(invocation, running) as begin:
        for letter in letters(reading, asked.run, asked.reason):
            found = reader.read(letter)
            if isinstance(found, str):
                left[found] += 1
                continue
            life = life or begin(letter)
            for record in found:
                life.send(record)
            outcome.add(list(found))
            keys.append(letter.key)
            if len(keys) == MOST_AT_ONCE:
                break
        outcome.left = dict(left.most_common())
        report = life.end() if life else None
    reading.disconnect()
    return keys, report, len(keys) < MOST_AT_ONCE


@contextmanager
def _prepared(
    invocation: Invocation,
) -> Iterator[tuple["Stack", tuple["Client", "Client"], Any]]:
    """Lend a stack with its stages, a client to read with, one to mark with, and a patient one."""
    from sinks.run import WRITER_SETTINGS
    from uproar.cli.patience import PatientClient
    from uproar.cli.stages import PipelineStages
    from uproar.clickhouse import connect, connect_to_read, reported
    from uproar.stack.local import stack

    settings = invocation.settings
    with stack(settings, PipelineStages(settings, invocation.config)) as running:
        url, reader_url = running.endpoints.clickhouse_url, running.endpoints.reader_url
        with reported(url):
            reading = connect(url, settings={"readonly": 2})
            marking = connect(url, settings=WRITER_SETTINGS)
            asking = PatientClient(connect_to_read(reader_url, url), running.check)
            yield running, (reading, marking), asking
            for client in (reading, marking, asking):
                client.disconnect()


@contextmanager
def _publishing(
    invocation: Invocation, running: "Stack"
) -> Iterator[Callable[["StoredLetter"], "Mending"]]:
    """Lend what begins a life; the first letter that it mends gives it its name."""
    from producers.clock import SystemClock
    from producers.identity import digest_of
    from producers.mend import Mending
    from producers.plan import ReplayPlan
    from producers.publish import KafkaPublisher
    from uproar.cli.manifest import Bounds, facts_of
    from uproar.cli.operating import sending_turn
    from uproar.kafka import producer_settings
    from uproar.keyring import read_keyring
    from uproar.topics import topics

    settings = invocation.settings
    kafka = running.endpoints.kafka
    names = read_keyring(settings).current
    bounds = Bounds(start=None, end=None, keep_all=False)
    with (
        sending_turn(settings, kafka, running.has_failed) as before_message,
        KafkaPublisher(
            producer_settings(kafka), topics(settings.topic_prefix), before_message
        ) as publisher,
    ):

        def begin(letter: "StoredLetter") -> "Mending":
            config = read_config(invocation.config)
            plan = ReplayPlan(
                files=(),
                run=letter.run,
                names=names,
                source=f"{MENDED}{digest_of([letter.run, letter.key])}",
                facts=facts_of(settings, config, bounds, names.key_print),
            )
            return Mending(publisher, plan, SystemClock())

        yield begin


def _reader(invocation: Invocation, client: "Client", asked: Asked) -> LetterReader:
    """Return a reader for the letters of a run. Raises InputError where it would do harm."""
    from producers.columns import columns_of
    from uproar.cli.run_details import gather_made
    from uproar.keyring import read_keyring

    settings, config = invocation.settings, read_config(invocation.config)
    made = gather_made(client, asked.run)
    key_print = read_keyring(settings).current.key_print
    for facts in (one.facts for one in made.manifests):
        if facts.get("author_key", key_print) != key_print:
            raise InputError(
                f"`{asked.run}` was made with another key of pseudonyms, so an author would "
                "count twice",
                hint="set `UPROAR_AUTHOR_KEY` to the key that it was made with",
            )
    told = made.facts.get("entities")
    if told is not None and told != msgspec.to_builtins(config.entities):
        click.echo(
            f"`{asked.run}` was made with other entities than those of {invocation.config}: "
            f"`uproar runs config {asked.run}` prints them.",
            err=True,
        )
    return LetterReader(
        settings,
        config,
        {name: _given(bounds) for name, bounds in made.bounds_by_input().items()},
        asked.header.encode(),
        columns_of(asked.columns, config.columns) if asked.columns else None,
    )


def _given(bounds: dict[str, Any]) -> Given:
    try:
        return msgspec.convert(bounds, Given)
    except msgspec.ValidationError as error:
        raise InputError(
            f"this Uproar cannot read the bounds that the run was made with: {error}",
            hint="they are in the manifest: `uproar runs show RUN --json`",
        ) from error
