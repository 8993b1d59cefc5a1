"""What sizing needs and no other benchmark measures, for `uproar/capacity/costs.yaml`.

    python -m benchmarks.capacity

Bytes of a post in Kafka, how evenly posts fall on partitions, and what ClickHouse pays for looking
up known posts and for computing a minute anew, by how many rows lie in it. Writes to a folder of
its own; about a minute of processor time.
"""

import hashlib
import json
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from clickhouse_driver import Client
from kafka.codec import zstd_encode

from benchmarks.fill import FILL_REACTIONS, FILL_STATES, RECOMPUTE_MINUTES
from benchmarks.server import Server, server
from sinks.migrate import prepare_tables
from uproar.clickhouse import connect
from uproar.codec import encode_record, join_pack
from uproar.packs import MAX_RECORDS, partition_of
from uproar.records import (
    CallToAction,
    EntityReaction,
    Post,
    PostsRecord,
    Reaction,
    ReactionsRecord,
    Sentiment,
)

MINUTE = datetime(2026, 1, 5, 12, tzinfo=UTC)
ROWS = (50_000, 400_000)
"""In the minute that is computed anew; the slope between the two is the price of a row."""
ASKED = 20_000
ROUNDS = 5
PARTITIONS, POSTS = 256, 1_000_000
SENTIMENT = Path(__file__).parents[1] / "evaluation" / "sentiment.jsonl"
"""Invented posts, no two of which are alike."""
KNOWN_STATES = (files("sinks") / "statements" / "known_states.sql").read_text("utf-8")


def main() -> int:
    """Measure, print, and return the exit status."""
    for line in (*bytes_in_kafka(), *spread_over_partitions()):
        _say(line)
    with tempfile.TemporaryDirectory(prefix="capacity-") as folder, server(Path(folder)) as running:
        for line in in_clickhouse(running):
            _say(line)
    return 0


def bytes_in_kafka() -> Iterator[str]:
    """Tell what a post and its reaction take in a full pack, before and after compression."""
    lines = SENTIMENT.read_text("utf-8").splitlines()[:MAX_RECORDS]
    posts = [_post(number, json.loads(line)["text"]) for number, line in enumerate(lines)]
    records: tuple[tuple[str, list[PostsRecord | ReactionsRecord]], ...] = (
        ("posts", [*posts]),
        ("reactions", [_reaction(post) for post in posts]),
    )
    for name, told in records:
        pack = join_pack(encode_record(record) for record in told)
        packed = len(zstd_encode(pack)) / len(told)
        yield f"{name}: {len(pack) / len(told):.0f} bytes each, {packed:.0f} after compression"


def spread_over_partitions() -> Iterator[str]:
    """Tell how much more the fullest partition gets than its share."""
    counts = Counter(
        partition_of("bluesky", f"at://did:plc:{number:x}/app.bsky.feed.post/{number}", PARTITIONS)
        for number in range(POSTS)
    )
    most = max(counts.values()) * PARTITIONS / POSTS
    yield f"fullest of {PARTITIONS} partitions: {most:.3f} of its share of {POSTS:,} posts"


def in_clickhouse(running: Server) -> Iterator[str]:
    """Tell the processor time of a look-up and of a minute, by the rows that lie in it."""
    prepare_tables(running.writer_url, 36_500)
    client = connect(running.writer_url)
    spent: list[float] = []
    for number, rows in enumerate(ROWS):
        minute = MINUTE + timedelta(minutes=number)
        _fill(client, minute, number, rows)
        ask = _recompute(client, minute)
        spent.append(_cost(running, ask))
        yield f"a minute of {rows:,} posts computed anew: {spent[-1] * 1000:.0f} ms"
    slope = (spent[1] - spent[0]) / (ROWS[1] - ROWS[0])
    empty = spent[0] - slope * ROWS[0]
    yield f"  a row more: {slope * 1e6:.2f} us; without any: {empty * 1000:.0f} ms"
    first = 10_000_000
    ids = [{"run": "live", "platform": "bluesky", "post_id": str(first + n)} for n in range(ASKED)]
    structure = [("run", "String"), ("platform", "String"), ("post_id", "String")]
    for some in (ids[: ASKED // 10], ids):
        table = [{"name": "ids", "structure": structure, "data": some}]
        cost = _cost(running, partial(client.execute, KNOWN_STATES, external_tables=table))
        each = cost / len(some) * 1e6
        yield f"{len(some):,} ids looked up: {cost * 1000:.0f} ms, {each:.1f} us each"
    client.disconnect()


def _fill(client: Client, minute: datetime, number: int, posts: int) -> None:
    begin = int(minute.timestamp())
    given = {"run": "live", "authors": posts // 3, "version": 0, "every": 1,
             "first": number * 10_000_000, "end": number * 10_000_000 + posts,
             "from_at": begin, "to_at": begin + 60}  # fmt: skip
    client.execute(FILL_REACTIONS, given)
    client.execute(FILL_STATES, given)


def _recompute(client: Client, minute: datetime) -> Callable[[], Any]:
    begin = int(minute.timestamp())
    touched = {
        "name": "touched",
        "structure": [("run", "String"), ("minute", "DateTime('UTC')")],
        "data": [{"run": "live", "minute": minute}],
    }
    given = {"first": begin, "end": begin + 60, "version": 1}
    return lambda: client.execute(RECOMPUTE_MINUTES, given, external_tables=[touched])


def _cost(running: Server, ask: Callable[[], Any]) -> float:
    """Return the server's processor seconds for one, as the median of some."""
    spent = []
    for _ in range(ROUNDS):
        before = running.spent()
        ask()
        spent.append(running.spent() - before)
    return statistics.median(spent)


def _post(number: int, text: str) -> Post:
    at = MINUTE + timedelta(milliseconds=number)
    name = hashlib.blake2b(str(number).encode(), digest_size=16).hexdigest()
    return Post(
        run="live", platform="bluesky",
        post_id=f"at://did:plc:{name[:24]}/app.bsky.feed.post/{name[-13:]}",
        created_at=at, observed_at=at, received_at=at, author=name[::-1], text=text,
        url=f"https://bsky.app/profile/did:plc:{name[:24]}/post/{name[-13:]}",
    )  # fmt: skip


def _reaction(post: Post) -> Reaction:
    calls = (
        CallToAction(
            action="shutdown", direction="against", target="quarbit", addressee="",
            evidence="shut it down", confidence=0.9,
        ),
    )  # fmt: skip
    mood = Sentiment(score=-0.41, label="negative", is_sure=True, model="multilingual-2")
    is_calling = post.author.endswith("0")
    return Reaction(
        post=post, lang="en",
        entities=(EntityReaction(entity="quarbit", sentiment=mood, calls=calls * is_calling),),
    )  # fmt: skip


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
