"""What has fired, and how thresholds stand, as the tables tell. All raise the driver's errors."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from clickhouse_driver import Client

from dashboards.alerts.changes import read_table
from dashboards.alerts.standing import Fired, Standing, standing
from dashboards.alerts.store import read_states, run_marks, statement
from dashboards.alerts.sync import Key, changed, seeding
from dashboards.alerts.thresholds import from_config
from uproar.config import Config

MOST_SHOWN = 1000


class FiredAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert as it is stored; docs/tables.md has each field's meaning."""

    id: str
    entity: str
    signal: str
    severity: str
    term: str
    started_at: datetime
    fired_at: datetime
    peak_at: datetime
    ended_at: datetime | None
    value: float
    expected: float
    peak_value: float
    posts: int
    silence: str


def fired_alerts(
    client: Client, run: str, entities: Sequence[str], since: datetime | None
) -> list[FiredAlert]:
    """Return a run's newest alerts, at most `MOST_SHOWN`; of all entities where none is named."""
    rows = client.execute(
        statement("fired"),
        {
            "run": run,
            "since": int(since.timestamp()) if since else 0,
            "any": int(not entities),
            "entities": tuple(entities) or ("",),
            "most": MOST_SHOWN,
        },
    )
    names = FiredAlert.__struct_fields__
    return [FiredAlert(**dict(zip(names, row, strict=True))) for row in rows]


def standings(
    client: Client, run: str, config: Config, now: datetime
) -> Iterator[tuple[str, Standing]]:
    """Yield every threshold with its origin and how it stands in a run.

    Those of the file are shown also while no watcher has put them into the table yet.
    """
    table = read_table(client)
    table = changed(table, seeding(from_config(config), table))
    mark = next((mark for mark in run_marks(client) if mark.run == run), None)
    fired = last_alerts(client, run)
    states = read_states(client, run)
    for _, known in sorted(table.present.items()):
        _, judge = states.get(known.threshold.entity, (None, None))
        yield known.origin, standing(known.threshold, mark, fired, judge, now)


def last_alerts(client: Client, run: str) -> dict[Key, Fired]:
    """Return the last alert of each threshold that ever had one in a run."""
    return {
        (entity, signal, severity): Fired(
            last_fired_at=last, last_id=last_id, lasting_since=since if lasting else None
        )
        for entity, signal, severity, last, last_id, since, lasting in client.execute(
            statement("last_alerts"), {"run": run}
        )
    }
