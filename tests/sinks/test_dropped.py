"""What a sink passes over: all that is still on its way of a run that was dropped, and no more."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sinks.batch import Arrival, Batch, add_message, empty_batch
from sinks.dropped import runs_in, without_dropped
from uproar.records import (
    AccountDeletion,
    DeadLetter,
    Deletion,
    EntityReaction,
    FileReport,
    Post,
    Reaction,
    RunManifest,
    RunReport,
    Watermark,
    Waybill,
)

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def records(run: str, started_at: datetime) -> list[Any]:
    life: dict[str, Any] = {"run": run, "source": "s", "started_at": started_at}
    times: dict[str, Any] = {"observed_at": NOON, "received_at": started_at}
    post = Post(
        run=run, platform="mastodon", post_id=f"{started_at}", author="a", text="invented",
        created_at=NOON, **times,
    )  # fmt: skip
    return [
        Waybill(**life, stage="streams", number=1, records=4),
        Reaction(post=post, lang="en", entities=(EntityReaction(entity="nimbus", sentiment=None),)),
        Deletion(run=run, platform="mastodon", post_id="9", **times),
        AccountDeletion(run=run, platform="mastodon", author="b", **times),
        DeadLetter(
            run=run, stage="streams", reason="r", detail="", source="t/0", position=1, payload=b"",
            size_bytes=0, received_at=NOON,
        ),
        Watermark(**life, observed_before=NOON, position=1),
        RunReport(**life, state="running", inputs=(), reported_at=started_at),
        FileReport(**life, number=1, name="a", format="f", size_bytes=1, sha256=""),
        RunManifest(**life, facts="{}"),
    ]  # fmt: skip


def batch_of(*lives: tuple[str, datetime]) -> Batch:
    batch = empty_batch()
    for offset, (run, started_at) in enumerate(lives):
        arrival = Arrival(topic="t", stream="reactions", partition=0, offset=offset, at=LATER)
        add_message(batch, records(run, started_at), [], arrival)
    return batch


def test_nothing_of_a_dropped_life_is_left_and_its_offsets_are_read_all_the_same() -> None:
    batch = batch_of(("gone", NOON))
    rest, count = without_dropped(batch, {("gone", "s"): NOON})
    assert (len(rest), count) == (0, len(batch))
    assert rest.next_offsets == batch.next_offsets


def test_another_run_in_the_same_batch_loses_nothing() -> None:
    alone = batch_of(("stays", NOON))
    rest, _ = without_dropped(batch_of(("gone", NOON), ("stays", NOON)), {("gone", "s"): NOON})
    assert len(rest) == len(alone)
    assert runs_in(rest) == {"stays"}
    assert [placed.message for placed in rest.reactions] == [0, 0]


def test_a_run_that_is_made_again_under_the_same_name_is_stored() -> None:
    batch = batch_of(("gone", NOON), ("gone", LATER))
    rest, _ = without_dropped(batch, {("gone", "s"): NOON})
    assert [message.bill.started_at for message in rest.messages] == [LATER]
    assert len(rest.reactions) == 2
    assert len(rest.watermarks) == len(rest.reports) == len(rest.files) == len(rest.manifests) == 1
