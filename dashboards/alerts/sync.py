"""uproar.yaml and the table of thresholds, held against each other. Pure.

A threshold that came from the file follows the file. One that a command has set, or removed, is as
the command left it, until the two are made equal on purpose (`uproar alerts sync`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from dashboards.alerts.edits import differing_fields
from dashboards.alerts.thresholds import NEVER, Threshold

Act = Literal["seed", "set", "mute", "unmute", "remove"]
Origin = Literal["yaml", "command"]
Key = tuple[str, str, str]
"""Entity, signal, severity."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold that is in the table; `origin` is yaml where it follows the file."""

    threshold: Threshold
    origin: str


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """What the table holds, and what removed each that was removed: yaml or command."""

    present: Mapping[Key, Known]
    removed: Mapping[Key, str]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change to be made. `held_by` says what the threshold follows from then on."""

    key: Key
    act: Act
    origin: Origin
    before: Threshold | None
    after: Threshold | None
    held_by: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold that is not the same in file and table; None: it is not there."""

    key: Key
    in_yaml: Threshold | None
    in_table: Threshold | None
    fields: Sequence[str]
    """Those that differ, where both have it."""


def seeding(wanted: Iterable[Threshold], table: Table) -> list[Change]:
    """Return what changes by itself when the file is read: what no command has a say in."""
    by_key = {one.key: one for one in wanted}
    changes = []
    for key, threshold in by_key.items():
        known = table.present.get(key)
        if known is None:
            if table.removed.get(key) != "command":
                changes.append(_seed(key, None, threshold))
        elif known.origin == "yaml" and not _are_equal(known.threshold, threshold):
            changes.append(_seed(key, known.threshold, threshold))
    changes += [
        _seed(key, known.threshold, None)
        for key, known in table.present.items()
        if known.origin == "yaml" and key not in by_key
    ]
    return changes


def changed(table: Table, changes: Iterable[Change]) -> Table:
    """Return the table as it is once changes are made."""
    present, gone = dict(table.present), dict(table.removed)
    for one in changes:
        present.pop(one.key, None)
        gone.pop(one.key, None)
        if one.after is not None:
            present[one.key] = Known(threshold=one.after, origin=one.held_by)
        else:
            gone[one.key] = one.held_by
    return Table(present=present, removed=gone)


def differences(wanted: Iterable[Threshold], table: Table) -> list[Difference]:
    """Return in what file and table differ. That one is muted for a while is no difference."""
    by_key = {one.key: one for one in wanted}
    found = []
    for key in sorted({*by_key, *table.present}):
        known = table.present.get(key)
        in_yaml, in_table = by_key.get(key), known.threshold if known else None
        if in_yaml and in_table:
            fields = differing_fields(in_yaml, in_table)
            if not fields:
                continue
        else:
            fields = []
        found.append(Difference(key=key, in_yaml=in_yaml, in_table=in_table, fields=fields))
    return found


def from_yaml(wanted: Iterable[Threshold], table: Table) -> list[Change]:
    """Return what makes the table as the file is, commands forgotten."""
    by_key = {one.key: one for one in wanted}
    return [
        _seed(key, _threshold(table.present.get(key)), by_key.get(key))
        for key in sorted({*by_key, *table.present, *table.removed})
        if _is_unsettled(table.present.get(key), by_key.get(key), table.removed.get(key))
    ]


def from_table(table: Table) -> list[Change]:
    """Return what lets each threshold follow the file, once the file says what the table does."""
    settled = [
        _seed(key, known.threshold, known.threshold)
        for key, known in table.present.items()
        if known.origin != "yaml"
    ]
    return settled + [
        _seed(key, None, None) for key, origin in table.removed.items() if origin != "yaml"
    ]


def set_by_command(before: Threshold | None, after: Threshold) -> Change:
    """Return the change that a person asked for."""
    return Change(
        key=after.key, act="set", origin="command", before=before, after=after, held_by="command"
    )


def muted_by_command(known: Known, now: datetime, until: datetime) -> Change:
    """Return the change that mutes from now until a time, or no longer.

    Muted, it still follows the file. What a replay of the past announces is not muted by it.
    """
    since = now if until > NEVER else NEVER
    return Change(
        key=known.threshold.key,
        act="mute" if until > NEVER else "unmute",
        origin="command",
        before=known.threshold,
        after=msgspec.structs.replace(known.threshold, muted_from=since, muted_until=until),
        held_by=known.origin,
    )


def removed_by_command(before: Threshold) -> Change:
    """Return the change that removes: the file does not bring it back."""
    return Change(
        key=before.key, act="remove", origin="command", before=before, after=None, held_by="command"
    )


def _seed(key: Key, before: Threshold | None, wanted: Threshold | None) -> Change:
    after = wanted
    if before and wanted:
        after = msgspec.structs.replace(
            wanted, muted_from=before.muted_from, muted_until=before.muted_until
        )
    return Change(
        key=key,
        act="seed" if wanted else "remove",
        origin="yaml",
        before=before,
        after=after,
        held_by="yaml",
    )


def _threshold(known: Known | None) -> Threshold | None:
    return known.threshold if known else None


def _is_unsettled(known: Known | None, wanted: Threshold | None, removed_by: str | None) -> bool:
    if known is None:
        return wanted is not None or removed_by == "command"
    if wanted is None or known.origin != "yaml":
        return True
    return not _are_equal(known.threshold, wanted)


def _are_equal(one: Threshold, other: Threshold) -> bool:
    return not differing_fields(one, other)
