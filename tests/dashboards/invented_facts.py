"""Figures of an invented run, for tests of what reports make of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from dashboards.reports import figures
from dashboards.trust import Trust

START = datetime(2021, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
COURSE = [4] * 20 + [40, 120, 60, 20] + [4] * 24


def candidate(text: str, **changes: Any) -> figures.Candidate:
    """Return a post that calls to shut down, unless told otherwise."""
    given: dict[str, Any] = {
        "time": START + 21 * HOUR, "entity": "nimbus", "platform": "mastodon", "language": "en",
        "text": text, "url": "https://social.example/1", "actions": ["shutdown"],
        "directions": ["against"], "evidence": ["Shut down"], "confidence": [1.0],
        "label": "negative", "score": -0.9, "responses": 7,
    }  # fmt: skip
    return figures.Candidate(**{**given, **changes})


def invented_facts(**changes: Any) -> figures.Facts:
    """Return the figures of two days with one wave against `nimbus`."""
    steps = [
        figures.Step(
            entity="nimbus", time=START + place * HOUR, mentions=count, posts_against=count // 2
        )
        for place, count in enumerate(COURSE)
    ]
    mentions = sum(COURSE)
    totals: dict[str, int] = {
        "mentions": mentions, "repeats": 30, "unique_authors": 200, "negative_posts": 100,
        "neutral_posts": 50, "positive_posts": 50, "unsure_posts": 20,
        "posts_calling": mentions // 2, "posts_against": mentions // 2,
    }  # fmt: skip
    facts = figures.Facts(
        run="wave",
        from_at=START,
        to_at=START + 48 * HOUR - timedelta(seconds=1),
        asked_at=START + 60 * HOUR,
        names={"nimbus": "Nimbus"},
        unit_seconds=3600,
        bar_seconds=3600,
        trust=Trust(
            run="wave", state="finished", sentence="Finished: everything that was read is stored",
            watermark=None, first_at=START, last_at=START + 48 * HOUR, behind_seconds=None,
            silent_seconds=None, dead_letters=0, read_records=500, kept_posts=400, stamp="",
        ),
        accounts=figures.Accounts(read_records=500, kept_posts=400, filtered_posts=100),
        totals=figures.Totals(**totals),
        entities=[figures.EntityTotals(entity="nimbus", **totals)],
        course=steps,
        mood=[
            figures.Mood(
                time=START, negative_posts=2, neutral_posts=1, positive_posts=1, unsure_posts=0,
                unread_posts=0,
            )
        ],
        calls=[figures.Call(action="shutdown", direction="against", posts_calling=mentions // 2)],
        calling=[
            figures.CallStep(time=START + 21 * HOUR, action="shutdown", posts_calling=60)
        ],
        languages=[figures.Part(name="en", mentions=mentions, posts_against=mentions // 2)],
        platforms=[figures.Part(name="mastodon", mentions=mentions, posts_against=3)],
        loudest=figures.Loudest(
            known_authors=200, known_mentions=mentions, of_the_loudest=9, of_the_ten_loudest=40,
            authors_of_one=150,
        ),
        candidates=[candidate("Shut down Nimbus")],
    )  # fmt: skip
    return msgspec.structs.replace(facts, **changes)
