"""What a batch of records changes in the tables, given what is stored already. Pure.

Everything here may happen again: the same records on top of their own result change nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from sinks.rows import DELETED_VERSION, PostKey, Row, reaction_row, removal_row
from uproar.records import Deletion, Reaction


class PostState(msgspec.Struct, frozen=True):
    """The newest known state of a post; `entities` are those that have a row."""

    version: int
    is_deleted: bool
    observed_at: datetime
    entities: tuple[str, ...]


class Changes(msgspec.Struct, frozen=True):
    """Rows for `reactions`, the posts' new states, and the (run, minute)s to compute anew."""

    rows: list[Row]
    states: dict[PostKey, PostState]
    touched: set[tuple[str, datetime]]


def keys_of(records: Iterable[Reaction | Deletion]) -> set[PostKey]:
    """Return the posts that the records are about."""
    return {_key(record) for record in records}


def plan_changes(
    records: Iterable[Reaction | Deletion], known: Mapping[PostKey, PostState]
) -> Changes:
    """Decide what to store. `known` holds the stored states of the posts concerned.

    - The first stored revision decides the observed time, hence the minute, for good.
    - A higher revision replaces; rows of entities that it no longer mentions go.
    - A lower revision, and anything after a deletion, changes nothing.
    - A minute is touched also when nothing changes: the last attempt at this very batch may have
      stored the rows and failed before their minute was computed.
    """
    changes = Changes([], {}, set())
    for record in records:
        key = _key(record)
        state = changes.states.get(key) or known.get(key)
        observed_at = state.observed_at if state else _observed_at(record)
        if isinstance(record, Reaction):
            if state is None and not record.entities and record.post.revision == 0:
                continue  # it mentions nothing that is tracked, so no row tells of it
            version, entities = record.post.revision, [e.entity for e in record.entities]
        else:
            version, entities = DELETED_VERSION, []
        changes.touched.add((key[0], observed_at.replace(second=0, microsecond=0)))
        if state is not None and state.version > version:
            continue
        if isinstance(record, Reaction):
            changes.rows.extend(reaction_row(record, e, observed_at) for e in record.entities)
        for entity in state.entities if state else ():
            if entity not in entities:
                changes.rows.append(removal_row(key, entity, observed_at, version))
        changes.states[key] = PostState(
            version, isinstance(record, Deletion), observed_at, tuple(entities)
        )
    return changes


def _key(record: Reaction | Deletion) -> PostKey:
    post = record.post if isinstance(record, Reaction) else record
    return (post.run, post.platform, post.post_id)


def _observed_at(record: Reaction | Deletion) -> datetime:
    """Return the observed time in whole milliseconds, which is what the tables keep."""
    at = record.post.observed_at if isinstance(record, Reaction) else record.observed_at
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
