"""The sink against a real ClickHouse: whatever is repeated, cut or broken off, totals are exact."""

import random
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from clickhouse_driver import Client
from clickhouse_driver.errors import NetworkError

from sinks.batch import Batch, Placed, empty_batch
from sinks.clickhouse import ClickHouseSink
from uproar.metrics import REGISTRY
from uproar.records import (
    CallToAction,
    Deletion,
    EntityReaction,
    Label,
    Post,
    Reaction,
    Sentiment,
)

pytestmark = pytest.mark.integration

START = datetime(2021, 1, 18, 12, 0, tzinfo=UTC)
RUN = "exact"
Record = Reaction | Deletion


class BreakingClient:
    """A real client whose connection breaks at the n-th statement, before or after it ran."""

    def __init__(self, client: Client, breaks_at: int, *, after: bool) -> None:
        self._client = client
        self._left = breaks_at
        self._after = after

    def execute(self, *arguments: Any, **options: Any) -> Any:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise NetworkError("broken off by the test")
        answer = self._client.execute(*arguments, **options)
        if self._left == 0:
            raise NetworkError("broken off by the test")
        return answer


def _mood(random_: random.Random, score: float, label: Label) -> Sentiment:
    is_sure = random_.random() < 0.8
    vader = random_.choice([None, 0.25])
    return Sentiment(score=score, label=label, model="m", is_sure=is_sure, vader=vader)


def some_reaction(random_: random.Random, post_id: int, revision: int) -> Reaction:
    at = START + timedelta(seconds=37 * post_id)
    entities = []
    for entity in random_.sample(["epik", "gab", "parler"], random_.randint(0, 3)):
        labels: list[Label | None] = ["negative", "neutral", "positive", None]
        label = random_.choice(labels)
        score = random_.randint(-10000, 10000) / 10000
        sentiment = _mood(random_, score, label) if label else None
        calls = tuple(
            CallToAction(
                action=random_.choice(["shutdown", "boycott"]),
                target=entity,
                direction=random_.choice(["against", "for"]),
                evidence="e",
                confidence=0.9,
            )
            for _ in range(random_.choice([0, 0, 1, 2]))
        )
        entities.append(EntityReaction(entity=entity, sentiment=sentiment, calls=calls))
    post = Post(
        run=RUN,
        platform=("mastodon", "bluesky")[post_id % 2],
        post_id=str(post_id),
        author=random_.choice(["", "a1", "a2", "a3"]),
        text="t",
        created_at=at,
        observed_at=at,
        received_at=at,
        revision=revision,
        repost_of="0" if post_id % 5 == 0 else None,
    )
    return Reaction(post=post, lang=random_.choice(["en", "fr"]), entities=tuple(entities))


def some_records(random_: random.Random) -> list[Record]:
    """Posts, repeats, edits in any order, and deletions before and after their post."""
    records: list[Record] = []
    for post_id in range(60):
        revisions: list[Record] = [
            some_reaction(random_, post_id, revision)
            for revision in range(random_.choice([1, 1, 1, 2, 3]))
        ]
        if random_.random() < 0.15:
            at = START + timedelta(seconds=37 * post_id)
            platform = ("mastodon", "bluesky")[post_id % 2]
            revisions.append(
                Deletion(
                    run=RUN,
                    platform=platform,
                    post_id=str(post_id),
                    observed_at=at,
                    received_at=at,
                )
            )
        revisions += random_.sample(revisions, random_.randint(0, len(revisions)))
        random_.shuffle(revisions)
        records += revisions
    return records


def expected(records: Sequence[Record]) -> tuple[set[Any], dict[Any, Any]]:
    """Compute rows and minute totals from the records alone, in the plainest way."""
    newest: dict[Any, Reaction | None] = {}
    for record in records:
        if isinstance(record, Deletion):
            newest[record.platform, record.post_id] = None
            continue
        id_ = (record.post.platform, record.post.post_id)
        held = newest.get(id_, record)
        if held is not None and record.post.revision >= held.post.revision:
            newest[id_] = record
    rows = set()
    totals: defaultdict[Any, list[int]] = defaultdict(lambda: [0] * 11)
    authors: defaultdict[Any, set[str]] = defaultdict(set)
    for record in filter(None, newest.values()):
        post = record.post
        for entity in record.entities:
            minute = post.observed_at.replace(second=0)
            rows.add((entity.entity, post.platform, post.post_id, post.revision, record.lang))
            key = (entity.entity, minute, post.platform, record.lang)
            kinds = {f"{call.action} {call.direction}" for call in entity.calls}
            directions = {call.direction for call in entity.calls}
            mood = entity.sentiment
            label = (mood.label if mood.is_sure else "unsure") if mood else "unread"
            score = round(mood.score * 10000) if mood else 0
            facts = [
                1,
                post.repost_of is not None,
                *(
                    label == name
                    for name in ("negative", "neutral", "positive", "unsure", "unread")
                ),
                score,
                bool(kinds),
                "against" in directions,
                "for" in directions,
            ]
            totals[key] = [a + b for a, b in zip(totals[key], facts, strict=True)]
            authors[key] |= {post.author} - {""}
            for kind in kinds:
                totals[(*key, kind)] = [totals[(*key, kind)][0] + 1]
    for key, names in authors.items():
        totals[key].append(len(names))
    return rows, dict(totals)


