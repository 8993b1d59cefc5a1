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

    `created_at` is the author's claim, `observed_at` the platform's or relay's time (in an
    archive the two are equal), `received_at` ours. `author` is a pseudonym, empty where the
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


class Watermark(msgspec.Struct, frozen=True, kw_only=True, tag="watermark"):
    """A producer's word that it has sent everything observed before a time.

    It travels behind the records it speaks of, in every partition. `source` names the producer
    within the run and `started_at` this life of it; `plan` is a digest of what that life was asked
    to do. `position` is the number of input records, from the start of the input, that are sent
    and acknowledged: a later life with the same plan may go on there. `partitions` is how many of
    these travel side by side, so that a reader knows when all have come; `is_last` ends the source.
    """

    run: str
    source: str
    started_at: Instant
    observed_before: Instant
    plan: str = ""
    partitions: int = 1
    position: Natural
    is_last: bool = False


class RunReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="run-report"):
    """What a producer has read so far: read = kept + filtered + deletions + dead letters.

    `dead_letters` counts unreadable input records by reason. A later report of the same run and
    source replaces an earlier one.
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

PostsRecord = Post | Deletion | Watermark | RunReport
"""What may stand in the posts topic."""

ReactionsRecord = Reaction | Deletion | Watermark | RunReport
"""What may stand in the reactions topic."""

DeadLettersRecord = DeadLetter | Watermark
"""What may stand in the dead-letters topic."""
