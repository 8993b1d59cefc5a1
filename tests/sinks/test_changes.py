"""What a batch changes, decided without a database."""

from datetime import UTC, datetime, timedelta

from sinks.batch import Ledgered, Placed
from sinks.changes import AuthorKey, Changes, PostState
from sinks.changes import plan_changes as plan
from sinks.rows import DELETED_VERSION, REACTIONS_COLUMNS, milliseconds
from uproar.records import Deletion, EntityReaction, Post, Reaction, Waybill

NOON = datetime(2021, 1, 18, 12, 0, 30, 123456, tzinfo=UTC)
KEY = ("live", "mastodon", "1")
MINUTE = int(NOON.replace(second=0, microsecond=0).timestamp())


def plan_changes(
    records: list[Reaction | Deletion],
    known: dict[tuple[str, str, str], PostState],
    gone: dict[AuthorKey, datetime] | None = None,
) -> Changes:
    return plan([Placed(record) for record in records], known, gone or {}, NOON)


def reaction(*entities: str, revision: int = 0, minutes: int = 0, post_id: str = "1") -> Reaction:
    at = NOON + timedelta(minutes=minutes)
    post = Post(
        run="live",
        platform="mastodon",
        post_id=post_id,
        author="a",
        text="t",
        created_at=at,
        observed_at=at,
        received_at=at,
        revision=revision,
    )
    return Reaction(
        post=post,
        lang="en",
        entities=tuple(EntityReaction(entity=entity, sentiment=None) for entity in entities),
    )


def deletion(minutes: int = 5) -> Deletion:
    at = NOON + timedelta(minutes=minutes)
    return Deletion(run="live", platform="mastodon", post_id="1", observed_at=at, received_at=at)


def stored(*entities: str, version: int = 0) -> dict[tuple[str, str, str], PostState]:
    is_deleted = version == DELETED_VERSION
    return {KEY: PostState(version, is_deleted, milliseconds(NOON), entities)}


def brief(rows: list[tuple[object, ...]]) -> list[tuple[object, object, object]]:
    """Return entity, version and is_deleted of each row."""
    names = [REACTIONS_COLUMNS.index(name) for name in ("entity", "version", "is_deleted")]
    return [(row[names[0]], row[names[1]], row[names[2]]) for row in rows]


def test_a_post_gets_a_row_for_each_entity_it_mentions() -> None:
    changes = plan_changes([reaction("epik", "parler")], {})
    assert brief(changes.rows) == [("epik", 0, 0), ("parler", 0, 0)]
    assert changes.touched == {("live", MINUTE)}


def test_a_post_that_mentions_nothing_leaves_no_trace() -> None:
    changes = plan_changes([reaction()], {})
    assert (changes.rows, changes.states, changes.touched) == ([], {}, set())


def test_an_edit_removes_the_row_of_an_entity_it_no_longer_mentions() -> None:
    changes = plan_changes([reaction("gab", revision=1)], stored("epik", "gab"))
    assert brief(changes.rows) == [("gab", 1, 0), ("epik", 1, 1)]


def test_an_edit_keeps_the_minute_of_the_first_revision() -> None:
    changes = plan_changes([reaction("epik", revision=1, minutes=90)], stored("epik"))
    assert changes.states[KEY].observed_at == milliseconds(NOON) == MINUTE * 1000 + 30_123
    assert {minute for _, minute in changes.touched} == {MINUTE}


def test_a_revision_lower_than_the_stored_one_changes_nothing_but_its_minute_is_counted_anew() -> (
    None
):
    changes = plan_changes([reaction("epik", revision=1)], stored("epik", version=2))
    assert (changes.rows, changes.states) == ([], {})
    assert len(changes.touched) == 1


def test_a_deletion_removes_every_row_of_the_post() -> None:
    changes = plan_changes([deletion()], stored("epik", "gab", version=3))
    assert brief(changes.rows) == [("epik", DELETED_VERSION, 1), ("gab", DELETED_VERSION, 1)]
    assert changes.states[KEY].is_deleted


