"""What a batch of records changes in the tables, given what is stored already. Pure.

Everything here may happen again: the same records on top of their own result change nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from sinks.batch import Ledgered, Placed
from sinks.rows import (
    DELETED_VERSION,
    Milliseconds,
    PostKey,
    Row,
    milliseconds,
    reaction_row,
    removal_entry,
    removal_row,
)
from uproar.records import Deletion, Reaction

AuthorKey = tuple[str, str, str]
"""run, platform, pseudonym"""

Stretch = tuple[str, int]
"""run, first second since 1970"""

DELETED_ACCOUNT = "account deleted"


class FirstPlace(NamedTuple):
    """Where a record stood: partition of the topic, life of the producer, pack, and place in it."""

    partition: int = 0
    source: str = ""
    started_at: Milliseconds = 0
    number: int = 0
    place: int = 0


class PostState(msgspec.Struct, frozen=True):
    """The newest known state of a post; `entities` are those that have a row.

    `first` tells where its first record stood; it is nowhere where no ledger was kept.
    """

    version: int
    is_deleted: bool
    observed_at: Milliseconds
    entities: tuple[str, ...]
    first: FirstPlace = FirstPlace()


class Changes(msgspec.Struct, frozen=True):
    """Rows for `reactions` and `removals`, and the posts' new states.

    `touched` holds the minutes to compute anew.
    """

    rows: list[Row]
    removals: list[Row]
    states: dict[PostKey, PostState]
    touched: set[Stretch]


def keys_of(records: Iterable[Placed]) -> set[PostKey]:
    """Return the posts that the records are about."""
    return {_key(placed.record) for placed in records}


def authors_of(records: Iterable[Placed]) -> set[AuthorKey]:
    """Return who wrote the posts among the records."""
    return {
        (post.run, post.platform, post.author)
        for placed in records
        if isinstance(placed.record, Reaction) and (post := placed.record.post).author
    }


def plan_changes(
    records: Iterable[Placed],
    known: Mapping[PostKey, PostState],
    gone: Mapping[AuthorKey, datetime],
    now: datetime,
    messages: Sequence[Ledgered] = (),
) -> Changes:
    """Decide what to store. `known` holds the stored states of the posts concerned.

    - The first stored revision decides the observed time, hence the minute, for good.
    - A higher revision replaces; rows of entities that it no longer mentions go.
    - A lower revision, and anything after a deletion, changes nothing.
    - A post of an author in `gone`, observed up to the time given there, counts as deleted.
    - A minute is touched also when nothing changes: the last attempt at this very batch may have
      stored the rows and failed before their minute was computed.

    What each record was to the tables is added to the counts of its message in `messages`: the same
    when the batch is planned again, on top of its own result. `now` is noted with what is removed.
    """
    changes = Changes([], [], {}, set())
    rows, states, touched = changes.rows, changes.states, changes.touched
    for placed in records:
        given = placed.record
        key = _key(given)
        state = states.get(key) or known.get(key)
        record = _unless_gone(given, state, gone) if gone else given
        message = None if placed.message is None else messages[placed.message]
        if isinstance(given, Reaction) and _tells_nothing(given, state):
            if message is not None:
                message.unmentioned += 1
            if state is None:
                continue
        elif message is not None and (state is None or state.first.place == placed.place):
            message.new_posts += 1
        elif message is not None:
            message.further += 1
        observed_at = state.observed_at if state else _observed_at(given)
        touched.add((key[0], observed_at // 60_000 * 60))
        entities: tuple[str, ...] = ()
        if isinstance(record, Reaction):
            version = record.post.revision
            if state is not None and state.version > version:
                continue
            entities = tuple([entity.entity for entity in record.entities])
            rows.extend([reaction_row(record, entity, observed_at) for entity in record.entities])
        else:
            version = DELETED_VERSION
            if state is None or not state.is_deleted:
                changes.removals.append(_removal(key, placed, record, now))
        for entity in state.entities if state else ():
            if entity not in entities:
                rows.append(removal_row(key, entity, observed_at, version))
        first = state.first if state else _place_of(placed, message)
        states[key] = PostState(
            version, not isinstance(record, Reaction), observed_at, entities, first
        )
    return changes


def _removal(key: PostKey, placed: Placed, record: Deletion, now: datetime) -> Row:
    reason = placed.why if isinstance(placed.record, Deletion) else DELETED_ACCOUNT
    subject = f"{key[1]}:{key[2]}"
    return removal_entry(key[0], "post", subject, reason, (record.observed_at, now))


def _place_of(placed: Placed, message: Ledgered | None) -> FirstPlace:
    if message is None:
        return FirstPlace()
    bill = message.bill
    started_at = milliseconds(bill.started_at)
    return FirstPlace(placed.partition, bill.source, started_at, bill.number, placed.place)


def _tells_nothing(reaction: Reaction, state: PostState | None) -> bool:
    """Tell whether no row speaks of a post: a first revision that mentions nothing tracked."""
    if reaction.entities or reaction.post.revision:
        return False
    return state is None or state.version > 0


def _unless_gone(
    record: Reaction | Deletion, state: PostState | None, gone: Mapping[AuthorKey, datetime]
) -> Reaction | Deletion:
    """Return the record; for a post of an author who is gone since, its deletion.

    A post is as old as its first stored revision: an edit of later does not bring it back.
    """
    if isinstance(record, Deletion):
        return record
    post = record.post
    gone_at = gone.get((post.run, post.platform, post.author))
    observed_at = state.observed_at if state else _observed_at(record)
    if gone_at is None or min(observed_at, _observed_at(record)) > milliseconds(gone_at):
        return record
    return Deletion(
        run=post.run,
        platform=post.platform,
        post_id=post.post_id,
        observed_at=gone_at,
        received_at=post.received_at,
    )


def _key(record: Reaction | Deletion) -> PostKey:
    post = record.post if isinstance(record, Reaction) else record
    return (post.run, post.platform, post.post_id)


def _observed_at(record: Reaction | Deletion) -> Milliseconds:
    return milliseconds(
        record.post.observed_at if isinstance(record, Reaction) else record.observed_at
    )
