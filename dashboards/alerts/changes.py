"""Changes of thresholds in ClickHouse: each takes effect at the watcher's next look, and is kept.

The change is written before the threshold: where the second fails, the same command can be given
again. All raise the driver's errors.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
from clickhouse_driver import Client

from dashboards.alerts.store import (
    insert,
    read_thresholds,
    statement,
    thresholds_version,
    version_of,
)
from dashboards.alerts.sync import Change, Known, Table, seeding
from dashboards.alerts.thresholds import Threshold, from_config
from uproar.config import Config

SEEDER = "uproar.yaml"
"""The author of what follows the file by itself."""


class PastChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change that was made. None: there was no threshold before, or is none after."""

    changed_at: datetime
    author: str
    origin: str
    entity: str
    signal: str
    severity: str
    act: Literal["seed", "set", "mute", "unmute", "remove"]
    before: Threshold | None
    after: Threshold | None


def seed_thresholds(client: Client, config: Config, now: datetime) -> int:
    """Let the table follow uproar.yaml, where no command has said otherwise.

    Returns how many thresholds changed; where nothing does, nothing is written.
    """
    changes = seeding(from_config(config), read_table(client))
    write_changes(client, changes, SEEDER, now)
    return len(changes)


def read_table(client: Client) -> Table:
    """Return the thresholds that there are, and what became of those that there were."""
    present = {
        one.threshold.key: Known(threshold=one.threshold, origin=one.origin)
        for one in read_thresholds(client)
    }
    removed = {
        (entity, signal, severity): origin
        for entity, signal, severity, origin, after in client.execute(statement("last_changes"))
        if not after and (entity, signal, severity) not in present
    }
    return Table(present=present, removed=removed)


def write_changes(client: Client, changes: Sequence[Change], author: str, now: datetime) -> None:
    """Make changes, in the name of an author."""
    if not changes:
        return
    # Higher than any before, though a clock may have been ahead: the newest version counts.
    version = max(version_of(now), thresholds_version(client)[0] + 1)
    kept = [
        (now, author, one.origin, *one.key, one.act, _json(one.before), _json(one.after), version)
        for one in changes
    ]
    insert(client, "threshold_changes", _CHANGE_COLUMNS, kept)
    rows = [
        _row(one, threshold, author, now, version)
        for one in changes
        if (threshold := one.after or one.before)
    ]
    insert(client, "thresholds", _COLUMNS, rows)


def read_changes(client: Client, entity: str = "", most: int = 1000) -> list[PastChange]:
    """Return the newest changes, of one entity or of all, the last one first."""
    return [
        PastChange(
            changed_at=changed_at,
            author=author,
            origin=origin,
            entity=of,
            signal=signal,
            severity=severity,
            act=act,
            before=_threshold(before),
            after=_threshold(after),
        )
        for changed_at, author, origin, of, signal, severity, act, before, after in client.execute(
            statement("changes"), {"entity": entity, "most": most}
        )
    ]


_CHANGE_COLUMNS = (
    "changed_at", "author", "origin", "entity", "signal", "severity", "act", "before", "after",
    "version",
)  # fmt: skip
_COLUMNS = (
    *Threshold.__struct_fields__, "origin", "author", "changed_at", "version", "is_deleted",
)  # fmt: skip


def _row(
    change: Change, threshold: Threshold, author: str, now: datetime, version: int
) -> tuple[object, ...]:
    values = [getattr(threshold, name) for name in Threshold.__struct_fields__]
    listed = [list(value) if isinstance(value, tuple) else value for value in values]
    return (*listed, change.held_by, author, now, version, int(change.after is None))


def _json(threshold: Threshold | None) -> str:
    return msgspec.json.encode(threshold).decode() if threshold else ""


def _threshold(text: str) -> Threshold | None:
    return msgspec.json.decode(text, type=Threshold) if text else None
