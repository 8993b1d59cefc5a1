"""Records -> rows. Pure; a test holds the columns against the schema."""

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from uproar.records import (
    CallToAction,
    DeadLetter,
    EntityReaction,
    Post,
    Reaction,
    RunReport,
    Sentiment,
    Watermark,
)

Row = tuple[Any, ...]
PostKey = tuple[str, str, str]
"""run, platform, post_id"""

DELETED_VERSION = 2**63
"""Above every revision: nothing that comes later brings a deleted post back."""

REACTIONS_COLUMNS = (
    "run", "entity", "observed_at", "platform", "post_id", "version", "is_deleted",
    "created_at", "received_at", "author", "lang", "declared_lang", "text", "url",
    "reply_to", "repost_of", "quote_of", "likes", "reposts", "replies", "quotes",
    "sentiment_score", "sentiment_label", "sentiment_sure", "sentiment_model", "sentiment_vader",
    "calls.action", "calls.direction", "calls.target", "calls.addressee", "calls.evidence",
    "calls.confidence",
)  # fmt: skip

STATES_COLUMNS = (
    "run", "platform", "post_id", "version", "is_deleted", "observed_at", "entities",
)  # fmt: skip

WATERMARKS_COLUMNS = (
    "run", "source", "stream", "partition", "started_at", "plan", "partitions",
    "observed_before", "position", "is_last", "stored_at",
)  # fmt: skip

DEAD_LETTERS_COLUMNS = (
    "run", "stage", "source", "position", "part", "fingerprint",
    "reason", "detail", "payload", "size_bytes", "received_at",
)  # fmt: skip

RUNS_COLUMNS = (
    "run", "source", "started_at", "reported_at", "state", "inputs",
    "read", "kept", "filtered", "deletions", "dead_letters", "first_at", "last_at",
)  # fmt: skip

UNREAD = "unread"
_NO_READING: Row = (0.0, UNREAD, 0, "", None)
_EPOCH = datetime.fromtimestamp(0, UTC)
_NO_DETAILS: Row = (
    _EPOCH, _EPOCH, "", "", "", "", "", "", "", "", 0, 0, 0, 0, *_NO_READING,
    [], [], [], [], [], [],
)  # fmt: skip


def reaction_row(reaction: Reaction, entity: EntityReaction, observed_at: datetime) -> Row:
    """Return the row of one entity. `observed_at` is that of the post's first stored revision."""
    post = reaction.post
    return (
        post.run, entity.entity, observed_at, post.platform, post.post_id, post.revision, 0,
        post.created_at, post.received_at, post.author, reaction.lang, post.lang or "", post.text,
        post.url or "",
        post.reply_to or "", post.repost_of or "", post.quote_of or "",
        *_counts(post), *_sentiment(entity.sentiment), *_calls(entity.calls),
    )  # fmt: skip


def removal_row(key: PostKey, entity: str, observed_at: datetime, version: int) -> Row:
    """Return the row that takes an entity's row of a post away."""
    run, platform, post_id = key
    return (run, entity, observed_at, platform, post_id, version, 1, *_NO_DETAILS)


def watermark_row(mark: Watermark, stream: str, partition: int, stored_at: datetime) -> Row:
    """Return the row that says how far a partition of a stream is stored."""
    return (
        mark.run, mark.source, stream, partition, mark.started_at, mark.plan, mark.partitions,
        mark.observed_before, mark.position, int(mark.is_last), stored_at,
    )  # fmt: skip


def dead_letter_row(letter: DeadLetter) -> Row:
    """Return the row of a dead letter."""
    return (
        letter.run, letter.stage, letter.source, letter.position, letter.part,
        zlib.crc32(letter.payload), letter.reason, letter.detail, letter.payload,
        letter.size_bytes, letter.received_at,
    )  # fmt: skip


def run_row(report: RunReport) -> Row:
    """Return the row of a producer's report."""
    dead_letters: Mapping[str, int] = report.dead_letters
    return (
        report.run, report.source, report.started_at, report.reported_at, report.state,
        list(report.inputs), report.read, report.kept, report.filtered, report.deletions,
        dict(dead_letters), report.first_at, report.last_at,
    )  # fmt: skip


def _counts(post: Post) -> Row:
    counts = post.counts
    return tuple(
        min(max(count, 0), 2**32 - 1)
        for count in (counts.likes, counts.reposts, counts.replies, counts.quotes)
    )


def _sentiment(sentiment: Sentiment | None) -> Row:
    if sentiment is None:
        return _NO_READING
    return (
        sentiment.score, sentiment.label, int(sentiment.is_sure), sentiment.model, sentiment.vader,
    )  # fmt: skip


def _calls(calls: tuple[CallToAction, ...]) -> Row:
    return (
        [call.action for call in calls],
        [call.direction for call in calls],
        [call.target or "" for call in calls],
        [call.addressee or "" for call in calls],
        [call.evidence for call in calls],
        [call.confidence for call in calls],
    )
