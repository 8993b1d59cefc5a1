"""Rows -> posts, to be read again, and what a new reading changes. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import msgspec

from uproar.records import Counts, EntityReaction, Post, Reaction

Read = tuple[str, bool, frozenset[str]]
"""What was read of one entity: label, whether it is sure, kinds of calls as `action direction`."""

UNREAD: Read = ("unread", False, frozenset())


class StoredRow(NamedTuple):
    """One row of `stored_posts.sql`."""

    platform: str
    post_id: str
    entity: str
    version: int
    observed_at: datetime
    created_at: datetime
    received_at: datetime
    author: str
    text: str
    declared_lang: str
    url: str
    reply_to: str
    repost_of: str
    quote_of: str
    likes: int
    reposts: int
    replies: int
    quotes: int
    sentiment_label: str
    sentiment_sure: int
    sentiment_model: str
    actions: list[str]
    directions: list[str]


class StoredPost(msgspec.Struct, frozen=True):
    """A post as it was kept, and what was read of each entity at the time."""

    post: Post
    read: dict[str, Read]
    models: frozenset[str]


def stored_posts(run: str, rows: Iterable[StoredRow]) -> Iterator[StoredPost]:
    """Put the rows of each post together. Rows of one post must stand together."""
    for _, group in groupby(rows, key=lambda row: (row.platform, row.post_id)):
        own = list(group)
        yield StoredPost(
            _post(run, own[0]),
            {row.entity: _read(row) for row in own},
            frozenset(row.sentiment_model for row in own) - {""},
        )


class Comparison:
    """Counts what a new reading of stored posts changes."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.models_before: set[str] = set()
        self.models_after: set[str] = set()

    def add(self, stored: StoredPost, reaction: Reaction) -> None:
        """Take one post."""
        after = {entity.entity: _reading(entity) for entity in reaction.entities}
        self.counts["posts"] += 1
        self.counts["mentions before"] += len(stored.read)
        self.counts["mentions after"] += len(after)
        self.counts["mentions gone"] += len(stored.read.keys() - after.keys())
        self.counts["mentions new"] += len(after.keys() - stored.read.keys())
        for entity in stored.read.keys() & after.keys():
            (label, sure, calls), (new_label, new_sure, new_calls) = (
                stored.read[entity],
                after[entity],
            )
            self.counts["other label"] += label != new_label
            self.counts["other sureness"] += label == new_label and sure != new_sure
            self.counts["call found"] += bool(new_calls - calls)
            self.counts["call dropped"] += bool(calls - new_calls)
        self.models_before |= stored.models
        self.models_after |= {
            entity.sentiment.model for entity in reaction.entities if entity.sentiment
        }


def _read(row: StoredRow) -> Read:
    kinds = zip(row.actions, row.directions, strict=True)
    return (
        row.sentiment_label,
        bool(row.sentiment_sure),
        frozenset(f"{action} {direction}" for action, direction in kinds),
    )


def _reading(entity: EntityReaction) -> Read:
    kinds = frozenset(f"{call.action} {call.direction}" for call in entity.calls)
    mood = entity.sentiment
    label, sure, _ = (mood.label, mood.is_sure, kinds) if mood else UNREAD
    return (label, sure, kinds)


def _post(run: str, row: StoredRow) -> Post:
    return Post(
        run=run,
        platform=row.platform,
        post_id=row.post_id,
        author=row.author,
        text=row.text,
        created_at=row.created_at,
        observed_at=row.observed_at,
        received_at=row.received_at,
        revision=row.version,
        lang=row.declared_lang or None,
        url=row.url or None,
        reply_to=row.reply_to or None,
        repost_of=row.repost_of or None,
        quote_of=row.quote_of or None,
        counts=Counts(likes=row.likes, reposts=row.reposts, replies=row.replies, quotes=row.quotes),
    )
