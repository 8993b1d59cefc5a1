"""Records -> rows. Pure; a test holds the columns against the schema."""

import hashlib
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from uproar.records import (
    CallToAction,
    Counts,
    DeadLetter,
    EntityReaction,
    FileReport,
    Reaction,
    RunManifest,
    RunReport,
    Sentiment,
    Watermark,
    Waybill,
)

Row = tuple[Any, ...]
PostKey = tuple[str, str, str]
"""run, platform, post_id"""

Milliseconds = int
"""Since 1970. What reactions and states hold of a time: the driver writes a number as it is, and
takes ten times as long over a `datetime`."""

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
    "partition", "first_source", "first_started_at", "first_number", "first_place",
)  # fmt: skip

WATERMARKS_COLUMNS = (
    "run", "source", "stream", "partition", "started_at", "plan", "partitions",
    "observed_before", "position", "is_last", "stored_at",
    "packs", "records", "letter_packs", "letters",
)  # fmt: skip

DEAD_LETTERS_COLUMNS = (
    "run", "stage", "source", "position", "part", "fingerprint",
    "reason", "detail", "payload", "size_bytes", "received_at",
)  # fmt: skip

RUNS_COLUMNS = (
    "run", "source", "started_at", "reported_at", "state", "inputs",
    "read", "kept", "filtered", "deletions", "dead_letters", "first_at", "last_at",
    "resume_position", "resumed", "sent",
)  # fmt: skip

FILES_COLUMNS = (
    "run", "source", "started_at", "number", "name", "format", "size_bytes", "sha256",
    "read", "kept", "filtered", "deletions", "dead_letters", "record_bytes",
)  # fmt: skip

MANIFESTS_COLUMNS = ("run", "source", "started_at", "facts")

LEDGER_COLUMNS = (
    "run", "source", "started_at", "stream", "stage", "partition", "number", "piece", "pieces",
    "offset", "read", "failed", "told", "records", "bad", "new_posts", "further", "unmentioned",
    "stored_at",
)  # fmt: skip

ERASED_COLUMNS = ("run", "platform", "author", "gone_before")

REMOVALS_COLUMNS = ("run", "kind", "subject", "reason", "asked_at", "removed_at")

UNREAD = "unread"
_NO_READING: Row = (0.0, UNREAD, 0, "", None)
_NO_CALLS: Row = ([], [], [], [], [], [])
_NO_COUNTS: Row = (0, 0, 0, 0)
_UNCOUNTED = Counts()
_EPOCH = datetime.fromtimestamp(0, UTC)
_MILLISECOND = timedelta(milliseconds=1)
_NO_DETAILS: Row = (
    0, 0, "", "", "", "", "", "", "", "", *_NO_COUNTS, *_NO_READING, *_NO_CALLS
)  # fmt: skip


def milliseconds(at: datetime) -> Milliseconds:
    """Return the whole milliseconds since 1970, which is what the tables keep of a time.

    >>> milliseconds(datetime(1970, 1, 1, 0, 0, 1, 999_999, tzinfo=UTC))
    1999
    """
    return (at - _EPOCH) // _MILLISECOND


def reaction_row(reaction: Reaction, entity: EntityReaction, observed_at: Milliseconds) -> Row:
    """Return the row of one entity. `observed_at` is that of the post's first stored revision."""
    post = reaction.post
    return (
        post.run, entity.entity, observed_at, post.platform, post.post_id, post.revision, 0,
        milliseconds(post.created_at), milliseconds(post.received_at),
        post.author, reaction.lang, post.lang or "", post.text, post.url or "",
        post.reply_to or "", post.repost_of or "", post.quote_of or "",
        *_counts(post.counts), *_sentiment(entity.sentiment), *_calls(entity.calls),
    )  # fmt: skip


def removal_row(key: PostKey, entity: str, observed_at: Milliseconds, version: int) -> Row:
    """Return the row that takes an entity's row of a post away."""
    run, platform, post_id = key
    return (run, entity, observed_at, platform, post_id, version, 1, *_NO_DETAILS)


def watermark_row(mark: Watermark, stream: str, partition: int, stored_at: datetime) -> Row:
    """Return the row that says how far a partition of a stream is stored."""
    return (
        mark.run, mark.source, stream, partition, mark.started_at, mark.plan, mark.partitions,
        mark.observed_before, mark.position, int(mark.is_last), stored_at,
        mark.packs, mark.records, mark.letter_packs, mark.letters,
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
        report.resume_position, report.resumed, report.sent,
    )  # fmt: skip


def file_row(file: FileReport) -> Row:
    """Return the row of a file of a replay."""
    return (
        file.run, file.source, file.started_at, file.number, file.name, file.format,
        file.size_bytes, file.sha256, file.read, file.kept, file.filtered, file.deletions,
        dict(file.dead_letters), dict(file.record_bytes),
    )  # fmt: skip


def manifest_row(manifest: RunManifest) -> Row:
    """Return the row of what a life goes by."""
    return (manifest.run, manifest.source, manifest.started_at, manifest.facts)


def ledger_row(
    bill: Waybill, place: tuple[str, int, int], counts: tuple[int, ...], stored_at: datetime
) -> Row:
    """Return the row of a message. `place` is its stream, partition and offset."""
    stream, partition, offset = place
    return (
        bill.run, bill.source, bill.started_at, stream, bill.stage, partition, bill.number,
        bill.piece, bill.pieces, offset, bill.read, bill.failed, bill.records, *counts, stored_at,
    )  # fmt: skip


def removal_entry(
    run: str, kind: str, subject: str, reason: str, times: tuple[datetime, datetime]
) -> Row:
    """Return the row that remembers a removal. `times`: when it was asked for, and done.

    >>> now = datetime(2021, 1, 18, tzinfo=UTC)
    >>> removal_entry("live", "post", "bluesky:1", "deleted on the platform", (now, now))[2][:8]
    '06ad299e'
    """
    digest = hashlib.sha256(subject.encode(errors="surrogatepass")).hexdigest()
    return (run, kind, digest, reason, *times)


def _counts(counts: Counts) -> Row:
    if counts == _UNCOUNTED:
        return _NO_COUNTS
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
    if not calls:
        return _NO_CALLS
    return (
        [call.action for call in calls],
        [call.direction for call in calls],
        [call.target or "" for call in calls],
        [call.addressee or "" for call in calls],
        [call.evidence for call in calls],
        [call.confidence for call in calls],
    )
