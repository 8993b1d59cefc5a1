"""An invented wave of posts, stored as the sink stores it, and an alert about it."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from clickhouse_driver import Client

from dashboards.alerts.lane import Alert
from dashboards.alerts.thresholds import Threshold
from sinks.batch import Arrival, add_message, empty_batch
from sinks.clickhouse import ClickHouseSink
from uproar.records import (
    CallToAction,
    Counts,
    Deletion,
    EntityReaction,
    Post,
    Reaction,
    Sentiment,
)

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
RUN = "live"
ENTITY = "quill"
CALM_POSTS, WAVE_POSTS = 120, 60
SUBJECTS = ["weather", "garden", "music", "kitchen", "river"]
SUBJECTS += ["bicycle", "museum", "window", "letter", "harvest"]
VERBS = ["likes", "paints", "visits", "forgets", "repairs", "describes", "borrows"]


def calm_post(number: int) -> Reaction:
    """Return one of the posts of the day before: every ten minutes, mostly friendly."""
    draw = random.Random(number)
    words = f"{draw.choice(SUBJECTS)} {draw.choice(VERBS)} {draw.choice(SUBJECTS)}"
    return reaction(
        f"calm-{number}",
        AT - timedelta(hours=20) + timedelta(minutes=10 * number),
        author=f"calm-author-{number % 50}",
        text=f"Post {number} about Quill and the {words} today #quill",
        score=-0.5 if number % 5 == 0 else 0.5,
    )


def wave_post(number: int) -> Reaction:
    """Return one of the posts of the wave: within ten minutes, most of them angry."""
    draw = random.Random(1000 + number)
    words = f"{draw.choice(SUBJECTS)} {draw.choice(VERBS)} {draw.choice(SUBJECTS)}"
    text = f"Shut down Quill, the {words} number {number * 7919} #quill #closequill"
    is_copy = number % 6 == 0
    if is_copy:
        text = f"Shut down Quill at once says everybody I know #quill https://x.example/{number}"
    return reaction(
        f"wave-{number}",
        AT + timedelta(seconds=10 * number),
        author="" if number % 10 == 9 else f"author-{0 if number % 10 == 0 else number}",
        text=text,
        score=0.6 if number % 10 == 1 else -0.8,
        calls=("shutdown",) if number % 2 == 0 else (),
        repost_of="wave-0" if number % 15 == 1 else None,
        likes=number,
        lang="de" if number % 20 == 3 else "en",
        platform="mastodon" if number % 4 == 0 else "bluesky",
    )


def reaction(
    post_id: str, at: datetime, *, author: str, text: str, score: float,
    calls: Sequence[str] = (), repost_of: str | None = None, likes: int = 0,
    lang: str = "en", platform: str = "bluesky",
) -> Reaction:  # fmt: skip
    mood = Sentiment(
        score=score, label="negative" if score < 0 else "positive", model="invented", is_sure=True
    )
    found = tuple(
        CallToAction(
            action="shutdown", target=ENTITY, direction="against", evidence="Shut down Quill",
            confidence=0.9, addressee=None,
        )
        for _ in calls
    )  # fmt: skip
    return Reaction(
        post=Post(
            run=RUN, platform=platform, post_id=post_id, author=author, text=text, created_at=at,
            observed_at=at, received_at=at, url=f"https://social.example/{post_id}",
            repost_of=repost_of, counts=Counts(likes=likes),
        ),
        lang=lang,
        entities=(EntityReaction(entity=ENTITY, sentiment=mood, calls=found),),
    )  # fmt: skip


def everything() -> list[Reaction]:
    return [calm_post(number) for number in range(CALM_POSTS)] + [
        wave_post(number) for number in range(WAVE_POSTS)
    ]


def put(client: Client, records: Sequence[Any], run: str = RUN) -> None:
    """Store records as the sink does, in a run."""
    batch = empty_batch()
    records = [_in_run(record, run) for record in records]
    arrival = Arrival(
        topic="reactions", stream="reactions", partition=0, offset=0, at=datetime.now(UTC)
    )
    add_message(batch, list(records), [], arrival)
    ClickHouseSink(client).write(batch)


def _in_run(record: Any, run: str) -> Any:
    if isinstance(record, Reaction):
        return msgspec.structs.replace(record, post=msgspec.structs.replace(record.post, run=run))
    return msgspec.structs.replace(record, run=run)


def deletion(post_id: str, platform: str) -> Deletion:
    later = AT + timedelta(hours=1)
    return Deletion(
        run=RUN, platform=platform, post_id=post_id, observed_at=later, received_at=later
    )


def alert(signal: str = "calls_to_action", **changes: Any) -> Alert:
    """Return an alert as the judge would have raised it about the wave."""
    threshold = changes.pop("threshold", None) or Threshold(
        entity=ENTITY, signal=signal, above=10, per_seconds=600
    )
    fields: dict[str, Any] = {
        "run": RUN,
        "id": "a1b2c3d4e5f6",
        "threshold": threshold,
        "term": "",
        "started_at": AT,
        "fired_at": AT + timedelta(minutes=10),
        "peak_at": AT + timedelta(minutes=10),
        "ended_at": None,
        "value": 30.0,
        "expected": 10.0,
        "peak_value": 30.0,
        "posts": WAVE_POSTS,
        "silence": "",
    }
    return Alert(**(fields | changes))
