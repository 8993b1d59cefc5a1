"""The records that travel between stages: frozen structs, nothing else.

Times are aware and in UTC. A post is identified by `platform` and `post_id`; an edit is the same
post with a higher `revision`. Everything belongs to a `run`: `live`, or the name of a replay.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with a zone; a naive one is refused when decoded."""

Natural = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
"""A number that the tables' columns hold, below the version of a deletion."""

Label = Literal["negative", "neutral", "positive"]
Action = Literal[
    "shutdown", "boycott", "contact", "protest", "petition", "legal", "support", "other"
]
Direction = Literal["against", "for"]
SentimentModel = Literal["fast", "deep", "vader"]

LIVE_RUN = "live"
UNKNOWN_RUN = "unknown"
"""Of a dead letter whose bytes do not tell: no replay may be called so."""


class Counts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How often others reacted to the post, as far as the platform told; 0 where it did not."""

    likes: Natural = 0
    reposts: Natural = 0
    replies: Natural = 0
    quotes: Natural = 0


class Post(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="post"):
    """One public post, in terms every platform shares.

    `created_at` is the author's claim, `observed_at` the platform's or relay's time (the same in
    an archive that does not tell it), `received_at` ours. `author` is a pseudonym, empty where the
    author is unknown. `lang` is the language declared by the platform, if any.
    """

    run: str
    platform: str
    post_id: str
    author: str
    text: str
    created_at: Instant
    observed_at: Instant
    received_at: Instant
    revision: Natural = 0
    lang: str | None = None
    url: str | None = None
    reply_to: str | None = None
    repost_of: str | None = None
    quote_of: str | None = None
    counts: Counts = Counts()


class Deletion(msgspec.Struct, frozen=True, kw_only=True, tag="deletion"):
    """The author or platform withdrew a post: its rows and its share of totals must go."""

    run: str
    platform: str
    post_id: str
    observed_at: Instant
    received_at: Instant


class AccountDeletion(msgspec.Struct, frozen=True, kw_only=True, tag="account-deletion"):
    """An author left the platform, or was removed: all of the author's posts must go.

    Those are meant that were observed up to `observed_at`, whether they have arrived or not.
    `author` is the pseudonym. It goes into every partition, for the posts may be in any.
    """

    run: str
    platform: str
    author: str
    observed_at: Instant
    received_at: Instant


class Waybill(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="waybill"):
    """Stands at the head of a message: whose records follow, and which message of theirs it is.

    `source` and `started_at` name the life of the producer that packed it. Its packs are numbered
    from 1 in each partition of a topic, without a gap, and `records` of them follow: a message
    that is lost or repeated on the way shows. Behind the streams the pack keeps its number; it may
    have become several `pieces`, and tells how many records were `read` in it and how many of
    these `failed`, so became dead letters.
    """

    run: str
    source: str
    started_at: Instant
    stage: Literal["producer", "streams"] = "producer"
    number: Natural
    records: Natural
    piece: Natural = 1
    pieces: Natural = 1
    read: Natural = 0
    failed: Natural = 0


class Watermark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="watermark"):
    """A producer's word that it has sent everything observed before a time.

    It travels behind the records it speaks of, in every partition. `source` names the producer
    within the run and `started_at` this life of it; `plan` is a digest of what that life was asked
    to do. `position` is the number of input records, from the start of the input, that are sent
    and acknowledged: a later life with the same plan may go on there. `partitions` is how many of
    these travel side by side, so that a reader knows when all have come; `is_last` ends the source.
    `packs` and `records` tell what this life has sent into this partition of the posts topic, and
    `letter_packs` and `letters` the same of dead letters.
    """

    run: str
    source: str
    started_at: Instant
    observed_before: Instant
    plan: str = ""
    partitions: int = 1
    position: Natural
    is_last: bool = False
    packs: Natural = 0
    records: Natural = 0
    letter_packs: Natural = 0
    letters: Natural = 0


class RunReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="run-report"):
    """What a producer has read so far: read = kept + filtered + deletions + dead letters.

    `dead_letters` counts unreadable input records by reason. A later report of the same run and
    source replaces an earlier one. `resume_position` is the input record after which this life
    began to send: `resumed` of its posts and deletions stood before, and are stored by earlier
    lives; `sent` were sent by this one (an account's deletion counts once for each partition).
    """

    run: str
    source: str
    state: Literal["running", "finished", "interrupted"]
    inputs: tuple[str, ...]
    started_at: Instant
    reported_at: Instant
    read: Natural = 0
    kept: Natural = 0
    filtered: Natural = 0
    deletions: Natural = 0
    dead_letters: dict[str, Natural] = {}
    first_at: Instant | None = None
    last_at: Instant | None = None
    resume_position: Natural = 0
    resumed: Natural = 0
    sent: Natural = 0


class FileReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="file-report"):
    """What one file of a finished replay held: read = kept + filtered + deletions + dead letters.

    `number` is its place in the command, from 1; `sha256` is of the file as it lies on disk, in
    hexadecimal digits, that of an archive for each of its members. `record_bytes` are the bytes of
    its records by what became of them.
    """

    run: str
    source: str
    started_at: Instant
    number: Natural
    name: str
    format: str
    size_bytes: Natural
    sha256: str
    read: Natural = 0
    kept: Natural = 0
    filtered: Natural = 0
    deletions: Natural = 0
    dead_letters: dict[str, Natural] = {}
    record_bytes: dict[str, Natural] = {}


class RunManifest(msgspec.Struct, frozen=True, kw_only=True, tag="run-manifest"):
    """What a life of a producer goes by, so that a run can be made again elsewhere.

    `facts` is a JSON object: versions, models, bounds and the configuration of the entities.
    """

    run: str
    source: str
    started_at: Instant
    facts: str


class Sentiment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the post feels: `score` in [-1, 1], its label, and the model that says so.

    Where the model is not sure of the label, within its abstain band, `is_sure` is false. `vader`
    is VADER's compound score of the whole post, in [-1, 1], whichever model decided; None where the
    post is not in English.
    """

    score: float
    label: Label
    model: str
    is_sure: bool = True
    vader: float | None = None


class CallToAction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A passage that urges others to do something to or for a target.

    `target` is who is to be hit or helped: the id of a tracked entity, else the name found, else
    None. `addressee` is who is asked. `evidence` is quoted from the original text.
    """

    action: Action
    target: str | None
    direction: Direction
    evidence: str
    confidence: float
    addressee: str | None = None


class EntityReaction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one post says of one tracked entity. `sentiment` is None where no model reads it."""

    entity: str
    sentiment: Sentiment | None
    calls: tuple[CallToAction, ...] = ()


class Reaction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="reaction"):
    """A post with what we read in it; `entities` is empty where it mentions none."""

    post: Post
    lang: str
    entities: tuple[EntityReaction, ...] = ()


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="dead-letter"):
    """Bytes we could not use, why, and where they were.

    `reason` is a short, countable phrase; `detail` the full message. `source` is a file's name or
    `topic/partition`, `position` the line number or offset in it, `part` the place within that.
    `payload` holds at most the first `PAYLOAD_LIMIT_BYTES` of the `size_bytes` there were.
    """

    run: str
    stage: str
    reason: str
    detail: str
    source: str
    position: Natural
    payload: bytes
    size_bytes: Natural
    received_at: Instant
    part: Natural = 0


PAYLOAD_LIMIT_BYTES = 16_384

Note = RunReport | FileReport | RunManifest
"""What a producer tells of itself; it speaks of no post."""

PostsRecord = Post | Deletion | AccountDeletion | Watermark | Waybill | Note
"""What may stand in the posts topic."""

ReactionsRecord = Reaction | Deletion | AccountDeletion | Watermark | Waybill | Note
"""What may stand in the reactions topic."""

DeadLettersRecord = DeadLetter | Watermark | Waybill
"""What may stand in the dead-letters topic."""
