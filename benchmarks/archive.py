"""`python -m benchmarks.archive`: write posts of many years in random order through the sink."""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from clickhouse_driver import Client

from benchmarks.server import server
from sinks.batch import Batch, Placed, empty_batch
from sinks.clickhouse import ClickHouseSink
from sinks.migrate import prepare_tables
from sinks.run import WRITER_SETTINGS
from uproar.clickhouse import connect
from uproar.records import CallToAction, EntityReaction, Post, Reaction, Sentiment

RUN = "archive"
FROM_AT = datetime(2010, 1, 1, tzinfo=UTC)
PARTS = (Path(__file__).with_name("statements") / "parts.sql").read_text("utf-8")


@click.command()
@click.option("--posts", default=200_000, show_default=True, help="How many to write")
@click.option("--years", default=15, show_default=True, help="Over how many years")
@click.option("--batch", default=20_000, show_default=True, help="How many the sink writes at once")
def main(posts: int, years: int, batch: int) -> None:
    """Tell how long batches took, and how many parts there are in the end."""
    folder = Path(tempfile.mkdtemp(prefix="uproar-bench-"))
    try:
        with server(folder) as running:
            prepare_tables(running.writer_url, 400)
            client = connect(running.writer_url, settings=WRITER_SETTINGS)
            for line in write_archive(client, posts, years, batch):
                click.echo(line)
    finally:
        shutil.rmtree(folder)


def write_archive(client: Client, posts: int, years: int, size: int) -> Iterator[str]:
    """Write in random order, and yield what was seen."""
    chance = random.Random(15)  # noqa: S311 - repeatable on purpose
    sink, seconds, most = ClickHouseSink(client), [], 0
    for first in range(0, posts, size):
        batch = _batch(chance, first, min(size, posts - first), years)
        begun = time.monotonic()
        sink.write(batch)
        seconds.append(time.monotonic() - begun)
        most = max(most, sum(parts for _, _, parts, _ in client.execute(PARTS)))
    seconds.sort()
    yield f"{len(seconds)} batches of {size:,}: half within {seconds[len(seconds) // 2]:.1f} s"
    yield f"slowest {seconds[-1]:.1f} s, in all {sum(seconds):.0f} s, at most {most} parts"
    for name, rows, parts, size_bytes in client.execute(PARTS):
        yield f"{name}: {rows:,} rows, {parts} parts, {size_bytes / 1e6:.1f} MB"


def _batch(chance: random.Random, first: int, count: int, years: int) -> Batch:
    batch = empty_batch()
    batch.reactions.extend(
        Placed(reaction(chance, RUN, number, _moment(chance, years)))
        for number in range(first, first + count)
    )
    return batch


def _moment(chance: random.Random, years: int) -> datetime:
    return FROM_AT + timedelta(seconds=chance.randrange(years * 365 * 86_400))


def reaction(chance: random.Random, run: str, number: int, at: datetime) -> Reaction:
    """Invent what is read from post `number` of a run: about one of twenty entities."""
    entity = f"entity-{chance.randrange(20):02}"
    call = CallToAction(
        action="boycott", target=entity, direction="against", evidence="Boycott it", confidence=0.9
    )
    mood = Sentiment(score=-0.5, label="negative", model="invented", is_sure=True, vader=None)
    calls = (call,) if chance.random() < 0.03 else ()
    post = Post(
        run=run,
        platform=chance.choice(["bluesky", "mastodon", "twitter"]),
        post_id=str(number),
        author=f"author-{chance.randrange(5000)}",
        text=f"Number {number} of an invented archive, about {entity}",
        created_at=at,
        observed_at=at,
        received_at=at,
    )
    found = (EntityReaction(entity=entity, sentiment=mood, calls=calls),)
    return Reaction(post=post, lang=chance.choice(["en", "fr"]), entities=found)


if __name__ == "__main__":
    main()
