"""What a worker counts around a message is what came of it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from streams.messages import Message, assess_message
from streams.observed import ObservedMessages
from uproar.codec import encode_record
from uproar.metrics import REGISTRY
from uproar.records import Deletion, Post, Reaction

AT = datetime(2021, 1, 18, 12, 0, tzinfo=UTC)


class OddReader:
    """Cannot read posts whose id is odd."""

    def read(self, post: Post) -> Reaction:
        if int(post.post_id) % 2:
            raise ValueError(post.text)
        return Reaction(post=post, lang="en", entities=())

    def read_all(self, posts: Sequence[Post]) -> list[Reaction]:
        return [self.read(post) for post in posts]


def a_post(number: int) -> bytes:
    return encode_record(
        Post(
            run="r",
            platform="mastodon",
            post_id=str(number),
            author="a1",
            text="t",
            created_at=AT,
            observed_at=AT,
            received_at=AT,
        )
    )


DELETION = encode_record(
    Deletion(run="r", platform="mastodon", post_id="9", observed_at=AT, received_at=AT)
)


@pytest.fixture
def growth() -> Callable[[], dict[tuple[str, str, str], float]]:
    def values() -> dict[tuple[str, str, str], float]:
        return {
            (
                sample.name,
                sample.labels.get("kind", ""),
                sample.labels.get("reason", ""),
            ): sample.value
            for family in REGISTRY.collect()
            for sample in family.samples
            if sample.labels.get("stage") == "streams" and not sample.name.endswith("_created")
        }

    before = values()
    return lambda: {
        place: value - before.get(place, 0.0)
        for place, value in values().items()
        if value != before.get(place, 0.0)
    }


def test_what_is_read_handed_on_and_given_up_is_counted_by_kind(
    growth: Callable[[], dict[Any, float]],
) -> None:
    observed = ObservedMessages()
    value = b"[" + b",".join([*map(a_post, range(5)), DELETION, b"17"]) + b"]"
    message = Message(value=value, topic="posts", partition=1, offset=7, received_at=AT)
    outcome = assess_message(observed.decoder, observed.reader(OddReader()), message)
    event = SimpleNamespace(message=message)
    assert ("uproar_messages_out_total", "", "") not in growth()  # nothing before it is delivered
    observed.delivered(event, outcome, observed.account())
    grown = growth()
    sent = (*outcome.reactions, *outcome.dead_letters)
    assert grown == {
        ("uproar_messages_in_total", "", ""): 1,
        ("uproar_records_in_total", "post", ""): 5,
        ("uproar_records_in_total", "deletion", ""): 1,
        ("uproar_records_in_total", "unreadable", ""): 1,
        ("uproar_records_out_total", "reaction", ""): 3,
        ("uproar_records_out_total", "deletion", ""): 1,
        ("uproar_records_out_total", "dead-letter", ""): 3,
        ("uproar_dead_letters_total", "", "reading-failed"): 2,
        ("uproar_dead_letters_total", "", "not-a-record"): 1,
        ("uproar_messages_out_total", "", ""): len(sent),
        ("uproar_messages_out_bytes_total", "", ""): sum(map(len, sent)),
    }
