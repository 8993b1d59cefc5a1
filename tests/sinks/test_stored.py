"""Stored rows become the posts they were, and a new reading is compared with the old."""

from datetime import UTC, datetime
from typing import Any

from sinks.stored import Comparison, StoredRow, stored_posts
from uproar.records import CallToAction, Counts, EntityReaction, Post, Reaction, Sentiment

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)


def row(entity: str, **changes: Any) -> StoredRow:
    plain = StoredRow(
        platform="mastodon", post_id="1", entity=entity, version=2, observed_at=NOON,
        created_at=NOON, received_at=NOON, author="a", text="an invented post", declared_lang="",
        url="", reply_to="", repost_of="9", quote_of="", likes=3, reposts=0, replies=0, quotes=0,
        sentiment_label="positive", sentiment_sure=1, sentiment_model="then",
        actions=["boycott"], directions=["against"],
    )  # fmt: skip
    return plain._replace(**changes)


def test_the_rows_of_a_post_are_one_post_and_what_was_empty_is_none() -> None:
    [stored] = stored_posts("old", [row("epik"), row("gab", sentiment_label="unread")])
    assert stored.post == Post(
        run="old", platform="mastodon", post_id="1", author="a", text="an invented post",
        created_at=NOON, observed_at=NOON, received_at=NOON, revision=2, repost_of="9",
        counts=Counts(likes=3),
    )  # fmt: skip
    assert {entity: label for entity, (label, _, _) in stored.read.items()} == {
        "epik": "positive",
        "gab": "unread",
    }


def test_what_changes_is_counted_by_kind() -> None:
    rows = [row("epik"), row("gab"), row("epik", post_id="2"), row("epik", post_id="3")]
    one, two, three = stored_posts("old", rows)
    surely = Sentiment(score=0.5, label="positive", model="now")
    call = CallToAction(
        action="boycott", target="epik", direction="against", evidence="e", confidence=1.0
    )
    other = CallToAction(
        action="legal", target="epik", direction="against", evidence="e", confidence=1.0
    )
    comparison = Comparison()
    comparison.add(one, _read(one.post, _epik(surely, call)))
    comparison.add(two, _read(two.post, _epik(None, call)))
    unsure = Sentiment(score=0.5, label="positive", model="now", is_sure=False)
    comparison.add(three, _read(three.post, _epik(unsure, other)))
    assert +comparison.counts == {
        "posts": 3, "mentions before": 4, "mentions after": 3, "mentions gone": 1,
        "other label": 1, "other sureness": 1, "call found": 1, "call dropped": 1,
    }  # fmt: skip
    assert (comparison.models_before, comparison.models_after) == ({"then"}, {"now"})


def _epik(mood: Sentiment | None, call: CallToAction) -> EntityReaction:
    return EntityReaction(entity="epik", sentiment=mood, calls=(call,))


def _read(post: Post, entity: EntityReaction) -> Reaction:
    return Reaction(post=post, lang="en", entities=(entity,))
