"""Alerts and attempts to deliver them, read and written. Every statement is a file.

All raise the driver's errors.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from clickhouse_driver import Client

from dashboards.alerts.explanation import Explanation
from dashboards.alerts.lane import Alert
from dashboards.alerts.store import insert, statement
from dashboards.alerts.thresholds import Threshold
from dashboards.delivery.due import Attempt, Wanted
from dashboards.delivery.messages import Told

ANY_RUN = "*"


def alerts_by_id(client: Client, prefix: str) -> list[Wanted]:
    """Return the alerts whose id begins so, at most 20."""
    return [_wanted(row) for row in client.execute(statement("alerts_by_id"), {"prefix": prefix})]


def alerts_to_deliver(client: Client, runs: Collection[str], since: datetime) -> list[Wanted]:
    """Return the alerts of some runs that were judged since then and are not silent."""
    asked = {
        "runs": tuple(runs) or ("",),
        "any_run": int(ANY_RUN in runs),
        "since": int(since.timestamp()),
    }
    return [_wanted(row) for row in client.execute(statement("deliveries_wanted"), asked)]


def attempts_at(client: Client, wanted: Sequence[Wanted]) -> list[Attempt]:
    """Return every attempt to deliver these alerts."""
    if not wanted:
        return []
    alerts = tuple((one.told.alert.run, one.told.alert.id) for one in wanted)
    rows = client.execute(statement("deliveries_made"), {"alerts": alerts})
    return [Attempt(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def write_attempts(client: Client, attempts: Sequence[Attempt]) -> None:
    """Store attempts; one that is stored again replaces itself."""
    rows = [tuple(getattr(one, name) for name in _COLUMNS) for one in attempts]
    insert(client, "deliveries", _COLUMNS, rows)


_COLUMNS = Attempt.__struct_fields__


def _wanted(row: tuple[Any, ...]) -> Wanted:
    run, alert_id, threshold, term, *times_and_values, posts, silence, explanation, judged_at = row
    names = ("started_at", "fired_at", "peak_at", "ended_at", "value", "expected", "peak_value")
    alert = Alert(
        run=run,
        id=alert_id,
        threshold=msgspec.json.decode(threshold, type=Threshold),
        term=term,
        posts=posts,
        silence=silence,
        **dict(zip(names, times_and_values, strict=True)),
    )
    return Wanted(told=Told(alert=alert, explanation=_explained(explanation)), judged_at=judged_at)


def _explained(written: str) -> Explanation | None:
    """Read an explanation; one of another form, or none, is no reason to keep an alert back."""
    try:
        return msgspec.json.decode(written, type=Explanation) if written else None
    except msgspec.MsgspecError:
        return None