def found(client: Client) -> tuple[set[Any], dict[Any, Any]]:
    """Read the same from the tables."""
    rows = client.execute(
        "SELECT entity, platform, post_id, version, lang FROM reactions FINAL WHERE run = %(run)s",
        {"run": RUN},
    )
    totals: dict[Any, Any] = {}
    for *key, calls in client.execute(
        "SELECT entity, minute, platform, lang, posts, reposts, negative, neutral, positive, "
        "unsure, unread, sentiment_sum, calling, calling_against, calling_for, "
        "finalizeAggregation(authors), calls FROM reactions_by_minute FINAL WHERE run = %(run)s",
        {"run": RUN},
    ):
        place = tuple(key[:4])
        totals[place] = list(key[4:])
        for kind, count in calls.items():
            totals[(*place, kind)] = [count]
    return set(rows), totals


def write_in_pieces(
    client: Client, records: Sequence[Record], random_: random.Random, *, breaking: bool
) -> None:
    """Write like a consumer that dies at times and then reads again from its last commit."""
    committed = 0
    while committed < len(records):
        size = random_.randint(1, 40)
        batch: Batch = empty_batch()
        batch.reactions.extend(map(Placed, records[committed : committed + size]))
        if breaking and random_.random() < 0.4:
            broken = BreakingClient(client, random_.randint(1, 7), after=random_.random() < 0.5)
            with suppress(NetworkError):  # a small batch may need fewer statements
                ClickHouseSink(broken).write(batch)
            continue
        ClickHouseSink(client).write(batch)
        committed += size


@pytest.mark.parametrize("seed", range(6))
def test_rows_and_totals_are_those_of_the_distinct_posts(tables: Client, seed: int) -> None:
    random_ = random.Random(seed)
    records = some_records(random_)
    write_in_pieces(tables, records, random_, breaking=seed % 2 == 1)
    assert found(tables) == expected(records)


def test_writing_everything_again_changes_nothing(tables: Client) -> None:
    random_ = random.Random(99)
    records = some_records(random_)
    write_in_pieces(tables, records, random_, breaking=False)
    once = found(tables)
    write_in_pieces(tables, records, random_, breaking=False)
    assert found(tables) == once


def test_each_step_is_timed_once(tables: Client) -> None:
    def times() -> dict[str, float]:
        steps = ("look-up", "insert", "recompute", "coarser")
        given = ((step, {"step": step}) for step in steps)
        return {
            step: REGISTRY.get_sample_value("uproar_step_seconds_count", labels) or 0.0
            for step, labels in given
        }

    before = times()
    batch = empty_batch()
    batch.reactions.extend(Placed(record) for record in some_records(random.Random(1)))
    ClickHouseSink(tables).write(batch)
    counted = {step: count - before[step] for step, count in times().items()}
    assert counted["look-up"] == counted["recompute"] == counted["coarser"] == 1
    assert 2 <= counted["insert"] <= 3, "reactions, states, and removals where there are some"


def test_a_minute_whose_posts_are_all_deleted_has_no_total_left(tables: Client) -> None:
    post = Reaction(
        post=some_reaction(random.Random(1), 1, 0).post,
        lang="en",
        entities=(EntityReaction(entity="epik", sentiment=None),),
    )
    gone = Deletion(run=RUN, platform="bluesky", post_id="1", observed_at=START, received_at=START)
    for record in (post, gone):
        batch = empty_batch()
        batch.reactions.append(Placed(record))
        ClickHouseSink(tables).write(batch)
    assert found(tables) == (set(), {})
