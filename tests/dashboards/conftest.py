"""A real ClickHouse for the tests of the boards, freshly migrated for each module."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from clickhouse_driver import Client

from sinks.batch import Arrival, add_message, empty_batch
from sinks.clickhouse import ClickHouseSink
from sinks.migrate import migrate
from uproar.clickhouse import Result, connect, read
from uproar.records import (
    Action,
    CallToAction,
    Counts,
    DeadLettersRecord,
    EntityReaction,
    Label,
    Post,
    Reaction,
    ReactionsRecord,
    Sentiment,
    Watermark,
)

Written = ReactionsRecord | DeadLettersRecord


@pytest.fixture(scope="module")
def store(server_url: str, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A client whose database holds every table and no row."""
    database = f"test_{request.module.__name__.rpartition('.')[2]}"
    with connect(server_url) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {database}")
        admin.execute(f"CREATE DATABASE {database}")
        with connect(server_url, database=database) as client:
            migrate(client, retention_days=3650)
            yield client
        admin.execute(f"DROP DATABASE {database}")


@pytest.fixture(scope="module")
def query(store: Client, server_url: str) -> Iterator[Callable[[str], Result]]:
    """Reads over a connection of its own, so that a page may read while a test writes."""
    ((database,),) = store.execute("SELECT currentDatabase()")
    with connect(server_url, database=database) as reader:
        yield lambda sql: read(reader, sql)


@pytest.fixture(scope="module")
def write(store: Client) -> Callable[[Sequence[Written]], None]:
    """Store records through the sink itself, as if they came from one partition."""

    def written(records: Sequence[Written]) -> None:
        batch = empty_batch()
        at = datetime.now(UTC)
        marks = [record for record in records if isinstance(record, Watermark)]
        for stream, those in (("reactions", records), ("dead-letters", marks)):
            arrival = Arrival(topic=stream, stream=stream, partition=0, offset=0, at=at)
            add_message(batch, those, [], arrival)
        ClickHouseSink(store).write(batch)

    return written


@pytest.fixture(scope="session")
def invented() -> list[Reaction]:
    """Invented reactions of two runs over a day and a half, with a wave against `nimbus`."""
    chance = random.Random(2021)
    return [_reaction(number, chance) for number in range(400)]


WORDS = {
    "shutdown": ("against", "Shut down {name} now"),
    "boycott": ("against", "Boycott {name}"),
    "contact": ("for", "Write {name} a kind word"),
}


def _reaction(number: int, chance: random.Random) -> Reaction:
    is_wave = number % 4 == 0
    minutes = chance.gauss(1500, 20) if is_wave else chance.uniform(0, 2160)
    at = datetime(2021, 1, 10, tzinfo=UTC) + timedelta(seconds=round(minutes * 60))
    entities = ["nimbus"] if is_wave else chance.sample(["nimbus", "kestrel", "oakline"], 2)
    lang = chance.choice(["en", "en", "fr", "ja"])
    label: Label = chance.choice(["negative", "negative", "neutral", "positive"])
    score = {"negative": -0.5, "neutral": 0.0, "positive": 0.75}[label]
    found = []
    calls: list[CallToAction] = []
    for entity in entities:
        calls = []
        if chance.random() < 0.3:
            action: Action = chance.choice(["shutdown", "boycott", "contact"])
            direction, words = WORDS[action]
            calls.append(
                CallToAction(
                    action=action,
                    target=entity,
                    direction="against" if direction == "against" else "for",
                    evidence=words.format(name=entity),
                    confidence=0.5,
                    addressee=chance.choice([None, "the board"]),
                )
            )
        mood = Sentiment(score=score, label=label, model="invented", is_sure=number % 6 != 0)
        found.append(
            EntityReaction(
                entity=entity, sentiment=None if lang == "ja" else mood, calls=tuple(calls)
            )
        )
    return Reaction(
        post=Post(
            run="other" if number % 10 == 1 else "wave",
            platform=chance.choice(["bluesky", "mastodon"]),
            post_id=f"post-{number}",
            author=chance.choice(["", *(f"author-{chance.randrange(40)}" for _ in range(9))]),
            text=" ".join([f"Post {number}.", *(call.evidence for call in calls)]),
            created_at=at,
            observed_at=at,
            received_at=at + timedelta(seconds=2),
            url=f"https://social.example/{number}",
            repost_of="post-0" if number % 5 == 0 else None,
            counts=Counts(likes=number % 7),
        ),
        lang=lang,
        entities=tuple(found),
    )