def test_a_post_that_comes_after_its_deletion_is_not_stored() -> None:
    changes = plan_changes([deletion(), reaction("epik", revision=7)], {})
    assert changes.rows == []
    assert changes.states[KEY].is_deleted


def test_the_order_within_a_batch_counts_like_the_order_of_batches() -> None:
    at_once = plan_changes([reaction("epik"), reaction("gab", revision=1)], {})
    first = plan_changes([reaction("epik")], {})
    second = plan_changes([reaction("gab", revision=1)], first.states)
    assert at_once.rows == first.rows + second.rows
    assert at_once.states == {**first.states, **second.states}


def ledgered() -> Ledgered:
    bill = Waybill(run="live", source="s", started_at=NOON, number=1, records=3)
    return Ledgered(bill, "reactions", 0, 0, NOON, 3, 0)


def counted(message: Ledgered) -> tuple[int, int, int]:
    return (message.new_posts, message.further, message.unmentioned)


def test_a_message_counts_first_records_further_ones_and_those_that_mention_nothing() -> None:
    records = [
        Placed(reaction("epik"), 2, 11, 0),
        Placed(reaction("epik", revision=1), 2, 12, 0),
        Placed(reaction(post_id="2"), 2, 13, 0),
    ]
    message = ledgered()
    changes = plan(records, {}, {}, NOON, [message])
    assert counted(message) == (1, 1, 1)
    first = changes.states[KEY].first
    assert (first.partition, first.source, first.number, first.place) == (2, "s", 1, 11)


def test_a_message_that_is_read_again_on_top_of_its_own_result_counts_the_same() -> None:
    records = [Placed(reaction("epik"), 2, 11, 0), Placed(deletion(), 2, 12, 0)]
    first, again = ledgered(), ledgered()
    changes = plan(records, {}, {}, NOON, [first])
    plan(records, changes.states, {}, NOON, [again])
    assert counted(first) == counted(again) == (1, 1, 0)


def test_a_post_that_comes_again_from_elsewhere_is_no_new_post() -> None:
    message = ledgered()
    known = plan([Placed(reaction("epik"), 2, 11, 0)], {}, {}, NOON, [ledgered()]).states
    plan([Placed(reaction("epik"), 2, 99, 0)], known, {}, NOON, [message])
    assert counted(message) == (0, 1, 0)


def test_a_post_of_an_author_who_is_gone_since_is_not_stored() -> None:
    gone = {("live", "mastodon", "a"): NOON + timedelta(minutes=1)}
    changes = plan_changes([reaction("epik")], {}, gone)
    assert changes.rows == []
    assert changes.states[KEY].is_deleted
    assert [row[3] for row in changes.removals] == ["account deleted"]


def test_a_post_that_was_observed_after_its_author_had_gone_and_come_back_stays() -> None:
    gone = {("live", "mastodon", "a"): NOON - timedelta(minutes=1)}
    assert brief(plan_changes([reaction("epik")], {}, gone).rows) == [("epik", 0, 0)]


def test_the_trail_of_a_removal_holds_a_hash_a_time_and_a_reason_only() -> None:
    [entry] = plan_changes([deletion()], stored("epik")).removals
    run, kind, subject, reason, asked_at, _ = entry
    assert (run, kind, reason) == ("live", "post", "deleted on the platform")
    assert len(subject) == 64
    assert asked_at == NOON + timedelta(minutes=5)


def test_a_deletion_of_what_is_deleted_leaves_no_second_trail() -> None:
    assert plan_changes([deletion()], stored(version=DELETED_VERSION)).removals == []


def test_an_edit_of_after_its_author_had_gone_does_not_bring_an_older_post_back() -> None:
    gone = {("live", "mastodon", "a"): NOON + timedelta(minutes=1)}
    edit = reaction("epik", revision=1, minutes=9)
    changes = plan_changes([edit], stored(), gone)  # what was stored mentioned nothing
    assert brief(changes.rows) == []
    assert changes.states[KEY].is_deleted
